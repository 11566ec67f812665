"""What hosts do about a booking: confirm or decline a request, say who came, send a new link."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from bookonce.api.v1.access import acting, caller, get_noun
from bookonce.api.v1.booking_schemas import Booking, CancellationAsked, MarkAsked, NothingAsked
from bookonce.api.v1.bookings import bookings_of, end_as_host, shown_booking
from bookonce.api.v1.links import show_one_time_link
from bookonce.api.v1.openapi import describe
from bookonce.api.v1.requests import mark_replay, read_body, read_retry, refuse_fields
from bookonce.api.v1.schemas import OneTimeLink
from bookonce.lib import clock
from bookonce.scheduling.answer_booking import confirm, decline
from bookonce.scheduling.mark import mark, parse_mark
from bookonce.scheduling.renew_link import renew_link

router = Router(tags=["Bookings"], by_alias=True)


@router.post(
    "/bookings/{booking_id}/confirm",
    response=Booking,
    summary="Confirm a request",
    openapi_extra=describe(body=NothingAsked, body_required=False, retries=True),
)
def confirm_booking(request: HttpRequest, response: HttpResponse, booking_id: str) -> dict[str, Any]:
    """As its host: its time is kept for good, and invitations go out. Of a series, all of it."""
    key = caller(request)
    booking = get_noun(bookings_of(key), booking_id)
    body = read_body(request)
    refuse_fields(body)
    retry = read_retry(request, body)
    confirm(booking.pk, by=acting(key), now=clock.now(), retry=retry)
    mark_replay(response, retry)
    return shown_booking(get_noun(bookings_of(key), booking_id))


@router.post(
    "/bookings/{booking_id}/decline",
    response=Booking,
    summary="Decline a request",
    openapi_extra=describe(body=CancellationAsked, body_required=False, retries=True),
)
def decline_booking(request: HttpRequest, response: HttpResponse, booking_id: str) -> dict[str, Any]:
    """As its host: its guest is told, and the one-time link reopens unless `reopen_link` is false."""
    key = caller(request)
    booking = get_noun(bookings_of(key), booking_id)
    end_as_host(decline, booking.pk, request, response)
    return shown_booking(get_noun(bookings_of(key), booking_id))


@router.patch(
    "/bookings/{booking_id}",
    response=Booking,
    summary="Say whether a guest came",
    openapi_extra=describe(body=MarkAsked),
)
def mark_booking(request: HttpRequest, booking_id: str) -> dict[str, Any]:
    """Once the appointment has begun: `showed` or `no_show`; `confirmed` takes that back."""
    key = caller(request)
    booking = get_noun(bookings_of(key), booking_id)
    mark(booking.pk, parse_mark(read_body(request)), by=acting(key), now=clock.now())
    return shown_booking(get_noun(bookings_of(key), booking_id))


@router.post(
    "/bookings/{booking_id}/new-link",
    response={201: OneTimeLink},
    summary="Send its guest a new one-time link",
    openapi_extra=describe(body=NothingAsked, body_required=False, retries=True),
)
def send_new_link(request: HttpRequest, response: HttpResponse, booking_id: str) -> Status[dict[str, Any]]:
    """Once it is over or cancelled: with the options of the one it was made through, mailed to who booked."""
    key = caller(request)
    booking = get_noun(bookings_of(key), booking_id)
    body = read_body(request)
    refuse_fields(body)
    retry = read_retry(request, body)
    issued = renew_link(booking.pk, by=acting(key), now=clock.now(), retry=retry)
    mark_replay(response, retry)
    return Status(201, show_one_time_link(request, issued.link.public_id))
