"""The code by mail that comes with a booking: of a locked link, or of a guest who brings no proof of work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from bookonce.lib.instants import to_seconds
from bookonce.scheduling import idempotency, mail_codes
from bookonce.scheduling.booking_request import BookingRequest, parse_booking
from bookonce.scheduling.errors import SchedulingError
from bookonce.scheduling.guest_codes import subject_of
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.mail_codes import OF_GUESTS, OF_LINKS, Codes
from bookonce.scheduling.offer import Door, Offer, get_open_offer


def try_code(door: Door, raw: Mapping[str, Any], *, now: datetime, stamp: int | None) -> int | None:
    """Count a try of the code in this input, for good, and return the row of the code when it is right.

    None where the address asks for none. What is wrong otherwise with the input costs no try.

    Raises:
        WrongRecipient: it is not the code. Invalid: that code is used, too old, or was tried too often.
        And what `parse_booking` and `get_open_offer` raise.
    """
    door = door.choosing(raw.get("calendar")).holding(raw.get("hold"))
    grace = settings.BOOKONCE.grace_seconds
    offer = get_open_offer(door, to_seconds(now), stamp=stamp, grace=grace, questions=True)
    request = parse_booking(raw, offer, stamp=stamp)
    owner = _owner(door, offer, request)
    return None if owner is None else mail_codes.try_code(*owner, request.code, now=now)


def try_code_unless_booked(
    door: Door,
    raw: Mapping[str, Any],
    retry: Idempotency | None,
    *,
    now: datetime,
    stamp: int | None,
) -> int | None:
    """As `try_code`; but a retry of what succeeded needs no code again, and finds its own used.

    Raises:
        As `try_code`.
    """
    if idempotency.look_up(retry) is not None:
        return None
    try:
        return try_code(door, raw, now=now, stamp=stamp)
    except SchedulingError:
        if idempotency.look_up(retry) is not None:  # it succeeded in this very moment
            return None
        raise


def consume_code(
    door: Door, offer: Offer, request: BookingRequest, code_id: int | None, *, now: datetime
) -> None:
    """Use up the code that `try_code` found right, in the booking's transaction, where one is asked for.

    Raises:
        Invalid: it is used, too old, or not the latest.
    """
    owner = _owner(door, offer, request)
    if owner is not None:
        mail_codes.consume(*owner, code_id, now=now)


def _owner(door: Door, offer: Offer, request: BookingRequest) -> tuple[Codes, int | str] | None:
    if offer.link is not None and offer.link.needs_code:
        return OF_LINKS, offer.link.id
    if offer.asks_proof and request.code:
        return OF_GUESTS, subject_of(door, offer, request.email)
    return None
