"""Appointments: list, show, cancel."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, cast

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from bookonce.accounts.models import ApiKey
from bookonce.api.v1.access import caller, get_noun
from bookonce.api.v1.booking_schemas import Appointment, AppointmentPage, CancellationAsked
from bookonce.api.v1.bookings import TOLD, end_as_host, shown_booking, shown_cancellation
from bookonce.api.v1.openapi import describe
from bookonce.api.v1.pages import PAGING, read_page
from bookonce.api.v1.people import person
from bookonce.api.v1.requests import read_query
from bookonce.lib.fields import Fields
from bookonce.lib.instants import from_minutes, iso, to_minutes
from bookonce.lib.zones import get_zone
from bookonce.scheduling import models
from bookonce.scheduling.cancel import cancel_appointment as cancel_all

router = Router(tags=["Appointments"], by_alias=True)
FILTERS = ("from", "to", "status", "calendar", "series")


@router.get(
    "/appointments",
    response=AppointmentPage,
    summary="List appointments",
    openapi_extra=describe(query=(*FILTERS, *PAGING)),
)
def list_appointments(request: HttpRequest) -> dict[str, Any]:
    """Those that start in [from, to), soonest first, cancelled ones too unless `status` says otherwise."""
    key = caller(request)
    fields = read_query(request, (*FILTERS, *PAGING))
    matching = _matching(_appointments(key), fields, key.workspace.timezone)
    page = read_page(fields, key.workspace_id, "appointments")
    if page.after:
        start, pk = from_minutes(page.after[0]), page.after[1]
        # The first bound alone lets the index (workspace, starts) skip what was shown.
        matching = matching.filter(Q(starts__gt=start) | Q(starts=start, pk__gt=pk), starts__gte=start)
    return page.of(matching.order_by("starts", "pk"), _sort_key, _shown)


@router.get("/appointments/{appointment_id}", response=Appointment, summary="Show an appointment")
def show_appointment(request: HttpRequest, appointment_id: str) -> dict[str, Any]:
    """With its hosts and bookings."""
    return _shown(get_noun(_appointments(caller(request)), appointment_id))


@router.post(
    "/appointments/{appointment_id}/cancel",
    response=Appointment,
    summary="Cancel an appointment",
    openapi_extra=describe(body=CancellationAsked, body_required=False, retries=True),
)
def cancel_appointment(request: HttpRequest, response: HttpResponse, appointment_id: str) -> dict[str, Any]:
    """As its host, for all its guests: they are told; one-time links reopen unless `reopen_link` is false."""
    key = caller(request)
    appointment = get_noun(_appointments(key), appointment_id)
    end_as_host(cancel_all, appointment.pk, request, response)
    return _shown(get_noun(_appointments(key), appointment_id))


def _matching(
    appointments: QuerySet[models.Appointment], fields: Fields, zone: str
) -> QuerySet[models.Appointment]:
    """The filters of the query; faults are left in `fields`."""
    first = _instant_or_day(fields, "from", zone, days=0)
    last = _instant_or_day(fields, "to", zone, days=1)
    if first and last and last < first:
        fields.fault("to", _("The end comes before the beginning."))
    status = fields.choice("status", [status.value for status in models.Appointment.Status], default="")
    calendar = fields.text("calendar", most=24)
    if first:
        appointments = appointments.filter(starts__gte=first)
    if last:
        appointments = appointments.filter(starts__lt=last)
    if status:
        of_status = Q(status=status)
        if status == models.Appointment.Status.NEW:  # a session that stands for others may have requests, too
            of_status |= Q(Exists(models.Booking.objects.filter(appointment=OuterRef("pk"), status=status)))
        appointments = appointments.filter(of_status)
    if calendar:
        appointments = appointments.filter(calendar__public_id=calendar)
    if series := fields.text("series", most=24):
        appointments = appointments.filter(
            Exists(models.Booking.objects.filter(appointment=OuterRef("pk"), series=series))
        )
    return appointments


def _instant_or_day(fields: Fields, name: str, zone: str, *, days: int) -> datetime | None:
    """An instant, up to a whole minute, or the start of a day of the zone, `days` later."""
    value = str(fields.raw.get(name, ""))
    if len(value.strip()) == len("2026-12-01"):
        day = fields.day(name)
        if day and 2000 <= day.year < 2200:
            return datetime.combine(day + timedelta(days=days), time(), get_zone(zone))
        if day is None:
            return None
    # An unescaped + of a query string means a space.
    instant = Fields({name: value.replace(" ", "+")}).instant(name) or fields.instant(name)
    return instant and instant + timedelta(seconds=59)


def _appointments(key: ApiKey) -> QuerySet[models.Appointment]:
    blocked = models.BlockedTime.objects.select_related("host__user").order_by("pk")
    bookings = models.Booking.objects.select_related("link", "consent__text").order_by("pk")
    appointments = models.Appointment.objects.select_related("calendar").filter(workspace_id=key.workspace_id)
    return appointments.prefetch_related(
        Prefetch("blocked_times", blocked), Prefetch("bookings", bookings.prefetch_related(*TOLD))
    )


def _sort_key(appointment: models.Appointment) -> tuple[int, ...]:
    return (to_minutes(cast("Any", appointment.starts)), appointment.pk)


def _shown(appointment: models.Appointment) -> dict[str, Any]:
    ended = [booking for booking in appointment.bookings.all() if booking.cancelled_at]
    last = max(ended, key=lambda booking: (booking.cancelled_at, booking.pk), default=None)
    return {
        "id": appointment.public_id,
        "start": iso(cast("Any", appointment.starts)),
        "end": iso(cast("Any", appointment.ends)),
        "status": appointment.status,
        "calendar": appointment.calendar.public_id,
        "hosts": [person(blocked.host) for blocked in appointment.blocked_times.all()],
        "bookings": [shown_booking(booking) for booking in appointment.bookings.all()],
        "seats_taken": appointment.seats_taken,
        "location": {"kind": appointment.location_kind, "value": appointment.location},
        "cancelled": shown_cancellation(last) if last and appointment.cancelled_at else None,
        "created_at": iso(cast("Any", appointment.created_at)),
    }
