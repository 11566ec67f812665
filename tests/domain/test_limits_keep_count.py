"""Limits count what is booked: what is there already, what is cancelled or moved, in whatever zone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bookonce.lib.instants import from_minutes, to_minutes, to_seconds
from bookonce.scheduling import events
from bookonce.scheduling.calendars import update_calendar
from bookonce.scheduling.cancel import cancel
from bookonce.scheduling.errors import SlotTaken
from bookonce.scheduling.models import Booking, LimitCount
from bookonce.scheduling.offer import free_starts, get_calendar_offer
from bookonce.scheduling.reschedule import reschedule
from bookonce.scheduling.schedules import update_schedule
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, book_through, make_link

EPOCH = date(1970, 1, 1).toordinal()
MONDAY, TUESDAY = date(2026, 11, 30), date(2026, 12, 1)
TUESDAY_NINE = "2026-12-01T09:00:00+01:00"
BERLIN = ZoneInfo("Europe/Berlin")


def change(person: Person, **settings: Any) -> None:
    update_calendar(person.calendar, settings, by=person.actor, now=NOW)


def booked(person: Person, start: str) -> int:
    """The row of a booking."""
    return Booking.objects.get(public_id=book_through(make_link(person), start).public_id).pk


def counted(person: Person, unit: str = "day") -> dict[str, int]:
    """What is taken, by the first day of the day, week or month."""
    rows = LimitCount.objects.filter(calendar=person.calendar, unit=unit, taken__gt=0)
    return {date.fromordinal(EPOCH + row.first_day).isoformat(): row.taken for row in rows}


def offered_on(person: Person, day: date) -> int:
    """How many starts are free on this day in Berlin."""
    begin = to_minutes(datetime(day.year, day.month, day.day, tzinfo=BERLIN))
    offer = get_calendar_offer(person.calendar.pk)
    starts = free_starts(offer, duration=30, start=begin, end=begin + 1440, now=to_seconds(NOW))
    return len([start for start in starts if from_minutes(start).astimezone(BERLIN).date() == day])


@pytest.fixture
def busy(alice: Person) -> Person:
    """Alice with two appointments on a Monday and one on the Tuesday after."""
    for start in (MONDAY_NINE, MONDAY_TEN, TUESDAY_NINE):
        book_through(make_link(alice), start)
    return alice


def test_present_appointments_count_for_a_new_limit(busy: Person) -> None:
    assert counted(busy) == {}
    change(busy, per_day=2, per_week=3, per_month=5)
    assert counted(busy) == {"2026-11-30": 2, "2026-12-01": 1}
    assert counted(busy, "week") == {"2026-11-30": 3}
    assert counted(busy, "month") == {"2026-11-01": 2, "2026-12-01": 1}
    assert (offered_on(busy, MONDAY), offered_on(busy, TUESDAY)) == (0, 0), "the week is full"


def test_a_limit_below_what_is_taken_offers_no_more_until_it_is_raised(busy: Person) -> None:
    change(busy, per_day=1)
    assert (offered_on(busy, MONDAY), offered_on(busy, TUESDAY)) == (0, 0)
    with pytest.raises(SlotTaken):
        book_through(make_link(busy), "2026-11-30T11:00:00+01:00")
    change(busy, per_day=3)
    assert (offered_on(busy, MONDAY), offered_on(busy, TUESDAY)) == (14, 15)
    book_through(make_link(busy), "2026-11-30T11:00:00+01:00")
    assert offered_on(busy, MONDAY) == 0
    change(busy, per_day=None)
    assert offered_on(busy, MONDAY) == 13
    assert counted(busy) == {}


def test_a_limit_of_none_offers_nothing(alice: Person) -> None:
    change(alice, per_month=0)
    assert offered_on(alice, MONDAY) == 0
    with pytest.raises(SlotTaken):
        book_through(make_link(alice))


def test_a_cancelled_appointment_gives_its_place_back(alice: Person) -> None:
    change(alice, per_day=1)
    booking = booked(alice, MONDAY_NINE)
    assert offered_on(alice, MONDAY) == 0
    assert cancel(booking, by=events.GUEST, now=NOW)
    assert counted(alice) == {}
    booked(alice, MONDAY_TEN)
    assert counted(alice) == {"2026-11-30": 1}


def test_a_moved_appointment_counts_where_it_went(alice: Person) -> None:
    change(alice, per_day=1, per_week=2)
    booking = booked(alice, MONDAY_NINE)
    reschedule(booking, datetime.fromisoformat(MONDAY_TEN), by=alice.actor, now=NOW)
    assert counted(alice) == {"2026-11-30": 1}, "within a full day it may move"
    reschedule(booking, datetime.fromisoformat(TUESDAY_NINE), by=alice.actor, now=NOW)
    assert (counted(alice), counted(alice, "week")) == ({"2026-12-01": 1}, {"2026-11-30": 1})
    booked(alice, MONDAY_NINE)
    with pytest.raises(SlotTaken):
        reschedule(booking, datetime.fromisoformat(MONDAY_TEN), by=alice.actor, now=NOW)


def test_days_are_those_of_the_first_hosts_zone(busy: Person) -> None:
    change(busy, per_day=5)
    raw = {
        "timezone": "Pacific/Auckland",
        "weekly": [{"days": [0, 1, 2, 3, 4, 5, 6], "start": "00:00", "end": "24:00"}],
    }
    update_schedule(busy.schedule, raw, by=busy.member, now=NOW)
    # 09:00 and 10:00 in Berlin are 21:00 and 22:00 there.
    assert counted(busy) == {"2026-11-30": 2, "2026-12-01": 1}
    update_schedule(busy.schedule, raw | {"timezone": "Pacific/Honolulu"}, by=busy.member, now=NOW)
    assert counted(busy) == {"2026-11-29": 2, "2026-11-30": 1}


def test_another_first_host_brings_their_zone(busy: Person, bob: Person) -> None:
    change(busy, per_day=5)
    raw = {"timezone": "Pacific/Honolulu", "weekly": [{"days": [1], "start": "09:00", "end": "17:00"}]}
    update_schedule(bob.schedule, raw, by=bob.member, now=NOW)
    change(busy, kind="collective", hosts=["bob@example.com", "alice@example.com"])
    assert counted(busy) == {"2026-11-29": 2, "2026-11-30": 1}
    change(busy, hosts=["alice@example.com", "bob@example.com"])
    assert counted(busy) == {"2026-11-30": 2, "2026-12-01": 1}


def test_another_kind_counts_as_before(busy: Person) -> None:
    change(busy, per_day=2)
    before = counted(busy)
    for kind in ("class", "collective", "round_robin", "one_on_one"):
        change(busy, kind=kind)
        assert counted(busy) == before
        assert (offered_on(busy, MONDAY), offered_on(busy, TUESDAY)) == (0, 15), kind


def test_all_seats_of_a_session_count_once(alice: Person) -> None:
    change(alice, kind="class", seats=3, per_day=1)
    for _ in range(3):
        booked(alice, MONDAY_NINE)
    assert counted(alice) == {"2026-11-30": 1}
    with pytest.raises(SlotTaken):
        booked(alice, MONDAY_TEN)
    for number, booking in enumerate(Booking.objects.order_by("pk"), start=1):
        cancel(booking.pk, by=events.GUEST, now=NOW)
        assert counted(alice) == ({} if number == 3 else {"2026-11-30": 1})
