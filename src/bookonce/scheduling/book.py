"""THE BOOKING TRANSACTION: the only way a booking comes to be, for every kind of calendar and every door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from bookonce.lib.database_errors import on_postgres
from bookonce.lib.instants import to_seconds
from bookonce.lib.sealed import find_unsealed
from bookonce.lib.tokens import new_public_id
from bookonce.scheduling import errors, events, host_time, idempotency, link_holds, visitor_holds
from bookonce.scheduling.booking_codes import consume_code
from bookonce.scheduling.booking_request import BookingRequest, parse_booking
from bookonce.scheduling.booking_rows import Made, insert_bookings, insert_given
from bookonce.scheduling.consent import NOWHERE, Origin
from bookonce.scheduling.host_choice import with_host
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.link_state import REFUSAL, LinkState, is_held, link_state
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.offer import (
    Door,
    LinkOffer,
    Offer,
    get_offer,
    get_offered,
    get_open_offer,
    group_refusal,
    in_grace,
)
from bookonce.scheduling.proofs import check_proof, spend_proof
from bookonce.scheduling.reserve import Place, lock_for_guest, reserve
from bookonce.scheduling.transaction import one_transaction
from bookonce.scheduling.waiting_requests import answer_time, expire_later, expiring_overdue, refuse_overdue

_CLAIM_LINK = """UPDATE scheduling_onetimelink SET spent = spent + 1, last_use = last_use + 1
  WHERE id = %s AND revoked_at IS NULL AND spent < max_bookings
  AND (expires_at IS NULL OR expires_at > %s) AND (not_before IS NULL OR not_before <= %s)
  RETURNING last_use"""
_KEEP_USE = "INSERT INTO scheduling_linkuse (link_id, number, taken_at) VALUES (%s, %s, %s) RETURNING id"
# PostgreSQL does both in one statement.
_CLAIM_AND_KEEP = f"""WITH claimed AS ({_CLAIM_LINK}, id)
  INSERT INTO scheduling_linkuse (link_id, number, taken_at) SELECT id, last_use, %s FROM claimed
  RETURNING id"""
_READ_BOOKED = """SELECT b.public_id, a.starts, a.ends, b.status, b.timezone, c.name, u.name,
    b.sealed_manage_token
  FROM scheduling_booking b
  JOIN scheduling_appointment a ON a.id = b.appointment_id
  JOIN scheduling_calendar c ON c.id = a.calendar_id
  JOIN scheduling_blockedtime t ON t.appointment_id = a.id
  JOIN accounts_member m ON m.id = t.host_id
  JOIN accounts_user u ON u.id = m.user_id
  WHERE b.public_id = %s OR b.series = (SELECT series FROM scheduling_booking WHERE public_id = %s)
  ORDER BY b.series_number, t.id"""


@dataclass(frozen=True, slots=True)
class InSeries:
    """One appointment of a series; instants in minutes since the epoch."""

    public_id: str
    start: int
    end: int
    manage_token: str


@dataclass(frozen=True, slots=True)
class Booked:
    """The booking that was made, or that an earlier request with the same key made; instants in minutes.

    Of a series it is the first one, and all of them are in `series`.
    """

    public_id: str
    start: int
    end: int
    status: str
    timezone: str
    calendar_name: str
    owner: str
    manage_token: str
    replayed: bool
    series: tuple[InSeries, ...] = ()


@expiring_overdue
@one_transaction
def book(
    door: Door,
    raw: Mapping[str, Any],
    *,
    now: datetime,
    stamp: int | None = None,
    retry: Idempotency | None = None,
    actor: events.Actor = events.GUEST,
    code_id: int | None = None,
    origin: Origin = NOWHERE,
    language: str = "",
) -> Booked:
    """Claim link, decide slot, write booking: all or nothing (docs/decisions/0001).

    `raw` is the guest's input, checked by `parse_booking`; `stamp` the second at which the form was served;
    `code_id` the row of the mailed code that `try_code` found right, where one came along; `origin` where
    the guest was, kept with a consent; `language` what their page spoke, for its mails ("": the calendar's).
    Locks are taken in one order everywhere: idempotency key, hosts by id, link, group, calendar versions by
    id.

    Raises:
        Invalid, SlotTaken, NotFound, CalendarPaused, CalendarDeleted, Link...: nothing was changed.
        IdempotencyMismatch, InProgress: about the key. Busy: outcome unknown.
    """
    fresh = {"booking": new_public_id("bkg")}
    earlier = idempotency.claim(retry, fresh, now=now)
    if earlier is not None:
        return _replay(earlier["booking"])
    door = door.choosing(raw.get("calendar")).holding(raw.get("hold"))
    grace = settings.BOOKONCE.grace_seconds
    offer = get_open_offer(door, to_seconds(now), stamp=stamp, grace=grace, questions=True)
    check_proof(door, offer, parse_booking(raw, offer, stamp=stamp), now=now)  # bad input waits for nobody
    refuse_overdue(lock_for_guest(offer, now=now), now)
    use_id = _claim_link(offer.link, now, stamp) if offer.link else None
    offer = _as_locked(door, offer, now)
    request = parse_booking(raw, offer, stamp=stamp)
    consume_code(door, offer, request, code_id, now=now)
    spend_proof(door, offer, request, now=now)
    answer_by = answer_time(offer, request.start, now)
    place = Place(request.start, request.duration, request.location, request.party, answer_by=answer_by)
    holds = bool(offer.link and offer.link.holds_slots)
    freed = link_holds.release([offer.link.id]) if offer.link and holds else set()
    freed |= visitor_holds.let_go(door.hold, now=now) if door.hold else set()
    reserved = reserve(with_host(offer, request.host_id), place, now=now)
    made = insert_bookings(
        fresh["booking"], reserved, use_id, offer, request, now, answer_by=answer_by, language=language
    )
    insert_given([booking.id for booking in made], offer, request, origin, now)
    if answer_by is not None:
        expire_later(made[0].id, answer_by, now=now)
    kept = link_holds.hold(door.key, now=now).hosts if holds else frozenset()
    concerned = sorted({*freed, *kept}.union(*(one.concerned for one in reserved)))
    host_time.raise_versions(concerned, open_calendar=offer.calendar_id, public=offer.link is None)
    _record(offer, made, actor, now, asked=answer_by is not None)
    return _booked(offer, request, reserved[0].owner, made, answer_by)


def _booked(
    offer: Offer, request: BookingRequest, owner: str, made: Sequence[Made], answer_by: int | None
) -> Booked:
    return Booked(
        public_id=made[0].public_id,
        start=request.start,
        end=request.start + request.duration,
        status="confirmed" if answer_by is None else "new",
        timezone=request.timezone,
        calendar_name=offer.calendar_name,
        owner=owner,
        manage_token=made[0].manage_token,
        replayed=False,
        series=_series([(one.public_id, one.start, one.end, one.manage_token) for one in made]),
    )


def _record(offer: Offer, made: Sequence[Made], actor: events.Actor, now: datetime, *, asked: bool) -> None:
    """One event for each booking; those of a series are told of in one mail, that of the first."""
    request = {"request": 1} if asked else {}
    for number, booking in enumerate(made):
        together = {"series": [] if number else [one.id for one in made]} if len(made) > 1 else {}
        events.record(
            Event.Kind.BOOKING_CREATED,
            workspace_id=offer.workspace_id,
            actor=actor,
            now=now,
            link_id=offer.link.id if offer.link else None,
            booking_id=booking.id,
            details=together | request,
        )


def _series(rows: Sequence[tuple[str, int, int, str]]) -> tuple[InSeries, ...]:
    return tuple(InSeries(*row) for row in rows) if len(rows) > 1 else ()


def _claim_link(link: LinkOffer, now: datetime, stamp: int | None) -> int:
    """Take one use of the link, or raise why not; returns the row of the use."""
    at, grace = to_seconds(now), settings.BOOKONCE.grace_seconds
    # The only expiry that is let pass is one that the form was opened before.
    alive_at = at - grace if in_grace(link, at, stamp=stamp, grace=grace) else at
    claim = [link.id, alive_at, at]
    with connection.cursor() as cursor:
        if on_postgres():
            cursor.execute(_CLAIM_AND_KEEP, [*claim, at])
            row = cursor.fetchone()
        else:
            cursor.execute(_CLAIM_LINK, claim)
            row = cursor.fetchone()
            if row is not None:
                cursor.execute(_KEEP_USE, [link.id, row[0], at])
                row = cursor.fetchone()
    if row is None:
        raise _why_not(link.id, at)
    return int(row[0])


def _as_locked(door: Door, seen: Offer, now: datetime) -> Offer:
    """The offer as it stands now that hosts and link are ours: its settings may have changed meanwhile.

    A group is locked before it is read: until we are done it is neither paused nor loses the calendar.
    """
    if seen.group:
        _share_group(seen.group.id)
    offer = get_offer(door, questions=True)
    refused = group_refusal(offer)
    if refused:
        raise refused
    if offer.host_ids != seen.host_ids:
        raise errors.HostsChanged
    if offer.link and is_held(offer.link, to_seconds(now), claimed=1):
        raise errors.LinkHeld
    return offer


def _share_group(group_id: int) -> None:
    if on_postgres():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM scheduling_calendargroup WHERE id = %s FOR SHARE", [group_id])


def _why_not(link_id: int, now: int) -> errors.SchedulingError:
    with connection.cursor() as cursor:
        cursor.execute("SELECT l.token_digest FROM scheduling_onetimelink l WHERE l.id = %s", [link_id])
        link = get_offered(Door("link", cursor.fetchone()[0])).link
    state = link_state(link, now) if link else LinkState.REVOKED
    # Active again already: the use that kept us out was returned in this very moment.
    return REFUSAL[state]() if state in REFUSAL else errors.Busy()


def _replay(public_id: str) -> Booked:
    with connection.cursor() as cursor:
        cursor.execute(_READ_BOOKED, [public_id, public_id])
        rows = cursor.fetchall()
    first = rows[0]
    tokens = {row[0]: (row[0], row[1], row[2], find_unsealed(row[7]) or "") for row in rows}
    return Booked(
        public_id=first[0],
        start=first[1],
        end=first[2],
        status=first[3],
        timezone=first[4],
        calendar_name=first[5],
        owner=", ".join(row[6] for row in rows if row[0] == first[0]),
        manage_token=tokens[first[0]][3],
        replayed=True,
        series=_series(list(tokens.values())),
    )
