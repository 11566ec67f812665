"""Guests' pages travel compressed; owner's pages, and the page for what isn't there, as they are."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client

from tests.cast import Person, make_link

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


@pytest.fixture
def browser() -> Client:
    """A browser that takes compressed pages."""
    return Client(headers={"accept-encoding": "gzip, deflate, br"})


def test_a_booking_page(alice: Person, browser: Client, client: Client) -> None:
    path = f"/o/{make_link(alice).token}"
    sent = browser.get(path)
    assert sent.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in sent.headers["Vary"]
    plain = client.get(path)
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(sent.content) == plain.content
    assert int(sent.headers["Content-Length"]) == len(sent.content) < len(plain.content) / 3


def test_its_length_tells_nothing(alice: Person, browser: Client) -> None:
    """Random bytes keep whoever guesses at a secret in the page from reading the guess off the length."""
    path = f"/o/{make_link(alice).token}"
    assert len({len(browser.get(path).content) for _ in range(20)}) > 5


def test_owners_pages_are_not(alice: Person, browser: Client) -> None:
    browser.force_login(alice.user)
    for path in ("/app/calendars/", "/app/links/", "/app/sign-in/"):
        assert "Content-Encoding" not in browser.get(path, follow=True).headers


def test_the_page_for_what_is_not_there_is_not(alice: Person, browser: Client) -> None:
    for path in ("/o/nothing", "/m/nothing", "/atelier/nothing", "/nothing"):
        answer = browser.get(path)
        assert answer.status_code == 404
        assert "Content-Encoding" not in answer.headers


def test_answers_for_programs_are_not(alice: Person, browser: Client) -> None:
    path = f"/o/{make_link(alice).token}/slots"
    window = {"from": "2026-11-30", "to": "2026-12-20", "timezone": "Europe/Berlin"}
    assert "Content-Encoding" not in browser.get(path, window).headers
