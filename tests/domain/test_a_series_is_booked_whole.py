"""A calendar that repeats: one choice of a time books all appointments of the series, or none."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bookonce.lib.instants import from_minutes, iso, to_minutes, to_seconds
from bookonce.lib.tokens import new_public_id
from bookonce.scheduling import errors
from bookonce.scheduling.book import book
from bookonce.scheduling.calendars import update_calendar
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.issue_link import issue_link
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.models import (
    Appointment,
    BlockedTime,
    Booking,
    Calendar,
    CalendarHost,
    Contact,
    Event,
    LimitCount,
    LinkUse,
    OneTimeLink,
)
from bookonce.scheduling.offer import Door, Offer, free_starts, get_offer
from bookonce.scheduling.reschedule import reschedule
from tests.cast import MONDAY_NINE, NOW, Person, book_through, guest, make_link
from tests.kinds import book_into, make_calendar

THIRD_MONDAY = "2026-12-14T09:00:00+01:00"


@pytest.fixture
def weekly(alice: Person) -> Person:
    """Alice, who gives four appointments a week apart."""
    repeat(alice.calendar)
    return alice


def repeat(calendar: Calendar, repeats: str = "weekly", count: int = 4, **columns: Any) -> None:
    Calendar.objects.filter(pk=calendar.pk).update(repeats=repeats, repeat_count=count, **columns)


def take(person: Person, start: str) -> None:
    """Another calendar of the person is booked then, for half an hour."""
    other = make_calendar("one_on_one", person, slug=new_public_id("x")[4:16], durations=(30,), interval=30)
    book_into(other, start)


def days() -> list[str]:
    return [
        iso(one.starts)[:16] for one in Appointment.objects.exclude(status="cancelled").order_by("starts")
    ]


def test_one_choice_books_them_all(weekly: Person) -> None:
    issued = make_link(weekly)
    booked = book_through(issued)
    assert days() == [f"{day}T08:00" for day in ("2026-11-30", "2026-12-07", "2026-12-14", "2026-12-21")]
    bookings = list(Booking.objects.order_by("series_number"))
    assert [one.series_number for one in bookings] == [1, 2, 3, 4]
    assert len({one.series for one in bookings}) == 1
    assert bookings[0].series
    assert bookings[0].series.startswith("ser_")
    assert [one.public_id for one in booked.series] == [one.public_id for one in bookings]
    assert booked.public_id == bookings[0].public_id
    assert len({one.manage_token for one in booked.series}) == 4
    assert Contact.objects.count() == 1


def test_the_series_is_one_use_of_the_link(weekly: Person) -> None:
    issued = make_link(weekly)
    book_through(issued)
    link = OneTimeLink.objects.get(pk=issued.link.pk)
    assert (link.spent, LinkUse.objects.filter(link=link).count()) == (1, 1)
    assert set(Booking.objects.values_list("link_use", flat=True)) == {LinkUse.objects.get().pk}
    with pytest.raises(errors.LinkUsed):
        book_through(issued, "2026-11-30T10:00:00+01:00")


def test_a_time_taken_in_the_middle_leaves_nothing_behind(weekly: Person) -> None:
    issued = make_link(weekly)
    take(weekly, THIRD_MONDAY)
    before = (Appointment.objects.count(), BlockedTime.objects.count(), Event.objects.count())
    with pytest.raises(errors.SlotTaken):
        book_through(issued)
    assert before == (Appointment.objects.count(), BlockedTime.objects.count(), Event.objects.count())
    assert OneTimeLink.objects.get(pk=issued.link.pk).spent == 0
    assert not LinkUse.objects.exists()
    book_through(issued, "2026-11-30T09:30:00+01:00")


def test_the_same_key_gives_the_same_series(weekly: Person) -> None:
    door, retry = Door.link(make_link(weekly).token or ""), Idempotency("link:x", "k", "f")
    first = book(door, guest(), now=NOW, retry=retry)
    again = book(door, guest(), now=NOW, retry=Idempotency("link:x", "k", "f"))
    assert again.replayed
    assert again.series == first.series
    assert again.manage_token == first.manage_token == first.series[0].manage_token
    assert Booking.objects.count() == 4


@pytest.mark.parametrize("repeats", ["daily", "weekly", "monthly"])
def test_what_is_listed_can_be_booked_and_nothing_else(alice: Person, repeats: str) -> None:
    repeat(alice.calendar, repeats, 3, per_week=3, buffer_after=10, horizon_days=20)
    for start in (THIRD_MONDAY, "2026-12-02T10:00:00+01:00", "2027-01-07T11:00:00+01:00"):
        take(alice, start)
    calendar = Calendar.objects.get(pk=alice.calendar.pk)
    offer = get_offer(Door.permanent(calendar.permanent_id))
    begin = to_minutes(datetime.fromisoformat("2026-11-30T00:00+01:00"))
    listed = set(free_starts(offer, duration=30, start=begin, end=begin + 11 * 1440, now=to_seconds(NOW)))
    assert listed
    single = set(
        free_starts(
            without_series(offer), duration=30, start=begin, end=begin + 11 * 1440, now=to_seconds(NOW)
        )
    )
    assert listed < single
    missing = sorted(single - listed)
    for minute in [*sorted(listed)[::17], *missing[::9]]:
        assert can_book(calendar, minute) == (minute in listed), from_minutes(minute)


def without_series(offer: Offer) -> Offer:
    return replace(offer, rules=offer.rules.alone())


def can_book(calendar: Calendar, start: int) -> bool:
    """Tried and undone."""
    undo = transaction.savepoint()
    try:
        book_into(calendar, from_minutes(start).isoformat())
    except errors.SlotTaken:
        return False
    finally:
        transaction.savepoint_rollback(undo)
    return True


def test_limits_count_the_series_own_appointments(alice: Person) -> None:
    repeat(alice.calendar, "daily", 3, per_week=2)
    with pytest.raises(errors.SlotTaken):  # Monday to Wednesday are three in one week
        book_through(make_link(alice))
    Calendar.objects.filter(pk=alice.calendar.pk).update(per_week=3)
    book_through(make_link(alice))
    assert LimitCount.objects.get(unit="week", taken__gt=0).taken == 3


def test_one_address_may_have_its_own_series(weekly: Person) -> None:
    Calendar.objects.filter(pk=weekly.calendar.pk).update(one_per_email=True)
    book_through(make_link(weekly))
    with pytest.raises(errors.Invalid):
        book_through(make_link(weekly), "2026-11-30T10:00:00+01:00")
    assert Booking.objects.count() == 4


def test_a_round_robin_series_stays_with_one_host(alice: Person, bob: Person) -> None:
    calendar = make_calendar("round_robin", alice, bob, repeats="weekly", repeat_count=3)
    take(alice, THIRD_MONDAY)
    booked = book_into(calendar)
    assert booked.owner == "Bob"
    assert set(BlockedTime.objects.filter(appointment__calendar=calendar).values_list("host", flat=True)) == {
        bob.member.pk
    }
    assert CalendarHost.objects.get(calendar=calendar, member=bob.member).turns == 3
    take(bob, "2026-12-07T11:00:00+01:00")
    take(alice, "2026-12-14T11:00:00+01:00")
    with pytest.raises(errors.SlotTaken):  # each appointment has somebody, nobody has all
        book_into(calendar, "2026-11-30T11:00:00+01:00", name="Hans Host")


def test_a_party_has_its_seats_in_every_session_of_a_class(alice: Person) -> None:
    calendar = make_calendar("class", alice, seats=5, repeats="weekly", repeat_count=3)
    book_into(calendar, party=2)
    book_into(calendar, "2026-12-07T09:00:00+01:00", name="Hans Host", party=2)
    taken = dict(Appointment.objects.order_by("starts").values_list("starts", "seats_taken"))
    assert [taken[start] for start in sorted(taken)] == [2, 4, 4, 2]
    with pytest.raises(errors.SlotTaken):  # its second session has one seat left
        book_into(calendar, "2026-11-30T09:00:00+01:00", name="Ina Guest", party=2)
    book_into(calendar, "2026-11-30T09:00:00+01:00", name="Ina Guest", party=1)


def test_the_window_of_a_link_binds_the_first_alone(weekly: Person) -> None:
    day = datetime.fromisoformat(MONDAY_NINE).date()
    issued = make_link(weekly, first_day=day, last_day=day + timedelta(days=1))
    assert len(book_through(issued).series) == 4


def test_the_host_of_a_link_hosts_all(alice: Person, bob: Person) -> None:
    calendar = make_calendar("round_robin", alice, bob, repeats="daily", repeat_count=2)
    issued = issue_link(calendar, LinkOptions(host_id=bob.member.pk), by=alice.actor, now=NOW)
    assert book_through(issued).owner == "Bob"


def test_a_list_of_series_takes_as_many_statements_as_any(weekly: Person) -> None:
    door = Door.link(make_link(weekly).token or "")
    begin = to_minutes(datetime.fromisoformat(MONDAY_NINE))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        free_starts(get_offer(door), duration=30, start=begin, end=begin + 31 * 1440, now=to_seconds(NOW))
    assert len(asked) <= 4


def test_a_series_costs_five_statements_for_each_further_appointment(weekly: Person) -> None:
    costs = []
    for count, hour in ((2, 10), (12, 11)):
        repeat(weekly.calendar, "weekly", count)
        issued = make_link(weekly)
        with CaptureQueriesContext(connection) as asked:
            book_through(issued, f"2026-11-30T{hour}:00:00+01:00")
        costs.append(len([one for one in asked if "SAVEPOINT" not in one["sql"]]))
    assert costs[1] - costs[0] <= 10 * 5
    assert costs[0] <= 15 + 5


def test_settings_of_a_series_are_checked_together(alice: Person) -> None:
    def change(**settings: Any) -> Calendar:
        return update_calendar(alice.calendar, settings, by=alice.actor, now=NOW)

    for settings, field in (
        ({"repeats": "weekly"}, "repeat_count"),
        ({"repeat_count": 4}, "repeats"),
        ({"repeats": "hourly", "repeat_count": 4}, "repeats"),
        ({"repeats": "weekly", "repeat_count": 25}, "repeat_count"),
        ({"repeats": "weekly", "repeat_count": 1}, "repeat_count"),
        ({"repeats": "daily", "repeat_count": 2, "durations": [1440], "buffer_after": 5}, "repeats"),
    ):
        with pytest.raises(errors.Invalid) as refused:
            change(**settings)
        assert field in refused.value.errors
    assert change(repeats="weekly", repeat_count=8).repeat_count == 8
    assert change(name="Coaching").repeats == "weekly"
    assert change(repeats="monthly").repeat_count == 8
    assert change(repeat_count=6).repeats == "monthly"
    calendar = change(repeats="")
    assert (calendar.repeats, calendar.repeat_count) == ("", None)


def test_a_moved_appointment_may_not_meet_its_siblings(alice: Person) -> None:
    repeat(alice.calendar, "daily", 3)
    booked = book_through(make_link(alice))
    second = Booking.objects.get(public_id=booked.series[1].public_id)
    with pytest.raises(errors.SlotTaken):
        reschedule(second.pk, datetime.fromisoformat("2026-12-02T09:00:00+01:00"), by=alice.actor, now=NOW)
    reschedule(second.pk, datetime.fromisoformat("2026-12-03T10:00:00+01:00"), by=alice.actor, now=NOW)
    assert days() == ["2026-11-30T08:00", "2026-12-02T08:00", "2026-12-03T09:00"]


def test_another_workspace_has_nothing_to_do_with_it(weekly: Person, charlie: Person) -> None:
    book_through(make_link(charlie))
    assert Booking.objects.get().series is None
