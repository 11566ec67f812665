"""Pause, resume, delete and restore a calendar; each says what it did and offers the way back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from bookonce.accounts.models import Member
from bookonce.dashboard.access import calendar_or_404, member_required
from bookonce.dashboard.calendar_numbers import active_links, upcoming_appointments
from bookonce.dashboard.show import show
from bookonce.lib import clock
from bookonce.scheduling.calendars import set_deleted, set_paused
from bookonce.scheduling.errors import Conflict


@require_POST
@member_required
def pause(request: HttpRequest, member: Member, public_id: str) -> HttpResponseBase:
    """Take no bookings for now; says what stays."""
    calendar, now = calendar_or_404(member, public_id), clock.now()
    set_paused(calendar, paused=True, now=now)
    said = _("%(name)s takes no bookings until you resume it.") % {"name": calendar.name}
    if upcoming := upcoming_appointments(now).filter(calendar=calendar).count():
        said += " " + _what_stays(upcoming)
    return _back(request, said, undo=reverse("dashboard:calendar_resume", args=[public_id]))


@require_POST
@member_required
def resume(request: HttpRequest, member: Member, public_id: str) -> HttpResponseBase:
    """Take bookings again."""
    calendar = calendar_or_404(member, public_id)
    set_paused(calendar, paused=False, now=clock.now())
    return _back(request, _("%(name)s takes bookings again.") % {"name": calendar.name})


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def delete(request: HttpRequest, member: Member, public_id: str) -> HttpResponseBase:
    """Say in numbers what a deletion touches; on POST, delete. It can be restored with all its links."""
    calendar = calendar_or_404(member, public_id)
    now = clock.now()
    if request.method == "POST":
        set_deleted(calendar, deleted=True, now=now)
        said = _("%(name)s is deleted.") % {"name": calendar.name}
        return _back(request, said, undo=reverse("dashboard:calendar_restore", args=[public_id]))
    context = {
        "rail_active": "calendars",
        "calendar": calendar,
        "links": active_links(now).filter(calendar=calendar).count(),
        "upcoming": upcoming_appointments(now).filter(calendar=calendar).count(),
    }
    return show(request, member, "calendar_delete.html", context)


@require_POST
@member_required
def restore(request: HttpRequest, member: Member, public_id: str) -> HttpResponseBase:
    """Bring a deleted calendar back, with all its links."""
    calendar = calendar_or_404(member, public_id, deleted=True)
    try:
        set_deleted(calendar, deleted=False, now=clock.now())
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("dashboard:calendars")
    return _back(request, _("%(name)s is back, with all its links.") % {"name": calendar.name})


def _what_stays(upcoming: int) -> str:
    return ngettext(
        "%(n)s upcoming appointment stays. Its guest can cancel it, but not move it.",
        "%(n)s upcoming appointments stay. Their guests can cancel them, but not move them.",
        upcoming,
    ) % {"n": upcoming}


def _back(request: HttpRequest, said: str, *, undo: str = "") -> HttpResponseBase:
    messages.success(request, said, extra_tags=f"undo:{undo}" if undo else "")
    return redirect("dashboard:calendars")
