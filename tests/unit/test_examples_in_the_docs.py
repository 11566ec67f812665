"""Every example in docs/slots.md is true."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bookonce.scheduling.dry_run import answer
from bookonce.scheduling.why_not_offered import Rule
from tests.check.source import ROOT

PAGE = (ROOT / "docs" / "slots.md").read_text()
BERLIN = ZoneInfo("Europe/Berlin")
BASE = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
LINE = re.compile(
    r"^\| (?P<name>[^|]+) \| (?P<words>[^|]+) \| `(?P<example>\{.*\})` \| (?P<told>[^|]+) \|$", re.MULTILINE
)
BAD = re.compile(r"^\| `(?P<example>\{.*\})` \| `(?P<told>[^|]+)` \|$", re.MULTILINE)
LINES = [found.groupdict() for found in LINE.finditer(PAGE)]
OFFERED = [line for line in LINES if not line["name"].startswith("`")]
EXPLAINED = [line for line in LINES if line["name"].startswith("`")]


def rule_set(example: str) -> dict[str, Any]:
    """The file that an example stands for."""
    assert BASE
    case: dict[str, Any] = json.loads(BASE[1])
    changes: dict[str, Any] = json.loads(example)
    host = case["hosts"][0]
    if "second" in changes:
        case["hosts"].append(host | {"id": "bob"} | changes.pop("second"))
    case["hosts"][0] = host | changes.pop("host", {})
    if "on" in changes:
        days = [date.fromisoformat(day) for day in changes.pop("on")]
        changes["window"] = {"start": midnight(days[0]), "end": midnight(days[-1] + timedelta(days=1))}
    for one in case["hosts"]:
        one["busy"] = [times(text) for text in one.get("busy", ())]
        one["appointments"] = [
            {key: value for key, value in entry.items() if key != "at"} | times(entry["at"])
            for entry in one.get("appointments", ())
        ]
    return case | changes


def midnight(day: date) -> str:
    return datetime(day.year, day.month, day.day, tzinfo=BERLIN).astimezone(UTC).isoformat()


def times(text: str) -> dict[str, str]:
    start, end = (f"2026-12-01T{clock}:00+01:00" for clock in text.split("-"))
    return {"start": start, "end": end}


def clocks(instants: list[str]) -> str:
    """As the page shows them: Berlin's clock, with weekdays when there are several days or others."""
    local = [datetime.fromisoformat(instant).astimezone(BERLIN) for instant in instants]
    words: list[str] = []
    for number, start in enumerate(local):
        if number == 0 or start.date() != local[number - 1].date():
            words.append(f"{start:%a}")
        words.append(f"{start:%H:%M}")
    return " ".join(words) or "none"


@pytest.mark.parametrize("line", OFFERED, ids=lambda line: line["name"])
def test_the_offered_starts_are_those_of_the_table(line: dict[str, str]) -> None:
    found = answer(rule_set(line["example"]))
    assert "error" not in found, found
    shown = clocks(found["slots"])
    assert line["told"] in (shown, shown.removeprefix("Tue ").removeprefix("Sun "))


@pytest.mark.parametrize("line", EXPLAINED, ids=lambda line: line["name"])
def test_the_rule_named_is_that_of_the_table(line: dict[str, str]) -> None:
    found = answer(rule_set(line["example"]), explain=True)
    named = [start for start, why in found["explain"].items() if why["rule"] == line["name"].strip("`")]
    assert clocks(named).removeprefix("Tue ") == line["told"]


def test_every_rule_name_is_explained() -> None:
    named = {line["name"].strip("`") for line in EXPLAINED} | {"limit per week", "limit per month"}
    assert named == {rule.value for rule in Rule}


@pytest.mark.parametrize("found", [f.groupdict() for f in BAD.finditer(PAGE)], ids=lambda f: f["told"][:40])
def test_bad_rules_are_told_as_in_the_table(found: dict[str, str]) -> None:
    errors = answer(rule_set(found["example"]))["error"]["errors"]
    field, _, sentence = found["told"].partition(": ")
    assert errors == {field: [sentence]}


def test_the_table_was_read() -> None:
    assert (len(OFFERED), len(EXPLAINED), len(BAD.findall(PAGE))) == (50, 15, 11)
