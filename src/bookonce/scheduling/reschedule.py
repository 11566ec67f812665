"""Move an appointment by its booking: never needs, spends or revives the one-time link."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection

from bookonce.lib.instants import to_minutes, to_seconds
from bookonce.scheduling import errors, events, host_time
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.offer import Offer, free_starts, get_calendar_offer, is_offered, read_day
from bookonce.scheduling.transaction import one_transaction

_READ_MOVE = """SELECT b.workspace_id, a.id, b.link_id, a.starts, a.ends, a.status, a.calendar_id, t.host_id,
    l.first_day, l.last_day
  FROM scheduling_booking b
  JOIN scheduling_appointment a ON a.id = b.appointment_id
  JOIN scheduling_blockedtime t ON t.appointment_id = a.id
  LEFT JOIN scheduling_onetimelink l ON l.id = b.link_id
  WHERE b.id = %s ORDER BY t.host_id"""
_MOVE_APPOINTMENT = """UPDATE scheduling_appointment
  SET starts = %s, ends = %s, buffer_before = %s, buffer_after = %s, sequence = sequence + 1
  WHERE id = %s AND starts = %s AND status <> 'cancelled' AND starts > %s"""


@dataclass(frozen=True, slots=True)
class Move:
    """What a booking may be moved within: its calendar's offer at its own length, itself not busy time."""

    offer: Offer
    workspace_id: int
    appointment_id: int
    link_id: int | None
    start: int
    duration: int
    status: str
    host_ids: tuple[int, ...]


def get_move(booking_id: int) -> Move:
    """Read what can be moved, as it is now; keeps to the link's window when the booking came through one.

    Raises:
        NotFound: no such booking.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _READ_MOVE,
            [booking_id],
        )
        rows = cursor.fetchall()
    if not rows:
        raise errors.NotFound
    workspace_id, appointment_id, link_id, starts, ends, status, calendar_id, _, first_day, last_day = rows[0]
    offer = get_calendar_offer(calendar_id)
    duration = ends - starts
    rules = replace(
        offer.rules, durations=(duration,), first_day=read_day(first_day), last_day=read_day(last_day)
    )
    hosts = tuple(row[7] for row in rows)
    offer = replace(offer, rules=rules, host_ids=hosts)
    return Move(offer, workspace_id, appointment_id, link_id, starts, duration, status, hosts)


def free_moves(move: Move, *, start: int, end: int, now: int) -> list[int]:
    """The starts to which it can be moved, in minutes; `now` in seconds."""
    found = free_starts(
        move.offer, duration=move.duration, start=start, end=end, now=now, besides=move.appointment_id
    )
    return [minute for minute in found if minute != move.start]


@one_transaction
def reschedule(booking_id: int, start: datetime, *, by: events.Actor, now: datetime) -> None:
    """Move the booking's appointment to `start`; its length stays, buffers are frozen anew.

    Raises:
        NotFound; TooLate: begun or cancelled; CalendarPaused, CalendarDeleted: not meanwhile;
        SlotTaken: the time is not offered.
    """
    host_time.lock_hosts(get_move(booking_id).host_ids, now=now)
    move = get_move(booking_id)
    to, rules = to_minutes(start), move.offer.rules
    if move.offer.deleted_at is not None:
        raise errors.CalendarDeleted
    if move.offer.paused_at is not None:
        raise errors.CalendarPaused
    offered = is_offered(
        move.offer, start=to, duration=move.duration, now=to_seconds(now), besides=move.appointment_id
    )
    if not offered or to == move.start:
        raise errors.SlotTaken
    with connection.cursor() as cursor:
        # The database moves the blocked time along and refuses an overlap (guards.py).
        cursor.execute(
            _MOVE_APPOINTMENT,
            [
                to,
                to + move.duration,
                rules.buffer_before,
                rules.buffer_after,
                move.appointment_id,
                move.start,
                to_minutes(now),
            ],
        )
        if cursor.rowcount == 0:
            raise errors.TooLate
    host_time.raise_versions(move.host_ids)
    events.record(
        Event.Kind.BOOKING_RESCHEDULED,
        workspace_id=move.workspace_id,
        actor=by,
        now=now,
        link_id=move.link_id,
        booking_id=booking_id,
        details={"from": move.start, "to": to},
    )
