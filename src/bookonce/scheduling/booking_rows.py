"""The rows that a booking leaves, written within the transaction of `book`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from bookonce.lib.database_errors import on_postgres
from bookonce.lib.instants import to_minutes, to_seconds
from bookonce.lib.languages import find_language
from bookonce.lib.sealed import seal
from bookonce.lib.tokens import digest, new_public_id, new_token
from bookonce.scheduling.answers import Answer
from bookonce.scheduling.booking_request import BookingRequest
from bookonce.scheduling.consent import Origin, consents_query
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.offer import Offer
from bookonce.scheduling.reserve import Reserved

ALREADY_BOOKED = _(
    "There is already an upcoming appointment under this address. "
    "Its mail holds the link to move or cancel it."
)

_BOOKING_COLUMNS = """public_id, workspace_id, appointment_id, contact_id, link_id, link_use_id, name, email,
  phone, timezone, guests, guest_count, party, sequence, moves, cancel_cause, cancel_reason, status,
  answer_by, manage_digest, sealed_manage_token, created_at, series, series_number,
  language"""
_BOOKING_VALUES = ", ".join([*["%s"] * 13, "0, 0, '', ''", *["%s"] * 8])
_INSERT_BOOKING = (
    f"INSERT INTO scheduling_booking ({_BOOKING_COLUMNS}) VALUES ({_BOOKING_VALUES}) RETURNING id"
)
# The contact's row is ours since _KEEP_CONTACT: two bookings under one address wait for each other.
_INSERT_ONLY_BOOKING = f"""INSERT INTO scheduling_booking ({_BOOKING_COLUMNS}) SELECT {_BOOKING_VALUES}
  WHERE NOT EXISTS (SELECT 1 FROM scheduling_booking b
    JOIN scheduling_appointment a ON a.id = b.appointment_id
    WHERE b.contact_id = %s AND a.calendar_id = %s AND b.status IN ('new', 'confirmed') AND a.ends > %s)
  RETURNING id"""
_KEEP_CONTACT = """INSERT INTO scheduling_contact (public_id, workspace_id, email, name, phone, created_at)
  VALUES (%s, %s, %s, %s, %s, %s)
  ON CONFLICT (workspace_id, email) DO UPDATE SET name = excluded.name,
    phone = CASE WHEN excluded.phone <> '' THEN excluded.phone ELSE scheduling_contact.phone END
  RETURNING id"""


LONGEST_PAGE = 200
# For each booking of a series the same ones.
_KEEP_ANSWERS = """INSERT INTO scheduling_bookinganswer (booking_id, position, key, kind, label, value)
  SELECT b.id, v.column1, v.column2, v.column3, v.column4, v.column5
  FROM (VALUES {answers}) AS v CROSS JOIN scheduling_booking b WHERE b.id IN ({bookings})"""
_ANSWER = "(CAST(%s AS integer), %s, %s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Made:
    """A booking that was written; instants in minutes since the epoch."""

    id: int
    public_id: str
    start: int
    end: int
    manage_token: str


def insert_bookings(
    first_id: str,
    reserved: Sequence[Reserved],
    use_id: int | None,
    offer: Offer,
    request: BookingRequest,
    now: datetime,
    *,
    answer_by: int | None = None,
    language: str = "",
) -> list[Made]:
    """Write the guest's booking of each appointment, and the guest among the contacts.

    The first one's public id is given. Several are a series. They are requests that wait for a host until
    `answer_by` (seconds since the epoch), or confirmed. Each management token is kept as its digest,
    and sealed so that a repeated request gets it again.

    `language` is the guest's; without it they are the calendar's.

    Raises:
        Invalid: the calendar takes one active booking for each address, and this one has it already.
    """
    contact_id = _keep_contact(offer.workspace_id, request, now)
    series = new_public_id("ser") if len(reserved) > 1 else None
    made = []
    for number, place in enumerate(reserved, start=1):
        public_id, token = first_id if number == 1 else new_public_id("bkg"), new_token()
        values: list[Any] = [
            public_id,
            offer.workspace_id,
            place.appointment_id,
            contact_id,
            offer.link.id if offer.link else None,
            use_id,
            request.name,
            request.email,
            request.phone,
            request.timezone,
            json.dumps([asdict(person) for person in request.guests]),
            request.guest_count,
            request.party,
            "confirmed" if answer_by is None else "new",
            answer_by,
            digest(token),
            seal(token),
            to_seconds(now),
            series,
            number,
            find_language(language) or offer.language,
        ]
        only = offer.one_per_email and number == 1  # its own series is no other booking
        row = _insert(values, [contact_id, offer.calendar_id, to_minutes(now)] if only else [])
        made.append(Made(row, public_id, place.start, place.start + request.duration, token))
    return made


def insert_given(
    bookings: Sequence[int], offer: Offer, request: BookingRequest, origin: Origin, now: datetime
) -> None:
    """Keep the guest's answers and consent with each of the bookings: on PostgreSQL in one statement.

    In none where nothing was answered, and there is no text to agree to.
    """
    queries = [_answers_query(bookings, request.answers)] if request.answers else []
    if offer.consent_id is not None:
        through = f"{origin.page} (link {offer.link.public_id})" if offer.link else origin.page
        origin = replace(origin, page=through[:LONGEST_PAGE])
        queries.append(consents_query(bookings, offer.consent_id, origin, now))
    if len(queries) > 1 and on_postgres():
        (first, of_first), (second, of_second) = queries
        queries = [(f"WITH answered AS ({first}) {second}", [*of_first, *of_second])]
    with connection.cursor() as cursor:
        for query, values in queries:
            cursor.execute(query, values)


def _answers_query(bookings: Sequence[int], answers: Sequence[Answer]) -> tuple[str, list[int | str]]:
    rows: list[tuple[int | str, ...]] = [
        (place, one.key, one.kind, one.label, one.value) for place, one in enumerate(answers)
    ]
    marks = {"answers": ", ".join([_ANSWER] * len(rows)), "bookings": ", ".join(["%s"] * len(bookings))}
    return _KEEP_ANSWERS.format(**marks), [*chain.from_iterable(rows), *bookings]


def _insert(values: list[Any], only: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_ONLY_BOOKING if only else _INSERT_BOOKING, [*values, *only])
        row = cursor.fetchone()
    if row is None:
        raise Invalid({"email": [str(ALREADY_BOOKED)]})
    return int(row[0])


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
