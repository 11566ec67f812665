"""Too many tries: who is counted, and what they are told (limits: scheduling/rate_limits.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookonce.lib import clock
from bookonce.lib.client_address import client_network
from bookonce.lib.problem import STATUS, problem
from bookonce.scheduling import rate_limits
from bookonce.scheduling.errors import RateLimited, WrongRecipient

View = Callable[..., HttpResponse]


def counting_misses(view: View) -> View:
    """The view of an address with a token: who finds nothing too often finds nothing for a while.

    Only misses are counted. Whoever is known to be over the limit is refused before anything is looked up:
    what is there and what is not are then answered alike.
    """

    @wraps(view)
    def answer(request: HttpRequest, **parts: str) -> HttpResponse:
        now, client = clock.now(), client_network(request)
        try:
            rate_limits.check("misses", client, now=now)
            try:
                response = view(request, **parts)
            except Http404:
                rate_limits.count("misses", client, now=now)
                raise
            if response.status_code == STATUS["not_found"]:
                rate_limits.count("misses", client, now=now)
        except RateLimited as refused:
            return too_many(request, refused)
        return response

    return answer


def count_try(name: str, request: HttpRequest, *, now: datetime) -> None:
    """Count a try of this client.

    Raises:
        RateLimited: it was one too many.
    """
    rate_limits.count(name, client_network(request), now=now)


def count_hold(link: str | None, request: HttpRequest, *, now: datetime) -> None:
    """Count that this client wants a time to be kept, and that the one-time link with this scope is to.

    Raises:
        RateLimited: it was one too many of either.
    """
    count_try("holds", request, now=now)
    rate_limits.count("link-holds", link, now=now)


@contextmanager
def few_wrong(scope: str, request: HttpRequest, *, now: datetime) -> Iterator[None]:
    """Let a client say only so often what the lock of the link with this scope refuses.

    Raises:
        RateLimited: before anything is tried, or because this was one too many.
    """
    subject = f"{scope} {client_network(request) or ''}"
    rate_limits.check("wrong", subject, now=now)
    try:
        yield
    except WrongRecipient:
        rate_limits.count("wrong", subject, now=now)
        raise


def too_many(request: HttpRequest, refused: RateLimited) -> HttpResponse:
    """A page for people, problem+json for programs; both say when to try again."""
    if request.path.rstrip("/").endswith("/slots") or "json" in request.headers.get("Content-Type", ""):
        return too_many_json(refused)
    minutes = -(-refused.wait // 60)
    advice = ngettext("Try again in %(count)d minute.", "Try again in %(count)d minutes.", minutes)
    context = {"title": str(refused), "advice": advice % {"count": minutes}}
    return as_too_many(render(request, "booking_page/refused.html", context), refused)


def send_again_words(refused: RateLimited) -> str:
    """That it was too much, and when the form that is still there can be sent again."""
    minutes = -(-refused.wait // 60)
    words = ngettext(
        "That was tried too often. Nothing was booked. Send the form again in %(count)d minute.",
        "That was tried too often. Nothing was booked. Send the form again in %(count)d minutes.",
        minutes,
    )
    return words % {"count": minutes}


def too_many_json(refused: RateLimited) -> HttpResponse:
    """The refusal as problem+json."""
    return as_too_many(problem(refused.code, _("Too many tries. Try again later.")), refused)


def as_too_many(response: HttpResponse, refused: RateLimited) -> HttpResponse:
    """The response as 429, with Retry-After and the fields of draft-ietf-httpapi-ratelimit-headers."""
    response.status_code = STATUS[refused.code]
    response.headers["Retry-After"] = str(refused.wait)
    response.headers["RateLimit-Policy"] = f'"{refused.name}";q={refused.most};w={refused.seconds}'
    response.headers["RateLimit"] = f'"{refused.name}";r=0;t={refused.wait}'
    return response
