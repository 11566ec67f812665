"""Answer a request: a host confirms or declines it; unanswered, it expires.

A request is a booking that is `new`: it holds its time, and has used its link, until one of these or its
guest ends that. Whichever changes the row from `new` first wins; the others change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext_lazy as _

from bookonce.lib.instants import to_seconds
from bookonce.scheduling import events, host_time, idempotency
from bookonce.scheduling.cancel import (
    LONGEST_REASON,
    Cancellation,
    Returned,
    end_or_leave,
    record_cancelled,
    return_use,
)
from bookonce.scheduling.errors import Busy, Conflict, NotFound
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.locked_appointment import LockedAppointment, lock_request, lock_requests
from bookonce.scheduling.models import Booking
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.transaction import one_transaction
from bookonce.scheduling.waiting_requests import ROUNDS, RequestsOverdue, expiring_overdue, refuse_overdue

EXPIRED = _("Nobody answered this request in time, so its guest was told that it has expired.")
ENDED = _("This request was withdrawn or declined meanwhile. Nothing was changed.")
CONFIRMED = _("This request has been confirmed. Cancel the appointment instead.")

_COLUMNS = "series_number, id, party, link_id, link_use_id, appointment_id"
_WAITING = """(id = %s OR series = (SELECT b.series FROM scheduling_booking b WHERE b.id = %s))
    AND status = 'new'"""
_CONFIRM = f"""UPDATE scheduling_booking SET status = 'confirmed', answer_by = NULL, sequence = sequence + 1
  WHERE {_WAITING} AND answer_by > %s RETURNING {_COLUMNS}"""
_CONFIRM_APPOINTMENTS = """UPDATE scheduling_appointment SET status = 'confirmed'
  WHERE id IN ({marks}) AND status = 'new'"""
_KEEP_TIMES = """UPDATE scheduling_blockedtime SET expires_at = NULL
  WHERE appointment_id IN ({marks}) AND expires_at IS NOT NULL"""
_END = f"""UPDATE scheduling_booking SET status = 'cancelled', cancelled_at = %s, cancel_cause = %s,
    cancel_reason = %s, answer_by = NULL, sequence = sequence + 1
  WHERE {_WAITING} AND {{still}} RETURNING {_COLUMNS}"""


class _Row(NamedTuple):
    """A booking that an answer changed."""

    number: int  # in its series
    id: int
    party: int
    link_id: int | None
    use_id: int | None
    appointment_id: int


@one_transaction
def confirm(booking_id: int, *, by: events.Actor, now: datetime, retry: Idempotency | None = None) -> bool:
    """Confirm a request, as its host; False when it already was (nothing is changed).

    Its time is then kept for good. A class session is confirmed with its first confirmed booking. Of a
    series, all that waits for an answer is confirmed.

    Raises:
        NotFound: no such booking.
        Conflict: it is no request any more, and was not confirmed.
        IdempotencyMismatch, InProgress: about the key.
    """
    if idempotency.claim(retry, {}, now=now) is not None:
        return True
    locked = {one.id: one for one in lock_request(booking_id, now=now, overdue=True)}
    with connection.cursor() as cursor:
        cursor.execute(_CONFIRM, [booking_id, booking_id, to_seconds(now)])
        confirmed = [_Row(*row) for row in sorted(cursor.fetchall())]
        if not confirmed:
            return _was_confirmed(booking_id)
        appointments = [locked[row.appointment_id] for row in confirmed]
        marks = ", ".join(["%s"] * len(appointments))
        for statement in (_CONFIRM_APPOINTMENTS, _KEEP_TIMES):
            cursor.execute(statement.format(marks=marks), [appointment.id for appointment in appointments])
    _raise_versions(appointments)
    for details, row in _together(confirmed):
        events.record(
            Event.Kind.BOOKING_CONFIRMED,
            workspace_id=appointments[0].workspace_id,
            actor=by,
            now=now,
            link_id=row.link_id,
            booking_id=row.id,
            details=details,
        )
    return True


@expiring_overdue
@one_transaction
def decline(
    booking_id: int,
    *,
    by: events.Actor,
    now: datetime,
    reason: str = "",
    reopen_link: bool | None = None,
    retry: Idempotency | None = None,
) -> bool:
    """Decline a request, as its host; False when it already ended, also for want of an answer in time.

    Its one-time link reopens unless `reopen_link` is false; a revoked one never does. Of a series, all that
    waits for an answer is declined.

    Raises:
        NotFound: no such booking.
        Conflict: it has been confirmed; what is confirmed is cancelled.
        IdempotencyMismatch, InProgress: about the key.
    """
    if idempotency.claim(retry, {}, now=now) is not None:
        return True
    locked = lock_request(booking_id, now=now)
    if _end([booking_id], locked, by, now, Cancellation(reason, reopen_link)):
        return True
    if Booking.objects.get(pk=booking_id).status != Booking.Status.CANCELLED:
        raise Conflict(CONFIRMED)
    return False


def expire_request(booking_id: int, *, now: datetime) -> bool:
    """End a request that nobody answered in time: its link reopens, its guest is told; False when it is none.

    A link that holds its times again finds those of other overdue requests free: such requests end before it
    is held again, in the same transaction where their own links hold times, too.

    Raises:
        NotFound: no such booking. Busy: ever more of them are overdue.
    """
    together = [booking_id]
    for _round in range(ROUNDS):
        try:
            return booking_id in _expire(together, now=now)
        except RequestsOverdue as met:
            holding = _of_holding_links(met.bookings)
            for other in sorted({*met.bookings} - holding):
                _expire([other], now=now)
            together = sorted({*together, *holding})
    raise Busy


def run(payload: Mapping[str, Any], now: datetime) -> None:
    """The job `request.expire`."""
    try:
        expire_request(int(payload["booking"]), now=now)
    except NotFound:  # deleted meanwhile: nobody waits any more
        return


@one_transaction
def _expire(booking_ids: Sequence[int], *, now: datetime) -> set[int]:
    """End these requests together, as far as they are overdue; returns which of them were.

    Raises:
        NotFound. RequestsOverdue: others stand in the way of what their links hold.
    """
    locked, others = lock_requests(booking_ids, now=now)
    if others and _of_holding_links(booking_ids):
        refuse_overdue(others, now)
    return _end(booking_ids, locked, events.SYSTEM, now, Cancellation(), overdue=True)


def _of_holding_links(booking_ids: Sequence[int]) -> set[int]:
    holding = Booking.objects.filter(pk__in=booking_ids, link__holds_slots=True)
    return set(holding.values_list("pk", flat=True))


def _end(
    requests: Sequence[int],
    locked: Sequence[LockedAppointment],
    by: events.Actor,
    now: datetime,
    asked: Cancellation,
    *,
    overdue: bool = False,
) -> set[int]:
    """End what waits of these requests, for good or only what is overdue; returns of which something did.

    All times are free before the first link is held again.
    """
    appointments = {appointment.id: appointment for appointment in locked}
    groups = {request: _end_waiting(request, now, asked, overdue=overdue) for request in requests}
    ended = [row for rows in groups.values() for row in rows]
    if not ended:
        return set()
    for row in ended:
        end_or_leave(appointments[row.appointment_id], row.party, now)
    returned = {} if asked.reopen_link is False else _return_uses(ended, now)
    hosts = frozenset[int]().union(*(one.hosts for one in returned.values()))
    _raise_versions([appointments[row.appointment_id] for row in ended], hosts)
    for rows in groups.values():
        for details, row in _together(rows):
            reopened = returned.get(row.use_id, Returned()).works and details.get("series") != []
            told = details | {"request": 1, "reopened": int(reopened)}
            record_cancelled(appointments[row.appointment_id], row.id, row.link_id, by, now, told)
    return {request for request, rows in groups.items() if rows}


def _return_uses(ended: Sequence[_Row], now: datetime) -> dict[int | None, Returned]:
    """Give back what these requests used, links in the order in which they are locked; by use."""
    uses = {(row.link_id, row.use_id) for row in ended if row.link_id is not None and row.use_id is not None}
    return {use_id: return_use(link_id, use_id, now) for link_id, use_id in sorted(uses)}


def _end_waiting(booking_id: int, now: datetime, asked: Cancellation, *, overdue: bool) -> list[_Row]:
    """The bookings of one request that were waiting, in the order of its series."""
    cause = Booking.Cause.EXPIRED if overdue else Booking.Cause.DECLINED
    values: list[Any] = [to_seconds(now), cause.value, asked.reason[:LONGEST_REASON], booking_id, booking_id]
    with connection.cursor() as cursor:
        cursor.execute(
            _END.format(still="answer_by <= %s" if overdue else "answer_by IS NOT NULL"),
            [*values, to_seconds(now)] if overdue else values,
        )
        return [_Row(*row) for row in sorted(cursor.fetchall())]


def _together(rows: Sequence[_Row]) -> list[tuple[dict[str, Any], _Row]]:
    """Each row of a series with what its event says: they are told of in one mail, that of the first."""
    if len(rows) == 1:
        return [({}, rows[0])]
    ids = [row.id for row in rows]
    return [({"series": [] if number else ids}, row) for number, row in enumerate(rows)]


def _raise_versions(appointments: Sequence[LockedAppointment], others: frozenset[int] = frozenset()) -> None:
    hosts = others.union(*(appointment.host_ids for appointment in appointments))
    calendars = {appointment.calendar_id for appointment in appointments}
    for calendar in calendars if len(calendars) > 1 else ():
        hosts |= host_time.hosts_of(calendar)
    host_time.raise_versions(sorted(hosts), calendar_id=min(calendars))


def _was_confirmed(booking_id: int) -> bool:
    """False for a booking that already is confirmed; else why it can't be."""
    booking = Booking.objects.get(pk=booking_id)
    if booking.status == Booking.Status.NEW or booking.cancel_cause == Booking.Cause.EXPIRED:
        raise Conflict(EXPIRED)
    if booking.status == Booking.Status.CANCELLED:
        raise Conflict(ENDED)
    return False
