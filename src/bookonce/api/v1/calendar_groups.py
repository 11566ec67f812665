"""Calendar groups: make, list, show, change, delete, restore."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from bookonce.accounts.models import ApiKey
from bookonce.api.v1.access import caller, get_noun
from bookonce.api.v1.group_schemas import (
    CalendarGroup,
    CalendarGroupChanges,
    CalendarGroupPage,
    CalendarGroupSettings,
)
from bookonce.api.v1.openapi import describe
from bookonce.api.v1.pages import PAGING, read_page
from bookonce.api.v1.requests import mark_replay, read_body, read_query, read_retry, refuse_fields
from bookonce.lib import clock
from bookonce.lib.addresses import permanent_link_url, scheduling_link_url
from bookonce.lib.instants import iso
from bookonce.scheduling import models
from bookonce.scheduling.calendar_groups import create_group, set_group_deleted, update_group

router = Router(tags=["Calendar groups"], by_alias=True)


@router.post(
    "/calendar-groups",
    response={201: CalendarGroup},
    summary="Make a calendar group",
    openapi_extra=describe(body=CalendarGroupSettings, retries=True),
)
def create_calendar_group(request: HttpRequest, response: HttpResponse) -> Status[dict[str, Any]]:
    """A menu of `calendars`, in that order. Its slug must differ from those of calendars, too."""
    key = caller(request)
    body = read_body(request)
    retry = read_retry(request, body)
    group = create_group(key.member, body, now=clock.now(), retry=retry)
    mark_replay(response, retry)
    return Status(201, _shown(_get(key, group.public_id, deleted=None)))


@router.get(
    "/calendar-groups",
    response=CalendarGroupPage,
    summary="List calendar groups",
    openapi_extra=describe(query=PAGING),
)
def list_calendar_groups(request: HttpRequest) -> dict[str, Any]:
    """In the order they were made; deleted ones are left out."""
    key = caller(request)
    page = read_page(read_query(request, PAGING), key.workspace_id, "calendar-groups")
    groups = _groups(key).filter(deleted_at=None).order_by("pk")
    if page.after:
        groups = groups.filter(pk__gt=page.after[0])
    return page.of(groups, lambda group: (group.pk,), _shown)


@router.get("/calendar-groups/{group_id}", response=CalendarGroup, summary="Show a calendar group")
def show_calendar_group(request: HttpRequest, group_id: str) -> dict[str, Any]:
    """With its calendars in order and its two lasting addresses."""
    return _shown(_get(caller(request), group_id))


@router.patch(
    "/calendar-groups/{group_id}",
    response=CalendarGroup,
    summary="Change or pause a calendar group",
    openapi_extra=describe(body=CalendarGroupChanges),
)
def update_calendar_group(request: HttpRequest, group_id: str) -> dict[str, Any]:
    """Only what is sent is changed; `calendars` as a whole. Links already made lead to the group as it is."""
    key = caller(request)
    group = _get(key, group_id)
    update_group(group, read_body(request), now=clock.now())
    return _shown(_get(key, group_id))


@router.delete("/calendar-groups/{group_id}", response={204: None}, summary="Delete a calendar group")
def delete_calendar_group(request: HttpRequest, group_id: str) -> Status[None]:
    """Its links stop working until it is restored; its calendars stay."""
    group = _get(caller(request), group_id)
    refuse_fields(read_body(request))
    set_group_deleted(group, deleted=True, now=clock.now())
    return Status(204, None)


@router.post(
    "/calendar-groups/{group_id}/restore",
    response=CalendarGroup,
    summary="Restore a calendar group",
    openapi_extra=describe(retries=True),
)
def restore_calendar_group(request: HttpRequest, response: HttpResponse, group_id: str) -> dict[str, Any]:
    """With all its links. Restoring one that is not deleted changes nothing."""
    key = caller(request)
    group = _get(key, group_id, deleted=None)
    body = read_body(request)
    retry = read_retry(request, body)
    refuse_fields(body)
    set_group_deleted(group, deleted=False, now=clock.now(), retry=retry)
    mark_replay(response, retry)
    return _shown(_get(key, group_id))


def _get(key: ApiKey, public_id: str, *, deleted: bool | None = False) -> models.CalendarGroup:
    groups = _groups(key)
    return get_noun(groups if deleted is None else groups.filter(deleted_at__isnull=not deleted), public_id)


def _groups(key: ApiKey) -> QuerySet[models.CalendarGroup]:
    kept = models.GroupCalendar.objects.filter(calendar__deleted_at=None).select_related("calendar")
    groups = models.CalendarGroup.objects.select_related("workspace").filter(workspace_id=key.workspace_id)
    return groups.prefetch_related(Prefetch("group_calendars", kept))


def _shown(group: models.CalendarGroup) -> dict[str, Any]:
    public = not group.one_time_only
    return {
        "id": group.public_id,
        "name": group.name,
        "slug": group.slug,
        "description": group.description,
        "calendars": [each.calendar.public_id for each in group.group_calendars.all()],
        "one_time_only": group.one_time_only,
        "contact_text": group.contact_text,
        "paused": group.paused_at is not None,
        "scheduling_link": scheduling_link_url(group.workspace.slug, group.slug) if public else None,
        "permanent_link": permanent_link_url(group.permanent_id) if public else None,
        "created_at": iso(cast("Any", group.created_at)),
    }
