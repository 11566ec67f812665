"""Journeys of a host: add, change, remove."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bookonce.accounts.models import Member
from bookonce.dashboard.access import journey_or_404, member_required
from bookonce.dashboard.show import show
from bookonce.dashboard.time_off_forms import JourneyForm
from bookonce.dashboard.time_off_page import back_to, chosen_host, host_query, page
from bookonce.lib import clock
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.host_access import check_may_change
from bookonce.scheduling.journeys import add_journey, change_journey, remove_journey
from bookonce.scheduling.models import Journey


@require_POST
@member_required
def add(request: HttpRequest, member: Member) -> HttpResponse:
    """Keep the host's hours by another clock for some days."""
    host = chosen_host(request, member)
    form = JourneyForm(request.POST, prefix="journey")
    try:
        add_journey(form.rules() | {"member": host.user.email}, by=member, now=clock.now())
    except Invalid as error:
        form.refuse(error.errors)
        return page(request, member, host, journey=form)
    messages.success(request, _("On these days the hours are those of the other clock."))
    return back_to(member, host)


@require_POST
@member_required
def add_again(request: HttpRequest, member: Member) -> HttpResponse:
    """Undo a removal: the query says what it was."""
    host = chosen_host(request, member)
    was = {name: request.GET.get(name, "") for name in ("from", "to", "timezone")}
    try:
        add_journey(was | {"member": host.user.email}, by=member, now=clock.now())
    except Invalid as error:
        messages.error(request, " ".join(str(text) for texts in error.errors.values() for text in texts))
    else:
        messages.success(request, _("The journey is back."))
    return back_to(member, host)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def edit(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """Give it other days or another zone."""
    journey = journey_or_404(member, public_id)
    check_may_change(member, journey.member)
    form = JourneyForm.of(journey)
    if request.method == "POST":
        form = JourneyForm(request.POST, prefix="journey", present=journey.timezone)
        try:
            change_journey(journey, form.rules(), by=member, now=clock.now())
        except Invalid as error:
            form.refuse(error.errors)
        else:
            messages.success(request, _("Journey saved"))
            return back_to(member, journey.member)
    context = {
        "rail_active": "calendars",
        "form": form,
        "host": journey.member,
        "back": reverse("dashboard:time_off") + host_query(member, journey.member),
    }
    return show(request, member, "journey_edit.html", context, status=422 if form.errors else 200)


@require_POST
@member_required
def remove(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """Take it away; the message offers the way back."""
    journey = journey_or_404(member, public_id)
    if remove_journey(journey, by=member, now=clock.now()):
        messages.success(
            request, _("Removed. The hours are the usual ones."), extra_tags=f"undo:{_way_back(journey)}"
        )
    return back_to(member, journey.member)


def _way_back(journey: Journey) -> str:
    was = {
        "host": journey.member.user.email,
        "from": journey.first_day.isoformat(),
        "to": journey.last_day.isoformat(),
        "timezone": journey.timezone,
    }
    return f"{reverse('dashboard:journey_again')}?{urlencode(was)}"
