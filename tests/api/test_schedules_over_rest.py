"""Schedules over REST: made, listed, shown, changed in part, deleted when no calendar uses them."""

from __future__ import annotations

from typing import Any

import pytest

from bookonce.scheduling.models import Schedule
from tests.api.caller import Caller, call_as, is_problem
from tests.api.statements import statements
from tests.cast import Person

NIGHTS: dict[str, Any] = {
    "name": "Nights",
    "timezone": "Europe/Lisbon",
    "weekly": [
        {"days": [5, 6], "start": "22:00", "end": "02:00"},
        {"days": [1], "start": "09:00", "end": "24:00"},
    ],
    "overrides": [
        {"date": "2026-12-24", "ranges": []},
        {"date": "2026-12-31", "ranges": [{"start": "23:00", "end": "01:00"}]},
    ],
}


def by_start(schedule: dict[str, Any]) -> dict[str, Any]:
    return schedule | {"weekly": sorted(schedule["weekly"], key=lambda rule: rule["start"])}


def test_what_is_sent_comes_back(api: Caller) -> None:
    response = api.post("/schedules", NIGHTS)
    assert response.status_code == 201
    made = response.json()
    assert made["id"].startswith("sch_")
    expected = {"id": made["id"], "member": {"name": "Alice", "email": "alice@example.com"}} | NIGHTS
    assert by_start(made) == by_start(expected)
    assert api.get(f"/schedules/{made['id']}").json() == made
    again = {name: made[name] for name in NIGHTS}
    assert api.patch(f"/schedules/{made['id']}", again).json() == made, "what is shown can be sent"


def test_only_the_zone_is_needed(api: Caller) -> None:
    made = api.post("/schedules", {"timezone": "UTC"}).json()
    assert (made["name"], made["weekly"], made["overrides"]) == ("Working hours", [], [])
    assert list(is_problem(api.post("/schedules"), 422, "invalid")["errors"]) == ["timezone"]


def test_only_what_is_sent_is_changed(api: Caller, alice: Person) -> None:
    path = f"/schedules/{alice.schedule.public_id}"
    before = api.get(path).json()
    assert api.patch(path, {"name": "Studio"}).json() == before | {"name": "Studio"}
    assert api.patch(path, {"weekly": None}).json() == before | {"name": "Studio", "weekly": []}
    assert list(is_problem(api.patch(path, {"member": "x"}), 422, "invalid")["errors"]) == ["member"]


def test_a_calendar_uses_it_and_then_it_stays(api: Caller, alice: Person) -> None:
    made = api.post("/schedules", NIGHTS).json()
    calendar = f"/calendars/{alice.calendar.public_id}"
    api.patch(calendar, {"hosts": [{"member": "alice@example.com", "schedules": [made["id"]]}]})
    refusal = is_problem(api.send("DELETE", f"/schedules/{made['id']}"), 409, "conflict")
    assert "Alice's meeting" in refusal["title"]
    response = api.send("DELETE", f"/schedules/{alice.schedule.public_id}")
    assert (response.status_code, response.content) == (204, b"")
    is_problem(api.get(f"/schedules/{alice.schedule.public_id}"), 404, "not_found")
    is_problem(api.send("DELETE", f"/schedules/{alice.schedule.public_id}"), 404, "not_found")


def test_a_retry_makes_no_second_one(api: Caller) -> None:
    first = api.post("/schedules", NIGHTS, Idempotency_Key="a")
    second = api.post("/schedules", NIGHTS, Idempotency_Key="a")
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replayed"] == "true"
    assert Schedule.objects.count() == 2
    is_problem(
        api.post("/schedules", NIGHTS | {"name": "x"}, Idempotency_Key="a"), 422, "idempotency_mismatch"
    )


def test_pages_and_members(api: Caller, alice: Person, bob: Person) -> None:
    first = api.get("/schedules?limit=1").json()
    second = api.get(f"/schedules?limit=1&cursor={first['next']}").json()
    assert [page["items"][0]["id"] for page in (first, second)] == [
        alice.schedule.public_id,
        bob.schedule.public_id,
    ]
    assert second["next"] is None
    of_bob = api.get("/schedules?member=bob@example.com").json()["items"]
    assert [item["member"]["name"] for item in of_bob] == ["Bob"]
    with statements() as few:
        api.get("/schedules")
    for _ in range(4):
        api.post("/schedules", NIGHTS | {"member": "bob@example.com"})
    with statements() as many:
        assert len(api.get("/schedules").json()["items"]) == 6
    assert len(many) == len(few) == 4  # key, schedules, weekly hours, dates


def test_a_plain_member_s_key_changes_their_own(alice: Person, bob: Person) -> None:
    program = call_as(bob)
    assert program.post("/schedules", NIGHTS).json()["member"]["name"] == "Bob"
    path = f"/schedules/{alice.schedule.public_id}"
    assert program.get(path).status_code == 200
    is_problem(program.patch(path, {"name": "x"}), 403, "forbidden")
    is_problem(program.send("DELETE", path), 403, "forbidden")
    is_problem(program.post("/schedules", NIGHTS | {"member": "alice@example.com"}), 403, "forbidden")


@pytest.mark.parametrize("field", ["limit", "cursor", "kind"])
def test_a_bad_query_is_told_by_field(api: Caller, field: str) -> None:
    assert list(is_problem(api.get(f"/schedules?{field}=-1"), 422, "invalid")["errors"]) == [field]
