"""Whose public holidays a host keeps."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookonce.accounts.models import Member
from bookonce.dashboard.access import member_required
from bookonce.dashboard.time_off_forms import HolidayForm
from bookonce.dashboard.time_off_page import back_to, chosen_host, page
from bookonce.lib import clock
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.holiday_region import set_holiday_region
from bookonce.scheduling.models import HolidayRegion


@require_POST
@member_required
def choose(request: HttpRequest, member: Member) -> HttpResponse:
    """Keep the holidays of a country and, once it is chosen, of one of its regions; or none."""
    host = chosen_host(request, member)
    form = HolidayForm(request.POST, region=HolidayRegion.objects.filter(member=host).first())
    rules = form.rules()
    try:
        set_holiday_region(host, rules, by=member, now=clock.now())
    except Invalid as error:
        form.refuse(error.errors)
        return page(request, member, host, {"holidays": form})
    said = _("Public holidays are closed.") if rules["country"] else _("Public holidays are open.")
    messages.success(request, said)
    return back_to(member, host)
