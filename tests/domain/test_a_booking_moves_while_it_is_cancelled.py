"""On PostgreSQL a booking may move between a verb's first look and its locks; what stands then counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from bookonce.scheduling import errors, events, host_time
from bookonce.scheduling.book import Booked, book
from bookonce.scheduling.calendars import create_calendar, update_calendar
from bookonce.scheduling.cancel import cancel, cancel_appointment
from bookonce.scheduling.models import (
    Appointment,
    BlockedTime,
    Booking,
    Calendar,
    CalendarHost,
    LimitCount,
)
from bookonce.scheduling.offer import Door
from bookonce.scheduling.reschedule import reschedule
from bookonce.scheduling.schedules import update_schedule
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, guest

TUESDAY_NINE = "2026-12-01T09:00:00+01:00"
Meanwhile = Callable[[Callable[[], object]], None]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Do something right before the next verb locks its hosts, as if another one had committed it."""
    lock_hosts = host_time.lock_hosts

    def arrange(change: Callable[[], object]) -> None:
        def changed(*args: Any, **kwargs: Any) -> None:
            change()
            lock_hosts(*args, **kwargs)

        monkeypatch.setattr(host_time, "lock_hosts", changed)

    return arrange


def calendar_of(*people: Person, **settings: Any) -> Calendar:
    given = {"name": "Together", "duration": 30, "hosts": [person.user.email for person in people]}
    return create_calendar(people[0].member, given | settings, now=NOW)


def book_at(calendar: Calendar, start: str, number: int = 1, **changes: Any) -> Booking:
    body = guest(start, email=f"guest{number}@example.org", **changes)
    booked: Booked = book(Door.permanent(calendar.permanent_id), body, now=NOW)
    return Booking.objects.select_related("appointment").get(public_id=booked.public_id)


def counts() -> dict[int, int]:
    return {row.first_day: row.taken for row in LimitCount.objects.filter(taken__gt=0, unit="day")}


def test_the_day_that_is_given_back_is_the_one_it_has_moved_to(alice: Person, meanwhile: Meanwhile) -> None:
    calendar = calendar_of(alice, per_day=3)
    booking = book_at(calendar, MONDAY_NINE)
    monday = next(iter(counts()))
    tuesday = datetime.fromisoformat(TUESDAY_NINE)

    def move() -> None:
        Appointment.objects.filter(pk=booking.appointment_id).update(
            starts=tuesday, ends=datetime.fromisoformat("2026-12-01T09:30:00+01:00")
        )
        LimitCount.objects.filter(first_day=monday).update(first_day=monday + 1)

    meanwhile(move)
    assert cancel(booking.pk, by=events.GUEST, now=NOW)
    assert counts() == {}


def test_the_seat_that_is_given_back_is_in_the_session_it_has_changed_to(
    alice: Person, meanwhile: Meanwhile
) -> None:
    calendar = calendar_of(alice, kind="class", seats=5)
    booking, other = book_at(calendar, MONDAY_NINE), book_at(calendar, MONDAY_TEN, 2)
    stays = book_at(calendar, MONDAY_NINE, 3)

    def change_session() -> None:
        Booking.objects.filter(pk=booking.pk).update(appointment=other.appointment_id)
        Appointment.objects.filter(pk=other.appointment_id).update(seats_taken=2)
        Appointment.objects.filter(pk=stays.appointment_id).update(seats_taken=1)

    meanwhile(change_session)
    assert cancel(booking.pk, by=events.GUEST, now=NOW)
    seats = dict(Appointment.objects.values_list("pk", "seats_taken"))
    assert seats == {stays.appointment_id: 1, other.appointment_id: 1}


def cancel_it(booking: Booking) -> None:
    cancel(booking.pk, by=events.GUEST, now=NOW)


def move_it(booking: Booking) -> None:
    reschedule(booking.pk, datetime.fromisoformat(MONDAY_TEN), by=events.GUEST, now=NOW)


