"""The mails about a booking to its hosts, and to who made the link: from the state at the time of sending."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from django.utils.translation import gettext as _

from bookonce.accounts.models import Member
from bookonce.lib.addresses import dashboard_url
from bookonce.lib.instants import from_minutes
from bookonce.messages import ics
from bookonce.messages.booking_words import (
    Rows,
    answer_row,
    booking_of,
    booking_words,
    former_time,
    host_rows,
    live_booking,
    move_reason,
    places_words,
    reason,
    times_of,
)
from bookonce.messages.dispatch import Owed
from bookonce.messages.ics import Invitation, Method, Party
from bookonce.messages.invitations import (
    host_invitation,
    hosts_of,
    is_session,
    left_invitation,
    session_invitation,
    start_of,
)
from bookonce.messages.letter import Letter
from bookonce.messages.outdated import Outdated
from bookonce.messages.when import short, span
from bookonce.scheduling.models import Appointment, Booking, Event, HostSchedule

Part = tuple[Method, Invitation]  # of a mail that goes into a calendar


def booking_received(event: Event, owed: Owed, now: datetime) -> Letter:
    """To the host, and to who made the link: it was used. Sent even when cancelled since, saying so.

    Also to a host who has it from another one now.
    """
    booking = booking_of(event)
    maker = event.link is not None and event.link.created_by_id == owed.number
    if not maker and not _hosts(booking, owed):
        raise Outdated("somebody else hosts it now")
    rows = host_rows(booking)
    if booking.status == Booking.Status.CANCELLED:
        return _to_member(event, owed, now, None, [*rows, (_("Since then"), _("It has been cancelled."))])
    return _to_member(event, owed, now, _confirmed_part(event, booking), rows)


def booking_withdrawn(event: Event, owed: Owed, now: datetime) -> Letter:
    """To the host: it is off, by whom and why. A session of a class goes on for its other guests."""
    booking = booking_of(event)
    rows = host_rows(booking) + reason(booking)
    live = is_session(booking) and booking.appointment.status != Appointment.Status.CANCELLED
    part = None if live else host_part(event, booking, Method.CANCEL)
    return _to_member(event, owed, now, part, rows, reopened=bool(event.details.get("reopened")))


def session_withdrawn(event: Event, owed: Owed, now: datetime) -> Letter:
    """To the host of a class: the session is off, for all its guests; or nobody is left in it."""
    booking, told = booking_of(event), int(event.details.get("together", 0))
    start = start_of(booking) if told else int(event.details["from"])
    if not told and _stands(booking, start):
        raise Outdated("others are booked for it")
    invitation = session_invitation(event, booking, start=start, cancelled=True)
    if not _hosts(booking, owed):  # it was theirs, and the one to which the last guest moved is not
        user = get_member(event, owed).user
        invitation = replace(invitation, hosts=[Party(user.name, user.email)])
    rows = [(_("What"), booking.appointment.calendar.name), *(reason(booking) if told else [])]
    letter = _to_member(event, owed, now, (Method.CANCEL, invitation), rows)
    words = {**letter.words, **_at(event, owed, start), "told": told}
    if not told:
        words["button_url"] = ""
    return replace(letter, words=words, reply_to=None)


def booking_shifted(event: Event, owed: Owed, now: datetime) -> Letter:
    """To the host: the new time, the old one, and why."""
    booking, zone = live_booking(event), find_zone(event, owed)
    if not _hosts(booking, owed):
        raise Outdated("somebody else hosts it now")
    rows = [(_("Was"), former_time(event, booking, zone)), *move_reason(event), *host_rows(booking)]
    rows += answer_row(booking, zone)
    return _to_member(event, owed, now, _confirmed_part(event, booking), rows)


def booking_passed_on(event: Event, owed: Owed, now: datetime) -> Letter:
    """To a host who no longer has it since it moved: who has it, and take it out of your calendar."""
    booking = booking_of(event)
    if _hosts(booking, owed):
        raise Outdated("it has come back since")
    part = None
    if (
        not is_session(booking) and booking.answer_by is None
    ):  # a session stays theirs while others are in it (session_withdrawn)
        part = (Method.CANCEL, left_invitation(event, booking, get_member(event, owed)))
    letter = _to_member(event, owed, now, part, host_rows(booking) + move_reason(event))
    former = _at(event, owed, int(event.details["from"]))
    return replace(letter, words={**letter.words, **former, "button_url": ""})


MESSAGES: Mapping[str, Callable[[Event, Owed, datetime], Letter]] = {
    f.__name__: f
    for f in (booking_received, booking_withdrawn, session_withdrawn, booking_shifted, booking_passed_on)
}


def find_zone(event: Event, owed: Owed) -> str:
    """A host reads times in the zone of their hours for this calendar, another member in the workspace's."""
    own = HostSchedule.objects.select_related("schedule").filter(
        calendar_host__calendar=booking_of(event).appointment.calendar_id, calendar_host__member=owed.number
    )
    first = own.order_by("position", "pk").first()
    return first.schedule.timezone if first else event.workspace.timezone


