"""Many one-time links in one request: all of them, or none."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Status

from bookonce.api.v1.access import acting, caller
from bookonce.api.v1.links import target_asked
from bookonce.api.v1.openapi import describe
from bookonce.api.v1.requests import mark_replay, read_body, read_retry
from bookonce.api.v1.schemas import OneTimeLinksAsked, OneTimeLinksMade
from bookonce.lib import clock
from bookonce.lib.fields import Fields
from bookonce.lib.instants import to_seconds
from bookonce.scheduling import idempotency, models
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.issue_link import shown_url
from bookonce.scheduling.issue_links import issue_links
from bookonce.scheduling.link_rows import AskedLink, parse_link_rows
from bookonce.scheduling.link_state import EXISTS, LinkState, state_expression

router = Router(tags=["One-time links"], by_alias=True)
MOST_LINKS = 1000
MOST_BYTES = 4 * 1024 * 1024


@router.post(
    "/one-time-links/bulk",
    response={201: OneTimeLinksMade},
    summary="Make many one-time links",
    openapi_extra=describe(body=OneTimeLinksAsked, retries=True),
)
def create_one_time_links(request: HttpRequest, response: HttpResponse) -> Status[dict[str, Any]]:
    """All or none, at most 1,000; items are in the order of `links`. A known `external_ref` gets its link."""
    key, now = caller(request), clock.now()
    body = read_body(request, most_bytes=MOST_BYTES)
    retry = read_retry(request, body)
    target = target_asked(key, body)
    name, rows = _read(body)
    options = [] if idempotency.look_up(retry) else parse_link_rows(rows, target, now=now)
    batch = issue_links(target, options, by=acting(key), now=now, name=name, retry=retry)
    mark_replay(response, retry)
    return Status(201, {"batch": batch.public_id, "name": batch.name, "items": _items(batch, body["links"])})


def _read(body: dict[str, Any]) -> tuple[str, list[AskedLink]]:
    fields = Fields(body)
    fields.only(("calendar", "group", "name", "links"))
    name = fields.text("name", most=120)
    links = body.get("links")
    if not isinstance(links, list) or not 1 <= len(links) <= MOST_LINKS:
        fields.fault("links", _("Send a list of 1 to %(most)s links.") % {"most": f"{MOST_LINKS:,}"})
        links = []
    if fields.errors:
        raise Invalid(fields.errors)
    return name, [_asked(place, link) for place, link in enumerate(links)]


def _asked(place: int, link: object) -> AskedLink:
    if isinstance(link, dict):
        return AskedLink(place, link)
    return AskedLink(place, {}, {"": [_("This must be an object.")]})


def _items(batch: models.LinkBatch, asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """In the order of the rows: those with a reference by it, the others as they were made."""
    stated = models.OneTimeLink.objects.filter(EXISTS, workspace_id=batch.workspace_id)
    stated = stated.annotate(state=state_expression(to_seconds(clock.now())))
    references = [reference for link in asked if (reference := _reference(link))]
    named = {link.external_ref: link for link in stated.filter(external_ref__in=references)}
    others = iter(stated.filter(batch=batch, external_ref=None).order_by("pk"))
    links = [named[reference] if (reference := _reference(link)) else next(others) for link in asked]
    return [
        {
            "id": link.public_id,
            "url": shown_url(link, LinkState(link.state)),
            "external_ref": link.external_ref,
        }
        for link in links
    ]


def _reference(link: dict[str, Any]) -> str:
    fields = Fields(link)
    return fields.text("external_ref", most=120)
