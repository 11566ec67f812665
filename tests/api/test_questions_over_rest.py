"""Questions over REST, the calendars that ask them, and what bookings tell of the answers."""

from __future__ import annotations

from typing import Any

import pytest

from bookonce.scheduling.models import Calendar, ConsentText
from tests.api.caller import Caller, is_problem
from tests.api.guest_client import post
from tests.cast import Person, guest

TEA = {"label": "Which tea?", "kind": "choice", "choices": ["Green", "Black"], "help": "We brew it."}


def make(api: Caller, **changes: Any) -> dict[str, Any]:
    answer = api.post("/questions", TEA | changes)
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


@pytest.mark.usefixtures("alice")
def test_the_life_of_a_question(api: Caller) -> None:
    made = make(api)
    path = f"/questions/{made['id']}"
    assert made == TEA | {"id": made["id"], "key": "which-tea", "created_at": made["created_at"]}
    assert api.get(path).json() == made
    changed = api.patch(path, {"label": "Tea?", "choices": ["Mint", "Green"]}).json()
    assert (changed["label"], changed["choices"], changed["key"]) == ("Tea?", ["Mint", "Green"], "which-tea")
    assert list(is_problem(api.patch(path, {"key": "tea"}), 422, "invalid")["errors"]) == ["key"]
    assert api.send("DELETE", path).status_code == 204
    assert api.get("/questions").json() == {"items": [], "next": None}
    is_problem(api.get(path), 404, "not_found")
    assert api.post(f"{path}/restore").json()["id"] == made["id"]
    assert api.get(path).status_code == 200


def test_a_list_goes_on_after_a_page(api: Caller, alice: Person) -> None:
    keys = [make(api)["key"] for _ in range(3)]
    first = api.get("/questions?limit=2").json()
    rest = api.get(f"/questions?limit=2&cursor={first['next']}").json()
    assert [one["key"] for one in first["items"] + rest["items"]] == keys
    assert rest["next"] is None


def test_a_calendar_asks_by_id_or_key_and_bookings_tell(api: Caller, alice: Person) -> None:
    tea, size = make(api), make(api, label="Size", kind="number", choices=[])
    path = f"/calendars/{alice.calendar.public_id}"
    wanted = [{"question": size["key"]}, {"question": tea["id"], "required": True}]
    settings = {
        "questions": wanted,
        "consent_text": "You may call me.",
        "asks_notes": False,
        "further_guests": "count",
        "most_guests": 3,
    }
    shown = api.patch(path, settings).json()
    assert {name: shown[name] for name in settings} == settings | {
        "questions": [
            {"question": size["id"], "key": "size", "required": False},
            {"question": tea["id"], "key": "which-tea", "required": True},
        ]
    }
    assert api.get(path).json() == shown
    given: dict[str, Any] = {"answers": {"which-tea": "Black", "size": 4}, "consent": True, "guest_count": 2}
    assert post("/atelier/alice-30", guest(**given)).status_code == 201
    booking = api.get("/appointments").json()["items"][0]["bookings"][0]
    assert booking["answers"] == {"size": "4", "which-tea": "Black"}
    assert (booking["guests"], booking["guest_count"]) == ([], 2)
    consent = booking["consent"]
    assert (consent["text"], consent["version"]) == ("You may call me.", 1)
    assert (consent["address"], consent["page"]) == ("127.0.0.1", "/atelier/alice-30")


def test_null_sets_back_and_what_is_not_sent_stays(api: Caller, alice: Person) -> None:
    make(api)
    path = f"/calendars/{alice.calendar.public_id}"
    api.patch(path, {"questions": [{"question": "which-tea"}], "consent_text": "Yes.", "asks_notes": False})
    kept = api.patch(path, {"name": "Tea"}).json()
    assert (len(kept["questions"]), kept["consent_text"], kept["asks_notes"]) == (1, "Yes.", False)
    nulls = dict.fromkeys(["questions", "consent_text", "asks_notes", "further_guests", "most_guests"])
    back = api.patch(path, nulls).json()
    assert {name: back[name] for name in nulls} == {
        "questions": [],
        "consent_text": "",
        "asks_notes": True,
        "further_guests": "details",
        "most_guests": 10,
    }
    assert ConsentText.objects.filter(retired_at=None).count() == 0


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"questions": [{"question": "nobody"}]}, "questions"),
        ({"questions": [{"question": "which-tea"}, {"question": "which-tea"}]}, "questions"),
        ({"questions": ["which-tea"]}, "questions"),
        ({"questions": [{"question": "which-tea", "required": "perhaps"}]}, "questions.0.required"),
        ({"questions": [{"key": "which-tea"}]}, "questions.0.key"),
        ({"questions": [{}]}, "questions.0.question"),
        ({"consent_text": "<b>Yes</b>"}, "consent_text"),
        ({"most_guests": 21}, "most_guests"),
        ({"further_guests": "many"}, "further_guests"),
    ],
)
def test_odd_forms_are_told_by_field(api: Caller, alice: Person, sent: dict[str, Any], field: str) -> None:
    make(api)
    version = Calendar.objects.get(pk=alice.calendar.pk).version
    answer = api.patch(f"/calendars/{alice.calendar.public_id}", sent)
    assert field in is_problem(answer, 422, "invalid")["errors"]
    assert Calendar.objects.get(pk=alice.calendar.pk).version == version


def test_a_new_calendar_can_ask_from_the_start(api: Caller, alice: Person) -> None:
    make(api)
    sent = {
        "name": "Tea",
        "durations": [30],
        "questions": [{"question": "which-tea"}],
        "consent_text": "Yes.",
    }
    made = api.post("/calendars", sent).json()
    assert ([one["key"] for one in made["questions"]], made["consent_text"]) == (["which-tea"], "Yes.")