def get_member(event: Event, owed: Owed) -> Member:
    """Who gets the mail."""
    return Member.objects.select_related("user").get(pk=owed.number, workspace=event.workspace_id)


def host_part(event: Event, booking: Booking, method: Method) -> Part:
    """What a host's calendar holds: the booking, or the whole session of a class."""
    if not is_session(booking):
        return method, host_invitation(booking)
    cancelled = method is Method.CANCEL
    return method, session_invitation(event, booking, start=start_of(booking), cancelled=cancelled)


def _to_member(
    event: Event, owed: Owed, now: datetime, part: Part | None, rows: Rows, *, reopened: bool = False
) -> Letter:
    booking, member = booking_of(event), get_member(event, owed)
    hosts = _hosts(booking, owed)
    button = (_("Open the appointment"), dashboard_url(f"appointments/{booking.appointment.public_id}/"))
    words = booking_words(event, booking, find_zone(event, owed), rows, button)
    words |= {"by_you": event.member_id == member.pk, "hosts": hosts, "reopened": reopened}
    words |= {"places": places_words(booking), "by_guest": event.actor == "guest"}
    words |= {"taken_over": event.kind == Event.Kind.BOOKING_RESCHEDULED}
    # Who made the link but never hosted it is told, and has nothing to put in a calendar.
    held = part and member.user.email in {party.email for party in (part[1].organizer, *part[1].hosts)}
    return Letter(
        to=Party(member.user.name, member.user.email),
        reply_to=Party(booking.name, booking.email),
        words=words,
        calendar=(part[0], ics.render(part[1], part[0], now=now)) if part and held else None,
        workspace_id=event.workspace_id,
    )


def _confirmed_part(event: Event, booking: Booking) -> Part | None:
    """The same of what is confirmed; nobody's calendar holds a request."""
    return host_part(event, booking, Method.REQUEST) if booking.answer_by is None else None


def _at(event: Event, owed: Owed, start: int) -> dict[str, str]:
    """Another start than the present one, in minutes, in the words of the templates."""
    starts, ends = times_of(booking_of(event))
    former, zone = from_minutes(start), find_zone(event, owed)
    return {"when": span(former, former + (ends - starts), zone), "short": short(former, zone)}


def _hosts(booking: Booking, owed: Owed) -> bool:
    """Whether who gets the mail hosts it now."""
    return any(host.pk == owed.number for host in hosts_of(booking))


def _stands(booking: Booking, start: int) -> bool:
    """Whether the calendar has a session at this minute."""
    sessions = Appointment.objects.filter(
        calendar=booking.appointment.calendar_id, starts=cast("Any", from_minutes(start))
    )
    return sessions.exclude(status=Appointment.Status.CANCELLED).exists()
