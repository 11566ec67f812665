"""Cancel an appointment: by its guest (the link stays used) or its host (the link reopens)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection

from bookonce.lib.fields import Fields
from bookonce.lib.instants import to_minutes, to_seconds
from bookonce.scheduling import events, host_time, idempotency
from bookonce.scheduling.errors import Invalid, NotFound, TooLate
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.transaction import one_transaction

LONGEST_REASON = 500

_READ_BOOKING = """SELECT b.workspace_id, b.appointment_id, b.link_id, b.link_use_id, t.host_id
  FROM scheduling_booking b JOIN scheduling_blockedtime t ON t.appointment_id = b.appointment_id
  WHERE b.id = %s ORDER BY t.host_id"""
_CANCEL_APPOINTMENT = """UPDATE scheduling_appointment
  SET status = 'cancelled', cancelled_at = %s, cancel_cause = %s, cancel_reason = %s, sequence = sequence + 1
  WHERE id = %s AND status <> 'cancelled' AND starts > %s"""
_CANCEL_BOOKINGS = """UPDATE scheduling_booking SET status = 'cancelled'
  WHERE appointment_id = %s AND status IN ('new', 'confirmed')"""
_LOWER_SPENT = """UPDATE scheduling_onetimelink SET spent = spent - 1
  WHERE id = %s AND revoked_at IS NULL AND spent > 0
  AND EXISTS (SELECT 1 FROM scheduling_linkuse WHERE id = %s AND returned_at IS NULL)"""


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
    """Cancel the booking and, one-on-one, its appointment; False when it already was (nothing is changed).

    `reopen_link` returns the use to its one-time link; unset, it does so when a host cancels.
    A revoked link never reopens (docs/decisions/0010).

    Raises:
        NotFound: no such booking.
        TooLate: the appointment has begun.
        IdempotencyMismatch, InProgress: about the key.
    """
    if idempotency.claim(retry, {}, now=now) is not None:
        return True
    booking = _read(booking_id)
    host_time.lock_hosts(booking.host_ids, now=now)
    cause = "guest" if by.via == "guest" else "host"
    with connection.cursor() as cursor:
        cursor.execute(
            _CANCEL_APPOINTMENT,
            [to_seconds(now), cause, reason[:LONGEST_REASON], booking.appointment_id, to_minutes(now)],
        )
        if cursor.rowcount == 0:
            return _already(booking.appointment_id)
        cursor.execute(_CANCEL_BOOKINGS, [booking.appointment_id])
    reopen = cause == "host" if reopen_link is None else reopen_link
    reopened = bool(booking.use_id) and reopen and _return_use(booking.link_id, booking.use_id, now)
    host_time.raise_versions(booking.host_ids)
    record = partial(
        events.record,
        workspace_id=booking.workspace_id,
        actor=by,
        now=now,
        link_id=booking.link_id,
        booking_id=booking_id,
    )
    record(Event.Kind.BOOKING_CANCELLED, details={"reopened": int(reopened)})
    if reopened:
        record(Event.Kind.LINK_REOPENED)
    return True


class _Row:
    """The booking as far as cancelling needs it."""

    def __init__(self, row: tuple[int, ...], host_ids: tuple[int, ...]) -> None:
        self.workspace_id, self.appointment_id, self.link_id, self.use_id = row
        self.host_ids = host_ids


def _read(booking_id: int) -> _Row:
    with connection.cursor() as cursor:
        cursor.execute(_READ_BOOKING, [booking_id])
        rows = cursor.fetchall()
    if not rows:
        raise NotFound
    return _Row(rows[0][:4], tuple(row[4] for row in rows))


def _already(appointment_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM scheduling_appointment WHERE id = %s", [appointment_id])
        if cursor.fetchone()[0] == "cancelled":
            return False
    raise TooLate


def _return_use(link_id: int, use_id: int, now: datetime) -> bool:
    """Give the use back, once; never to a revoked link."""
    with connection.cursor() as cursor:
        cursor.execute(_LOWER_SPENT, [link_id, use_id])
        if cursor.rowcount == 0:
            return False
        cursor.execute(
            "UPDATE scheduling_linkuse SET returned_at = %s WHERE id = %s AND returned_at IS NULL",
            [to_seconds(now), use_id],
        )
        return bool(cursor.rowcount == 1)
