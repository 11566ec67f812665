"""Idempotency-Key on every POST: a retry changes nothing and gets the same answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bookonce.lib import clock
from bookonce.scheduling import cancel as cancelling
from bookonce.scheduling.calendars import set_deleted
from bookonce.scheduling.errors import IdempotencyMismatch
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.models import Appointment, Booking, Calendar, Event, IdempotencyKey, OneTimeLink
from tests.api.caller import Caller, call_as, is_problem
from tests.cast import NOW, Person, book_through, make_link

KEY = "9f5c:retry-1"


@pytest.fixture
def posts(api: Caller, alice: Person) -> dict[str, tuple[str, dict[str, Any]]]:
    """Every POST: path and body."""
    book_through(make_link(alice))
    return {
        "link": ("/one-time-links", {"calendar": alice.calendar.public_id, "external_ref": "a"}),
        "revoke": (f"/one-time-links/{make_link(alice).link.public_id}/revoke", {}),
        "calendar": ("/calendars", {"name": "Call", "durations": [30]}),
        "cancel": (f"/appointments/{Appointment.objects.get().public_id}/cancel", {"reason": "Ill"}),
        "cancel one": (f"/bookings/{Booking.objects.get().public_id}/cancel", {"reason": "Ill"}),
    }


def counts() -> list[int]:
    return [model.objects.count() for model in (OneTimeLink, Calendar, Event, IdempotencyKey)]


@pytest.mark.parametrize("name", ["link", "revoke", "calendar", "cancel", "cancel one"])
def test_the_same_key_and_body_get_the_same_answer(
    api: Caller, posts: dict[str, tuple[str, dict[str, Any]]], name: str
) -> None:
    path, body = posts[name]
    first = api.post(path, body, Idempotency_Key=KEY)
    assert first.status_code in {200, 201}
    assert "Idempotent-Replayed" not in first.headers
    before = counts()
    again = api.post(path, dict(reversed(body.items())), Idempotency_Key=KEY)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert counts() == before


@pytest.mark.parametrize("name", ["link", "revoke", "calendar", "cancel", "cancel one"])
def test_the_same_key_with_another_body_is_a_mismatch(
    api: Caller, posts: dict[str, tuple[str, dict[str, Any]]], name: str
) -> None:
    path, body = posts[name]
    api.post(path, body, Idempotency_Key=KEY)
    before = counts()
    other = {"reason": "Other"} if name.startswith("cancel") else body | {"label": "Other"}
    if name == "revoke":  # nothing may be said here: the fault is told first
        assert api.post(path, other, Idempotency_Key=KEY).status_code == 422
    else:
        is_problem(api.post(path, other, Idempotency_Key=KEY), 422, "idempotency_mismatch")
    assert counts() == before


@pytest.mark.parametrize("name", ["link", "revoke", "calendar", "cancel", "cancel one"])
@pytest.mark.parametrize("key", ["", " ", "x" * 256, "two words", "é"])
def test_a_bad_key_is_refused(
    api: Caller, posts: dict[str, tuple[str, dict[str, Any]]], name: str, key: str
) -> None:
    path, body = posts[name]
    before = counts()
    problem = is_problem(api.post(path, body, Idempotency_Key=key), 422, "invalid")
    assert list(problem["errors"]) == ["Idempotency-Key"]
    assert counts() == before


def test_a_key_is_not_carried_over_to_another_link(api: Caller, alice: Person) -> None:
    one, other = make_link(alice).link, make_link(alice).link
    api.post(f"/one-time-links/{one.public_id}/revoke", Idempotency_Key=KEY)
    response = api.post(f"/one-time-links/{other.public_id}/revoke", Idempotency_Key=KEY)
    is_problem(response, 422, "idempotency_mismatch")
    assert api.get(f"/one-time-links/{other.public_id}").json()["state"] == "active"


def test_keys_count_within_their_api_key_and_route(api: Caller, alice: Person, bob: Person) -> None:
    body = {"calendar": alice.calendar.public_id}
    ids = [
        caller.post("/one-time-links", body, Idempotency_Key=KEY).json()["id"]
        for caller in (api, call_as(bob))
    ]
    assert len(set(ids)) == 2
    assert api.post("/calendars", {"name": "x", "durations": [30]}, Idempotency_Key=KEY).status_code == 201


def test_a_refused_request_may_be_mended_under_its_key(api: Caller, alice: Person) -> None:
    body = {"calendar": alice.calendar.public_id}
    is_problem(api.post("/one-time-links", body | {"max_bookings": 0}, Idempotency_Key=KEY), 422, "invalid")
    assert api.post("/one-time-links", body, Idempotency_Key=KEY).status_code == 201


def test_a_retry_after_the_expiry_it_asked_for_is_replayed(
    api: Caller, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"calendar": alice.calendar.public_id, "expires_at": "2026-11-23T08:10:00Z"}
    first = api.post("/one-time-links", body, Idempotency_Key=KEY)
    set_deleted(alice.calendar, deleted=True, now=NOW)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=20))
    again = api.post("/one-time-links", body, Idempotency_Key=KEY)
    assert again.status_code == 201
    assert again.json() == first.json() | {"state": "expired", "url": None}


def test_the_answer_for_a_known_reference_is_replayed_as_200(api: Caller, alice: Person) -> None:
    body = {"calendar": alice.calendar.public_id, "external_ref": "a"}
    made = api.post("/one-time-links", body)
    for replayed in (False, True):
        response = api.post("/one-time-links", body, Idempotency_Key=KEY)
        assert (response.status_code, response.json()) == (200, made.json())
        assert ("Idempotent-Replayed" in response.headers) is replayed


def test_cancelling_takes_a_key(alice: Person) -> None:
    book_through(make_link(alice))
    booking = Booking.objects.get()

    def retry(asked: str) -> Idempotency:
        return Idempotency(scope="test", key="1", fingerprint=asked)

    for _ in range(2):
        assert cancelling.cancel(booking.pk, by=alice.actor, now=NOW, retry=retry("a"))
        assert Event.objects.filter(kind=Event.Kind.BOOKING_CANCELLED).count() == 1
    with pytest.raises(IdempotencyMismatch):
        cancelling.cancel(booking.pk, by=alice.actor, now=NOW, retry=retry("b"))
