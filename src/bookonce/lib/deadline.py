"""A database that does not answer is a 503 with Retry-After, never a 500."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from bookonce.lib.problem import problem

logger = logging.getLogger(__name__)


class Unreachable:
    """Answers for any view whose database call failed or outlasted its deadline."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn a failed database call of a view into `busy`."""
        return busy(request, error)


def busy(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The reply when the error is a database that does not answer; None for any other."""
    if not isinstance(error, OperationalError | InterfaceError):
        return None
    logger.warning("database unavailable: %s", error)
    connection.close()
    wants_json = request.path.startswith("/api/") or "json" in request.headers.get("Content-Type", "")
    message = _("The server is busy. Nothing is lost: try again in a moment.")
    if wants_json or request.path.endswith("/slots"):
        response: HttpResponse = problem("busy", message)
    else:
        response = render(request, "design/busy.html", {"message": message}, status=503)
    response.headers["Retry-After"] = "2"
    return response
