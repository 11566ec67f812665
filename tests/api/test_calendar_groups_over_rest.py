"""Calendar groups over REST, and one-time links to them."""

from __future__ import annotations

from typing import Any

import pytest

from bookonce.scheduling.models import CalendarGroup, OneTimeLink
from tests.api.caller import Caller, is_problem
from tests.api.statements import statements
from tests.cast import MONDAY_NINE, Person, guest
from tests.groups import make_group


@pytest.fixture
def group(api: Caller, alice: Person, bob: Person) -> dict[str, Any]:
    """As REST made it."""
    wanted = {"name": "Meet us", "calendars": [bob.calendar.public_id, alice.calendar.public_id]}
    response = api.post("/calendar-groups", wanted)
    assert response.status_code == 201
    made: dict[str, Any] = response.json()
    return made


def test_what_is_sent_comes_back(api: Caller, group: dict[str, Any], alice: Person, bob: Person) -> None:
    kept = CalendarGroup.objects.get()
    assert group == {
        "id": kept.public_id,
        "name": "Meet us",
        "slug": "meet-us",
        "description": "",
        "calendars": [bob.calendar.public_id, alice.calendar.public_id],
        "one_time_only": False,
        "contact_text": "",
        "paused": False,
        "scheduling_link": "http://localhost:8000/atelier/meet-us",
        "permanent_link": f"http://localhost:8000/c/{kept.permanent_id}",
        "created_at": group["created_at"],
    }
    assert api.get(f"/calendar-groups/{group['id']}").json() == group
    assert api.get("/calendar-groups").json() == {"items": [group], "next": None}


def test_only_what_is_sent_is_changed(api: Caller, group: dict[str, Any], alice: Person) -> None:
    path = f"/calendar-groups/{group['id']}"
    changed = api.patch(path, {"calendars": [alice.calendar.public_id], "paused": True}).json()
    assert changed == group | {"calendars": [alice.calendar.public_id], "paused": True}
    hidden = api.patch(path, {"one_time_only": True, "paused": False}).json()
    assert (hidden["scheduling_link"], hidden["permanent_link"]) == (None, None)
    assert hidden["calendars"] == [alice.calendar.public_id]


def test_a_slug_of_a_calendar_is_taken(api: Caller, group: dict[str, Any], alice: Person) -> None:
    wanted = {"name": "Other", "slug": alice.calendar.slug}
    assert list(is_problem(api.post("/calendar-groups", wanted), 422, "invalid")["errors"]) == ["slug"]
    taken = api.patch(f"/calendars/{alice.calendar.public_id}", {"slug": group["slug"]})
    assert list(is_problem(taken, 422, "invalid")["errors"]) == ["slug"]


def test_deleting_closes_its_links_and_restoring_revives_them(api: Caller, group: dict[str, Any]) -> None:
    path = f"/calendar-groups/{group['id']}"
    link = api.post("/one-time-links", {"group": group["id"]}).json()
    assert api.send("DELETE", path).status_code == 204
    is_problem(api.get(path), 404, "not_found")
    assert api.get("/calendar-groups").json()["items"] == []
    assert api.get(f"/one-time-links/{link['id']}").json()["state"] == "calendar_deleted"
    is_problem(api.post("/one-time-links", {"group": group["id"]}), 410, "calendar_deleted")
    for _ in range(2):
        answer = api.post(f"{path}/restore", {}, Idempotency_Key="again")
        assert answer.json() == group
    assert answer.headers["Idempotent-Replayed"] == "true"
    assert api.get(f"/one-time-links/{link['id']}").json()["state"] == "active"


def test_a_link_leads_to_a_calendar_or_a_group_and_says_which(
    api: Caller, group: dict[str, Any], alice: Person
) -> None:
    to_group = api.post("/one-time-links", {"group": group["id"]}).json()
    to_calendar = api.post("/one-time-links", {"calendar": alice.calendar.public_id}).json()
    assert (to_group["calendar"], to_group["group"]) == (None, group["id"])
    assert (to_calendar["calendar"], to_calendar["group"]) == (alice.calendar.public_id, None)
    both = {"calendar": alice.calendar.public_id, "group": group["id"]}
    for body, field in ((both, "group"), ({}, "calendar"), ({"group": alice.calendar.public_id}, "group")):
        refused = is_problem(api.post("/one-time-links", body), 422, "invalid")
        assert list(refused["errors"]) == [field]
    listed = api.get(f"/one-time-links?group={group['id']}").json()["items"]
    assert listed == [to_group]
    path = f"/one-time-links/{to_group['id']}"
    assert api.patch(path, {"label": "Sam", "expires_at": "2026-12-24"}).json()["label"] == "Sam"
    for field, value in (("group", group["id"]), ("durations", [30]), ("host", "bob@example.com")):
        assert list(is_problem(api.patch(path, {field: value}), 422, "invalid")["errors"]) == [field]


def test_many_links_to_a_group(api: Caller, group: dict[str, Any]) -> None:
    rows = [{"recipient": {"email": f"guest{number}@example.org"}} for number in range(3)]
    made = api.post("/one-time-links/bulk", {"group": group["id"], "links": rows})
    assert made.status_code == 201
    assert len(made.json()["items"]) == 3
    assert OneTimeLink.objects.filter(group__public_id=group["id"], calendar=None).count() == 3
    refused = api.post("/one-time-links/bulk", {"group": group["id"], "links": [{"durations": [30]}]})
    assert list(is_problem(refused, 422, "invalid")["errors"]) == ["links.0.durations"]


def test_a_guest_books_one_of_its_calendars_by_json(
    api: Caller, group: dict[str, Any], alice: Person
) -> None:
    path = api.post("/one-time-links", {"group": group["id"]}).json()["url"].partition(":8000")[2]
    days = "from=2026-11-30&to=2026-11-30"
    client: Any = api.client
    refused = is_problem(client.get(f"{path}/slots?{days}"), 422, "invalid")
    assert list(refused["errors"]) == ["calendar"]
    listed = client.get(f"{path}/slots?{days}&calendar={alice.calendar.public_id}").json()
    assert MONDAY_NINE in listed["slots"]["2026-11-30"]
    sent = guest() | {"form": listed["form"]}
    refused = is_problem(client.post(f"{path}/book", sent, content_type="application/json"), 422, "invalid")
    assert list(refused["errors"]) == ["calendar"]
    sent["calendar"] = alice.calendar.public_id
    booked = client.post(f"{path}/book", sent, content_type="application/json")
    assert booked.status_code == 201
    assert booked.json()["calendar"] == {"name": "Alice's meeting", "owner": "Alice"}
    for calendar in group["calendars"]:
        is_problem(client.get(f"{path}/slots?{days}&calendar={calendar}"), 410, "link_used")
    is_problem(client.get(f"{path}/slots?{days}"), 410, "link_used")


def test_a_list_takes_the_same_number_of_statements_whatever_it_holds(
    api: Caller, group: dict[str, Any], alice: Person
) -> None:
    with statements() as few:
        api.get("/calendar-groups")
    for number in range(5):
        make_group(alice, alice.calendar, slug=f"group-{number}")
    with statements() as many:
        assert len(api.get("/calendar-groups").json()["items"]) == 6
    assert len(many) == len(few)
