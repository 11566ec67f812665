"""Reserve time within the transaction of a verb: decide the slot, choose who hosts, write the appointment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection

from bookonce.lib.instants import to_seconds
from bookonce.lib.tokens import new_public_id
from bookonce.scheduling import host_time, limit_counts, slots
from bookonce.scheduling.errors import SlotTaken
from bookonce.scheduling.offer import Offer, ask

_INSERT_APPOINTMENT = """INSERT INTO scheduling_appointment
  (public_id, workspace_id, calendar_id, starts, ends, buffer_before, buffer_after, status, location_kind,
   location, seats_taken, created_at)
  VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id"""
_JOIN_SESSION = """UPDATE scheduling_appointment SET seats_taken = seats_taken + %s
  WHERE calendar_id = %s AND starts = %s AND ends = %s AND status <> 'cancelled'
  AND seats_taken + %s <= %s RETURNING id, status"""
_CONFIRM_SESSION = "UPDATE scheduling_appointment SET status = 'confirmed' WHERE id = %s AND status = 'new'"
_HOSTS_OF_SESSION = """SELECT t.host_id, u.name FROM scheduling_blockedtime t
  JOIN accounts_member m ON m.id = t.host_id JOIN accounts_user u ON u.id = m.user_id
  WHERE t.appointment_id = %s ORDER BY t.id"""
_TAKE_TURN = """UPDATE scheduling_calendarhost SET turns = turns + %s, last_turn = 1 +
    (SELECT max(other.last_turn) FROM scheduling_calendarhost other WHERE other.calendar_id = %s)
  WHERE calendar_id = %s AND member_id = %s"""
_RETURN_TURN = """UPDATE scheduling_calendarhost SET turns = turns - 1
  WHERE calendar_id = %s AND member_id = %s AND turns > 0"""


@dataclass(frozen=True, slots=True)
class Place:
    """What one party wants: so many seats at this time; minutes since the epoch, and minutes."""

    start: int
    duration: int
    location: str = ""
    party: int = 1
    stays_with: int | None = None  # the host who has the appointment already
    answer_by: int | None = None  # seconds: a request, whose time is free again then


@dataclass(frozen=True, slots=True)
class Reserved:
    """The appointment, and who hosts it in the calendar's order."""

    appointment_id: int
    start: int  # minutes since the epoch
    host_ids: tuple[int, ...]
    owner: str
    concerned: tuple[int, ...]  # hosts whose calendars show something new


def lock_for_guest(offer: Offer, *, now: datetime) -> list[int]:
    """Lock the calendar's hosts as in `host_time.lock_hosts`; returns the overdue requests in the way."""
    link_id = offer.link.id if offer.link else 0
    return host_time.lock_hosts(offer.host_ids, now=now, calendar_id=offer.calendar_id, link_id=link_id)


def reserve(offer: Offer, place: Place, *, now: datetime) -> list[Reserved]:
    """Take the place for good, under the locks of all the calendar's hosts; of a series in each appointment.

    A class that has a session then is joined; everything else is a new appointment.

    Raises:
        SlotTaken: it is not on offer.
    """
    hosts = choose_hosts(offer, place, now=now)
    rules = offer.rules
    places = [
        replace(place, start=start)
        for start in slots.occurrences(offer.zone, place.start, rules.repeats, rules.repeat_count)
    ]
    sessions = {one.start: _join_session(offer, one) for one in places} if _of_class(offer) else {}
    new = [one for one in places if sessions.get(one.start) is None]
    limit_counts.take(offer, [one.start for one in new])
    opened = {one.start: _open(offer, one, hosts, now) for one in new}
    take_turn(offer, hosts, count=len(opened))
    return [sessions.get(one.start) or opened[one.start] for one in places]


