"""What the guest's page says where two clocks differ, exact to the day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bookonce.booking_page.clock_notes import change_notes, day_notes, host_moment, shift_of
from bookonce.booking_page.local_times import LocalClock, LocalTime


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) // 60


def times(zone: str, *instants: str) -> list[LocalTime]:
    return [LocalClock(zone).read(at(instant)) for instant in instants]


def notes(guest: str, host: str, first: str, last: str) -> list[str]:
    days = {"first": date.fromisoformat(first), "last": date.fromisoformat(last)}
    return change_notes(LocalClock(guest), LocalClock(host), **days)


@pytest.mark.parametrize(
    ("zone", "day", "minute"),
    [
        ("Europe/Berlin", "2027-03-28", "2027-03-28T01:00"),
        ("Europe/Berlin", "2026-10-25", "2026-10-25T01:00"),
        ("America/New_York", "2027-03-14", "2027-03-14T07:00"),
        ("Australia/Lord_Howe", "2027-04-04", "2027-04-03T15:00"),
        ("Africa/Casablanca", "2027-02-07", "2027-02-07T02:00"),
    ],
)
def test_a_change_is_found_to_the_minute(zone: str, day: str, minute: str) -> None:
    clock, shown = LocalClock(zone), date.fromisoformat(day)
    [(found, before, after)] = clock.changes(*clock.window(shown, shown))
    assert found == at(minute)
    assert (before, after) == (clock.offset_at(found - 1), clock.offset_at(found))
    assert before != after
    assert clock.changes(found + 1, found + 10 * 1440) == []


def test_zones_without_summer_time_are_never_changed() -> None:
    for zone in ("UTC", "Asia/Tokyo", "Asia/Kathmandu"):
        clock = LocalClock(zone)
        assert clock.changes(*clock.window(date(2027, 1, 1), date(2027, 12, 31))) == []


def test_your_own_clocks() -> None:
    assert notes("Europe/Berlin", "Europe/Berlin", "2027-03-01", "2027-03-31") == [
        "Your clocks go forward by 1 hour on Sunday, 28 March."
    ]
    assert notes("Europe/Berlin", "Europe/Paris", "2026-10-01", "2026-10-31") == [
        "Your clocks go back by 1 hour on Sunday, 25 October."
    ], "both at once: as far apart as before"
    assert notes("Australia/Lord_Howe", "Australia/Lord_Howe", "2027-04-01", "2027-04-30") == [
        "Your clocks go back by 30 minutes on Sunday, 4 April."
    ]


def test_two_places_that_change_on_different_days() -> None:
    assert notes("America/New_York", "Europe/Berlin", "2027-03-01", "2027-03-31") == [
        "Your clocks go forward by 1 hour on Sunday, 14 March. From then on, Berlin is 5 hours ahead of you.",
        (
            "In Berlin, clocks go forward by 1 hour on Sunday, 28 March."
            " From then on, Berlin is 6 hours ahead of you."
        ),
    ]
    assert notes("Europe/Berlin", "Asia/Tokyo", "2027-03-28", "2027-03-28") == [
        "Your clocks go forward by 1 hour on Sunday, 28 March. From then on, Tokyo is 7 hours ahead of you."
    ]
    assert notes("Asia/Tokyo", "America/New_York", "2026-11-01", "2026-11-30") == [
        (
            "In New York, clocks go back by 1 hour on Sunday, 1 November."
            " From then on, New York is 14 hours behind you."
        ),
    ]
    assert notes("Africa/Lagos", "Europe/London", "2027-03-01", "2027-03-31") == [
        (
            "In London, clocks go forward by 1 hour on Sunday, 28 March."
            " From then on, it is the same time in London."
        ),
    ]


def test_days_without_a_change_say_nothing() -> None:
    assert notes("Europe/Berlin", "America/New_York", "2026-12-01", "2026-12-31") == []
    assert notes("Europe/Berlin", "Europe/Berlin", "2027-03-29", "2027-03-31") == []
    assert notes("Europe/Berlin", "Europe/Berlin", "2027-03-29", "2027-03-28") == [], "no days at all"


def test_times_on_the_same_day_need_no_note() -> None:
    shown = times("America/New_York", "2026-12-01T14:00", "2026-12-01T20:00")
    assert day_notes(shown, LocalClock("Europe/Berlin")) == []
    assert day_notes([], LocalClock("Europe/Berlin")) == []


def test_times_on_another_day_of_the_host() -> None:
    auckland, berlin = "Pacific/Auckland", LocalClock("Europe/Berlin")
    evening = times(auckland, "2026-11-30T08:00", "2026-11-30T10:30", "2026-11-30T12:00")
    assert [shift_of(time, berlin) for time in evening] == [0, 0, -1]
    early = times(auckland, "2026-11-30T12:00", "2026-11-30T15:30")
    assert day_notes(early, berlin) == ["In Berlin, these times are on Monday, 30 November."]
    both = times(auckland, "2026-11-30T22:30", "2026-11-30T23:00", "2026-12-01T08:00")
    assert day_notes(both, berlin) == ["Before 12:00, it is still Monday, 30 November in Berlin."]
    ahead = times("America/Los_Angeles", "2026-12-01T22:00", "2026-12-01T23:30", "2026-12-02T00:30")
    assert day_notes(ahead, berlin) == ["From 15:30 on, it is already Wednesday, 2 December in Berlin."]


def test_the_moment_at_the_host_s_place() -> None:
    guest, host = LocalClock("America/Los_Angeles"), LocalClock("Europe/Berlin")
    said = host_moment(at("2026-12-01T23:30"), guest, host)
    assert said == "In Berlin it is then Wednesday, 2 December, 00:30."
    assert host_moment(at("2026-12-01T22:30"), guest, host) == ""
