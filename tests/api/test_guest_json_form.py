"""GET {link}/form: what a booking brings along; a program that goes by it books."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bookonce.scheduling.consent import set_consent_text
from bookonce.scheduling.models import Booking, Calendar
from tests.api.caller import is_problem
from tests.api.guest_client import at_now, post, slots  # noqa: F401 - a fixture
from tests.api.statements import statements, writes
from tests.cast import MONDAY_NINE, NOW, Person, book_through, make_link
from tests.groups import make_group, make_group_link
from tests.kinds import make_class
from tests.pages.every_question import TEAS, ask

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
DOCS = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
KINDS = ("short", "long", "number", "email", "phone", "choice", "several", "checkbox", "date", "url")
PLAIN = {
    "calendar": {"name": "Alice's meeting", "owner": "Alice"},
    "timezone": "Europe/Berlin",
    "durations": [30],
    "required": ["name", "email"],
    "questions": [],
    "notes": True,
    "further_guests": {"asked": "details", "most": 10},
    "places": None,
    "consent": None,
}
GIVEN = {
    "name": "Gina Guest",
    "email": "gina@example.org",
    "phone": "+49 30 1234",
    "location": "At the lake",
    "consent": True,
}
ANSWERED: dict[str, Any] = {
    "short": "Acme",
    "long": "One\nTwo",
    "number": 1.5,
    "email": "sam@example.org",
    "phone": "+49 30 1234",
    "checkbox": True,
    "date": "2026-12-24",
    "url": "https://example.org/a",
}


def form(path: str, **query: str) -> Any:
    """What GET {path}/form answers."""
    return Client().get(f"{path}/form", query)


def test_all_three_addresses_tell_the_same(alice: Person) -> None:
    Calendar.objects.update(further_guests="details", most_guests=10, asks_notes=True)
    for path in (f"/o/{make_link(alice).token}", f"/c/{alice.calendar.permanent_id}", "/atelier/alice-30"):
        assert form(path).json() == PLAIN


def test_reading_it_takes_few_statements_and_writes_nothing(alice: Person) -> None:
    ask(alice, *KINDS)
    path = f"/o/{make_link(alice).token}"
    with statements() as found:
        assert form(path).status_code == 200
    assert len(found) <= 2
    assert not writes(found)


@pytest.mark.parametrize("location_kind", ["none", "phone", "ask"])
def test_a_program_that_goes_by_it_books(alice: Person, location_kind: str) -> None:
    Calendar.objects.update(location_kind=location_kind, location="")
    ask(alice, *KINDS, required=True)
    set_consent_text(alice.calendar, "I agree to be called back.", now=NOW)
    path = f"/o/{make_link(alice).token}"
    told, listed = form(path).json(), slots(path).json()
    answers = {}
    for question in told["questions"]:
        assert question["required"]
        choices = question.get("choices", [])
        several = question["kind"] == "several"
        answers[question["key"]] = (
            (choices[:2] if several else choices[0]) if choices else ANSWERED[question["kind"]]
        )
    body = {
        "start": listed["slots"]["2026-11-30"][0],
        "form": listed["form"],
        "answers": answers,
        "duration": told["durations"][0],
        "timezone": told["timezone"],
        **{name: GIVEN[name] for name in told["required"]},
        "consent_version": told["consent"]["version"],
    }
    assert told["consent"]["text"] == "I agree to be called back."
    answer = post(path, body)
    assert answer.status_code == 201, answer.content
    kept = {one.key: one.plain for one in Booking.objects.get().answers.all()}
    assert kept["the-several"] == TEAS[:2]
    assert len(kept) == len(KINDS)
    for name in set(told["required"]) - {"name", "email"}:
        fresh = f"/o/{make_link(alice).token}"
        left = {key: value for key, value in body.items() if key != name}
        refused = is_problem(post(fresh, left | {"start": listed["slots"]["2026-11-30"][1]}), 422, "invalid")
        assert list(refused["errors"]) == [name]


def test_what_a_link_knows_of_its_recipient_is_neither_asked_for_nor_told(alice: Person) -> None:
    known: dict[str, Any] = {"recipient_name": "Sam Secret", "recipient_email": "sam@secret.example"}
    for lock, required in (("off", []), ("match", ["email"]), ("code", ["code"])):
        answer = form(f"/o/{make_link(alice, **known, email_lock=lock).token}")
        assert answer.json()["required"] == required
        assert "ecret" not in answer.content.decode()


def test_a_class_tells_its_places(alice: Person) -> None:
    make_class(alice, seats=4)
    assert form("/atelier/yoga").json()["places"] == {"most": 4}


def test_further_guests_are_counted(alice: Person) -> None:
    Calendar.objects.update(further_guests="count", most_guests=3)
    assert form("/atelier/alice-30").json()["further_guests"] == {"asked": "count", "most": 3}


def test_a_proof_is_required_where_anyone_may_book(alice: Person) -> None:
    Calendar.objects.update(proof_of_work=True)
    assert "altcha" in form("/atelier/alice-30").json()["required"]
    assert "altcha" not in form(f"/o/{make_link(alice).token}").json()["required"]


def test_a_group_tells_its_calendars_and_each_its_form(alice: Person) -> None:
    group = make_group(alice, alice.calendar, make_class(alice))
    path = f"/o/{make_group_link(alice, group).token}"
    told = form(path).json()
    assert told["group"] == {"name": "Meet us", "owner": "Atelier"}
    assert [one["name"] for one in told["calendars"]] == ["Alice's meeting", "Yoga"]
    for one in told["calendars"]:
        own = form(path, calendar=one["calendar"]).json()
        assert own["calendar"]["name"] == one["name"]
        assert own["durations"] == one["durations"]
        assert slots(path, calendar=one["calendar"]).status_code == 200
    assert list(is_problem(form(path, calendar="nothing"), 422, "invalid")["errors"]) == ["calendar"]


def test_dead_links_and_strangers_learn_nothing(alice: Person) -> None:
    issued = make_link(alice)
    book_through(issued, MONDAY_NINE)
    is_problem(form(f"/o/{issued.token}"), 410, "link_used")
    is_problem(form("/o/unknown"), 404, "not_found")
    Calendar.objects.update(one_time_only=True)
    is_problem(form("/atelier/alice-30"), 404, "not_found")
    assert Client().post(f"/o/{make_link(alice).token}/form").status_code == 405


def test_the_docs_show_these_members(alice: Person) -> None:
    ask(alice, "short", "choice")
    Calendar.objects.update(further_guests="details", most_guests=3)
    set_consent_text(alice.calendar, "Yes.", now=NOW)
    part = DOCS.partition("### What is asked\n")[2].partition("### Free times")[0]
    shown, menu = (json.loads(found) for found in re.findall(r"```json\n(.*?)```", part, re.DOTALL))
    real = form("/atelier/alice-30").json()
    assert list(shown) == list(real)
    for name in ("calendar", "further_guests", "consent"):
        assert list(shown[name]) == list(real[name])
    assert [list(one) for one in shown["questions"]] == [list(one) for one in real["questions"]]
    make_group(alice, alice.calendar)
    group = form("/atelier/meet-us").json()
    assert (list(menu), list(menu["calendars"][0])) == (list(group), list(group["calendars"][0]))