def choose_hosts(offer: Offer, place: Place, *, now: datetime, besides: int = 0) -> tuple[int, ...]:
    """Who hosts it, decided by the same function that lists slots; in the calendar's order.

    Raises:
        SlotTaken: it is not on offer.
    """
    asked = ask(
        offer,
        duration=place.duration,
        start=place.start,
        end=place.start + 1,
        now=to_seconds(now),
        party=place.party,
        besides=besides,
    )
    starts = asked.starts()
    if starts != [place.start]:
        raise SlotTaken
    free = [int(name) for name in asked.hosts_by_start(starts)[place.start]]
    if offer.rules.kind is not slots.Kind.ROUND_ROBIN:
        return tuple(free)
    standings = [host.standing for host in offer.hosts]
    chosen = slots.choose_host(
        free, standings, offer.distribution, stays_with=place.stays_with, seed=offer.calendar_key
    )
    return (chosen,)


def take_turn(offer: Offer, hosts: Sequence[int], *, count: int = 1) -> None:
    """A round robin's host has had a turn, or of a series one for each appointment."""
    if offer.rules.kind is slots.Kind.ROUND_ROBIN:
        with connection.cursor() as cursor:
            cursor.execute(_TAKE_TURN, [count, offer.calendar_id, offer.calendar_id, hosts[0]])


def return_turn(offer: Offer, hosts: Sequence[int]) -> None:
    """A round robin's host gets the next turn again: the appointment is not theirs after all."""
    if offer.rules.kind is slots.Kind.ROUND_ROBIN:
        with connection.cursor() as cursor:
            cursor.execute(_RETURN_TURN, [offer.calendar_id, hosts[0]])


def _of_class(offer: Offer) -> bool:
    return offer.rules.kind is slots.Kind.CLASS


def _open(offer: Offer, place: Place, hosts: tuple[int, ...], now: datetime) -> Reserved:
    """A new appointment of these hosts."""
    if _of_class(offer):
        host_time.unblock_session(offer.calendar_id, place.start)
    appointment_id = _insert_appointment(offer, place, place.party if _of_class(offer) else None, now)
    expires_at = None if _of_class(offer) else place.answer_by  # a session stands for others, too
    host_time.block(
        appointment_id,
        hosts,
        place.start,
        place.start + place.duration,
        offer.rules,
        expires_at=expires_at,
    )
    owner = ", ".join(host.name for host in offer.hosts if host.id in hosts)
    return Reserved(appointment_id, place.start, hosts, owner, hosts)


def _join_session(offer: Offer, place: Place) -> Reserved | None:
    """Seats of the session that stands at this time; None when none stands, or too few seats are left.

    It keeps the hosts with whom it was opened.
    """
    ends = place.start + place.duration
    with connection.cursor() as cursor:
        cursor.execute(
            _JOIN_SESSION,
            [place.party, offer.calendar_id, place.start, ends, place.party, offer.rules.seats],
        )
        row = cursor.fetchone()
        if row is None:
            return None
        if row[1] == "new" and place.answer_by is None:
            cursor.execute(_CONFIRM_SESSION, [row[0]])
        cursor.execute(_HOSTS_OF_SESSION, [row[0]])
        hosts = cursor.fetchall()
    ids, owner = tuple(host for host, _ in hosts), ", ".join(name for _, name in hosts)
    return Reserved(row[0], place.start, ids, owner, tuple({*ids, *offer.host_ids}))


def _insert_appointment(offer: Offer, place: Place, seats_taken: int | None, now: datetime) -> int:
    """The appointment, its buffers and place frozen; returns its row."""
    values: list[Any] = [
        new_public_id("apt"),
        offer.workspace_id,
        offer.calendar_id,
        place.start,
        place.start + place.duration,
        offer.rules.buffer_before,
        offer.rules.buffer_after,
        "confirmed" if place.answer_by is None else "new",
        offer.location_kind,
        place.location if offer.location_kind == "ask" else offer.location,
        seats_taken,
        to_seconds(now),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_APPOINTMENT, values)
        return int(cursor.fetchone()[0])
