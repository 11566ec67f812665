"""The mails about a whole series: one to each reader, which lists its appointments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bookonce.lib.addresses import dashboard_url
from bookonce.messages import ics
from bookonce.messages.booking_words import Rows, booking_words, guest_rows, host_rows, next_steps, reason
from bookonce.messages.dispatch import Owed
from bookonce.messages.host_mails import find_zone, get_member
from bookonce.messages.ics import Invitation, Party
from bookonce.messages.invitations import (
    find_manage_url,
    further_parties,
    guest_invitation,
    host_invitation,
    host_of,
    hosts_of,
    is_session,
    session_invitation,
    start_of,
)
from bookonce.messages.letter import Letter
from bookonce.messages.link_mails import find_open_url
from bookonce.messages.outdated import Outdated
from bookonce.messages.when import spans
from bookonce.scheduling.models import Appointment, Booking, Event

FILE, FILE_OFF = "appointments.ics", "cancelled.ics"


def series_confirmed(event: Event, owed: Owed, now: datetime) -> Letter:
    """To the guest: you are booked for all of them; each has its own link to change it."""
    return _to_guest(event, owed, now, _live(event))


def series_invitation(event: Event, owed: Owed, now: datetime) -> Letter:
    """To a further guest: you are invited to all of them. Without the manage links."""
    return _to_guest(event, owed, now, _live(event))


def series_cancelled(event: Event, owed: Owed, now: datetime) -> Letter:
    """To guests: they are off; with the one-time link when that works again."""
    told = _told(event)
    again = ""
    if owed.role == "guest" and event.details.get("reopened") and told[0].link_id:
        again = find_open_url(told[0].link_id, now)
    return _to_guest(event, owed, now, told, again=again, off=True)


def series_received(event: Event, owed: Owed, now: datetime) -> Letter:
    """To the host, and to who made the link: somebody booked a series."""
    told = _told(event)
    live = [booking for booking in told if booking.status != Booking.Status.CANCELLED]
    since = [] if live else [(_("Since then"), _("It has been cancelled."))]
    return _to_member(event, owed, now, live or told, since, off=False)


def series_withdrawn(event: Event, owed: Owed, now: datetime) -> Letter:
    """To the host: they are off, by whom and why."""
    return _to_member(event, owed, now, _told(event), [], off=True)


MESSAGES: Mapping[str, Callable[[Event, Owed, datetime], Letter]] = {
    f.__name__: f
    for f in (series_confirmed, series_invitation, series_cancelled, series_received, series_withdrawn)
}


def _told(event: Event) -> list[Booking]:
    """The bookings that the event tells of, in the order of the series.

    Raises:
        Outdated: they are gone.
    """
    bookings = Booking.objects.select_related("appointment__calendar__schedule", "link")
    found = list(bookings.filter(pk__in=event.details["series"]).order_by("series_number"))
    if not found:
        raise Outdated("its bookings are gone")
    return found


def _live(event: Event) -> list[Booking]:
    """Those that are still to take place.

    Raises:
        Outdated: they were all cancelled; a later event's mail says so.
    """
    live = [booking for booking in _told(event) if booking.status != Booking.Status.CANCELLED]
    if not live:
        raise Outdated("the series has been cancelled since")
    return live


def _to_guest(
    event: Event, owed: Owed, now: datetime, told: list[Booking], *, again: str = "", off: bool = False
) -> Letter:
    booking, first = told[0], owed.role == "guest"
    host, manage = host_of(booking).user, first and not off
    rows = guest_rows(booking, whole=True)
    rows += reason(booking) if off else next_steps(booking) if first else []
    button = (_("Choose another time"), again)
    if not off:
        button = (_("See your appointments"), find_manage_url(booking) if manage else "")
    words = _words(event, told, booking.timezone, rows, button, manage=manage)
    words |= {"by_you": first and event.actor == "guest", "first": first, "again": again}
    invitations = [guest_invitation(one, manage=manage) for one in told]
    return Letter(
        to=Party(booking.name, booking.email) if first else further_parties(booking)[owed.number],
        reply_to=Party(host.name, host.email),
        words=words,
        file=(FILE_OFF if off else FILE, ics.render_series(invitations, now=now)),
        workspace_id=event.workspace_id,
    )


def _to_member(
    event: Event, owed: Owed, now: datetime, told: list[Booking], more: Rows, *, off: bool
) -> Letter:
    booking, member = told[0], get_member(event, owed)
    hosts = any(host.pk == owed.number for one in told for host in hosts_of(one))
    button = (_("Open the appointment"), dashboard_url(f"appointments/{booking.appointment.public_id}/"))
    rows = host_rows(booking, whole=True) + more + (reason(booking) if off else [])
    words = _words(event, told, find_zone(event, owed), rows, button, manage=False)
    words |= {"by_you": event.member_id == member.pk, "hosts": hosts, "by_guest": event.actor == "guest"}
    words |= {"reopened": bool(event.details.get("reopened"))}
    held = _held(event, told, off=off) if hosts else []
    return Letter(
        to=Party(member.user.name, member.user.email),
        reply_to=Party(booking.name, booking.email),
        words=words,
        file=(FILE_OFF if off else FILE, ics.render_series(held, now=now)) if held else None,
        workspace_id=event.workspace_id,
    )


def _held(event: Event, told: Sequence[Booking], *, off: bool) -> list[Invitation]:
    """What a host's calendar holds of them; a session of a class goes on for its other guests."""
    held = []
    for booking in told:
        if not is_session(booking):
            held.append(host_invitation(booking))
        elif not off or booking.appointment.status == Appointment.Status.CANCELLED:
            held.append(session_invitation(event, booking, start=start_of(booking), cancelled=off))
    return held


def _words(
    event: Event, told: Sequence[Booking], zone: str, rows: Rows, button: tuple[str, str], *, manage: bool
) -> dict[str, Any]:
    words = booking_words(event, told[0], zone, rows, button)
    times = spans([(one.appointment.starts, one.appointment.ends) for one in told], zone)
    appointments = [
        {"when": when, "url": find_manage_url(booking) if manage else ""}
        for booking, when in zip(told, times, strict=True)
    ]
    return words | {"appointments": appointments, "count": len(told)}
