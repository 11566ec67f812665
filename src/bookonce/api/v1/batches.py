"""Batches of one-time links: read them, revoke what is left of one, or links of one's own choice."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Router

from bookonce.accounts.models import ApiKey
from bookonce.api.v1.access import acting, caller, get_noun
from bookonce.api.v1.openapi import describe
from bookonce.api.v1.pages import PAGING, read_page
from bookonce.api.v1.people import person
from bookonce.api.v1.requests import mark_replay, read_body, read_query, read_retry
from bookonce.api.v1.schemas import (
    LinkBatchPage,
    LinkBatchRevoked,
    LinkBatchToRevoke,
    LinkBatchWithStates,
    OneTimeLinksChosen,
    OneTimeLinksRevoked,
)
from bookonce.lib import clock
from bookonce.lib.fields import Fields
from bookonce.lib.instants import iso
from bookonce.scheduling import models
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.link_filter import parse_since
from bookonce.scheduling.link_queries import states_of_batch
from bookonce.scheduling.revoke_batch import revoke_batch
from bookonce.scheduling.revoke_links import parse_chosen, revoke_links

router = Router(tags=["One-time links"], by_alias=True)


@router.post(
    "/one-time-links/revoke",
    response=OneTimeLinksRevoked,
    summary="Revoke many one-time links",
    openapi_extra=describe(body=OneTimeLinksChosen, retries=True),
)
def revoke_one_time_links(request: HttpRequest, response: HttpResponse) -> dict[str, Any]:
    """At most 1,000, in one go. Links that have been used, or were revoked before, stay as they are."""
    key = caller(request)
    body = read_body(request)
    retry = read_retry(request, body)
    _read_only(body, "ids")
    chosen = parse_chosen(body.get("ids"))
    done = revoke_links(key.workspace_id, chosen, by=acting(key), now=clock.now(), retry=retry)
    mark_replay(response, retry)
    return {"revoked": done.revoked, "used": done.used, "revoked_before": done.before}


@router.get(
    "/link-batches",
    response=LinkBatchPage,
    summary="List batches of one-time links",
    openapi_extra=describe(query=PAGING),
)
def list_link_batches(request: HttpRequest) -> dict[str, Any]:
    """Newest first."""
    key = caller(request)
    page = read_page(read_query(request, PAGING), key.workspace_id, "link-batches")
    batches = _batches(key).order_by("-pk")
    if page.after:
        batches = batches.filter(pk__lt=page.after[0])
    return page.of(batches, lambda batch: (batch.pk,), _shown)


@router.get("/link-batches/{batch_id}", response=LinkBatchWithStates, summary="Show a batch")
def show_link_batch(request: HttpRequest, batch_id: str) -> dict[str, Any]:
    """With how many of its links are in which state."""
    batch = get_noun(_batches(caller(request)), batch_id)
    return {**_shown(batch), "states": states_of_batch(batch, now=clock.now())}


@router.post(
    "/link-batches/{batch_id}/revoke",
    response=LinkBatchRevoked,
    summary="Revoke what is left of a batch",
    openapi_extra=describe(body=LinkBatchToRevoke, body_required=False, retries=True),
)
def revoke_link_batch(request: HttpRequest, response: HttpResponse, batch_id: str) -> dict[str, Any]:
    """Every link of it that can be booked; with `unused_since` those that nobody cared for since then."""
    key = caller(request)
    batch = get_noun(_batches(key), batch_id)
    body = read_body(request)
    retry = read_retry(request, body)
    since = parse_since(_read_only(body, "unused_since"), key.workspace.timezone)
    count = revoke_batch(batch, by=acting(key), now=clock.now(), unused_since=since, retry=retry)
    mark_replay(response, retry)
    return {"revoked": count}


def _read_only(body: dict[str, Any], name: str) -> Fields:
    fields = Fields(body)
    fields.only((name,))
    if fields.errors:
        raise Invalid(fields.errors)
    return fields


def _batches(key: ApiKey) -> QuerySet[models.LinkBatch]:
    batches = models.LinkBatch.objects.filter(workspace_id=key.workspace_id)
    return batches.select_related("calendar", "group", "created_by__user")


def _shown(batch: models.LinkBatch) -> dict[str, Any]:
    status = "failed" if batch.failed_at else "made" if batch.activated_at else "making"
    return {
        "id": batch.public_id,
        "name": batch.name,
        "calendar": batch.calendar.public_id if batch.calendar else None,
        "group": batch.group.public_id if batch.group else None,
        "status": status,
        "rows": batch.wanted,
        "made": batch.made,
        "created_at": iso(cast("Any", batch.created_at)),
        "created_by": person(batch.created_by) if batch.created_by else None,
        "revoked_at": batch.revoked_at and iso(batch.revoked_at),
    }
