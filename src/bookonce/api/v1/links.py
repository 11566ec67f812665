"""One-time links: make, list, show, change, revoke."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Status

from bookonce.accounts.models import ApiKey
from bookonce.api.v1.access import acting, caller, get_noun
from bookonce.api.v1.openapi import describe
from bookonce.api.v1.pages import PAGING, read_page
from bookonce.api.v1.people import person
from bookonce.api.v1.requests import mark_replay, read_body, read_query, read_retry, refuse_fields
from bookonce.api.v1.schemas import (
    OneTimeLink,
    OneTimeLinkChanges,
    OneTimeLinkOptions,
    OneTimeLinkPage,
)
from bookonce.lib import clock
from bookonce.lib.fields import Fields
from bookonce.lib.instants import from_minutes, iso
from bookonce.scheduling import models
from bookonce.scheduling.change_rules import RULES
from bookonce.scheduling.errors import Invalid, NotFound
from bookonce.scheduling.issue_link import issue_link, shown_url
from bookonce.scheduling.link_filter import LinkFilter, fitting, parse_link_filter
from bookonce.scheduling.link_list import LinkList
from bookonce.scheduling.link_options import parse_link_options
from bookonce.scheduling.link_queries import load_links, state_of
from bookonce.scheduling.revoke_link import revoke_link
from bookonce.scheduling.update_link import update_link

router = Router(tags=["One-time links"], by_alias=True)
FILTERS = (
    "state",
    "calendar",
    "group",
    "label",
    "recipient",
    "batch",
    "made_by",
    "unused_since",
    "external_ref",
    "sort",
)


@router.post(
    "/one-time-links",
    response={201: OneTimeLink, 200: OneTimeLink},
    summary="Make a one-time link",
    openapi_extra=describe(body=OneTimeLinkOptions, retries=True),
)
def create_one_time_link(request: HttpRequest, response: HttpResponse) -> Status[dict[str, Any]]:
    """201 for a new link, 200 for the one that was made with the same `external_ref` before."""
    key, now = caller(request), clock.now()
    body = read_body(request)
    retry = read_retry(request, body)
    target = target_asked(key, body)
    issued = issue_link(
        target, lambda: parse_link_options(body, target, now=now), by=acting(key), now=now, retry=retry
    )
    mark_replay(response, retry)
    return Status(201 if issued.made else 200, _shown(_get(key, issued.link.public_id)))


@router.get(
    "/one-time-links",
    response=OneTimeLinkPage,
    summary="List one-time links",
    openapi_extra=describe(query=(*FILTERS, *PAGING)),
)
def list_one_time_links(request: HttpRequest) -> dict[str, Any]:
    """Newest first unless sorted. Pages may hold fewer than `limit`: go on until `next` is null."""
    key, now = caller(request), clock.now()
    fields = read_query(request, (*FILTERS, *PAGING))
    wanted = parse_link_filter(fields, key.workspace)
    page = read_page(fields, key.workspace_id, "one-time-links")
    found = LinkList(key.workspace_id, wanted, now=now).page(page.limit, after=page.after or None)
    links = load_links(found.keys, _with_company(models.OneTimeLink.objects.all()), now=now)
    return page.made_of([_shown(link) for link in links], found.next)


@router.get("/one-time-links/{link_id}", response=OneTimeLink, summary="Show a one-time link")
def show_one_time_link(request: HttpRequest, link_id: str) -> dict[str, Any]:
    """With its state, how often it was opened, and what was booked through it."""
    return _shown(_get(caller(request), link_id))


@router.patch(
    "/one-time-links/{link_id}",
    response=OneTimeLink,
    summary="Change a one-time link",
    openapi_extra=describe(body=OneTimeLinkChanges),
)
def update_one_time_link(request: HttpRequest, link_id: str) -> dict[str, Any]:
    """Only what is sent is changed; null takes an option away. A dead link stays as it is (409)."""
    key = caller(request)
    link = _get(key, link_id)
    update_link(link.pk, read_body(request), now=clock.now())
    return _shown(_get(key, link_id))


@router.post(
    "/one-time-links/{link_id}/revoke",
    response=OneTimeLink,
    summary="Revoke a one-time link",
    openapi_extra=describe(retries=True),
)
def revoke_one_time_link(request: HttpRequest, response: HttpResponse, link_id: str) -> dict[str, Any]:
    """For good. Revoking it again changes nothing; a link that has been used can't be revoked (409)."""
    key = caller(request)
    link = _get(key, link_id)
    body = read_body(request)
    retry = read_retry(request, body)
    refuse_fields(body)
    revoke_link(link.pk, by=acting(key), now=clock.now(), retry=retry)
    mark_replay(response, retry)
    return _shown(_get(key, link_id))


