"""Requests over REST: set up, listed, confirmed, declined; guests marked, and sent a new link."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookonce.lib import clock
from bookonce.scheduling.models import Booking, Calendar, OneTimeLink
from tests.api.caller import Caller, is_problem
from tests.cast import MONDAY_TEN, NOW, Person, book_through, make_link
from tests.kinds import book_into, make_class

WEEK = timedelta(days=7, hours=1)


def asked(person: Person) -> Booking:
    """A request through a one-time link."""
    Calendar.objects.filter(pk=person.calendar.pk).update(needs_approval=True)
    return Booking.objects.get(public_id=book_through(make_link(person)).public_id)


@pytest.fixture
def a_week_later(api: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + WEEK)


def test_a_calendar_is_told_to_need_approval(api: Caller, alice: Person) -> None:
    path = f"/calendars/{alice.calendar.public_id}"
    changed = api.patch(path, {"needs_approval": True, "answer_within": 90}).json()
    assert (changed["needs_approval"], changed["answer_within"]) == (True, 90)
    back = api.patch(path, {"needs_approval": None, "answer_within": None}).json()
    assert (back["needs_approval"], back["answer_within"]) == (False, 1440)
    for wrong in (0, -1, 525_601, "soon", 1.5):
        errors = is_problem(api.patch(path, {"answer_within": wrong}), 422, "invalid")["errors"]
        assert set(errors) == {"answer_within"}
    errors = is_problem(api.patch(path, {"needs_approval": "perhaps"}), 422, "invalid")["errors"]
    assert set(errors) == {"needs_approval"}


def test_requests_are_listed_and_confirmed(api: Caller, alice: Person) -> None:
    booking = asked(alice)
    Calendar.objects.update(needs_approval=False)
    book_through(make_link(alice), MONDAY_TEN)
    [waiting] = api.get("/appointments?status=new").json()["items"]
    assert (waiting["status"], waiting["bookings"][0]["status"]) == ("new", "new")
    assert waiting["bookings"][0]["answer_by"] == "2026-11-24T08:00:00Z"
    path = f"/bookings/{booking.public_id}/confirm"
    reply = api.post(path)
    assert reply.status_code == 200
    assert (reply.json()["status"], reply.json()["answer_by"]) == ("confirmed", None)
    assert api.post(path).status_code == 200, "confirming twice changes nothing"
    assert api.get("/appointments?status=new").json()["items"] == []
    is_problem(api.post(f"/bookings/{booking.public_id}/decline"), 409, "conflict")
    assert set(is_problem(api.post(path, {"reason": "x"}), 422, "invalid")["errors"]) == {"reason"}


def test_a_party_that_waits_in_a_confirmed_session_is_listed(api: Caller, alice: Person) -> None:
    calendar = make_class(alice, needs_approval=True)
    first = book_into(calendar)
    api.post(f"/bookings/{first.public_id}/confirm")
    assert api.get("/appointments?status=new").json()["items"] == []
    book_into(calendar, name="Hugo")
    [session] = api.get("/appointments?status=new").json()["items"]
    assert (session["status"], [one["status"] for one in session["bookings"]]) == (
        "confirmed",
        ["confirmed", "new"],
    )


@pytest.mark.parametrize(("body", "spent"), [({}, 0), ({"reason": "Ill", "reopen_link": False}, 1)])
def test_a_request_is_declined(api: Caller, alice: Person, body: dict[str, object], spent: int) -> None:
    booking = asked(alice)
    path = f"/bookings/{booking.public_id}/decline"
    reply = api.post(path, body, Idempotency_Key="once")
    assert reply.json()["cancelled"]["cause"] == "declined"
    assert reply.json()["cancelled"]["reason"] == body.get("reason", "")
    assert OneTimeLink.objects.get().spent == spent
    again = api.post(path, body, Idempotency_Key="once")
    assert again.headers["Idempotent-Replayed"] == "true"
    is_problem(api.post(f"/bookings/{booking.public_id}/confirm"), 409, "conflict")


@pytest.mark.usefixtures("a_week_later")
def test_guests_are_marked_once_it_has_begun(
    api: Caller, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/bookings/{book_through(make_link(alice)).public_id}"
    for status in ("showed", "no_show", "confirmed"):
        assert api.patch(path, {"status": status}).json()["status"] == status
    for wrong in ({}, {"status": "cancelled"}, {"status": None}):
        assert set(is_problem(api.patch(path, wrong), 422, "invalid")["errors"]) == {"status"}
    monkeypatch.setattr(clock, "now", lambda: NOW)
    is_problem(api.patch(path, {"status": "showed"}), 409, "conflict")


@pytest.mark.usefixtures("a_week_later")
def test_a_no_show_is_sent_a_new_link(api: Caller, alice: Person) -> None:
    issued = make_link(alice, label="Intake")
    path = f"/bookings/{book_through(issued).public_id}"
    api.patch(path, {"status": "no_show"})
    replies = [api.post(f"{path}/new-link", Idempotency_Key="once") for _ in range(2)]
    assert [reply.status_code for reply in replies] == [201, 201]
    link = replies[0].json()
    assert replies[1].json() == link
    assert (link["parent"], link["label"], link["state"]) == (issued.link.public_id, "Intake", "active")
    assert link["recipient"]["email"] == "gina@example.org"
    Calendar.objects.update(deleted_at=NOW)
    is_problem(api.post(f"{path}/new-link"), 410, "calendar_deleted")


def test_no_new_link_while_the_old_one_works_again(api: Caller, alice: Person) -> None:
    path = f"/bookings/{book_through(make_link(alice)).public_id}"
    api.post(f"{path}/cancel", {"reopen_link": True})
    is_problem(api.post(f"{path}/new-link"), 409, "conflict")
    assert OneTimeLink.objects.count() == 1


def test_no_new_link_while_it_is_ahead(api: Caller, alice: Person) -> None:
    path = f"/bookings/{book_through(make_link(alice)).public_id}"
    is_problem(api.post(f"{path}/new-link"), 409, "conflict")
