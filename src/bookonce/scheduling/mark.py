"""Say who came: once an appointment has begun, its hosts mark each booking, and may change that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from bookonce.lib.fields import MISSING, Fields
from bookonce.lib.instants import to_minutes
from bookonce.scheduling import events, idempotency
from bookonce.scheduling.errors import Conflict, Invalid, NotFound
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.models import Booking
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.transaction import one_transaction

MARKS = (Booking.Status.SHOWED, Booking.Status.NO_SHOW, Booking.Status.CONFIRMED)
NOT_BEGUN = _("This appointment has not begun yet.")
NOT_CONFIRMED = _("Only a confirmed appointment can be marked.")

_MARK = """UPDATE scheduling_booking SET status = %s
  WHERE id = %s AND status IN ('confirmed', 'showed', 'no_show') AND status <> %s AND EXISTS (
    SELECT 1 FROM scheduling_appointment a WHERE a.id = appointment_id AND a.starts <= %s)
  RETURNING workspace_id, link_id"""


def parse_mark(raw: Mapping[str, Any]) -> Booking.Status:
    """Check what a host sends to mark a booking.

    Raises:
        Invalid: one sentence per fault, by field.
    """
    fields = Fields(raw)
    fields.only(("status",))
    status = fields.choice("status", [one.value for one in MARKS], default="")
    if not status and not fields.errors:
        fields.fault("status", MISSING)
    if fields.errors:
        raise Invalid(fields.errors)
    return Booking.Status(status)


@one_transaction
def mark(
    booking_id: int,
    status: Booking.Status,
    *,
    by: events.Actor,
    now: datetime,
    retry: Idempotency | None = None,
) -> bool:
    """Mark it as showed or no-show, or take that back (confirmed); False when it already is so.

    A no-show's one-time link stays used; renew_link.py sends another.

    Raises:
        NotFound: no such booking.
        Conflict: the appointment has not begun, or the booking is a request or cancelled.
        IdempotencyMismatch, InProgress: about the key.
    """
    if idempotency.claim(retry, {}, now=now) is not None:
        return True
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [status.value, booking_id, status.value, to_minutes(now)])
        row = cursor.fetchone()
    if row is None:
        return _is_so(booking_id, now)
    events.record(
        Event.Kind.BOOKING_MARKED,
        workspace_id=row[0],
        actor=by,
        now=now,
        link_id=row[1],
        booking_id=booking_id,
        details={"status": status.value},
    )
    return True


def _is_so(booking_id: int, now: datetime) -> bool:
    """False for a booking that has this mark already; else why it can't have it."""
    booking = Booking.objects.select_related("appointment").filter(pk=booking_id).first()
    if booking is None:
        raise NotFound
    if booking.status not in MARKS:
        raise Conflict(NOT_CONFIRMED)
    if booking.appointment.starts > now:
        raise Conflict(NOT_BEGUN)
    return False
