"""The mails about a booking: one function each, from the state at the time of sending."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bookonce.accounts.models import Member
from bookonce.lib.addresses import dashboard_url
from bookonce.lib.instants import from_minutes
from bookonce.messages import ics
from bookonce.messages.dispatch import Owed
from bookonce.messages.ics import Method, Party
from bookonce.messages.invitations import (
    find_manage_url,
    guest_invitation,
    host_invitation,
    host_of,
    hosts_of,
    place,
)
from bookonce.messages.letter import Letter
from bookonce.messages.link_mails import find_open_url, link_words
from bookonce.messages.outdated import Outdated
from bookonce.messages.when import short, span
from bookonce.scheduling.models import Booking, Event

Rows = list[tuple[str, str]]


def booking_confirmed(event: Event, owed: Owed, now: datetime) -> Letter:
    """To the guest: you are booked."""
    booking = _live(event)
    return _to_guest(event, owed, now, Method.REQUEST, _guest_rows(booking))


def booking_invitation(event: Event, owed: Owed, now: datetime) -> Letter:
    """To a further guest: you are invited. Without the manage link, which is the booking guest's alone."""
    booking = _live(event)
    return _to_guest(event, owed, now, Method.REQUEST, _guest_rows(booking))


def booking_received(event: Event, owed: Owed, now: datetime) -> Letter:
    """To the host, and to who made the link: it was used. Sent even when cancelled since, saying so."""
    booking = _booking(event)
    rows = _host_rows(booking)
    if booking.status == Booking.Status.CANCELLED:
        return _to_member(event, owed, now, None, [*rows, (_("Since then"), _("It has been cancelled."))])
    return _to_member(event, owed, now, Method.REQUEST, rows)


def booking_cancelled(event: Event, owed: Owed, now: datetime) -> Letter:
    """To guests: it is off, by whom and why; with the one-time link when that works again."""
    booking = _booking(event)
    again = ""
    if owed.role == "guest" and event.details.get("reopened") and booking.link_id:
        again = find_open_url(booking.link_id, now)
    rows = _guest_rows(booking) + _reason(booking)
    return _to_guest(event, owed, now, Method.CANCEL, rows, again=again)


def booking_withdrawn(event: Event, owed: Owed, now: datetime) -> Letter:
    """To the host: it is off, by whom and why."""
    booking = _booking(event)
    rows = _host_rows(booking) + _reason(booking)
    reopened = bool(event.details.get("reopened"))
    return _to_member(event, owed, now, Method.CANCEL, rows, reopened=reopened)


def booking_moved(event: Event, owed: Owed, now: datetime) -> Letter:
    """To guests: the new time, and the old one."""
    booking = _live(event)
    rows = [(_("Was"), _former(event, booking, booking.timezone)), *_guest_rows(booking)]
    return _to_guest(event, owed, now, Method.REQUEST, rows)


def booking_shifted(event: Event, owed: Owed, now: datetime) -> Letter:
    """To the host: the new time, and the old one."""
    booking, zone = _live(event), _zone(event, owed)
    rows = _host_rows(booking)
    rows.insert(0, (_("Was"), _former(event, booking, zone)))
    return _to_member(event, owed, now, Method.REQUEST, rows)


MESSAGES: Mapping[str, Callable[[Event, Owed, datetime], Letter]] = {
    f.__name__: f
    for f in (
        booking_confirmed,
        booking_invitation,
        booking_received,
        booking_cancelled,
        booking_withdrawn,
        booking_moved,
        booking_shifted,
    )
}


def _to_guest(
    event: Event, owed: Owed, now: datetime, method: Method, rows: Rows, *, again: str = ""
) -> Letter:
    booking, first = _booking(event), owed.role == "guest"
    host = host_of(booking).user
    to = Party(booking.name, booking.email) if first else Party("", booking.guests[owed.number])
    button = (_("Choose another time"), again)
    if method is not Method.CANCEL:
        button = (_("Reschedule or cancel"), find_manage_url(booking) if first else "")
    invitation = guest_invitation(booking, manage=first and method is not Method.CANCEL)
    words = _words(event, booking, booking.timezone, rows, button)
    words |= {"by_you": first and event.actor == "guest", "first": first, "again": again}
    return Letter(
        to=to,
        reply_to=Party(host.name, host.email),
        words=words,
        calendar=(method, ics.render(invitation, method, now=now)),
        workspace_id=event.workspace_id,
    )


