"""Appointments over REST: listed, shown, cancelled."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookonce.lib import clock
from bookonce.scheduling.events import GUEST
from bookonce.scheduling.models import Appointment, Booking, OneTimeLink
from bookonce.scheduling.reschedule import reschedule
from tests.api.caller import Caller, is_problem
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, book_through, make_link


def booked(person: Person, start: str = MONDAY_NINE) -> str:
    """The path of an appointment that a guest booked through a one-time link."""
    booking = book_through(make_link(person), start)
    return f"/appointments/{Appointment.objects.get(bookings__public_id=booking.public_id).public_id}"


def test_an_appointment_with_its_host_booking_and_link(api: Caller, alice: Person) -> None:
    issued = make_link(alice)
    booking = book_through(issued, phone="+49 30 1234", answers={"topic": "Tea"}, guests=["z@example.org"])
    appointment = api.get("/appointments").json()["items"][0]
    assert appointment == {
        "id": Appointment.objects.get().public_id,
        "start": "2026-11-30T08:00:00Z",
        "end": "2026-11-30T08:30:00Z",
        "status": "confirmed",
        "calendar": alice.calendar.public_id,
        "hosts": [{"name": "Alice", "email": "alice@example.com"}],
        "bookings": [
            {
                "id": booking.public_id,
                "appointment": Appointment.objects.get().public_id,
                "guest": {
                    "name": "Gina Guest",
                    "email": "gina@example.org",
                    "phone": "+49 30 1234",
                    "timezone": "Europe/Berlin",
                },
                "link": issued.link.public_id,
                "status": "confirmed",
                "answer_by": None,
                "party": 1,
                "answers": {"topic": "Tea"},
                "guests": ["z@example.org"],
                "further_guests": [{"name": "", "email": "z@example.org"}],
                "guest_count": 1,
                "consent": None,
                "series": None,
                "rescheduled": None,
                "cancelled": None,
            }
        ],
        "seats_taken": None,
        "location": {"kind": "none", "value": ""},
        "cancelled": None,
        "created_at": "2026-11-23T08:00:00Z",
    }
    assert api.get(f"/appointments/{appointment['id']}").json() == appointment


@pytest.mark.parametrize(
    ("query", "hours"),
    [
        ("", [8, 9]),
        ("from=2026-11-30T09:00:00Z", [9]),
        ("to=2026-11-30T09:00:00Z", [8]),
        ("to=2026-11-30T09:00:01Z", [8, 9]),
        ("from=2026-11-30T08:00:01Z", [9]),
        ("from=2026-11-30T10:00:00+01:00", [9]),  # the + unescaped
        ("from=2026-11-30T10:00:00%2B01:00", [9]),
        ("from=2026-11-30&to=2026-11-30", [8, 9]),
        ("to=2026-11-29", []),
        ("from=2026-12-01", []),
        ("status=confirmed", [8, 9]),
        ("status=cancelled", []),
    ],
)
def test_the_list_is_filtered(api: Caller, alice: Person, query: str, hours: list[int]) -> None:
    booked(alice, MONDAY_TEN)
    booked(alice, MONDAY_NINE)
    found = api.get(f"/appointments?{query}").json()["items"]
    assert [item["start"] for item in found] == [f"2026-11-30T0{hour}:00:00Z" for hour in hours]


def test_the_list_is_filtered_by_calendar(api: Caller, alice: Person, bob: Person) -> None:
    booked(alice)
    path = booked(bob)
    found = api.get(f"/appointments?calendar={bob.calendar.public_id}").json()["items"]
    assert [item["id"] for item in found] == [path.rsplit("/", 1)[1]]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=soon", "from"),
        ("to=2026-02-30", "to"),
        ("to=0001-01-01", "to"),
        ("to=9999-12-31", "to"),
        ("from=2026-12-02&to=2026-12-01T00:00:00Z", "to"),
        ("from=%00", "from"),
        ("status=gone", "status"),
        ("calendar=%00", "calendar"),
        ("limit=201", "limit"),
        ("cursor=x", "cursor"),
        ("when=now", "when"),
    ],
)
def test_a_bad_query_is_told_by_field(api: Caller, query: str, field: str) -> None:
    assert list(is_problem(api.get(f"/appointments?{query}"), 422, "invalid")["errors"]) == [field]


def test_pages_of_appointments_that_start_together(api: Caller, alice: Person, bob: Person) -> None:
    paths = [booked(bob, MONDAY_TEN), booked(alice), booked(bob), booked(alice, MONDAY_TEN)]
    seen, cursor = [], ""
    for _ in paths:
        page = api.get(f"/appointments?limit=1{cursor}").json()
        seen.append(page["items"][0]["id"])
        cursor = f"&cursor={page['next']}"
    assert page["next"] is None
    assert seen == [paths[at].rsplit("/", 1)[1] for at in (1, 2, 0, 3)]


def test_a_page_takes_a_fixed_number_of_statements(api: Caller, alice: Person) -> None:
    for hour in range(9, 15):
        booked(alice, f"2026-11-30T{hour:02}:00:00+01:00")
    with CaptureQueriesContext(connection) as statements:
        assert len(api.get("/appointments").json()["items"]) == 6
    assert len(statements) == 6  # key, appointments, hosts, bookings, answers, moves


def test_the_latest_move_is_told_with_its_reason(api: Caller, alice: Person) -> None:
    path = booked(alice)
    booking = Booking.objects.get()
    for start, by, reason in (
        ("2026-11-30T12:00:00+01:00", alice.actor, ""),
        (MONDAY_TEN, GUEST, "The train is late"),
    ):
        reschedule(booking.pk, datetime.fromisoformat(start), by=by, now=NOW, reason=reason)
    told = {
        "at": "2026-11-23T08:00:00Z",
        "start_before": "2026-11-30T11:00:00Z",
        "cause": "guest",
        "reason": "The train is late",
    }
    assert api.get(path).json()["bookings"][0]["rescheduled"] == told
    assert api.get("/appointments").json()["items"][0]["bookings"][0]["rescheduled"] == told
    reply = api.post(f"/bookings/{booking.public_id}/cancel", {}).json()
    assert reply["rescheduled"] == told


def test_the_host_cancels_and_the_link_reopens(api: Caller, alice: Person) -> None:
    path = booked(alice)
    response = api.post(f"{path}/cancel", {"reason": "I am ill.\nSorry."})
    assert response.status_code == 200
    appointment = response.json()
    assert appointment["status"] == appointment["bookings"][0]["status"] == "cancelled"
    assert appointment["cancelled"] == {
        "at": "2026-11-23T08:00:00Z",
        "cause": "host",
        "reason": "I am ill.\nSorry.",
    }
    link = api.get(f"/one-time-links/{appointment['bookings'][0]['link']}").json()
    assert (link["state"], link["spent"]) == ("active", 0)
    assert link["url"]
    assert api.get(path).json() == api.post(f"{path}/cancel").json() == appointment


def test_the_link_stays_used_when_asked_for(api: Caller, alice: Person) -> None:
    api.post(f"{booked(alice)}/cancel", {"reopen_link": False})
    assert OneTimeLink.objects.get().spent == 1


def test_what_has_begun_can_t_be_cancelled(
    api: Caller, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = booked(alice)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=7, hours=1))
    is_problem(api.post(f"{path}/cancel"), 409, "too_late")
    assert api.get(path).json()["status"] == "confirmed"
