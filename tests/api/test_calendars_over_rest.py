"""Calendars over REST: made, listed, shown, changed, paused."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookonce.scheduling.calendars import set_deleted
from bookonce.scheduling.models import Calendar
from tests.api.caller import Caller, is_problem
from tests.cast import NOW, Person, book_through, make_link

ASKS_NOTHING = {
    "questions": [],
    "asks_notes": True,
    "further_guests": "details",
    "most_guests": 10,
    "consent_text": "",
}


def shown_host(person: Person, *, priority: int = 0, weight: int = 1) -> dict[str, Any]:
    """A host in their own hours."""
    who = {"name": person.user.name, "email": person.user.email}
    return who | {"schedules": [person.schedule.public_id], "priority": priority, "weight": weight}


def test_a_calendar_of_the_key_s_member(api: Caller, alice: Person) -> None:
    response = api.post("/calendars", {"name": "Intro call", "durations": [30, 60]})
    assert response.status_code == 201
    calendar = response.json()
    made = Calendar.objects.get(public_id=calendar["id"])
    assert calendar == {
        "id": made.public_id,
        "name": "Intro call",
        "slug": "intro-call",
        "description": "",
        "kind": "one_on_one",
        "durations": [30, 60],
        "interval": 30,
        **dict.fromkeys(("buffer_before", "buffer_after", "notice"), 0),
        "horizon_days": 365,
        "horizon_working_days": None,
        "window": None,
        **dict.fromkeys(("per_day", "per_week", "per_month"), None),
        "look_busy": 0,
        "one_per_email": False,
        "hold_minutes": 0,
        "location": {"kind": "none", "value": ""},
        "one_time_only": False,
        "embed_origins": [],
        "embeds_one_time_links": False,
        "guests_may_cancel": True,
        "cancel_cutoff": 0,
        "guests_may_reschedule": True,
        "reschedule_cutoff": 0,
        "most_reschedules": None,
        "reopens_on_cancel": False,
        "needs_approval": False,
        "answer_within": 1440,
        "proof_of_work": False,
        "contact_text": "",
        "next_steps": "",
        "redirect_url": "",
        "searchable": False,
        "paused": False,
        "timezone": "Europe/Berlin",
        "seats": None,
        "shows_seats_left": False,
        "distribution": "availability",
        "keeps_host": True,
        "guests_choose_host": False,
        "layout": "month",
        "language": None,
        "look": None,
        **ASKS_NOTHING,
        "repeats": None,
        "repeat_count": None,
        "hosts": [shown_host(alice)],
        "scheduling_link": calendar["scheduling_link"],
        "permanent_link": calendar["permanent_link"],
        "created_at": "2026-11-23T08:00:00Z",
    }
    assert calendar["scheduling_link"].endswith("/atelier/intro-call")
    assert calendar["permanent_link"].endswith(f"/c/{made.permanent_id}")
    assert api.get(f"/calendars/{calendar['id']}").json() == calendar


def test_head_answers_like_get_without_a_body(api: Caller, alice: Person) -> None:
    for path in ("/calendars", f"/calendars/{alice.calendar.public_id}", "/one-time-links", "/appointments"):
        head = api.send("HEAD", path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["Content-Type"] == api.get(path).headers["Content-Type"]
    assert api.send("HEAD", "/calendars/cal_aaaaaaaaaaaaaaaa").status_code == 404


def test_every_setting_is_kept(api: Caller, bob: Person) -> None:
    settings = {
        "name": "Visit",
        "slug": "a-visit",
        "description": "At home.\nBring cake.",
        "durations": [45],
        "interval": 15,
        "buffer_before": 5,
        "buffer_after": 10,
        "notice": 120,
        "horizon_days": 30,
        "location": {"kind": "place", "value": "Lindenstraße 1"},
        "one_time_only": True,
        "embed_origins": ["https://*.example.org", "https://example.com"],
        "embeds_one_time_links": True,
        "guests_may_cancel": False,
        "cancel_cutoff": 60,
        "guests_may_reschedule": True,
        "reschedule_cutoff": 120,
        "most_reschedules": 3,
        "reopens_on_cancel": True,
        "needs_approval": True,
        "answer_within": 2880,
        "proof_of_work": True,
        "contact_text": "Call us.",
        "paused": True,
    }
    body = settings | {"host": "bob@example.com", "schedule": bob.schedule.public_id}
    calendar = api.post("/calendars", body).json()
    assert {name: calendar[name] for name in settings} == settings
    assert calendar["hosts"] == [shown_host(bob)]


def test_a_calendar_by_one_time_link_only_has_no_lasting_address(api: Caller, alice: Person) -> None:
    path = f"/calendars/{alice.calendar.public_id}"
    calendar = api.patch(path, {"one_time_only": True}).json()
    assert (calendar["scheduling_link"], calendar["permanent_link"]) == (None, None)
    assert api.patch(path, {"one_time_only": False}).json()["permanent_link"]


def test_only_what_is_sent_is_changed(api: Caller, alice: Person) -> None:
    path = f"/calendars/{alice.calendar.public_id}"
    before = api.get(path).json()
    changes = {"name": "Renamed", "notice": 60, "horizon_days": None}
    assert api.patch(path, changes).json() == before | changes
    assert api.patch(path, {}).json() == before | changes


def test_a_calendar_is_paused_and_resumed(api: Caller, alice: Person) -> None:
    path = f"/calendars/{alice.calendar.public_id}"
    issued = make_link(alice)
    assert api.patch(path, {"paused": True}).json()["paused"] is True
    assert api.get(f"/one-time-links/{issued.link.public_id}").json()["state"] == "paused"
    assert api.patch(path, {"paused": False}).json()["paused"] is False
    book_through(issued)


def test_a_slug_that_is_taken_is_refused(api: Caller, alice: Person, bob: Person) -> None:
    path = f"/calendars/{alice.calendar.public_id}"
    for response in (
        api.patch(path, {"slug": "bob-30"}),
        api.post("/calendars", {"name": "x", "slug": "bob-30", "durations": [30]}),
    ):
        assert list(is_problem(response, 422, "invalid")["errors"]) == ["slug"]
    assert Calendar.objects.count() == 2


def test_what_is_missing_is_named(api: Caller) -> None:
    assert set(is_problem(api.post("/calendars"), 422, "invalid")["errors"]) == {"name", "durations"}


def test_deleted_calendars_are_not_there(api: Caller, alice: Person, bob: Person) -> None:
    set_deleted(alice.calendar, deleted=True, now=NOW)
    assert [item["id"] for item in api.get("/calendars").json()["items"]] == [bob.calendar.public_id]
    path = f"/calendars/{alice.calendar.public_id}"
    is_problem(api.get(path), 404, "not_found")
    is_problem(api.patch(path, {"name": "x"}), 404, "not_found")


def test_pages_in_the_order_they_were_made(api: Caller, alice: Person, bob: Person) -> None:
    first = api.get("/calendars?limit=1").json()
    second = api.get(f"/calendars?limit=1&cursor={first['next']}").json()
    assert [page["items"][0]["id"] for page in (first, second)] == [
        alice.calendar.public_id,
        bob.calendar.public_id,
    ]
    assert second["next"] is None


def test_a_page_takes_a_fixed_number_of_statements(api: Caller, alice: Person) -> None:
    for number in range(5):
        api.post("/calendars", {"name": f"Number {number}", "durations": [30]})
    with CaptureQueriesContext(connection) as statements:
        assert len(api.get("/calendars").json()["items"]) == 6
    assert len(statements) == 7  # key, calendars, hosts, their schedules, origins, questions, consents


@pytest.mark.parametrize("field", ["limit", "cursor", "kind"])
def test_a_bad_query_is_told_by_field(api: Caller, field: str) -> None:
    assert list(is_problem(api.get(f"/calendars?{field}=-1"), 422, "invalid")["errors"]) == [field]


def test_deleting_closes_its_links_and_restoring_revives_them(api: Caller, alice: Person) -> None:
    path = f"/calendars/{alice.calendar.public_id}"
    shown = api.get(path).json()
    link = api.post("/one-time-links", {"calendar": alice.calendar.public_id}).json()
    assert list(is_problem(api.send("DELETE", path, {"x": 1}), 422, "invalid")["errors"]) == ["x"]
    assert api.send("DELETE", path).status_code == 204
    is_problem(api.get(path), 404, "not_found")
    is_problem(api.send("DELETE", path), 404, "not_found")
    assert api.get("/calendars").json()["items"] == []
    assert api.get(f"/one-time-links/{link['id']}").json()["state"] == "calendar_deleted"
    assert list(is_problem(api.post(f"{path}/restore", {"x": 1}), 422, "invalid")["errors"]) == ["x"]
    for _ in range(2):
        answer = api.post(f"{path}/restore", {}, Idempotency_Key="again")
        assert answer.json() == shown
    assert answer.headers["Idempotent-Replayed"] == "true"
    assert api.get(f"/one-time-links/{link['id']}").json()["state"] == "active"
