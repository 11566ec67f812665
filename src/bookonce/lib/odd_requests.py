"""Requests that no browser and no client of ours sends, kept from code that would stumble over them."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bookonce.lib.bodies import FORM

SESSION_KEY = re.compile(r"[a-z0-9]{32}")  # as Django makes them


class OddRequests:
    """Refuses bodies in another charset than UTF-8 and forms that are too large; drops impossible cookies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 415 or 413, or pass on, without a session cookie that can't be one."""
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() not in {"utf-8", "utf8", "us-ascii"}:
            # Python knows codecs, such as hex, that yield no text.
            return HttpResponse("Send UTF-8.\n", status=415, content_type="text/plain; charset=utf-8")
        if request.content_type == FORM and _is_too_large(request):
            return too_large(request)
        # PostgreSQL takes no NUL, which a quoted cookie may hold.
        if not SESSION_KEY.fullmatch(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn what is too much for a view into a page; JSON's readers say it themselves."""
        return too_large(request) if isinstance(error, RequestDataTooBig | TooManyFieldsSent) else None


def too_large(request: HttpRequest) -> HttpResponse:
    """The page that says what to do about a form that is too large, with 413."""
    return render(request, "design/too_large.html", status=413)


def _is_too_large(request: HttpRequest) -> bool:
    length, most = request.META.get("CONTENT_LENGTH") or "0", settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return length.isascii() and length.isdecimal() and most is not None and int(length) > most
