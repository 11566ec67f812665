"""The languages of guests' pages and mails, and which of them a reader gets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

from django.utils import translation

ENGLISH = "en"
# By BCP 47 tag: each language's own name, in the order in which they are offered.
LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "tr": "Türkçe",
    "he": "עברית",
    "ar": "العربية",
    "ja": "日本語",
    "zh-Hans": "简体中文",
}
RIGHT_TO_LEFT = frozenset({"ar", "he"})
COLONS = {"fr": "\u00a0: ", "ja": "\uff1a", "zh-Hans": "\uff1a"}  # others write ": "
PARAMETER = "lang"
PAGE_LANGUAGE = "page_language"  # a posted form's field: the language of the page on which it stood
LANGUAGE_ASKED = (
    "language_asked"  # attribute of a request for a guest's page: the language chosen there, or ""
)
LONGEST_HEADER = 1000  # of Accept-Language: no browser sends more
_BY_TAG = {code.lower(): code for code in LANGUAGES}
_SIMPLIFIED = {"zh", "zh-cn", "zh-sg", "zh-my"}  # written with simplified characters (CLDR, likely subtags)
_RANGE = re.compile(
    r"\s*([a-z0-9-]{1,35}|\*)\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?", re.IGNORECASE
)


class Asking(Protocol):
    """What is read of a request."""

    @property
    def GET(self) -> Mapping[str, str]:  # noqa: N802 - Django's name
        """Its query."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Its headers."""


def find_language(tag: str) -> str:
    """Our language for a BCP 47 tag (`pt-BR` -> `pt`, `zh-CN` -> `zh-Hans`); "" when it is none of ours."""
    wanted = tag.strip().lower()
    if wanted in _BY_TAG:
        return _BY_TAG[wanted]
    if wanted in _SIMPLIFIED or wanted.startswith("zh-hans-"):
        return "zh-Hans"
    if wanted.startswith("zh-"):
        return ""  # traditional characters are another script
    return _BY_TAG.get(wanted.partition("-")[0], "")


def accepted_language(header: str) -> str:
    """The one of ours that an Accept-Language header likes best (RFC 9110, 12.5.4); "" when it names none."""
    liked: list[tuple[float, str]] = []
    for part in header[:LONGEST_HEADER].split(","):
        found = _RANGE.fullmatch(part)
        if found is None:
            continue
        code, quality = find_language(found[1]), float(found[2] or 1)
        if code and quality > 0:
            liked.append((quality, code))
    return max(liked, key=lambda one: one[0])[1] if liked else ""


def chosen_language(query: Mapping[str, str]) -> str:
    """The one of ours that `lang` in a query names; "" without one."""
    return find_language(query.get(PARAMETER, ""))


def pick(request: Asking, default: str = "") -> str:
    """The language to answer in: chosen in the query, else the browser's, else the default, else English."""
    return (
        chosen_language(request.GET)
        or accepted_language(request.headers.get("Accept-Language", ""))
        or find_language(default)
        or ENGLISH
    )


def speak(code: str) -> None:
    """Speak one of our languages from now on; only inside of `speaking`, which ends it."""
    translation.activate(find_language(code) or ENGLISH)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak this language for a while (English where it is none of ours), then the one from before."""
    with translation.override(find_language(code) or ENGLISH):
        yield


def current() -> str:
    """The language that is spoken now, one of ours."""
    return find_language(translation.get_language() or ENGLISH) or ENGLISH


def is_right_to_left(code: str) -> bool:
    """Whether its lines begin at the right."""
    return code in RIGHT_TO_LEFT
