"""Guests' pages in the guest's language; everything else stays English, whatever the browser would like."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.cache import patch_vary_headers

from bookonce.accounts.slugs import RESERVED
from bookonce.lib.languages import (
    ENGLISH,
    LANGUAGE_ASKED,
    LANGUAGES,
    PAGE_LANGUAGE,
    PARAMETER,
    accepted_language,
    current,
    find_language,
    speak,
    speaking,
)

FORM = "application/x-www-form-urlencoded"
OURS = RESERVED - {"o", "c", "m"}  # first parts of addresses that are no guest's


class GuestLanguage:
    """Answers requests for guests' pages in the language chosen there, else the browser's.

    Where neither names one of ours, `settle` gives the calendar's the word once it has been read.
    The language ends with the request: the thread's next one begins in English.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and say in which language."""
        if not is_for_guests(request.path):
            with speaking(ENGLISH):
                return self.get_response(request)
        asked = _sent(request, PARAMETER)
        vars(request)[LANGUAGE_ASKED] = asked
        with speaking(wanted_language(request) or ENGLISH):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", current())
            patch_vary_headers(response, ["Accept-Language"])
        if asked and "Location" in response.headers:
            response.headers["Location"] = carrying(response.headers["Location"], PARAMETER, asked)
        return response


def is_for_guests(path: str) -> bool:
    """Whether this is the address of a calendar, of a link or of a booking."""
    first = path.removeprefix("/").partition("/")[0]
    return first != "" and first not in OURS


def settle(request: HttpRequest, of_calendar: str) -> None:
    """Speak the calendar's language, where the guest's browser asked for none of ours."""
    if of_calendar in LANGUAGES and not wanted_language(request):
        speak(of_calendar)


def settle_for_booking(request: HttpRequest, of_booking: str, of_calendar: str) -> None:
    """Speak the language in which it was booked, unless another one was chosen here."""
    if of_booking not in LANGUAGES:
        settle(request, of_calendar)
    elif not getattr(request, LANGUAGE_ASKED, ""):
        speak(of_booking)


def wanted_language(request: HttpRequest) -> str:
    """The language that was chosen, else that of the page which sent this form, else the browser's; or ""."""
    return (
        _sent(request, PARAMETER)
        or _sent(request, PAGE_LANGUAGE)
        or accepted_language(request.headers.get("Accept-Language", ""))
    )


def _sent(request: HttpRequest, name: str) -> str:
    """The one of ours that a form's field names, or, of what was chosen, the address's query; else ""."""
    if name == PARAMETER and (found := find_language(request.GET.get(name, ""))):
        return found
    if request.method == "POST" and request.content_type == FORM:
        with suppress(SuspiciousOperation):  # too large: the view refuses it
            return find_language(request.POST.get(name, ""))
    return ""


def carrying(address: str, name: str, value: str) -> str:
    """The address of a guest's page of ours with what was chosen in its query; any other as it is."""
    path, mark, query = address.partition("?")
    if not path.startswith("/") or not is_for_guests(path) or name in QueryDict(query):
        return address
    return f"{path}?{query}{'&' if mark else ''}{name}={value}"
