"""A one-time link as a message over REST."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookonce.scheduling.models import OneTimeLink
from bookonce.scheduling.revoke_link import revoke_link
from tests.api.caller import Caller, is_problem
from tests.cast import NOW, Person, book_through, make_link


def path(person: Person, query: str = "", **options: Any) -> str:
    return f"/one-time-links/{make_link(person, **options).link.public_id}/message{query}"


def test_text_html_and_times_are_one_message(api: Caller, alice: Person) -> None:
    answer = api.get(path(alice, "?times=3&timezone=America/New_York", recipient_name="Sam <Okafor>"))
    assert answer.status_code == 200
    message = answer.json()
    assert message["subject"] == "Alice's meeting with Alice"
    assert (message["timezone"], message["duration"]) == ("America/New_York", 30)
    assert message["text"].startswith("Hello Sam <Okafor>,\n\nWhich of these times suits you?\n")
    assert "Sam &lt;Okafor&gt;" in message["html"]
    assert "New York time (UTC-5)" in message["text"]
    assert len(message["times"]) == 3
    for time in message["times"]:
        assert time["url"] in message["text"]
        assert time["url"].replace("&", "&amp;") in message["html"]
        query = parse_qs(urlsplit(time["url"]).query)
        assert query["start"] == [time["start"].removesuffix(":00Z") + "Z"]
        assert (query["duration"], query["timezone"]) == (["30"], ["America/New_York"])


def test_each_address_opens_the_form_at_its_time(api: Caller, alice: Person) -> None:
    message = api.get(path(alice)).json()
    assert len(message["times"]) == 4
    for time in message["times"]:
        parts = urlsplit(time["url"])
        page = Client().get(f"{parts.path}?{parts.query}").content.decode()
        assert "Your details" in page


def test_the_link_alone(api: Caller, alice: Person) -> None:
    message = api.get(path(alice, "?times=0")).json()
    assert message["times"] == []
    assert "/o/" in message["text"]
    assert "start=" not in message["text"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?times=1", "times"),
        ("?times=7", "times"),
        ("?times=many", "times"),
        ("?timezone=Mars", "timezone"),
        ("?timezone=%00", "timezone"),
        ("?duration=45", "duration"),
        ("?time=3", "time"),
    ],
)
def test_what_makes_no_sense_is_told_by_field(api: Caller, alice: Person, query: str, field: str) -> None:
    assert list(is_problem(api.get(path(alice, query)), 422, "invalid")["errors"]) == [field]


def test_a_dead_link_has_no_message(api: Caller, alice: Person) -> None:
    used, revoked, expired = (make_link(alice) for _ in range(3))
    book_through(used)
    revoke_link(revoked.link.pk, by=alice.actor, now=NOW)
    OneTimeLink.objects.filter(pk=expired.link.pk).update(expires_at=NOW - timedelta(hours=1))
    for issued in (used, revoked, expired):
        is_problem(api.get(f"/one-time-links/{issued.link.public_id}/message"), 409, "conflict")


def test_statements(api: Caller, alice: Person) -> None:
    asked = path(alice)
    api.get(asked)
    with CaptureQueriesContext(connection) as captured:
        api.get(asked)
    assert len(captured) <= 6  # key, link, state, offer, hours, time
