"""Whatever stands in place of a token, nobody learns more than that there is nothing: byte for byte."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookonce.lib.tokens import new_token
from bookonce.scheduling import rate_limits
from tests.cast import Person, guest, make_link
from tests.pages.guest_pages import at_now  # noqa: F401 - a fixture

pytestmark = pytest.mark.usefixtures("at_now", "db")
UNKNOWN = new_token()
MALFORMED = {
    "one character": "x",
    "a character short": UNKNOWN[:-1],
    "a character long": f"{UNKNOWN}a",
    "upper case": UNKNOWN.upper(),
    "another alphabet": "0189" * 8,
    "hexadecimal": "f" * 64,
    "base64": "A_-z" * 8,
    "percent": "%25" * 8,
    "percent-encoded": "%61%62%63",
    "broken percent-encoding": "%zz%1",
    "no UTF-8": "%ff%fe",
    "NUL": "%00",
    "NUL within": f"{UNKNOWN[:9]}%00{UNKNOWN[10:]}",
    "line break": "a%0d%0ab",
    "space": "a%20b",
    "accents": "%C3%A9",
    "another script": "%D1%82%D0%BE%D0%BA%D0%B5%D0%BD",
    "right to left": "%E2%80%AEabc",
    "emoji": "%F0%9F%94%91",
    "lone surrogate": "%ED%A0%80",
    "slash within": "a/b/c",
    "slash at the end": f"{UNKNOWN}/",
    "slashes at the end": f"{UNKNOWN}//",
    "encoded slash": "a%2Fb",
    "dots": "..%2F..%2Fetc%2Fpasswd",
    "markup": "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "quote": "'%20OR%201=1%20--",
    "format": "%7B%7B7*7%7D%7D",
    "3,000 characters": "a" * 3000,
    "30,000 characters": "a" * 30_000,
}
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
WEEK = "from=2026-11-30&to=2026-12-04"
WAYS = {
    "page": ("GET", "/o/{}", ""),
    "page, HEAD": ("HEAD", "/o/{}", ""),
    "page at a time": ("GET", "/o/{}?start=2026-11-30T09:00:00%2B01:00", ""),
    "page, POST": ("POST", "/o/{}", JSON),
    "slots": ("GET", f"/o/{{}}/slots?{WEEK}", ""),
    "slots, HEAD": ("HEAD", f"/o/{{}}/slots?{WEEK}", ""),
    "slots of nonsense": ("GET", "/o/{}/slots?from=nonsense", ""),
    "book as a program": ("POST", "/o/{}/book", JSON),
    "book as a form": ("POST", "/o/{}/book", FORM),
    "book as something else": ("POST", "/o/{}/book", "text/plain"),
    "book, GET": ("GET", "/o/{}/book", ""),
    "ask": ("POST", "/o/{}/ask", FORM),
    "ask, GET": ("GET", "/o/{}/ask", ""),
    "manage": ("GET", "/m/{}", ""),
    "manage, HEAD": ("HEAD", "/m/{}", ""),
    "cancel": ("GET", "/m/{}/cancel", ""),
    "cancel, POST": ("POST", "/m/{}/cancel", FORM),
    "reschedule": ("GET", "/m/{}/reschedule", ""),
    "reschedule, POST": ("POST", "/m/{}/reschedule", FORM),
    "ask again": ("POST", "/m/{}/ask", FORM),
    "file": ("GET", "/m/{}/appointment.ics", ""),
}


@pytest.fixture
def without_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BOOKONCE", replace(settings.BOOKONCE, rate_limits=False))


def send(way: str, token: str) -> Any:
    method, path, kind = WAYS[way]
    body = guest() if kind == JSON else "name=Gina&email=gina%40example.org" if kind == FORM else ""
    sent = {"data": body, "content_type": kind} if kind else {}
    client: Any = Client()
    return getattr(client, method.lower())(path.format(token), **sent)


def told(answer: Any) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    return answer.status_code, answer.content, tuple(sorted(answer.headers.items()))


@pytest.mark.usefixtures("without_limits")
@pytest.mark.parametrize("way", WAYS)
def test_status_body_and_headers(alice: Person, way: str) -> None:
    expected = told(send(way, UNKNOWN))
    assert expected[0] in {404, 405, 422}
    different = [name for name, token in MALFORMED.items() if told(send(way, token)) != expected]
    assert different == []


@pytest.mark.usefixtures("without_limits")
@pytest.mark.parametrize("way", ["page", "slots", "book as a program", "book as a form", "ask", "manage"])
def test_what_is_found_is_another_answer(alice: Person, way: str) -> None:
    """Else the test above would compare the same mistake with itself."""
    issued = make_link(alice)
    assert send(way, UNKNOWN).status_code == 404
    if way != "manage":
        assert send(way, issued.token or "").status_code in {200, 201, 303, 422}


@pytest.mark.parametrize("way", ["page", "slots", "book as a program", "manage", "cancel"])
def test_the_database_is_asked_the_same(alice: Person, way: str) -> None:
    """The look-up, and the counting of the miss: as many statements, of the same text but for a digest."""

    def statements(token: str) -> list[str]:
        rate_limits.forget_all()
        with CaptureQueriesContext(connection) as asked:
            send(way, token)
        asked_of = (re.sub(r"\b[0-9a-f]{64}\b", "digest", query["sql"]) for query in asked.captured_queries)
        return [sql.partition('"s')[0] if "SAVEPOINT" in sql else sql for sql in asked_of]  # numbered

    expected = statements(UNKNOWN)
    assert len([sql for sql in expected if "digest" in sql]) >= 2
    assert [name for name, token in MALFORMED.items() if statements(token) != expected] == []


def test_who_tried_too_often_is_told_the_same_whatever_is_there(alice: Person) -> None:
    issued = make_link(alice)
    for _ in range(rate_limits.LIMITS["misses"].most):
        assert send("page", UNKNOWN).status_code == 404
    for way in ("page", "slots", "manage", "book as a form"):
        expected = told(send(way, UNKNOWN))
        assert expected[0] == 429
        assert {told(send(way, token)) for token in MALFORMED.values()} == {expected}
        assert told(send(way, issued.token or "")) == expected