def target_asked(key: ApiKey, body: dict[str, Any]) -> models.Target:
    """The calendar or group of the workspace that the body names; a deleted one is refused by the verb.

    Raises:
        Invalid: there is none, or both are named.
    """
    fields = Fields(body)
    of_group = fields.has("group")
    if of_group and fields.has("calendar"):
        fields.fault("group", _("Name a calendar or a group, not both."))
    public_id = fields.text("group" if of_group else "calendar", most=24, required=True)
    if fields.errors:
        raise Invalid(fields.errors)
    try:
        return _find_target(key, public_id, of_group=of_group)
    except NotFound:
        if of_group:
            raise Invalid({"group": [_("There is no such group in this workspace.")]}) from None
        raise Invalid({"calendar": [_("There is no such calendar in this workspace.")]}) from None


def _find_target(key: ApiKey, public_id: str, *, of_group: bool) -> models.Target:
    if of_group:
        groups = models.CalendarGroup.objects.select_related("workspace")
        return get_noun(groups.filter(workspace_id=key.workspace_id), public_id)
    calendars = models.Calendar.objects.select_related("schedule").filter(workspace_id=key.workspace_id)
    return get_noun(calendars, public_id)


def _get(key: ApiKey, public_id: str) -> models.OneTimeLink:
    links = models.OneTimeLink.objects.filter(workspace_id=key.workspace_id)
    return get_noun(_with_company(fitting(links, LinkFilter(), now=clock.now())), public_id)


def _with_company(links: QuerySet[models.OneTimeLink]) -> QuerySet[models.OneTimeLink]:
    bookings = models.Booking.objects.only("public_id", "link_id").order_by("pk")
    joined = links.select_related("calendar", "group", "parent", "batch", "created_by__user", "host__user")
    return joined.prefetch_related(Prefetch("bookings", bookings))


def _shown(link: models.OneTimeLink) -> dict[str, Any]:
    state = state_of(link)
    recipient = {"name": link.recipient_name, "email": link.recipient_email, "phone": link.recipient_phone}
    window = {
        "from": link.first_day and link.first_day.isoformat(),
        "to": link.last_day and link.last_day.isoformat(),
    }
    return {
        "id": link.public_id,
        "url": shown_url(link, state),
        "state": state.value,
        "label": link.label,
        "recipient": recipient if any(recipient.values()) else None,
        "email_lock": link.email_lock,
        "calendar": link.calendar.public_id if link.calendar else None,
        "group": link.group.public_id if link.group else None,
        "expires_at": link.expires_at and iso(link.expires_at),
        "not_before": link.not_before and iso(link.not_before),
        "max_bookings": link.max_bookings,
        "spent": link.spent,
        "window": window if any(window.values()) else None,
        "durations": list(link.durations),
        "slots": [iso(from_minutes(start)) for start in link.slots],
        "hold_slots": link.holds_slots,
        "host": person(link.host) if link.host else None,
        "location": {"kind": link.location_kind, "value": link.location} if link.location_kind else None,
        "most_places": link.most_places,
        **{name: getattr(link, name) for name in RULES},
        "contact_text": link.contact_text,
        "metadata": link.metadata,
        "external_ref": link.external_ref,
        "opened": {
            "people": link.opened,
            "bots": link.opened_by_bots,
            "first": link.first_opened_at and iso(link.first_opened_at),
            "last": link.last_opened_at and iso(link.last_opened_at),
        },
        "bookings": [booking.public_id for booking in link.bookings.all()],
        "parent": link.parent.public_id if link.parent else None,
        "batch": link.batch.public_id if link.batch else None,
        "created_at": iso(cast("Any", link.created_at)),
        "created_by": person(link.created_by) if link.created_by else None,
    }
