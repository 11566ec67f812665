"""Calendars: make, list, show, change, delete, restore."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from bookonce.accounts.models import ApiKey
from bookonce.api.v1 import calendar_form
from bookonce.api.v1.access import acting, caller, get_noun
from bookonce.api.v1.look_schemas import shown_look
from bookonce.api.v1.openapi import describe
from bookonce.api.v1.pages import PAGING, read_page
from bookonce.api.v1.people import person
from bookonce.api.v1.requests import mark_replay, read_body, read_query, read_retry, refuse_fields
from bookonce.api.v1.schemas import Calendar, CalendarChanges, CalendarPage, CalendarSettings
from bookonce.lib import clock
from bookonce.lib.addresses import permanent_link_url, scheduling_link_url
from bookonce.lib.instants import iso
from bookonce.scheduling import models
from bookonce.scheduling.calendars import create_calendar as create
from bookonce.scheduling.calendars import set_deleted
from bookonce.scheduling.calendars import update_calendar as update
from bookonce.scheduling.change_rules import RULES
from bookonce.scheduling.models.calendar import CalendarHost, HostSchedule

router = Router(tags=["Calendars"], by_alias=True)


@router.post(
    "/calendars",
    response={201: Calendar},
    summary="Make a calendar",
    openapi_extra=describe(body=CalendarSettings, retries=True),
)
def create_calendar(request: HttpRequest, response: HttpResponse) -> Status[dict[str, Any]]:
    """Hosted by `host`, else by the key's member; in the hours of `schedule`, else in the host's first."""
    key = caller(request)
    body = read_body(request)
    retry = read_retry(request, body)
    calendar = create(key.member, body, now=clock.now(), retry=retry)
    mark_replay(response, retry)
    return Status(201, _shown(_get(key, calendar.public_id, deleted=True)))


@router.get(
    "/calendars", response=CalendarPage, summary="List calendars", openapi_extra=describe(query=PAGING)
)
def list_calendars(request: HttpRequest) -> dict[str, Any]:
    """In the order they were made; deleted ones are left out."""
    key = caller(request)
    page = read_page(read_query(request, PAGING), key.workspace_id, "calendars")
    calendars = _calendars(key).filter(deleted_at=None).order_by("pk")
    if page.after:
        calendars = calendars.filter(pk__gt=page.after[0])
    return page.of(calendars, lambda calendar: (calendar.pk,), _shown)


@router.get("/calendars/{calendar_id}", response=Calendar, summary="Show a calendar")
def show_calendar(request: HttpRequest, calendar_id: str) -> dict[str, Any]:
    """With its hosts and its two lasting addresses."""
    return _shown(_get(caller(request), calendar_id))


@router.patch(
    "/calendars/{calendar_id}",
    response=Calendar,
    summary="Change or pause a calendar",
    openapi_extra=describe(body=CalendarChanges),
)
def update_calendar(request: HttpRequest, calendar_id: str) -> dict[str, Any]:
    """Only what is sent is changed. Appointments and one-time links already made stay as they are."""
    key = caller(request)
    calendar = _get(key, calendar_id)
    update(calendar, read_body(request), by=acting(key), now=clock.now())
    return _shown(_get(key, calendar_id))


@router.delete("/calendars/{calendar_id}", response={204: None}, summary="Delete a calendar")
def delete_calendar(request: HttpRequest, calendar_id: str) -> Status[None]:
    """Its links stop working until it is restored; its appointments stay."""
    calendar = _get(caller(request), calendar_id)
    refuse_fields(read_body(request))
    set_deleted(calendar, deleted=True, now=clock.now())
    return Status(204, None)


@router.post(
    "/calendars/{calendar_id}/restore",
    response=Calendar,
    summary="Restore a calendar",
    openapi_extra=describe(retries=True),
)
def restore_calendar(request: HttpRequest, response: HttpResponse, calendar_id: str) -> dict[str, Any]:
    """With all its links. Restoring one that is not deleted changes nothing."""
    key = caller(request)
    calendar = _get(key, calendar_id, deleted=True)
    body = read_body(request)
    retry = read_retry(request, body)
    refuse_fields(body)
    set_deleted(calendar, deleted=False, now=clock.now(), retry=retry)
    mark_replay(response, retry)
    return _shown(_get(key, calendar_id, deleted=True))


def _get(key: ApiKey, public_id: str, *, deleted: bool = False) -> models.Calendar:
    calendars = _calendars(key)
    return get_noun(calendars if deleted else calendars.filter(deleted_at=None), public_id)


def _calendars(key: ApiKey) -> QuerySet[models.Calendar]:
    hours = Prefetch("host_schedules", HostSchedule.objects.select_related("schedule"))
    hosts = CalendarHost.objects.select_related("member__user").prefetch_related(hours)
    calendars = models.Calendar.objects.select_related(
        "schedule", "workspace", "look__logo", "look__cover"
    ).filter(workspace_id=key.workspace_id)
    calendars = calendars.defer("look__logo__body", "look__cover__body")
    return calendars.prefetch_related(
        Prefetch("calendar_hosts", hosts), "embed_origins", *calendar_form.PREFETCHED
    )


def _shown(calendar: models.Calendar) -> dict[str, Any]:
    public = not calendar.one_time_only
    return {
        "id": calendar.public_id,
        "name": calendar.name,
        "slug": calendar.slug,
        "description": calendar.description,
        "kind": calendar.kind,
        "durations": list(calendar.durations),
        "interval": calendar.interval,
        "buffer_before": calendar.buffer_before,
        "buffer_after": calendar.buffer_after,
        "notice": calendar.notice,
        "horizon_days": calendar.horizon_days,
        "horizon_working_days": calendar.horizon_working_days,
        "window": _window(calendar),
        "per_day": calendar.per_day,
        "per_week": calendar.per_week,
        "per_month": calendar.per_month,
        "look_busy": calendar.look_busy,
        "one_per_email": calendar.one_per_email,
        "hold_minutes": calendar.hold_minutes,
        "location": {"kind": calendar.location_kind, "value": calendar.location},
        "one_time_only": calendar.one_time_only,
        "embed_origins": [each.origin for each in calendar.embed_origins.all()],
        "embeds_one_time_links": calendar.embeds_one_time_links,
        **{name: getattr(calendar, name) for name in RULES},
        "needs_approval": calendar.needs_approval,
        "answer_within": calendar.answer_within,
        "proof_of_work": calendar.proof_of_work,
        "contact_text": calendar.contact_text,
        "next_steps": calendar.next_steps,
        "redirect_url": calendar.redirect_url,
        "searchable": calendar.searchable,
        **calendar_form.shown_form(calendar),
        "paused": calendar.paused_at is not None,
        "timezone": calendar.schedule.timezone,
        "seats": calendar.seats,
        "shows_seats_left": calendar.shows_seats_left,
        "distribution": calendar.distribution,
        "keeps_host": calendar.keeps_host,
        "guests_choose_host": calendar.guests_choose_host,
        "layout": calendar.layout,
        "language": calendar.language or None,
        "look": shown_look(calendar),
        "repeats": calendar.repeats or None,
        "repeat_count": calendar.repeat_count,
        "hosts": [_host(host) for host in calendar.calendar_hosts.all()],
        "scheduling_link": scheduling_link_url(calendar.workspace.slug, calendar.slug) if public else None,
        "permanent_link": permanent_link_url(calendar.permanent_id) if public else None,
        "created_at": iso(cast("Any", calendar.created_at)),
    }


def _host(host: CalendarHost) -> dict[str, Any]:
    return person(host.member) | {
        "schedules": [each.schedule.public_id for each in host.host_schedules.all()],
        "priority": host.priority,
        "weight": host.weight,
    }


def _window(calendar: models.Calendar) -> dict[str, str | None] | None:
    days: dict[str, Any] = {"from": calendar.first_day, "to": calendar.last_day}
    return {name: day and day.isoformat() for name, day in days.items()} if any(days.values()) else None
