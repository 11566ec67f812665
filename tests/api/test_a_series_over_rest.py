"""Calendars that repeat, and series, over REST."""

from __future__ import annotations

import pytest

from bookonce.scheduling.models import Booking, OneTimeLink
from tests.api.caller import Caller
from tests.cast import Person, book_through, make_link

pytestmark = pytest.mark.django_db


def repeat(api: Caller, person: Person, count: int = 3) -> None:
    changes = {"repeats": "weekly", "repeat_count": count}
    answer = api.patch(f"/calendars/{person.calendar.public_id}", changes)
    assert answer.status_code == 200, answer.content
    assert {name: answer.json()[name] for name in changes} == changes


def test_a_calendar_takes_and_loses_its_repeats(api: Caller, alice: Person) -> None:
    repeat(api, alice)
    path = f"/calendars/{alice.calendar.public_id}"
    assert api.patch(path, {"repeats": None}).json()["repeat_count"] is None
    refused = api.patch(path, {"repeats": "yearly", "repeat_count": 3})
    assert (refused.status_code, set(refused.json()["errors"])) == (422, {"repeats"})
    refused = api.patch(path, {"repeats": "weekly", "repeat_count": 99})
    assert set(refused.json()["errors"]) == {"repeat_count"}


def test_bookings_tell_their_place_and_lists_find_the_series(api: Caller, alice: Person) -> None:
    repeat(api, alice)
    book_through(make_link(alice))
    book_through(make_link(alice), "2026-11-30T10:00:00+01:00", email="other@example.org")
    series = Booking.objects.order_by("pk")[0].series
    items = api.get(f"/appointments?series={series}").json()["items"]
    assert [item["bookings"][0]["series"] for item in items] == [
        {"id": series, "number": number} for number in (1, 2, 3)
    ]
    assert len(api.get("/appointments").json()["items"]) == 6


def test_what_is_left_is_cancelled_at_once(api: Caller, alice: Person) -> None:
    repeat(api, alice)
    book_through(make_link(alice))
    second = Booking.objects.order_by("pk")[1]
    answer = api.post(f"/bookings/{second.public_id}/cancel-series", {"reason": "ill"})
    assert answer.status_code == 200
    assert [one["status"] for one in answer.json()["items"]] == ["cancelled"] * 3
    assert {one["cancelled"]["reason"] for one in answer.json()["items"]} == {"ill"}
    assert OneTimeLink.objects.get().spent == 0
    again = api.post(f"/bookings/{second.public_id}/cancel-series", {})
    assert again.status_code == 200


def test_one_is_cancelled_without_the_link(api: Caller, alice: Person) -> None:
    repeat(api, alice)
    book_through(make_link(alice))
    assert api.post(f"/bookings/{Booking.objects.order_by('pk')[0].public_id}/cancel", {}).status_code == 200
    assert OneTimeLink.objects.get().spent == 1
    assert Booking.objects.filter(status="confirmed").count() == 2


def test_a_booking_by_itself_has_no_series(api: Caller, alice: Person) -> None:
    booked = book_through(make_link(alice))
    assert api.post(f"/bookings/{booked.public_id}/cancel-series", {}).status_code == 404
    assert Booking.objects.get().status == "confirmed"


def test_charlie_cancels_nothing(api: Caller, charlie: Person) -> None:
    book_through(make_link(charlie))
    Booking.objects.update(series="ser_charlies")
    booking = Booking.objects.get()
    assert api.post(f"/bookings/{booking.public_id}/cancel-series", {}).status_code == 404
    assert api.get("/appointments?series=ser_charlies").json()["items"] == []
    booking.refresh_from_db()
    assert booking.status == "confirmed"
