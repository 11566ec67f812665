"""Move a booking: never needs, spends or revives the one-time link."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection

from bookonce.lib.instants import to_minutes, to_seconds
from bookonce.scheduling import (
    errors,
    events,
    host_time,
    limit_counts,
    link_holds,
    reserve,
    slots,
    visitor_holds,
)
from bookonce.scheduling.cancel import LONGEST_REASON
from bookonce.scheduling.change_rules import get_change_rules
from bookonce.scheduling.models.calendar import read_durations
from bookonce.scheduling.models.event import Event, MoveReason
from bookonce.scheduling.offer import Offer, OfferHost, ask, get_calendar_offer, read_day
from bookonce.scheduling.offer_rows import meeting, narrowed_rules
from bookonce.scheduling.reserve import Place
from bookonce.scheduling.transaction import one_transaction
from bookonce.scheduling.waiting_requests import expire_later, expiring_overdue, no_later, refuse_overdue

_NO_LIMIT = 2**31 - 1
_READ_MOVE = """SELECT b.workspace_id, a.id, b.link_id, a.starts, a.ends, b.status, a.calendar_id, b.party,
    a.location, a.seats_taken, l.first_day, l.last_day, t.host_id, l.host_id, b.answer_by, b.series, l.slots,
    l.holds_slots
  FROM scheduling_booking b
  JOIN scheduling_appointment a ON a.id = b.appointment_id
  JOIN scheduling_blockedtime t ON t.appointment_id = a.id
  LEFT JOIN scheduling_onetimelink l ON l.id = b.link_id
  WHERE b.id = %s ORDER BY t.id"""
_MOVE_APPOINTMENT = """UPDATE scheduling_appointment
  SET starts = %s, ends = %s, buffer_before = %s, buffer_after = %s
  WHERE id = %s AND starts = %s AND status <> 'cancelled' AND starts > %s"""
_MUST_LEAVE = """SELECT 1 FROM scheduling_appointment
    WHERE calendar_id = %s AND starts = %s AND seats_taken IS NOT NULL AND status <> 'cancelled'
  UNION ALL SELECT 1 FROM scheduling_booking WHERE appointment_id = %s AND id <> %s"""
_LEAVE_SEATS = """UPDATE scheduling_appointment SET seats_taken = seats_taken - %s
  WHERE id = %s AND starts > %s AND status <> 'cancelled'"""
_END = "UPDATE scheduling_appointment SET status = 'cancelled', cancelled_at = %s WHERE id = %s"
_UNBOOKED = "NOT EXISTS (SELECT 1 FROM scheduling_booking b WHERE b.appointment_id = %s)"
_FORGET = (
    f"DELETE FROM scheduling_blockedtime WHERE appointment_id = %s AND {_UNBOOKED}",
    f"DELETE FROM scheduling_appointment WHERE id = %s AND {_UNBOOKED}",
)


@dataclass(frozen=True, slots=True)
class Move:
    """What a booking may be moved within: its calendar's offer at its own length, itself not busy time."""

    offer: Offer
    workspace_id: int
    booking_id: int
    appointment_id: int
    link_id: int | None
    start: int
    duration: int
    status: str  # the booking's
    party: int
    location: str
    host_ids: tuple[int, ...]  # who has it now
    locked: frozenset[int]  # they, and all of the calendar's hosts
    answer_by: int | None  # seconds; of a request
    shared: bool  # with other parties: a class session that stays when this one leaves

    @property
    def besides(self) -> int:
        """The appointment that is no busy time for the move."""
        return 0 if self.shared else self.appointment_id


def get_move(booking_id: int) -> Move:
    """Read what can be moved, as it is now; keeps to the link's days and picked times when it came by one.

    Times picked for a series say where it may begin: its appointments are not bound by them.

    Raises:
        NotFound: no such booking.
    """
    with connection.cursor() as cursor:
        cursor.execute(_READ_MOVE, [booking_id])
        rows = cursor.fetchall()
    if not rows:
        raise errors.NotFound
    workspace_id, appointment_id, link_id, start, end, status, calendar_id, party, location, seats = rows[0][
        :10
    ]
    offer, hosts = get_calendar_offer(calendar_id), tuple(row[12] for row in rows)
    series, picked, holds = rows[0][15], read_durations(rows[0][16] or ""), bool(rows[0][17])
    days = read_day(rows[0][10]), read_day(rows[0][11])
    rules = narrowed_rules(offer.rules.alone(), *days, () if series else picked)
    rules = replace(rules, durations=(end - start,))
    came_by = link_id if holds else 0
    return Move(
        offer=replace(offer, rules=rules, hosts=_kept_hosts(offer, hosts, rows[0][13]), came_by=came_by),
        workspace_id=workspace_id,
        booking_id=booking_id,
        appointment_id=appointment_id,
        link_id=link_id,
        start=start,
        duration=end - start,
        status=status,
        party=party,
        location=location,
        host_ids=hosts,
        answer_by=rows[0][14],
        locked=frozenset((*hosts, *offer.host_ids)),
        shared=seats is not None and seats > party,
    )


