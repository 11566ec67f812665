"""The examples of calendars in docs/api.md, as they stand there, make calendars."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.api.caller import Caller
from tests.cast import Person

DOCS = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
KINDS = DOCS.partition("#### Kinds")[2].partition("### ")[0]
EXAMPLES: list[dict[str, Any]] = [
    json.loads(found) for found in re.findall(r"```json\n(.*?)```", KINDS, re.DOTALL)
]


def test_there_is_one_of_each_kind() -> None:
    assert [example["kind"] for example in EXAMPLES] == ["one_on_one", "round_robin", "collective", "class"]


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["kind"] for example in EXAMPLES])
def test_an_example_makes_what_it_says(
    api: Caller, alice: Person, bob: Person, example: dict[str, Any]
) -> None:
    response = api.post("/calendars", example)
    assert response.status_code == 201, response.content
    made = response.json()
    settings = {name: value for name, value in example.items() if name != "hosts"}
    assert {name: made[name] for name in settings} == settings
    wanted = [host if isinstance(host, str) else host["member"] for host in example["hosts"]]
    assert [host["email"] for host in made["hosts"]] == wanted
    for host, given in zip(made["hosts"], example["hosts"], strict=True):
        said = given if isinstance(given, dict) else {}
        assert (host["priority"], host["weight"]) == (said.get("priority", 0), said.get("weight", 1))
        assert len(host["schedules"]) == 1


@pytest.mark.parametrize(
    ("field", "value", "after_null"),
    [
        ("per_day", 3, None),
        ("per_week", 3, None),
        ("per_month", 3, None),
        ("horizon_days", 30, None),
        ("horizon_working_days", 10, None),
        ("window", {"from": "2026-12-01", "to": None}, None),
        ("look_busy", 20, 0),
        ("notice", 60, 0),
        ("buffer_before", 5, 0),
        ("one_per_email", True, False),
        ("shows_seats_left", True, False),
        ("keeps_host", False, True),
        ("guests_choose_host", True, False),
        ("layout", "week", "month"),
        ("language", "zh-Hans", None),
        ("distribution", "equal", "availability"),
        ("description", "Tea.", ""),
        ("interval", 45, 45),
        ("kind", "collective", "collective"),
        ("location", {"kind": "phone", "value": ""}, {"kind": "phone", "value": ""}),
    ],
)
def test_null_sets_back_as_the_docs_say(
    api: Caller, alice: Person, field: str, value: object, after_null: object
) -> None:
    path = f"/calendars/{alice.calendar.public_id}"
    assert api.patch(path, {field: value}).json()[field] == value
    assert api.patch(path, {field: None}).json()[field] == after_null


def test_the_horizon_is_one_of_two(api: Caller, alice: Person) -> None:
    path = f"/calendars/{alice.calendar.public_id}"
    api.patch(path, {"horizon_working_days": 10})
    assert api.get(path).json()["horizon_days"] is None
    api.patch(path, {"horizon_days": 20})
    assert api.get(path).json()["horizon_working_days"] is None


def test_seats_are_kept_and_refused(api: Caller, alice: Person) -> None:
    path = f"/calendars/{alice.calendar.public_id}"
    assert list(api.patch(path, {"seats": 5}).json()["errors"]) == ["seats"]
    assert api.patch(path, {"kind": "class"}).json()["seats"] == 10
    assert api.patch(path, {"seats": 9999}).json()["seats"] == 9999
    assert api.patch(path, {"seats": None}).json()["seats"] == 9999
    assert api.patch(path, {"kind": "one_on_one"}).json()["seats"] is None
