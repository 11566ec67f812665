"""Requests that no browser and no client of ours sends, kept from code that would stumble over them."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

SESSION_KEY = re.compile(r"[a-z0-9]{32}")  # as Django makes them


class OddRequests:
    """Refuses bodies in another charset than UTF-8, and leaves out a session cookie that can't be one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 415, or pass on."""
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() not in {"utf-8", "utf8", "us-ascii"}:
            # Python knows codecs, such as hex, that yield no text.
            return HttpResponse("Send UTF-8.\n", status=415, content_type="text/plain; charset=utf-8")
        # PostgreSQL takes no NUL, which a quoted cookie may hold.
        if not SESSION_KEY.fullmatch(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return self.get_response(request)
