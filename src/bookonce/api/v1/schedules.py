"""Schedules: make, list, show, change, delete."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from bookonce.accounts.models import ApiKey
from bookonce.api.v1.access import caller, get_noun
from bookonce.api.v1.hours_schemas import Schedule, ScheduleChanges, SchedulePage, ScheduleSettings
from bookonce.api.v1.openapi import describe
from bookonce.api.v1.pages import PAGING, read_page
from bookonce.api.v1.people import person
from bookonce.api.v1.requests import mark_replay, read_body, read_query, read_retry, refuse_fields
from bookonce.lib import clock
from bookonce.scheduling import models
from bookonce.scheduling import schedules as verbs

router = Router(tags=["Schedules"], by_alias=True)
FILTERS = ("member",)


@router.post(
    "/schedules",
    response={201: Schedule},
    summary="Make a schedule",
    openapi_extra=describe(body=ScheduleSettings, retries=True),
)
def create_schedule(request: HttpRequest, response: HttpResponse) -> Status[dict[str, Any]]:
    """Of `member`, else of the key's member. No calendar uses it until it is told to."""
    key = caller(request)
    body = read_body(request)
    retry = read_retry(request, body)
    schedule = verbs.create_schedule(key.member, body, now=clock.now(), retry=retry)
    mark_replay(response, retry)
    return Status(201, _shown(_get(key, schedule.public_id)))


@router.get(
    "/schedules",
    response=SchedulePage,
    summary="List schedules",
    openapi_extra=describe(query=(*FILTERS, *PAGING)),
)
def list_schedules(request: HttpRequest) -> dict[str, Any]:
    """In the order they were made."""
    key = caller(request)
    fields = read_query(request, (*FILTERS, *PAGING))
    email = fields.text("member", most=254).lower()
    page = read_page(fields, key.workspace_id, "schedules")
    schedules = _schedules(key).order_by("pk")
    if email:
        schedules = schedules.filter(member__user__email=email)
    if page.after:
        schedules = schedules.filter(pk__gt=page.after[0])
    return page.of(schedules, lambda schedule: (schedule.pk,), _shown)


@router.get("/schedules/{schedule_id}", response=Schedule, summary="Show a schedule")
def show_schedule(request: HttpRequest, schedule_id: str) -> dict[str, Any]:
    """With all its hours."""
    return _shown(_get(caller(request), schedule_id))


@router.patch(
    "/schedules/{schedule_id}",
    response=Schedule,
    summary="Change a schedule",
    openapi_extra=describe(body=ScheduleChanges),
)
def update_schedule(request: HttpRequest, schedule_id: str) -> dict[str, Any]:
    """Only what is sent is changed. Appointments already made stay; calendars offer other times at once."""
    key = caller(request)
    schedule = _get(key, schedule_id)
    verbs.update_schedule(schedule, read_body(request), by=key.member, now=clock.now())
    return _shown(_get(key, schedule_id))


@router.delete("/schedules/{schedule_id}", response={204: None}, summary="Delete a schedule")
def delete_schedule(request: HttpRequest, schedule_id: str) -> Status[None]:
    """For good. One that a calendar uses is kept (409), and so is the last one of its member."""
    key = caller(request)
    schedule = _get(key, schedule_id)
    refuse_fields(read_body(request))
    verbs.delete_schedule(schedule, by=key.member, now=clock.now())
    return Status(204, None)


def _get(key: ApiKey, public_id: str) -> models.Schedule:
    return get_noun(_schedules(key), public_id)


def _schedules(key: ApiKey) -> QuerySet[models.Schedule]:
    schedules = models.Schedule.objects.filter(workspace_id=key.workspace_id, member__removed_at=None)
    return schedules.select_related("member__user").prefetch_related("weekly_hours", "override_hours")


def _shown(schedule: models.Schedule) -> dict[str, Any]:
    return {
        "id": schedule.public_id,
        "member": person(schedule.member),
        **verbs.schedule_rules(schedule),
    }
