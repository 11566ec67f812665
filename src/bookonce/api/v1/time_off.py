"""Time off: add, list, show, change, remove."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from bookonce.accounts.models import ApiKey
from bookonce.accounts.roles import is_administrator
from bookonce.api.v1.access import caller, get_noun
from bookonce.api.v1.hours_schemas import (
    TimeOffAsked,
    TimeOffChanges,
    TimeOffPage,
    TimeOffWithAppointments,
)
from bookonce.api.v1.openapi import describe
from bookonce.api.v1.pages import PAGING, read_page
from bookonce.api.v1.people import person
from bookonce.api.v1.requests import mark_replay, read_body, read_query, read_retry, refuse_fields
from bookonce.lib import clock
from bookonce.scheduling import models
from bookonce.scheduling import time_off as verbs
from bookonce.scheduling.appointments_on import appointments_on

router = Router(tags=["Time off"], by_alias=True)
FILTERS = ("member",)


@router.post(
    "/time-off",
    response={201: TimeOffWithAppointments},
    summary="Take a member out of office",
    openapi_extra=describe(body=TimeOffAsked, retries=True),
)
def add_time_off(request: HttpRequest, response: HttpResponse) -> Status[dict[str, Any]]:
    """Of `member`, else of the key's member. Appointments already made stay; the reply names them."""
    key = caller(request)
    body = read_body(request)
    retry = read_retry(request, body)
    time_off = verbs.add_time_off(body, by=key.member, now=clock.now(), retry=retry)
    mark_replay(response, retry)
    return Status(201, _shown_in_full(_get(key, time_off.public_id)))


@router.get(
    "/time-off",
    response=TimeOffPage,
    summary="List time off",
    openapi_extra=describe(query=(*FILTERS, *PAGING)),
)
def list_time_off(request: HttpRequest) -> dict[str, Any]:
    """In the order it was added, past days too; that of others for owners and admins only."""
    key = caller(request)
    fields = read_query(request, (*FILTERS, *PAGING))
    email = fields.text("member", most=254).lower()
    page = read_page(fields, key.workspace_id, "time-off")
    times_off = _times_off(key).order_by("pk")
    if email:
        times_off = times_off.filter(member__user__email=email)
    if page.after:
        times_off = times_off.filter(pk__gt=page.after[0])
    return page.of(times_off, lambda time_off: (time_off.pk,), _shown)


@router.get("/time-off/{time_off_id}", response=TimeOffWithAppointments, summary="Show time off")
def show_time_off(request: HttpRequest, time_off_id: str) -> dict[str, Any]:
    """With the upcoming appointments that lie on these days."""
    return _shown_in_full(_get(caller(request), time_off_id))


@router.patch(
    "/time-off/{time_off_id}",
    response=TimeOffWithAppointments,
    summary="Change time off",
    openapi_extra=describe(body=TimeOffChanges),
)
def update_time_off(request: HttpRequest, time_off_id: str) -> dict[str, Any]:
    """Only what is sent is changed."""
    key = caller(request)
    time_off = _get(key, time_off_id)
    verbs.change_time_off(time_off, read_body(request), by=key.member, now=clock.now())
    return _shown_in_full(_get(key, time_off_id))


@router.delete("/time-off/{time_off_id}", response={204: None}, summary="Remove time off")
def remove_time_off(request: HttpRequest, time_off_id: str) -> Status[None]:
    """These days can be booked again."""
    key = caller(request)
    time_off = _get(key, time_off_id)
    refuse_fields(read_body(request))
    verbs.remove_time_off(time_off, by=key.member, now=clock.now())
    return Status(204, None)


def _get(key: ApiKey, public_id: str) -> models.TimeOff:
    return get_noun(_times_off(key), public_id)


def _times_off(key: ApiKey) -> QuerySet[models.TimeOff]:
    times_off = models.TimeOff.objects.filter(member__workspace_id=key.workspace_id, member__removed_at=None)
    if not is_administrator(key.member):
        times_off = times_off.filter(member=key.member)
    return times_off.select_related("member__user")


def _shown(time_off: models.TimeOff) -> dict[str, Any]:
    return {
        "id": time_off.public_id,
        "member": person(time_off.member),
        "from": time_off.first_day.isoformat(),
        "to": time_off.last_day.isoformat(),
        "note": time_off.note,
    }


def _shown_in_full(time_off: models.TimeOff) -> dict[str, Any]:
    days = [(time_off.first_day, time_off.last_day)]
    found = appointments_on(time_off.member, days, now=clock.now())[0]
    return _shown(time_off) | {"appointments": [appointment.public_id for appointment in found]}
