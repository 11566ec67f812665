"""What docs/api.md sends is taken, and the replies it shows have exactly the members of real ones."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bookonce.scheduling.models import Calendar
from bookonce.scheduling.request_link import request_link
from tests.api.caller import Caller
from tests.api.guest_client import at_now  # noqa: F401 - a fixture
from tests.cast import NOW, Person, book_through, make_link

DOCS = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
SENT = re.compile(r"-d '(\{.*?\})'", re.DOTALL)
REPLY = re.compile(r"```json\n(.*?)```", re.DOTALL)
DAY = re.compile(r"\d{4}-\d\d-\d\d\b.*")


def section(heading: str) -> str:
    """What stands under the heading, up to the next one."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", DOCS, re.MULTILINE | re.DOTALL)
    assert found, heading
    return found[1]


def example(pattern: re.Pattern[str], heading: str) -> Any:
    """The first body sent, or reply shown, under the heading."""
    found = pattern.search(section(heading))
    assert found, heading
    return json.loads(found[1])


def members(value: Any, path: str = "") -> Iterator[str]:
    """Every member with the path to it; of a list those of its first item. Days and instants are alike."""
    yield path
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from members(inner, f"{path}.{DAY.sub('day', name)}")
    elif isinstance(value, list) and value:
        yield from members(value[0], f"{path}[]")


def alike(live: Any, heading: str) -> None:
    assert set(members(live)) == set(members(example(REPLY, heading)))


def test_a_one_time_link(api: Caller, alice: Person) -> None:
    answer = api.post("/one-time-links", example(SENT, "One-time links") | {"calendar": calendar_of(alice)})
    assert answer.status_code == 201, answer.content
    own = {name: answer.json()[name] for name in ("id", "url", "calendar")}
    assert answer.json() == example(REPLY, "The link") | own


def calendar_of(person: Person) -> str:
    return person.calendar.public_id


@pytest.mark.usefixtures("at_now")
def test_a_guests_program(alice: Person) -> None:
    Calendar.objects.update(hold_minutes=10)
    link = f"/o/{make_link(alice).token}"
    listed = Client().get(f"{link}/slots?from=2026-12-01&to=2026-12-31&timezone=Europe/Berlin")
    alike(listed.json(), "Free times")
    kept = Client().post(f"{link}/hold", example(SENT, "Keep a time"), content_type="application/json")
    alike(kept.json(), "Keep a time")
    form = {"form": listed.json()["form"], "hold": kept.json()["hold"]}
    booked = Client().post(f"{link}/book", example(SENT, "Book") | form, content_type="application/json")
    assert booked.status_code == 201
    alike(booked.json(), "Book")


def test_a_message(api: Caller, alice: Person) -> None:
    path = f"/one-time-links/{make_link(alice).link.public_id}/message?times=4&timezone=America/New_York"
    alike(api.get(path).json(), "A link as a message")


def test_a_request_and_an_appointment(api: Caller, alice: Person) -> None:
    used = make_link(alice)
    book_through(used)
    request_link(used.link.pk, {"name": "Gina Guest", "email": "gina@example.org"}, now=NOW)
    alike(api.get("/link-requests").json()["items"][0], "Requests for a new link")
    alike(api.get("/appointments?status=confirmed").json(), "Appointments")


def test_a_batch(api: Caller, alice: Person) -> None:
    sent = re.search(r"^```\n(\{.*?\})\n```", section("Many at once"), re.MULTILINE | re.DOTALL)
    assert sent
    made = api.post("/one-time-links/bulk", json.loads(sent[1]) | {"calendar": calendar_of(alice)})
    assert made.status_code == 201, made.content
    alike(api.get(f"/link-batches/{made.json()['batch']}").json(), "Many at once")
    [link] = api.get("/one-time-links?external_ref=lead-1").json()["items"]
    assert link["batch"] == made.json()["batch"]


def test_a_refusal(api: Caller, alice: Person) -> None:
    refused = api.post("/one-time-links", {"calendar": calendar_of(alice), "recipient": {"email": "gina"}})
    named = refused.json()["errors"].pop("recipient.email")
    assert refused.json() | {"errors": {"recipient.email": named}} == example(REPLY, "Errors")


@pytest.mark.parametrize("heading", ["Calendars", "Calendar groups", "Schedules", "Time off"])
def test_what_is_sent_is_taken(api: Caller, alice: Person, bob: Person, heading: str) -> None:
    body = example(SENT, heading)
    if "calendars" in body:
        body["calendars"] = [calendar_of(alice), calendar_of(bob)]
    made = api.post(f"/{heading.lower().replace(' ', '-')}", body)
    assert made.status_code == 201, made.content
    assert made.json()["id"]
