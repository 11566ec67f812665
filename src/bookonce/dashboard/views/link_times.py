"""The times picked for a one-time link: shown on its page, and let go from there."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookonce.accounts.models import Member
from bookonce.dashboard.access import link_or_404, member_required
from bookonce.lib import clock
from bookonce.scheduling.errors import Conflict
from bookonce.scheduling.update_link import update_link


@require_POST
@member_required
def release(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """Others can book the held times again; the link still offers them while they are free."""
    found = link_or_404(member, public_id)
    try:
        update_link(found.pk, {"hold_slots": False}, now=clock.now())
    except Conflict as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Others can book these times again"))
    return redirect("dashboard:link", public_id)