def free_moves(move: Move, *, start: int, end: int, now: int) -> dict[int, int | None]:
    """The starts to which it can be moved, in minutes, with the places a class has left; `now` in seconds.

    Look busy hides none of them: who holds a manage link is no stranger.
    """
    asked = ask(
        move.offer,
        duration=move.duration,
        start=start,
        end=end,
        now=now,
        party=move.party,
        besides=move.besides,
    )
    found = [minute for minute in asked.starts() if minute != move.start]
    return dict.fromkeys(found) | asked.seats_left(found)


def picks_left(move: Move, *, now: int) -> bool:
    """Whether one of the times picked for its link is left to move to; True where it keeps to none."""
    ahead = [start for start in move.offer.rules.picked if start >= now // 60]
    if not move.offer.rules.picked:
        return True
    return bool(ahead and free_moves(move, start=ahead[0], end=ahead[-1] + 1, now=now))


@expiring_overdue
@one_transaction
def reschedule(
    booking_id: int, start: datetime, *, by: events.Actor, now: datetime, reason: str = ""
) -> None:
    """Move the booking to `start`; its length stays, buffers are frozen anew. The hosts read the `reason`.

    What is confirmed stays confirmed; a request stays one, to be answered before its new start.

    An appointment of one party moves; a party of a class session leaves it, and joins or opens another.

    Raises:
        NotFound; TooLate: begun or cancelled; CalendarPaused, CalendarDeleted: not meanwhile;
        ReschedulingClosed: the rules keep its guest from moving it; SlotTaken: the time is not offered.
    """
    seen = get_move(booking_id)
    calendar_id = seen.offer.calendar_id
    refuse_overdue(host_time.lock_hosts(sorted(seen.locked), now=now, calendar_id=calendar_id), now)
    link_holds.lock(seen.offer.came_by)
    move, to = get_move(booking_id), to_minutes(start)
    if not move.locked <= seen.locked or move.offer.came_by != seen.offer.came_by:
        raise errors.HostsChanged
    _check(move, to)
    of_guest = by.via == "guest"
    most = _check_rules(booking_id, now) if of_guest else None
    answer_by = None if move.answer_by is None else no_later(move.answer_by, to, now)
    place = Place(
        to, move.duration, move.location, move.party, stays_with=move.host_ids[0], answer_by=answer_by
    )
    freed = link_holds.release([move.offer.came_by]) if move.offer.came_by else set()
    if move.shared or _must_leave(move, to):
        hosts = _change_session(move, place, now)
    else:
        hosts = _move_appointment(move, place, now)
    _raise_sequence(move, by_guest=of_guest, most=most)
    if answer_by is not None and answer_by != move.answer_by:
        _answer_by(move, answer_by, now)
    if move.offer.came_by:  # holds again: the other times, and the one that was left
        freed |= link_holds.hold_all([move.offer.came_by], now=now)
    concerned = sorted({*move.host_ids, *hosts, *freed})
    host_time.raise_versions(concerned, calendar_id=move.offer.calendar_id)
    _record(move, to, hosts, by, now, reason)


def _record(
    move: Move, to: int, hosts: tuple[int, ...], by: events.Actor, now: datetime, reason: str
) -> None:
    """That it was moved; why, beside it: events hold ids only."""
    changes = {
        "left": [host for host in move.host_ids if host not in hosts],
        "joined": [host for host in hosts if host not in move.host_ids],
    }
    event_id = events.record(
        Event.Kind.BOOKING_RESCHEDULED,
        workspace_id=move.workspace_id,
        actor=by,
        now=now,
        link_id=move.link_id,
        booking_id=move.booking_id,
        details={"from": move.start, "to": to} | {name: ids for name, ids in changes.items() if ids},
    )
    if reason:
        MoveReason.objects.create(event_id=event_id, text=reason[:LONGEST_REASON])


def _kept_hosts(offer: Offer, present: tuple[int, ...], wanted: int | None) -> tuple[OfferHost, ...]:
    """Who may have it after the move: all of the calendar's hosts; where it keeps its host, that one.

    Where guests choose their host, it keeps whom it has. `wanted` is the host whom the link is for.
    """
    if wanted is not None:
        return meeting(offer, wanted)
    keeps = offer.keeps_host or offer.guests_choose_host
    if offer.rules.kind is slots.Kind.ROUND_ROBIN and keeps:
        return tuple(host for host in offer.hosts if host.id in present) or offer.hosts
    return offer.hosts


def _check(move: Move, to: int) -> None:
    if move.offer.deleted_at is not None:
        raise errors.CalendarDeleted
    if move.offer.paused_at is not None:
        raise errors.CalendarPaused
    if move.status not in ("new", "confirmed"):
        raise errors.TooLate
    if to == move.start:
        raise errors.SlotTaken


def _move_appointment(move: Move, place: Place, now: datetime) -> tuple[int, ...]:
    """The appointment itself moves, to other hosts if need be."""
    rules, end = move.offer.rules, place.start + place.duration
    hosts = reserve.choose_hosts(move.offer, place, now=now, besides=move.appointment_id)
    changed = set(hosts) != set(move.host_ids)
    if rules.kind is slots.Kind.CLASS:  # places kept then are those of this session from now on
        host_time.unblock_session(move.offer.calendar_id, place.start)
    with connection.cursor() as cursor:
        if changed:
            cursor.execute(
                "DELETE FROM scheduling_blockedtime WHERE appointment_id = %s", [move.appointment_id]
            )
        # The database moves blocked time along and refuses an overlap (guards.py).
        times = [place.start, end, rules.buffer_before, rules.buffer_after]
        cursor.execute(_MOVE_APPOINTMENT, [*times, move.appointment_id, move.start, to_minutes(now)])
        if cursor.rowcount == 0:
            raise errors.TooLate
    limit_counts.give_back(move.offer, move.start)
    limit_counts.take(move.offer, [place.start])
    if changed:
        host_time.block(
            move.appointment_id,
            hosts,
            place.start,
            end,
            rules,
            expires_at=None if rules.kind is slots.Kind.CLASS else place.answer_by,
        )
        reserve.return_turn(move.offer, move.host_ids)
        reserve.take_turn(move.offer, hosts)
    visitor_holds.block_again(move.offer, move.start, now=now)
    return hosts


def _change_session(move: Move, place: Place, now: datetime) -> tuple[int, ...]:
    """The party leaves its session for another one; an empty session ends."""
    with connection.cursor() as cursor:
        cursor.execute(_LEAVE_SEATS, [move.party, move.appointment_id, to_minutes(now)])
        if cursor.rowcount == 0:
            raise errors.TooLate
        if not move.shared:
            cursor.execute(_END, [to_seconds(now), move.appointment_id])
    if not move.shared:
        limit_counts.give_back(move.offer, move.start)
        visitor_holds.block_again(move.offer, move.start, now=now)
    [reserved] = reserve.reserve(move.offer, place, now=now)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE scheduling_booking SET appointment_id = %s WHERE id = %s",
            [reserved.appointment_id, move.booking_id],
        )
        for statement in () if move.shared else _FORGET:  # kept where cancelled bookings tell of it
            cursor.execute(statement, [move.appointment_id, move.appointment_id])
    return reserved.host_ids


