"""A class session goes on for those who are in it, whatever becomes of the calendar's settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bookonce.lib.instants import to_minutes, to_seconds
from bookonce.scheduling import errors
from bookonce.scheduling.book import Booked, book
from bookonce.scheduling.calendars import update_calendar
from bookonce.scheduling.cancel import cancel, cancel_appointment
from bookonce.scheduling.events import GUEST
from bookonce.scheduling.models import Appointment, Booking, Calendar
from bookonce.scheduling.offer import Door, ask, get_offer
from bookonce.scheduling.reschedule import reschedule
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, guest

pytestmark = pytest.mark.django_db


@pytest.fixture
def yoga(alice: Person) -> Person:
    """Alice's calendar as a class of five."""
    update_calendar(alice.calendar, {"kind": "class", "seats": 5}, by=alice.actor, now=NOW)
    return alice


def attend(person: Person, start: str = MONDAY_NINE, **changes: Any) -> Booked:
    return book(Door.permanent(person.calendar.permanent_id), guest(start, **changes), now=NOW)


def seats_left(person: Person, start: str = MONDAY_NINE) -> int | None:
    """None when the start is not offered to one person."""
    at = to_minutes(datetime.fromisoformat(start))
    offer = get_offer(Door.permanent(person.calendar.permanent_id))
    asked = ask(offer, duration=30, start=at, end=at + 1, now=to_seconds(NOW))
    return asked.seats_left([at])[at] if asked.starts() else None


def booking(booked: Booked) -> Booking:
    return Booking.objects.select_related("appointment").get(public_id=booked.public_id)


def test_parties_share_one_session_until_it_is_full(yoga: Person) -> None:
    attend(yoga, party=2)
    attend(yoga, party=2)
    assert Appointment.objects.get().seats_taken == 4
    assert seats_left(yoga) == 1
    with pytest.raises(errors.SlotTaken):
        attend(yoga, party=2)
    attend(yoga)
    assert seats_left(yoga) is None
    with pytest.raises(errors.Invalid):
        attend(yoga, MONDAY_TEN, party=6)


def test_one_party_leaves_and_the_others_stay(yoga: Person) -> None:
    leaving, staying = booking(attend(yoga, party=2)), booking(attend(yoga))
    assert cancel(leaving.pk, by=GUEST, now=NOW, reason="ill")
    session = Appointment.objects.get()
    assert (session.status, session.seats_taken) == ("confirmed", 1)
    staying.refresh_from_db()
    assert staying.status == "confirmed"
    assert cancel(staying.pk, by=GUEST, now=NOW)
    session.refresh_from_db()
    assert (session.status, session.seats_taken, session.cancelled_at) == ("cancelled", 0, NOW)
    assert seats_left(yoga) == 5


def test_the_host_cancels_for_everyone(yoga: Person) -> None:
    for _ in range(3):
        attend(yoga)
    session = Appointment.objects.get()
    assert cancel_appointment(session.pk, by=yoga.actor, now=NOW, reason="The hall is closed.")
    assert set(Booking.objects.values_list("status", "cancel_cause")) == {("cancelled", "host")}
    assert not cancel_appointment(session.pk, by=yoga.actor, now=NOW)


def test_a_party_moves_to_another_session(yoga: Person) -> None:
    moving, _, there = booking(attend(yoga, party=2)), attend(yoga), attend(yoga, MONDAY_TEN)
    reschedule(moving.pk, datetime.fromisoformat(MONDAY_TEN), by=GUEST, now=NOW)
    moving.refresh_from_db()
    assert moving.appointment_id == booking(there).appointment_id
    assert moving.sequence == 1
    assert (seats_left(yoga), seats_left(yoga, MONDAY_TEN)) == (4, 2)


def test_a_session_outlives_its_hosts(yoga: Person, bob: Person) -> None:
    attend(yoga, party=4)
    update_calendar(yoga.calendar, {"hosts": ["bob@example.com"]}, by=yoga.actor, now=NOW)
    assert seats_left(yoga) == 1
    assert attend(yoga).owner == "Alice"
    assert seats_left(yoga) is None
    assert attend(yoga, MONDAY_TEN).owner == "Bob"


def test_fewer_seats_put_nobody_out(yoga: Person) -> None:
    attend(yoga, party=4)
    update_calendar(yoga.calendar, {"seats": 2}, by=yoga.actor, now=NOW)
    assert Appointment.objects.get().seats_taken == 4
    assert seats_left(yoga) is None
    update_calendar(yoga.calendar, {"seats": 6}, by=yoga.actor, now=NOW)
    assert seats_left(yoga) == 2


def test_its_sessions_are_busy_time_once_it_is_no_class(yoga: Person) -> None:
    attend(yoga)
    update_calendar(yoga.calendar, {"kind": "one_on_one"}, by=yoga.actor, now=NOW)
    assert Calendar.objects.get(pk=yoga.calendar.pk).seats is None
    with pytest.raises(errors.SlotTaken):
        attend(yoga)
