"""One-time links over REST: made, listed, shown, changed, revoked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookonce.scheduling.calendars import set_deleted, set_paused
from bookonce.scheduling.models import OneTimeLink
from tests.api.caller import Caller, call_as, is_problem
from tests.cast import MONDAY_NINE, NOW, Person, book_through, make_link


def test_a_link_with_nothing_but_its_calendar(api: Caller, alice: Person) -> None:
    response = api.post("/one-time-links", {"calendar": alice.calendar.public_id})
    assert response.status_code == 201
    link = response.json()
    token = link["url"].rsplit("/o/", 1)[1]
    assert len(token) == 32
    assert link == {
        "id": OneTimeLink.objects.get().public_id,
        "url": link["url"],
        "state": "active",
        "label": "",
        "recipient": None,
        "email_lock": "off",
        "calendar": alice.calendar.public_id,
        "group": None,
        "expires_at": None,
        "not_before": None,
        "max_bookings": 1,
        "spent": 0,
        "window": None,
        "durations": [],
        "slots": [],
        "hold_slots": False,
        "host": None,
        "location": None,
        "most_places": None,
        "guests_may_cancel": None,
        "cancel_cutoff": None,
        "guests_may_reschedule": None,
        "reschedule_cutoff": None,
        "most_reschedules": None,
        "reopens_on_cancel": None,
        "contact_text": "",
        "metadata": {},
        "external_ref": None,
        "opened": {"people": 0, "bots": 0, "first": None, "last": None},
        "bookings": [],
        "parent": None,
        "batch": None,
        "created_at": "2026-11-23T08:00:00Z",
        "created_by": {"name": "Alice", "email": "alice@example.com"},
    }
    assert OneTimeLink.objects.get().created_via == "api"
    assert api.get(f"/one-time-links/{link['id']}").json() == link


def test_every_option_is_kept(api: Caller, alice: Person) -> None:
    options = {
        "label": "Second interview",
        "recipient": {"name": "Gina", "email": "gina@EXAMPLE.org", "phone": "+49 30 123456"},
        "email_lock": "match",
        "expires_at": "2026-12-01T09:00:00+01:00",
        "not_before": "2026-11-24T09:00:00+01:00",
        "max_bookings": 3,
        "window": {"from": "2026-11-25", "to": "2026-11-30"},
        "durations": [30],
        "slots": ["2026-11-30T08:00:00Z", "2026-11-30T09:00:00Z"],
        "hold_slots": True,
        "host": "alice@example.com",
        "location": {"kind": "place", "value": "Lindenstraße 1"},
        "guests_may_cancel": False,
        "cancel_cutoff": 60,
        "guests_may_reschedule": True,
        "reschedule_cutoff": 0,
        "most_reschedules": 2,
        "reopens_on_cancel": True,
        "contact_text": "Call us.\nWe answer.",
        "metadata": {"lead": {"id": 7, "tags": ["a", 1.5, None]}},
        "external_ref": "crm-7",
    }
    link = api.post("/one-time-links", options | {"calendar": alice.calendar.public_id}).json()
    expected = options | {
        "recipient": {"name": "Gina", "email": "gina@example.org", "phone": "+49 30 123456"},
        "expires_at": "2026-12-01T08:00:00Z",
        "not_before": "2026-11-24T08:00:00Z",
    }
    expected["host"] = {"name": "Alice", "email": "alice@example.com"}
    assert {name: link[name] for name in options} == expected
    assert link["state"] == "not_open"


def test_a_date_as_expiry_is_the_end_of_that_day_in_the_calendar_s_zone(api: Caller, alice: Person) -> None:
    body = {"calendar": alice.calendar.public_id, "expires_at": "2026-12-01"}
    assert api.post("/one-time-links", body).json()["expires_at"] == "2026-12-01T23:00:00Z"


def test_the_same_external_ref_returns_the_same_link(api: Caller, alice: Person) -> None:
    body = {"calendar": alice.calendar.public_id, "external_ref": "lead-1"}
    first = api.post("/one-time-links", body)
    again = api.post("/one-time-links", body | {"label": "Another"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert OneTimeLink.objects.count() == 1


def test_the_same_external_ref_belongs_to_each_workspace_alone(
    api: Caller, alice: Person, charlie: Person
) -> None:
    other = make_link(charlie, external_ref="lead-1")
    body = {"calendar": alice.calendar.public_id, "external_ref": "lead-1"}
    assert api.post("/one-time-links", body).json()["id"] != other.link.public_id


def test_a_link_to_a_deleted_calendar_is_refused(api: Caller, alice: Person) -> None:
    set_deleted(alice.calendar, deleted=True, now=NOW)
    is_problem(api.post("/one-time-links", {"calendar": alice.calendar.public_id}), 410, "calendar_deleted")
    assert OneTimeLink.objects.count() == 0


def test_a_booked_link_shows_its_booking_and_no_url(api: Caller, alice: Person) -> None:
    issued = make_link(alice)
    booked = book_through(issued)
    link = api.get(f"/one-time-links/{issued.link.public_id}").json()
    assert (link["state"], link["url"], link["spent"], link["bookings"]) == (
        "used",
        None,
        1,
        [booked.public_id],
    )


def test_states_are_filtered(api: Caller, alice: Person, bob: Person) -> None:
    used, active, expired = (
        make_link(alice),
        make_link(bob),
        make_link(alice, expires_at=NOW - timedelta(hours=1)),
    )
    book_through(used)
    set_paused(bob.calendar, paused=True, now=NOW)
    for state, link in (("used", used), ("paused", active), ("expired", expired)):
        items = api.get(f"/one-time-links?state={state}").json()["items"]
        assert [item["id"] for item in items] == [link.link.public_id], state
        assert items[0]["state"] == state
    assert api.get("/one-time-links?state=active").json() == {"items": [], "next": None}


def test_calendars_and_references_are_filtered(api: Caller, alice: Person, bob: Person) -> None:
    make_link(alice, external_ref="one")
    two = make_link(bob, external_ref="two")
    for query in (f"calendar={bob.calendar.public_id}", "external_ref=two"):
        assert [item["id"] for item in api.get(f"/one-time-links?{query}").json()["items"]] == [
            two.link.public_id
        ]
    assert api.get("/one-time-links?calendar=cal_unknown").json()["items"] == []


def test_pages_follow_each_other_without_gaps(api: Caller, alice: Person) -> None:
    made = [make_link(alice).link.public_id for _ in range(5)]
    seen: list[str] = []
    path = "/one-time-links?limit=2"
    cursor = None
    while True:
        page = api.get(path + (f"&cursor={cursor}" if cursor else "")).json()
        seen += [item["id"] for item in page["items"]]
        if len(seen) == 2:
            make_link(alice)  # a new one shifts nothing
        if (cursor := page["next"]) is None:
            break
        assert len(page["items"]) == 2
    assert seen == made[::-1]


def test_cursors_are_of_one_list_and_one_workspace(api: Caller, alice: Person, charlie: Person) -> None:
    for person in (alice, alice, charlie, charlie):
        make_link(person)
    cursor = api.get("/one-time-links?limit=1").json()["next"]
    for caller, path in (
        (api, f"/one-time-links?limit=1&state=active&cursor={cursor}"),
        (api, f"/calendars?limit=1&cursor={cursor}"),
        (api, f"/one-time-links?cursor={cursor[:-9]}AAAAAAAA="),
        (api, "/one-time-links?cursor=nonsense"),
        (call_as(charlie), f"/one-time-links?limit=1&cursor={cursor}"),
    ):
        assert list(is_problem(caller.get(path), 422, "invalid")["errors"]) == ["cursor"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("state=gone", "state"),
        ("calendar=%00", "calendar"),
        ("external_ref=%00", "external_ref"),
        (f"external_ref={'x' * 121}", "external_ref"),
        ("satte=used", "satte"),
    ],
)
def test_a_bad_query_is_told_by_field(api: Caller, query: str, field: str) -> None:
    assert list(is_problem(api.get(f"/one-time-links?{query}"), 422, "invalid")["errors"]) == [field]


def test_a_page_takes_a_fixed_number_of_statements(api: Caller, alice: Person) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as statements:
            assert api.get("/one-time-links").status_code == 200
        return len(statements)

    book_through(make_link(alice))
    few = count()
    for hour in range(10, 15):
        book_through(make_link(alice, label="x"), f"2026-11-30T{hour}:00:00+01:00")
    assert count() == few == 5  # key, which links (2), links, bookings


def test_only_what_is_sent_is_changed(api: Caller, alice: Person) -> None:
    issued = make_link(
        alice, label="Old", recipient_name="Gina", recipient_email="g@example.org", max_bookings=2
    )
    path = f"/one-time-links/{issued.link.public_id}"
    before = api.get(path).json()
    changes = {"label": "New", "recipient": {"email": "h@example.org"}, "expires_at": "2026-12-01T08:00:00Z"}
    response = api.patch(path, changes)
    assert response.status_code == 200
    assert response.json() == before | changes | {
        "recipient": {"name": "Gina", "email": "h@example.org", "phone": ""}
    }
    assert api.patch(path, {}).json() == response.json()
    cleared = api.patch(path, {"recipient": None, "expires_at": None, "label": None}).json()
    assert cleared == before | {"recipient": None, "label": ""}


def test_changes_must_fit_what_stays(api: Caller, alice: Person) -> None:
    issued = make_link(alice, expires_at=NOW + timedelta(days=5), max_bookings=3)
    book_through(issued)
    path = f"/one-time-links/{issued.link.public_id}"
    before = api.get(path).json()
    for changes, field in (
        ({"not_before": "2026-12-24T08:00:00Z"}, "not_before"),
        ({"max_bookings": 1}, "max_bookings"),
        ({"calendar": alice.calendar.public_id}, "calendar"),
        ({"external_ref": "x"}, "external_ref"),
        ({"durations": [45]}, "durations"),
        ({"slots": ["2026-11-30T08:10:00Z"]}, "slots"),
        ({"slots": ["2026-11-30"]}, "slots.0"),
        ({"hold_slots": True}, "hold_slots"),
        ({"window": {"from": "2026-12-02", "to": "2026-12-01"}}, "window.to"),
    ):
        assert list(is_problem(api.patch(path, changes), 422, "invalid")["errors"]) == [field]
    assert api.get(path).json() == before
    assert api.patch(path, {"max_bookings": 2}).json()["max_bookings"] == 2


def test_a_dead_link_can_t_be_changed(api: Caller, alice: Person) -> None:
    used, revoked, expired = make_link(alice), make_link(alice), make_link(alice, expires_at=NOW)
    book_through(used)
    api.post(f"/one-time-links/{revoked.link.public_id}/revoke")
    for issued in (used, revoked, expired):
        path = f"/one-time-links/{issued.link.public_id}"
        is_problem(api.patch(path, {"label": "x", "expires_at": "2027-01-01T00:00:00Z"}), 409, "conflict")
        assert api.get(path).json()["label"] == ""


def test_revoking_is_final_and_repeatable(api: Caller, alice: Person) -> None:
    issued = make_link(alice)
    path = f"/one-time-links/{issued.link.public_id}"
    first = api.post(f"{path}/revoke")
    assert first.status_code == 200
    assert (first.json()["state"], first.json()["url"]) == ("revoked", None)
    assert api.post(f"{path}/revoke").json() == first.json()
    assert list(is_problem(api.post(f"{path}/revoke", {"why": 1}), 422, "invalid")["errors"]) == ["why"]


def test_a_used_link_can_t_be_revoked(api: Caller, alice: Person) -> None:
    issued = make_link(alice)
    book_through(issued, MONDAY_NINE)
    path = f"/one-time-links/{issued.link.public_id}"
    assert "used" in is_problem(api.post(f"{path}/revoke"), 409, "conflict")["title"]
    assert api.get(path).json()["state"] == "used"


def test_expiry_from_now_and_the_link_it_replaces(api: Caller, alice: Person, charlie: Person) -> None:
    first, strange = make_link(alice).link.public_id, make_link(charlie).link.public_id
    asked = {"calendar": alice.calendar.public_id, "parent": first, "expires_at": "in 3 days"}
    response = api.post("/one-time-links", asked)
    assert response.status_code == 201
    link = response.json()
    assert (link["parent"], link["expires_at"]) == (first, "2026-11-26T08:00:00Z")
    wrong = api.post("/one-time-links", asked | {"parent": strange})
    unknown = api.post("/one-time-links", asked | {"parent": "lnk_aaaaaaaaaaaaaaaa"})
    assert wrong.json() == unknown.json()
    assert list(is_problem(wrong, 422, "invalid")["errors"]) == ["parent"]
    refused = api.patch(f"/one-time-links/{link['id']}", {"parent": None})
    assert list(is_problem(refused, 422, "invalid")["errors"]) == ["parent"]
