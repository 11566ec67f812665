"""The list of appointments, one of them, and calling one off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from bookonce.accounts.models import Member
from bookonce.dashboard.access import acting, appointment_or_404, id_asked_for, member_required
from bookonce.dashboard.cancel_form import CancelForm
from bookonce.dashboard.history import tell
from bookonce.dashboard.series import series_context, series_rows
from bookonce.dashboard.session_words import (
    AppointmentRow,
    guests_words,
    hosts_words,
    is_session,
    row_of,
    seats_words,
)
from bookonce.dashboard.show import show
from bookonce.dashboard.standing import just_renewed, standing_of
from bookonce.lib import clock
from bookonce.lib.zones import get_zone
from bookonce.scheduling import queries
from bookonce.scheduling.cancel import cancel_appointment as cancel
from bookonce.scheduling.models import Appointment, Booking
from bookonce.scheduling.queries import Tab


@dataclass(frozen=True)
class Day:
    """The appointments of one local day."""

    date: date
    rows: list[AppointmentRow]


@member_required
@require_safe
def appointments(request: HttpRequest, member: Member) -> HttpResponse:
    """Upcoming, past, cancelled or all, 50 a page, by day of the workspace's zone."""
    tab, cursor = _tab_or_404(request.GET.get("tab", Tab.UPCOMING)), id_asked_for(request, "after")
    page = queries.appointments_page(member.workspace_id, tab, now=clock.now(), cursor=cursor)
    words = {
        Tab.UPCOMING: _("Upcoming"),
        Tab.WAITING: _("Waiting"),
        Tab.PAST: _("Past"),
        Tab.CANCELLED: _("Cancelled"),
        Tab.ALL: _("All"),
    }
    context = {
        "rail_active": "appointments",
        "days": _by_day(page.rows, member.workspace.timezone),
        "tab": tab,
        "segments": [
            {"word": words[each], "here": each is tab, "href": f"?tab={each}", "waits": each is Tab.WAITING}
            for each in Tab
        ],
        "next": f"?tab={tab}&after={page.next}" if page.next else "",
        "later_page": bool(cursor),
        "first_page": f"?tab={tab}",
    }
    return show(request, member, "appointments.html", context)


@member_required
@require_safe
def appointment(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """When, where, who, their answers, and the history; of a class all its guests, 50 a page."""
    found = appointment_or_404(member, public_id)
    queries.load_hosts(found)
    cursor = id_asked_for(request, "after")
    page = queries.bookings_page(found, cursor=cursor)
    first = page.rows[0] if page.rows else None
    of_class = is_session(found)
    now = clock.now()
    alone = None if of_class else first
    context = {
        "rail_active": "appointments",
        "appointment": found,
        "shown_status": alone.status if alone else found.status,
        "title": found.calendar.name if of_class or first is None else first.name,
        "first": first,
        "bookings": page.rows,
        "of_class": of_class,
        "seats": seats_words(found) if of_class else "",
        "guests": guests_words(queries.live_bookings(found).count()) if of_class else "",
        "hosts": hosts_words(found),
        "cancellable": is_cancellable(found),
        "history": tell(queries.history_of_appointment(found), member.workspace.timezone),
        "next": f"?after={page.next}" if page.next else "",
        "later_page": bool(cursor),
        "first_page": "",
    } | series_context(series_rows(alone, now=now))
    if alone:
        alone.appointment = found
        context |= standing_of(alone, now=now) | just_renewed(request, member, alone, now=now)
    return show(request, member, "appointment.html", context)


@member_required
def cancel_appointment(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """Ask first, then free the time and tell the guests: all of them, when it is a class."""
    found = appointment_or_404(member, public_id)
    first = queries.bookings_page(found, limit=1).rows[0]
    live = queries.live_bookings(found)
    guests, links = live.count(), live.filter(link__isnull=False, link__revoked_at=None).count()
    form = CancelForm(request, links=links, guests=guests)
    of_class = is_session(found)
    if request.method == "POST" and (asked := form.read()):
        cancel(
            found.pk,
            by=acting(member),
            now=clock.now(),
            reason=asked.reason,
            reopen_link=asked.reopen_link,
        )
        messages.success(request, _said(found, first, guests))
        return redirect("dashboard:appointment", public_id)
    context: dict[str, Any] = {
        "rail_active": "appointments",
        "appointment": found,
        "who": found.calendar.name if of_class else first.name,
        "of_class": of_class,
        "guests": guests,
        "form": form,
        "cancellable": is_cancellable(found),
    }
    return show(request, member, "appointment_cancel.html", context, status=422 if form.errors else 200)


def is_cancellable(found: Appointment) -> bool:
    """Whether it is still to come."""
    begun = found.starts is None or found.starts <= clock.now()
    return found.status != Appointment.Status.CANCELLED and not begun


def _tab_or_404(name: str) -> Tab:
    try:
        return Tab(name)
    except ValueError:
        raise Http404 from None


def _said(found: Appointment, booking: Booking, guests: int) -> str:
    if not is_session(found):
        return _("The appointment with %(guest)s is cancelled") % {"guest": booking.name}
    if not guests:
        return _("%(what)s is cancelled") % {"what": found.calendar.name}
    words = ngettext(
        "%(what)s is cancelled, and %(count)d guest is told",
        "%(what)s is cancelled, and %(count)d guests are told",
        guests,
    )
    return words % {"what": found.calendar.name, "count": guests}


def _by_day(found: Iterable[Appointment], zone: str) -> list[Day]:
    info = get_zone(zone)
    days = groupby(found, key=lambda one: localtime(one.starts, info).date())
    return [Day(day, [_row(cast("Any", one)) for one in ones]) for day, ones in days]


def _row(one: Any) -> AppointmentRow:
    """An appointment of queries.appointments_page, with its counts."""
    return row_of(one, live_bookings=one.live_bookings, waiting=one.waiting_bookings)
