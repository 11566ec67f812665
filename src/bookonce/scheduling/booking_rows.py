"""The rows that a booking leaves, written within the transaction of `book`."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import connection

from bookonce.lib.instants import to_seconds
from bookonce.lib.sealed import seal
from bookonce.lib.tokens import digest, new_public_id
from bookonce.scheduling.booking_request import BookingRequest
from bookonce.scheduling.offer import Offer

_INSERT_APPOINTMENT = """INSERT INTO scheduling_appointment
  (public_id, workspace_id, calendar_id, starts, ends, buffer_before, buffer_after, status, location_kind,
   location, sequence, created_at, cancel_cause, cancel_reason)
  VALUES (%s, %s, %s, %s, %s, %s, %s, 'confirmed', %s, %s, 0, %s, '', '') RETURNING id"""
_INSERT_BOOKING = """INSERT INTO scheduling_booking
  (public_id, workspace_id, appointment_id, contact_id, link_id, link_use_id, name, email, phone, timezone,
   answers, guests, consent_at, status, manage_digest, sealed_manage_token, created_at)
  VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'confirmed', %s, %s, %s) RETURNING id"""
_KEEP_CONTACT = """INSERT INTO scheduling_contact (public_id, workspace_id, email, name, phone, created_at)
  VALUES (%s, %s, %s, %s, %s, %s)
  ON CONFLICT (workspace_id, email) DO UPDATE SET name = excluded.name,
    phone = CASE WHEN excluded.phone <> '' THEN excluded.phone ELSE scheduling_contact.phone END
  RETURNING id"""


def insert_appointment(offer: Offer, request: BookingRequest, now: datetime) -> int:
    """Write the appointment at the requested time, its buffers and place frozen; returns its row."""
    location = request.location if offer.location_kind == "ask" else offer.location
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT_APPOINTMENT,
            [
                new_public_id("apt"),
                offer.workspace_id,
                offer.calendar_id,
                request.start,
                request.start + request.duration,
                offer.rules.buffer_before,
                offer.rules.buffer_after,
                offer.location_kind,
                location,
                to_seconds(now),
            ],
        )
        return int(cursor.fetchone()[0])


def insert_booking(
    public_id: str,
    manage_token: str,
    appointment_id: int,
    use_id: int | None,
    offer: Offer,
    request: BookingRequest,
    now: datetime,
) -> int:
    """Write the guest's booking, and the guest among the contacts; returns its row.

    The management token is kept as its digest, and sealed so that a repeated request gets it again.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT_BOOKING,
            [
                public_id,
                offer.workspace_id,
                appointment_id,
                _keep_contact(offer.workspace_id, request, now),
                offer.link.id if offer.link else None,
                use_id,
                request.name,
                request.email,
                request.phone,
                request.timezone,
                json.dumps(dict(request.answers)),
                json.dumps(list(request.guests)),
                to_seconds(now) if request.consent else None,
                digest(manage_token),
                seal(manage_token),
                to_seconds(now),
            ],
        )
        return int(cursor.fetchone()[0])


def _keep_contact(workspace_id: int, request: BookingRequest, now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP_CONTACT,
            [
                new_public_id("con"),
                workspace_id,
                request.email.lower(),
                request.name,
                request.phone,
                to_seconds(now),
            ],
        )
        return int(cursor.fetchone()[0])
