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
from bookonce.scheduling.errors import Conflict, NotFound
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.locked_appointment import LockedAppointment, lock_request
from bookonce.scheduling.models import Booking
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.transaction import one_transaction
from bookonce.scheduling.waiting_requests import expiring_overdue

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
    asked = Cancellation(reason, reopen_link)
    if _end(booking_id, by, now, asked, cause=Booking.Cause.DECLINED):
        return True
    if Booking.objects.get(pk=booking_id).status != Booking.Status.CANCELLED:
        raise Conflict(CONFIRMED)
    return False


@one_transaction
def expire_request(booking_id: int, *, now: datetime) -> bool:
    """End a request that nobody answered in time: its link reopens, its guest is told; False when it is none.

    Raises:
        NotFound: no such booking.
    """
    return _end(booking_id, events.SYSTEM, now, Cancellation(), cause=Booking.Cause.EXPIRED)


def run(payload: Mapping[str, Any], now: datetime) -> None:
    """The job `request.expire`."""
    try:
        expire_request(int(payload["booking"]), now=now)
    except NotFound:  # deleted meanwhile: nobody waits any more
        return


def _end(
    booking_id: int, by: events.Actor, now: datetime, asked: Cancellation, *, cause: Booking.Cause
) -> bool:
    """End what waits of the request, for good or only what is overdue; False when that is nothing."""
    overdue = cause is Booking.Cause.EXPIRED
    locked = {one.id: one for one in lock_request(booking_id, now=now, overdue=overdue)}
    values: list[Any] = [to_seconds(now), cause.value, asked.reason[:LONGEST_REASON], booking_id, booking_id]
    with connection.cursor() as cursor:
        cursor.execute(
            _END.format(still="answer_by <= %s" if overdue else "answer_by IS NOT NULL"),
            [*values, to_seconds(now)] if overdue else values,
        )
        ended = [_Row(*row) for row in sorted(cursor.fetchall())]
    if not ended:
        return False
    for row in ended:
        end_or_leave(locked[row.appointment_id], row.party, now)
    link_id, use_id = ended[0].link_id, ended[0].use_id
    returned = Returned()
    if link_id is not None and use_id is not None and asked.reopen_link is not False:
        returned = return_use(link_id, use_id, now)
    _raise_versions([locked[row.appointment_id] for row in ended], returned.hosts)
    for details, row in _together(ended):
        first = details.get("series") != []
        told = details | {"request": 1, "reopened": int(returned.works and first)}
        record_cancelled(locked[row.appointment_id], row.id, link_id, by, now, told)
    return True


def _together(rows: Sequence[_Row]) -> list[tuple[dict[str, Any], _Row]]:
    """Each row of a series with what its event says: they are told of in one mail, that of the first."""
    if len(rows) == 1:
        return [({}, rows[0])]
    ids = [row.id for row in rows]
    return [({"series": [] if number else ids}, row) for number, row in enumerate(rows)]


def _raise_versions(appointments: Sequence[LockedAppointment], others: frozenset[int] = frozenset()) -> None:
    hosts = others.union(*(appointment.host_ids for appointment in appointments))
    host_time.raise_versions(sorted(hosts), calendar_id=appointments[0].calendar_id)


def _was_confirmed(booking_id: int) -> bool:
    """False for a booking that already is confirmed; else why it can't be."""
    booking = Booking.objects.get(pk=booking_id)
    if booking.status == Booking.Status.NEW or booking.cancel_cause == Booking.Cause.EXPIRED:
        raise Conflict(EXPIRED)
    if booking.status == Booking.Status.CANCELLED:
        raise Conflict(ENDED)
    return False
