"""The addresses of REST."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from bookonce import __version__
from bookonce.api.v1 import (
    answers,
    appointments,
    batches,
    bookings,
    calendar_groups,
    calendars,
    link_batches,
    link_messages,
    link_requests,
    links,
    questions,
    schedules,
    time_off,
)
from bookonce.api.v1.access import Key
from bookonce.api.v1.openapi import document
from bookonce.api.v1.refusals import map_refusals, nothing_here, with_problem_405

rest = NinjaAPI(
    title="Bookonce",
    version=__version__,
    description="One-time links, calendars and appointments of a workspace. Instants are RFC 3339 in UTC.",
    auth=Key(),
    openapi_url=None,
    docs_url=None,
)
for part in (
    *(batches, link_batches, links, link_messages, link_requests, calendars, calendar_groups),
    *(questions, schedules, time_off, appointments, bookings, answers),
):
    rest.add_router("", part.router)
map_refusals(rest)


@require_safe
def openapi(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django's signature
    """The OpenAPI 3.1 document; it holds no secret and needs no key."""
    return JsonResponse(document(rest))


def _routes() -> list[URLPattern | URLResolver]:
    routes = [route for route in rest.urls[0] if isinstance(route, URLPattern) and route.name != "api-root"]
    return [URLPattern(r.pattern, with_problem_405(r.callback), r.default_args, r.name) for r in routes]


urlpatterns: list[URLPattern | URLResolver] = [
    path("openapi.json", openapi, name="openapi"),
    *_routes(),
    re_path("", nothing_here),
]