@pytest.mark.parametrize("verb", [cancel_it, move_it])
def test_a_calendar_that_got_another_host_has_to_be_locked_anew(
    alice: Person, bob: Person, meanwhile: Meanwhile, verb: Callable[[Booking], None]
) -> None:
    calendar = calendar_of(alice)
    booking = book_at(calendar, MONDAY_NINE)
    meanwhile(lambda: CalendarHost.objects.filter(calendar=calendar).update(member=bob.member))
    with pytest.raises(errors.HostsChanged):
        verb(booking)
    assert Appointment.objects.get().status == "confirmed"


def test_hosts_that_changed_once_are_locked_by_the_next_attempt(
    alice: Person, bob: Person, meanwhile: Meanwhile
) -> None:
    calendar = calendar_of(alice, bob, kind="round_robin", keeps_host=False)
    booking = book_at(calendar, MONDAY_NINE)
    attempts: list[int] = []

    def give_away_once() -> None:
        attempts.append(1)
        if len(attempts) == 1:
            raise errors.HostsChanged

    meanwhile(give_away_once)
    assert cancel(booking.pk, by=events.GUEST, now=NOW)
    assert len(attempts) == 2


def test_an_appointment_whose_host_left_the_calendar_counts_no_more_once_cancelled(
    alice: Person, bob: Person
) -> None:
    calendar = calendar_of(alice, per_day=3)
    booking = book_at(calendar, MONDAY_NINE)
    update_calendar(calendar, {"host": bob.user.email}, by=alice.actor, now=NOW)
    assert list(counts().values()) == [1]
    version = Calendar.objects.get(pk=calendar.pk).version
    assert cancel_appointment(booking.appointment_id, by=alice.actor, now=NOW)
    assert counts() == {}
    assert Calendar.objects.get(pk=calendar.pk).version > version


def test_the_last_party_leaves_a_session_that_others_have_cancelled(alice: Person) -> None:
    calendar = calendar_of(alice, kind="class", seats=5, per_day=3)
    gone, last = book_at(calendar, MONDAY_NINE, party=2), book_at(calendar, MONDAY_NINE, 2)
    assert cancel(gone.pk, by=events.GUEST, now=NOW)
    reschedule(last.pk, datetime.fromisoformat(TUESDAY_NINE), by=events.GUEST, now=NOW)
    last.refresh_from_db()
    former = Appointment.objects.get(pk=gone.appointment_id)
    assert (former.status, former.seats_taken) == ("cancelled", 0)
    assert former.starts == datetime.fromisoformat(MONDAY_NINE)
    assert BlockedTime.objects.filter(live=True).get().appointment_id == last.appointment_id
    assert list(counts().values()) == [1]
    with pytest.raises(errors.TooLate):
        reschedule(gone.pk, datetime.fromisoformat(MONDAY_TEN), by=events.GUEST, now=NOW)
    book_at(calendar, MONDAY_NINE, 3, party=5)


def test_a_party_that_was_alone_leaves_nothing_behind(alice: Person) -> None:
    calendar = calendar_of(alice, kind="class", seats=5)
    alone, there = book_at(calendar, MONDAY_NINE, party=2), book_at(calendar, MONDAY_TEN, 2)
    reschedule(alone.pk, datetime.fromisoformat(MONDAY_TEN), by=events.GUEST, now=NOW)
    session = Appointment.objects.get()
    assert (session.pk, session.seats_taken) == (there.appointment_id, 3)
    assert BlockedTime.objects.count() == 1


def test_hours_whose_calendar_got_another_host_are_locked_anew(
    alice: Person, bob: Person, meanwhile: Meanwhile
) -> None:
    calendar = calendar_of(alice, per_day=3)
    meanwhile(lambda: CalendarHost.objects.filter(calendar=calendar).update(member=bob.member))
    with pytest.raises(errors.HostsChanged):
        update_schedule(alice.schedule, {"timezone": "Asia/Tokyo"}, by=alice.member, now=NOW)
    alice.schedule.refresh_from_db()
    assert alice.schedule.timezone == "Europe/Berlin"
