"""A guest's browser without scripts: pages, their links and forms, at NOW."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from bookonce.booking_page import opens
from bookonce.lib import clock
from tests.cast import MONDAY_NINE, NOW

MONDAY = "2026-11-30"


@pytest.fixture
def at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands at NOW, and nothing was opened yet."""
    stop_clock(monkeypatch, NOW)
    opens.take()


def stop_clock(monkeypatch: pytest.MonkeyPatch, instant: datetime) -> None:
    """Let the clock stand still."""
    monkeypatch.setattr(clock, "now", lambda: instant)


@dataclass
class Page(HTMLParser):
    """What a page holds: its forms' fields (but those of the choice of a language), its links, its words."""

    html: str
    fields: dict[str, str] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    words: str = ""
    of_languages: bool = False  # whether it stands in that form

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)
        self.feed(self.html)
        self.words = re.sub(r"\s+", " ", self.words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        named = tag == "input" and given.get("name") and not self.of_languages
        if named and given.get("type") != "radio":
            self.fields[str(given["name"])] = given.get("value") or ""
        if tag == "a":
            self.links.append(given.get("href") or "")
        if tag == "form":
            self.of_languages = given.get("class") == "language-list"
            self.actions.append(given.get("action") or "")

    def handle_data(self, data: str) -> None:
        self.words += data


def read(response: Any) -> Page:
    """The page of a response."""
    return Page(response.content.decode())


def details(path: str, client: Client, start: str = MONDAY_NINE, **query: str) -> Page:
    """The details step for this start."""
    response = client.get(path, {"start": start, "timezone": "Europe/Berlin"} | query)
    assert response.status_code == 200
    return read(response)


def send(path: str, client: Client, form: dict[str, Any]) -> Any:
    """POST a form as browsers do."""
    from urllib.parse import urlencode

    return client.post(path, urlencode(form, doseq=True), content_type="application/x-www-form-urlencoded")


def book_page(path: str, client: Client, start: str = MONDAY_NINE, **changes: Any) -> Any:
    """Fill in the details step and send it."""
    form = details(path, client, start).fields | {"name": "Gina Guest", "email": "gina@example.org"} | changes
    return send(f"{path}/book", client, form)