def _must_leave(move: Move, to: int) -> bool:
    """Whether a session stands there to join, or others were in this one; seen under the locks."""
    if move.offer.rules.kind is not slots.Kind.CLASS:
        return False
    with connection.cursor() as cursor:
        cursor.execute(_MUST_LEAVE, [move.offer.calendar_id, to, move.appointment_id, move.booking_id])
        return cursor.fetchone() is not None


def _check_rules(booking_id: int, now: datetime) -> int | None:
    """How often its guest may move it in all, read under the locks; none: as often as they like."""
    rules, minute = get_change_rules(booking_id), to_minutes(now)
    closed = rules.rescheduling(minute).closed
    if closed and rules.start > minute:
        raise errors.ReschedulingClosed(closed)
    return rules.most_reschedules


def _raise_sequence(move: Move, *, by_guest: bool, most: int | None) -> None:
    """Conditional: a booking that was cancelled meanwhile is not moved, nor one too often by its guest."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE scheduling_booking SET sequence = sequence + 1, moves = moves + %s "
            "WHERE id = %s AND status IN ('new', 'confirmed') AND moves < %s",
            [int(by_guest), move.booking_id, _NO_LIMIT if most is None else most],
        )
        if cursor.rowcount == 0:
            raise errors.TooLate


def _answer_by(move: Move, answer_by: int, now: datetime) -> None:
    """The request has to be answered at another second than before, and its time is free from then."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE scheduling_booking SET answer_by = %s WHERE id = %s", [answer_by, move.booking_id]
        )
        cursor.execute(
            "UPDATE scheduling_blockedtime SET expires_at = %s WHERE appointment_id = %s "
            "AND expires_at IS NOT NULL",
            [answer_by, move.appointment_id],
        )
    expire_later(move.booking_id, answer_by, now=now)
