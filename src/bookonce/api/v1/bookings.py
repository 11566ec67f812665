"""Bookings: one party's place in an appointment; cancelled alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Router

from bookonce.accounts.models import ApiKey
from bookonce.api.v1.access import acting, caller, get_noun
from bookonce.api.v1.booking_schemas import Booking, BookingList, CancellationAsked
from bookonce.api.v1.openapi import describe
from bookonce.api.v1.requests import mark_replay, read_body, read_retry
from bookonce.lib import clock
from bookonce.lib.instants import from_minutes, iso
from bookonce.scheduling import models
from bookonce.scheduling.cancel import cancel, parse_cancellation
from bookonce.scheduling.cancel_series import cancel_series

router = Router(tags=["Bookings"], by_alias=True)
_MOVES = models.Event.objects.filter(kind=models.Event.Kind.BOOKING_RESCHEDULED)
# What `shown_booking` tells of each beside its row: its answers, and of all events the latest move.
_LATEST = _MOVES.select_related("move_reason").order_by("-pk")[:1]
TOLD = ("answers", Prefetch("events", _LATEST, to_attr="latest_moves"))


@router.post(
    "/bookings/{booking_id}/cancel",
    response=Booking,
    summary="Cancel one party's booking",
    openapi_extra=describe(body=CancellationAsked, body_required=False, retries=True),
)
def cancel_booking(request: HttpRequest, response: HttpResponse, booking_id: str) -> dict[str, Any]:
    """As its host. A session of a class goes on for its other guests; any other appointment ends with it."""
    key = caller(request)
    booking = get_noun(bookings_of(key), booking_id)
    end_as_host(cancel, booking.pk, request, response)
    return shown_booking(get_noun(bookings_of(key), booking_id))


@router.post(
    "/bookings/{booking_id}/cancel-series",
    response=BookingList,
    summary="Cancel what is left of a series",
    openapi_extra=describe(body=CancellationAsked, body_required=False, retries=True),
)
def cancel_the_rest(request: HttpRequest, response: HttpResponse, booking_id: str) -> dict[str, Any]:
    """As its host: every booking of this one's series that has not begun. Answers with the whole series."""
    key = caller(request)
    booking = get_noun(bookings_of(key).filter(series__isnull=False), booking_id)
    end_as_host(cancel_series, booking.pk, request, response)
    series = bookings_of(key).filter(series=booking.series).order_by("series_number")
    return {"items": [shown_booking(one) for one in series]}


def shown_booking(booking: models.Booking) -> dict[str, Any]:
    """The booking as replies tell it; its appointment and link are loaded."""
    return {
        "id": booking.public_id,
        "appointment": booking.appointment.public_id,
        "guest": {
            "name": booking.name,
            "email": booking.email,
            "phone": booking.phone,
            "timezone": booking.timezone,
        },
        "link": booking.link.public_id if booking.link else None,
        "status": booking.status,
        "answer_by": iso(booking.answer_by) if booking.answer_by else None,
        "party": booking.party,
        "answers": {answer.key: answer.plain for answer in booking.answers.all()},
        "guests": booking.guest_addresses,
        "further_guests": booking.guests,
        "guest_count": booking.guest_count,
        "consent": shown_consent(booking),
        "series": {"id": booking.series, "number": booking.series_number} if booking.series else None,
        "rescheduled": shown_move(booking),
        "cancelled": shown_cancellation(booking) if booking.cancelled_at else None,
    }


def shown_consent(booking: models.Booking) -> dict[str, Any] | None:
    """What its guest agreed to; None where nothing was asked for."""
    consent = getattr(booking, "consent", None)  # Django raises AttributeError where there is none
    return consent and {
        "text": consent.text.text,
        "version": consent.text.version,
        "given_at": iso(consent.given_at),
        "address": consent.address,
        "page": consent.page,
    }


def shown_move(booking: models.Booking) -> dict[str, Any] | None:
    """When, from where, by whom and why it was moved last; None where it never was."""
    moves = cast("Any", booking).latest_moves  # of `TOLD`
    if not moves:
        return None
    [event] = moves
    told = getattr(event, "move_reason", None)  # Django raises AttributeError where there is none
    return {
        "at": iso(cast("datetime", event.at)),
        "start_before": iso(from_minutes(int(event.details["from"]))),
        "cause": "guest" if event.actor == "guest" else "host",
        "reason": told.text if told else "",
    }


def shown_cancellation(booking: models.Booking) -> dict[str, Any]:
    """When, by whom and why a cancelled booking was."""
    if booking.cancelled_at is None:
        raise AssertionError
    return {
        "at": iso(booking.cancelled_at),
        "cause": booking.cancel_cause,
        "reason": booking.cancel_reason,
    }


def end_as_host(verb: Callable[..., object], row: int, request: HttpRequest, response: HttpResponse) -> None:
    """Cancel or decline as the body says, once for each Idempotency-Key.

    `verb` is `cancel` or one like it, of the booking or appointment `row`.

    Raises:
        Invalid; and what the verb raises.
    """
    body = read_body(request)
    retry = read_retry(request, body)
    asked = parse_cancellation(body)
    by, now = acting(caller(request)), clock.now()
    verb(row, by=by, now=now, reason=asked.reason, reopen_link=asked.reopen_link, retry=retry)
    mark_replay(response, retry)


def bookings_of(key: ApiKey) -> QuerySet[models.Booking]:
    """Those of the key's workspace, with their appointments and links."""
    bookings = models.Booking.objects.select_related("appointment", "link", "consent__text")
    return bookings.prefetch_related(*TOLD).filter(workspace_id=key.workspace_id)
