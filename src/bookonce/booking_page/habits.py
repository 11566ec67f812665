"""What a guest is used to: how the clock counts, on which day a week begins.

As was chosen on the page (`clock`), else as people have it where their browser says they are, else as most
readers of the page's language do. Pages are right without scripts.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse

from bookonce.booking_page.languages import carrying, is_for_guests
from bookonce.lib.date_words import Hours, clock_words, locale, usual_hours
from bookonce.lib.languages import LONGEST_HEADER, current, find_language

CLOCK = "clock"  # parameter: 12 or 24
MOST_TAGS = 20  # of a header that are read
_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


class GuestHabits:
    """Keeps at hand, while a guest's page is made, the request that says how its reader counts.

    What was chosen goes on to where a form leads.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        if not is_for_guests(request.path):
            return self.get_response(request)
        token = _request.set(request)
        try:
            response = self.get_response(request)
        finally:
            _request.reset(token)
        # Only what led somewhere is read again: a form that was refused may be none that can be read.
        if "Location" in response.headers and (chosen := chosen_clock(request)):
            response.headers["Location"] = carrying(response.headers["Location"], CLOCK, chosen)
        return response


def hours() -> Hours:
    """How the clock counts on this page."""
    request = _request.get()
    if request and (chosen := chosen_clock(request)):
        return Hours(chosen)
    header = request.headers.get("Accept-Language", "") if request else ""
    return _usual_hours(header[:LONGEST_HEADER], current())


def first_weekday() -> int:
    """On which day a week begins on this page: 0 is Monday."""
    request = _request.get()
    header = request.headers.get("Accept-Language", "") if request else ""
    return _first_weekday(header[:LONGEST_HEADER], current())


def clock_in_words(clock: str) -> str:
    """`14:05` as this page's reader writes it."""
    hour, _colon, minute = clock.partition(":")
    return clock_words(int(hour) * 60 + int(minute), current(), hours())


def chosen_clock(request: HttpRequest) -> str:
    """`12` or `24`, where the guest has chosen that on a page; else ""."""
    found = request.GET.get(CLOCK, "")
    if not found:
        with suppress(SuspiciousOperation):  # too large: the view refuses it
            found = str(request.POST.get(CLOCK, ""))
    return found if found in tuple(Hours) else ""


@lru_cache(maxsize=512)
def _usual_hours(header: str, language: str) -> Hours:
    place = _place(header, language)
    if place is None:
        return usual_hours(language)
    return Hours.TWELVE if "a" in place.time_formats["short"].pattern else Hours.TWENTY_FOUR


@lru_cache(maxsize=512)
def _first_weekday(header: str, language: str) -> int:
    place = _place(header, language) or locale(language)
    if place.territory is None:
        likely = get_global("likely_subtags").get(str(place), "")
        place = Locale.parse(likely) if likely else place
    return place.first_week_day


def _place(header: str, language: str) -> Locale | None:
    """The language with the country that the browser names beside it: `en-US`."""
    for part in header.split(",")[:MOST_TAGS]:
        tag = part.partition(";")[0].strip()
        if find_language(tag) == language and "-" in tag and len(tag) <= 16:
            with suppress(UnknownLocaleError, ValueError):
                found = Locale.parse(tag, sep="-")
                if found.territory:
                    return found
    return None
