"""Requests for a new one-time link: list, show, answer, dismiss."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from bookonce.accounts.models import ApiKey
from bookonce.api.v1.access import acting, caller, get_noun
from bookonce.api.v1.booking_schemas import NothingAsked
from bookonce.api.v1.links import show_one_time_link
from bookonce.api.v1.openapi import describe
from bookonce.api.v1.pages import PAGING, read_page
from bookonce.api.v1.request_schemas import LinkRequest, LinkRequestPage
from bookonce.api.v1.requests import mark_replay, read_body, read_query, read_retry, refuse_fields
from bookonce.api.v1.schemas import OneTimeLink
from bookonce.lib import clock
from bookonce.lib.instants import iso
from bookonce.scheduling import models
from bookonce.scheduling.models.link import REQUEST_OPEN
from bookonce.scheduling.request_link import answer_request, dismiss_request

router = Router(tags=["Requests for a new link"], by_alias=True)
STATES = {
    "open": REQUEST_OPEN,
    "answered": Q(answered_at__isnull=False),
    "dismissed": Q(dismissed_at__isnull=False),
}
STATE = {"schema": {"type": "string", "enum": list(STATES), "default": "open"}}


@router.get(
    "/link-requests",
    response=LinkRequestPage,
    summary="List requests for a new link",
    openapi_extra=describe(query=("state", *PAGING), differing={"state": STATE}),
)
def list_link_requests(request: HttpRequest) -> dict[str, Any]:
    """Newest first; those that wait for an answer, unless `state` asks for others."""
    key = caller(request)
    fields = read_query(request, ("state", *PAGING))
    state = fields.choice("state", list(STATES), default="open")
    page = read_page(fields, key.workspace_id, "link-requests")
    asked = _requests(key).filter(STATES.get(state, Q())).order_by("-pk")
    if page.after:
        asked = asked.filter(pk__lt=page.after[0])
    return page.of(asked, lambda one: (one.pk,), _shown)


@router.get("/link-requests/{request_id}", response=LinkRequest, summary="Show a request for a new link")
def show_link_request(request: HttpRequest, request_id: str) -> dict[str, Any]:
    """With who asks, in place of which link, and what became of it."""
    return _shown(get_noun(_requests(caller(request)), request_id))


@router.post(
    "/link-requests/{request_id}/answer",
    response={201: OneTimeLink},
    summary="Answer it with a new link",
    openapi_extra=describe(body=NothingAsked, body_required=False, retries=True),
)
def answer_link_request(
    request: HttpRequest, response: HttpResponse, request_id: str
) -> Status[dict[str, Any]]:
    """With the options of the link it is about, mailed to who asked. Answered before: 409."""
    key = caller(request)
    asked = get_noun(_requests(key), request_id)
    body = read_body(request)
    retry = read_retry(request, body)
    refuse_fields(body)
    issued = answer_request(asked.pk, by=acting(key), now=clock.now(), retry=retry)
    mark_replay(response, retry)
    return Status(201, show_one_time_link(request, issued.link.public_id))


@router.post(
    "/link-requests/{request_id}/dismiss",
    response=LinkRequest,
    summary="Take it off the list without an answer",
    openapi_extra=describe(body=NothingAsked, body_required=False, retries=True),
)
def dismiss_link_request(request: HttpRequest, response: HttpResponse, request_id: str) -> dict[str, Any]:
    """Nobody is told. One that was answered or dismissed before stays as it is."""
    key = caller(request)
    asked = get_noun(_requests(key), request_id)
    body = read_body(request)
    retry = read_retry(request, body)
    refuse_fields(body)
    dismiss_request(asked.pk, now=clock.now(), retry=retry)
    mark_replay(response, retry)
    return _shown(get_noun(_requests(key), request_id))


def _requests(key: ApiKey) -> QuerySet[models.LinkRequest]:
    asked = models.LinkRequest.objects.select_related("link", "answer")
    return asked.filter(workspace_id=key.workspace_id)


def _shown(asked: models.LinkRequest) -> dict[str, Any]:
    ended = "answered" if asked.answered_at else "dismissed" if asked.dismissed_at else "open"
    return {
        "id": asked.public_id,
        "state": ended,
        "link": asked.link.public_id,
        "name": asked.name,
        "email": asked.email,
        "message": asked.message,
        "answer": asked.answer.public_id if asked.answer else None,
        "created_at": iso(cast("Any", asked.created_at)),
        "answered_at": asked.answered_at and iso(asked.answered_at),
        "dismissed_at": asked.dismissed_at and iso(asked.dismissed_at),
    }