def _to_member(
    event: Event, owed: Owed, now: datetime, method: Method | None, rows: Rows, *, reopened: bool = False
) -> Letter:
    booking = _booking(event)
    member = Member.objects.select_related("user").get(pk=owed.number, workspace=event.workspace_id)
    hosts = any(host.pk == member.pk for host in hosts_of(booking))
    button = (_("Open the appointment"), dashboard_url(f"appointments/{booking.appointment.public_id}/"))
    words = _words(event, booking, _zone(event, owed), rows, button)
    words |= {"by_you": event.member_id == member.pk, "hosts": hosts, "reopened": reopened}
    # Who made the link but is not the host is told, and has nothing to put in a calendar.
    calendar = (method, ics.render(host_invitation(booking), method, now=now)) if method and hosts else None
    return Letter(
        to=Party(member.user.name, member.user.email),
        reply_to=Party(booking.name, booking.email),
        words=words,
        calendar=calendar,
        workspace_id=event.workspace_id,
    )


def _words(event: Event, booking: Booking, zone: str, rows: Rows, button: tuple[str, str]) -> dict[str, Any]:
    starts, ends = _times(booking)
    return {
        "what": booking.appointment.calendar.name,
        "host": host_of(booking).user.name,
        "guest": booking.name,
        "by": event.member.user.name if event.member else booking.name,
        "when": span(starts, ends, zone),
        "short": short(starts, zone),
        "rows": [(label, ics.plain(value)) for label, value in rows if value],
        "button_text": button[0],
        "button_url": button[1],
        "workspace": event.workspace.name,
    }


def _guest_rows(booking: Booking) -> Rows:
    appointment = booking.appointment
    return [
        (_("What"), appointment.calendar.name),
        (_("With"), host_of(booking).user.name),
        (_("Where"), place(appointment, booking)),
    ]


def _host_rows(booking: Booking) -> Rows:
    appointment = booking.appointment
    rows = [
        (_("What"), appointment.calendar.name),
        (_("Guest"), f"{booking.name} <{booking.email}>"),
        (_("Phone"), booking.phone),
        (_("Further guests"), ", ".join(booking.guests)),
        (_("Where"), place(appointment, booking)),
    ]
    rows += [(str(question), str(answer)) for question, answer in booking.answers.items()]
    if booking.link:
        rows.append((_("Link used"), link_words(booking.link)))
    return rows


def _reason(booking: Booking) -> Rows:
    return [(_("Reason"), booking.cancel_reason)]


def _booking(event: Event) -> Booking:
    if event.booking is None:
        raise Outdated("its booking is gone")
    return event.booking


def _live(event: Event) -> Booking:
    """The booking, if it is still to take place; a later event's mail says otherwise."""
    booking = _booking(event)
    if booking.status == Booking.Status.CANCELLED:
        raise Outdated("the appointment has been cancelled since")
    return booking


def _former(event: Event, booking: Booking, zone: str) -> str:
    """The time before this move; the new one is always the state's, even after further moves."""
    starts, ends = _times(booking)
    former = from_minutes(int(event.details["from"]))
    if former == starts:
        raise Outdated("the appointment was moved back since")
    return span(former, former + (ends - starts), zone)


def _times(booking: Booking) -> tuple[datetime, datetime]:
    return booking.appointment.starts, booking.appointment.ends


def _zone(event: Event, owed: Owed) -> str:
    """A host reads times in the zone of the calendar's hours, another member in the workspace's."""
    booking = _booking(event)
    schedule = booking.appointment.calendar.schedule
    return schedule.timezone if schedule.member_id == owed.number else event.workspace.timezone
