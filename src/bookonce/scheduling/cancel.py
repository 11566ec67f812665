"""Cancel a booking: by its guest (the link stays used, unless its rules differ) or its host (it reopens)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.db import connection

from bookonce.lib.fields import Fields
from bookonce.lib.instants import to_minutes, to_seconds
from bookonce.scheduling import (
    events,
    host_time,
    idempotency,
    limit_counts,
    link_holds,
    reserve,
    visitor_holds,
)
from bookonce.scheduling.change_rules import change_rules
from bookonce.scheduling.errors import CancellingClosed, Invalid, TooLate
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.locked_appointment import LockedAppointment, lock_appointment
from bookonce.scheduling.models import Booking
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.offer import get_calendar_offer
from bookonce.scheduling.transaction import one_transaction
from bookonce.scheduling.waiting_requests import expiring_overdue

LONGEST_REASON = 500

_CANCEL_BOOKINGS = """UPDATE scheduling_booking
  SET status = 'cancelled', cancelled_at = %s, cancel_cause = %s, cancel_reason = %s, answer_by = NULL,
    sequence = sequence + 1
  WHERE {which} = %s AND status IN ('new', 'confirmed') AND EXISTS (SELECT 1 FROM scheduling_appointment a
    WHERE a.id = appointment_id AND a.status <> 'cancelled' AND a.starts > %s)
  RETURNING id, party, link_id, link_use_id"""
_LEAVE_SEATS = """UPDATE scheduling_appointment SET seats_taken = seats_taken - %s
  WHERE id = %s AND seats_taken IS NOT NULL"""
_END_EMPTY = """UPDATE scheduling_appointment SET status = 'cancelled', cancelled_at = %s
  WHERE id = %s AND status <> 'cancelled' AND NOT EXISTS (SELECT 1 FROM scheduling_booking b
    WHERE b.appointment_id = scheduling_appointment.id AND b.status <> 'cancelled')"""
_LOWER_SPENT = """UPDATE scheduling_onetimelink SET spent = spent - 1
  WHERE id = %s AND revoked_at IS NULL AND spent > 0
  AND EXISTS (SELECT 1 FROM scheduling_linkuse WHERE id = %s AND returned_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM scheduling_booking WHERE link_use_id = %s AND status <> 'cancelled')
  RETURNING expires_at"""


class Returned(NamedTuple):
    """What came of a use that was to be given back."""

    works: bool = False  # the link can be booked again by that
    hosts: frozenset[int] = frozenset()  # whose time it holds again; the caller raises their versions


@dataclass(frozen=True, slots=True)
class Cancellation:
    """What may be said with a cancellation; `reopen_link` unset means: as the rules have it."""

    reason: str = ""
    reopen_link: bool | None = None


def parse_cancellation(raw: Mapping[str, Any]) -> Cancellation:
    """Check what the owner sends to cancel.

    Raises:
        Invalid: one sentence per fault, by field.
    """
    fields = Fields(raw)
    fields.only(("reason", "reopen_link"))
    reason = fields.text("reason", most=LONGEST_REASON, lines=True)
    reopen_link = fields.boolean("reopen_link", default=False) if fields.has("reopen_link") else None
    if fields.errors:
        raise Invalid(fields.errors)
    return Cancellation(reason, reopen_link)


@expiring_overdue
@one_transaction
def cancel(
    booking_id: int,
    *,
    by: events.Actor,
    now: datetime,
    reason: str = "",
    reopen_link: bool | None = None,
    retry: Idempotency | None = None,
) -> bool:
    """Cancel one party's booking; False when it already was (nothing is changed).

    The appointment ends with its last booking; a class session goes on for the others. `reopen_link` returns
    the use to its one-time link; unset, it does so when a host cancels, and for a guest when the link or
    calendar says so and the link has not expired. A revoked link never reopens (docs/decisions/0010). Of a
    series the last one to be cancelled returns it. A request that is overdue has expired: False as well.

    Raises:
        NotFound: no such booking.
        TooLate: the appointment has begun.
        CancellingClosed: the rules keep its guest from cancelling.
        IdempotencyMismatch, InProgress: about the key.
    """
    if idempotency.claim(retry, {}, now=now) is not None:
        return True
    return _cancel("id", booking_id, by, now, Cancellation(reason, reopen_link))


@expiring_overdue
@one_transaction
def cancel_appointment(
    appointment_id: int,
    *,
    by: events.Actor,
    now: datetime,
    reason: str = "",
    reopen_link: bool | None = None,
    retry: Idempotency | None = None,
) -> bool:
    """Cancel all bookings of the appointment, as its host; else as `cancel`.

    Raises:
        NotFound: no such appointment.
        TooLate: it has begun.
        IdempotencyMismatch, InProgress: about the key.
    """
    if idempotency.claim(retry, {}, now=now) is not None:
        return True
    return _cancel("appointment_id", appointment_id, by, now, Cancellation(reason, reopen_link))


def _cancel(which: str, row: int, by: events.Actor, now: datetime, asked: Cancellation) -> bool:
    """Cancel the bookings whose column `which` is `row`: all are of one appointment."""
    appointment = lock_appointment(which, row, now=now)
    cause = "guest" if by.via == "guest" else "host"
    reopen = _may_reopen(row, now) if which == "id" and cause == "guest" else cause == "host"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM scheduling_booking WHERE {which} = %s AND status = 'new'", [row])
        requests = {found[0] for found in cursor.fetchall()}  # under the locks none comes or goes
        cursor.execute(
            _CANCEL_BOOKINGS.format(which=which),
            [to_seconds(now), cause, asked.reason[:LONGEST_REASON], row, to_minutes(now)],
        )
        cancelled = cursor.fetchall()
    if not cancelled:
        return _already(which, row)
    end_or_leave(appointment, sum(party for _, party, _, _ in cancelled), now)
    if asked.reopen_link is not None:
        reopen = asked.reopen_link
    returned = {
        booking_id: return_use(link_id, use_id, now) if use_id and reopen else Returned()
        for booking_id, _, link_id, use_id in sorted(cancelled, key=lambda one: (one[2] or 0, one[0]))
    }
    concerned = sorted({*appointment.host_ids}.union(*(one.hosts for one in returned.values())))
    host_time.raise_versions(concerned, calendar_id=appointment.calendar_id)
    together = len(cancelled)
    for number, (booking_id, _, link_id, _) in enumerate(cancelled):
        details = {"reopened": int(returned[booking_id].works)}
        if booking_id in requests:
            details["request"] = 1  # nobody was told yet that it would take place
        if together > 1:  # the hosts hear of all of them at once
            details["together"] = 0 if number else together
        record_cancelled(appointment, booking_id, link_id, by, now, details)
    return True


def _may_reopen(booking_id: int, now: datetime) -> bool:
    """Whether the link reopens when this guest cancels, who may do so; read under the locks.

    Raises:
        CancellingClosed: they may not.
    """
    booking = Booking.objects.select_related("appointment__calendar", "link").get(pk=booking_id)
    rules, minute = change_rules(booking), to_minutes(now)
    closed = rules.cancelling(minute).closed
    if closed and booking.status in ("new", "confirmed") and rules.start > minute:
        raise CancellingClosed(closed)
    over = booking.link is not None and booking.link.expires_at is not None and booking.link.expires_at <= now
    return rules.reopens_on_cancel and not over


def end_or_leave(appointment: LockedAppointment, places: int, now: datetime) -> None:
    """Give the seats back; with nobody left the appointment ends, and counts towards no limit or turn."""
    with connection.cursor() as cursor:
        cursor.execute(_LEAVE_SEATS, [places, appointment.id])
        cursor.execute(_END_EMPTY, [to_seconds(now), appointment.id])
        ended = cursor.rowcount == 1
    if ended:
        offer = get_calendar_offer(appointment.calendar_id)
        limit_counts.give_back(offer, appointment.start)
        reserve.return_turn(offer, appointment.host_ids)
        visitor_holds.block_again(offer, appointment.start, now=now)


def _already(which: str, row: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM scheduling_booking WHERE {which} = %s AND status <> 'cancelled' LIMIT 1", [row]
        )
        if cursor.fetchone() is None:
            return False
    raise TooLate


def record_cancelled(
    appointment: LockedAppointment,
    booking_id: int,
    link_id: int | None,
    by: events.Actor,
    now: datetime,
    details: Mapping[str, Any],
) -> None:
    """That it was, and that its link works again."""
    record = partial(
        events.record,
        workspace_id=appointment.workspace_id,
        actor=by,
        now=now,
        link_id=link_id,
        booking_id=booking_id,
    )
    record(Event.Kind.BOOKING_CANCELLED, details=details)
    if details["reopened"]:
        record(Event.Kind.LINK_REOPENED)


def return_use(link_id: int, use_id: int, now: datetime) -> Returned:
    """Give the use back, once, with the last booking that was made by it; never to a revoked link.

    A link that has expired meanwhile has its use back as well, for a later expiry, but does not work by that.
    The time of that booking is free by now: a link that holds its times holds them again.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOWER_SPENT, [link_id, use_id, use_id])
        lowered = cursor.fetchone()
        if lowered is None:
            return Returned()
        cursor.execute(
            "UPDATE scheduling_linkuse SET returned_at = %s WHERE id = %s AND returned_at IS NULL",
            [to_seconds(now), use_id],
        )
        returned = bool(cursor.rowcount == 1)
    works = returned and (lowered[0] is None or lowered[0] > to_seconds(now))
    return Returned(works, frozenset(link_holds.hold_all([link_id], now=now)))
