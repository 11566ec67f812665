"""The mails about a booking to its guests: one function each, from the state at the time of sending."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from bookonce.messages import ics
from bookonce.messages.booking_words import (
    Rows,
    answer_row,
    booking_of,
    booking_words,
    former_time,
    guest_rows,
    live_booking,
    move_reason,
    next_steps,
    reason,
)
from bookonce.messages.dispatch import Owed
from bookonce.messages.ics import Method, Party
from bookonce.messages.invitations import (
    find_manage_url,
    further_parties,
    guest_invitation,
    host_of,
    is_session,
)
from bookonce.messages.letter import Letter
from bookonce.messages.link_mails import find_open_url
from bookonce.scheduling.models import Event


def booking_confirmed(event: Event, owed: Owed, now: datetime) -> Letter:
    """To the guest: you are booked."""
    booking = live_booking(event)
    return _to_guest(event, owed, now, Method.REQUEST, guest_rows(booking) + next_steps(booking))


def booking_invitation(event: Event, owed: Owed, now: datetime) -> Letter:
    """To a further guest: you are invited. Without the manage link, which is the booking guest's alone."""
    booking = live_booking(event)
    return _to_guest(event, owed, now, Method.REQUEST, guest_rows(booking))


def booking_cancelled(event: Event, owed: Owed, now: datetime) -> Letter:
    """To guests: it is off, by whom and why; with the one-time link when that works again."""
    booking = booking_of(event)
    again = ""
    if owed.role == "guest" and event.details.get("reopened") and booking.link_id:
        again = find_open_url(booking.link_id, now)
    rows = guest_rows(booking) + reason(booking)
    return _to_guest(event, owed, now, Method.CANCEL, rows, again=again)


def booking_moved(event: Event, owed: Owed, now: datetime) -> Letter:
    """To guests: the new time, the old one, and why."""
    booking = live_booking(event)
    rows = [(_("Was"), former_time(event, booking, booking.timezone)), *guest_rows(booking)]
    rows += answer_row(booking, booking.timezone) + move_reason(event)
    return _to_guest(event, owed, now, Method.REQUEST, rows)


MESSAGES: Mapping[str, Callable[[Event, Owed, datetime], Letter]] = {
    f.__name__: f for f in (booking_confirmed, booking_invitation, booking_cancelled, booking_moved)
}


def _to_guest(
    event: Event, owed: Owed, now: datetime, method: Method, rows: Rows, *, again: str = ""
) -> Letter:
    booking, first = booking_of(event), owed.role == "guest"
    host, request = host_of(booking).user, booking.answer_by is not None
    to = Party(booking.name, booking.email) if first else further_parties(booking)[owed.number]
    button = (_("Choose another time"), again)
    if method is not Method.CANCEL:
        text = _("Reschedule or withdraw") if request else _("Reschedule or cancel")
        button = (text, find_manage_url(booking) if first else "")
    invitation = guest_invitation(booking, manage=first and method is not Method.CANCEL)
    words = booking_words(event, booking, booking.timezone, rows, button)
    words |= {"by_you": first and event.actor == "guest", "first": first, "again": again}
    words |= {"others_stay": is_session(booking) and "together" not in event.details}
    return Letter(
        to=to,
        reply_to=Party(host.name, host.email),
        words=words,
        calendar=None if request else (method, ics.render(invitation, method, now=now)),
        workspace_id=event.workspace_id,
    )
