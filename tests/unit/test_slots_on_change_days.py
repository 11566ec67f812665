"""On change days a skipped hour is not open, a repeated one is open twice, and lengths stay as they are."""

from __future__ import annotations

from datetime import date

import pytest

from bookonce.scheduling.local_days import day_number, day_parts, steady_offset
from bookonce.scheduling.slots import SlotRules, free_starts
from tests.unit.slot_days import FALL_BACK, SPRING_FORWARD, Host, instant

HOURLY = SlotRules(durations=(60,), interval=60)
HALF_HOURLY = SlotRules(durations=(60,), interval=30)


def test_a_skipped_hour_yields_nothing_and_joins_its_neighbours() -> None:
    night = Host("01:00-04:00").starts(SPRING_FORWARD, HALF_HOURLY)
    assert night == ["01:00+01", "01:30+01", "03:00+02"]  # 01:30 runs until 03:30, one hour later


def test_a_block_inside_the_skipped_hour_yields_nothing() -> None:
    assert Host("02:00-03:00").starts(SPRING_FORWARD, HOURLY) == []


def test_a_repeated_hour_is_open_twice() -> None:
    night = Host("01:00-04:00").starts(FALL_BACK, HOURLY)
    assert night == ["01:00+02", "02:00+02", "02:00+01", "03:00+01"]


def test_a_block_that_ends_in_the_repeated_hour_is_open_in_two_stretches() -> None:
    quarter = SlotRules(durations=(30,), interval=15)
    night = Host("02:00-02:45").starts(FALL_BACK, quarter, duration=30)
    assert night == ["02:00+02", "02:15+02", "02:00+01", "02:15+01"]


def test_the_grid_stays_on_the_wall_clock() -> None:
    rules = SlotRules(durations=(30,), interval=40)
    assert Host("01:00-05:00").starts(SPRING_FORWARD, rules, duration=30) == [
        *("01:00+01", "01:40+01"),  # 02:20 is skipped
        *("03:00+02", "03:40+02", "04:20+02"),
    ]


def test_busy_time_in_one_of_two_equal_hours_leaves_the_other() -> None:
    second = instant(f"{FALL_BACK} 02:00", fold=1)
    night = Host("01:00-04:00").starts(FALL_BACK, HOURLY, (second, second + 60))
    assert night == ["01:00+02", "02:00+02", "03:00+01"]


def test_a_clock_that_moves_by_half_an_hour() -> None:
    host = Host("01:00-04:00", zone="Australia/Lord_Howe")
    assert host.starts("2026-04-05", HALF_HOURLY) == [
        *("01:00+11", "01:30+11", "01:30+1030", "02:00+1030", "02:30+1030", "03:00+1030"),
    ]
    assert host.starts("2026-10-04", HALF_HOURLY) == ["01:00+1030", "01:30+1030", "02:30+11", "03:00+11"]


def test_a_day_that_starts_at_one() -> None:
    host = Host("00:00-03:00", zone="America/Santiago")
    start = instant("2026-09-06 01:00", host.zone)
    free = free_starts(host.hours, HOURLY, (), duration=60, start=start - 60, end=start + 240, now=0)
    assert free == [start, start + 60]


def test_a_day_whose_last_hour_comes_twice() -> None:
    assert Host("22:00-24:00", zone="America/Santiago").starts("2026-04-04", HOURLY) == [
        *("22:00-03", "23:00-03", "23:00-04"),
    ]


def test_a_clock_set_back_over_midnight_shows_the_day_before_once_more() -> None:
    # St John's, 2010-11-07: at 00:01 back to 23:01 of Saturday.
    host = Host("00:00-00:01 23:30-24:00", zone="America/St_Johns")
    minutely = SlotRules(durations=(30,), interval=1)
    start = instant("2010-11-06 22:00", host.zone)
    free = free_starts(host.hours, minutely, (), duration=30, start=start, end=start + 240, now=0)
    once, again = (instant("2010-11-06 23:30", host.zone, fold=fold) for fold in (0, 1))
    assert free == [once, once + 1, again, again + 1]  # both run on into the minute after midnight


def test_a_day_that_the_zone_skips() -> None:
    host = Host("00:00-24:00", zone="Pacific/Apia")
    rules = SlotRules(durations=(2880,), interval=720)
    start = instant("2011-12-29 00:00", host.zone)
    free = free_starts(host.hours, rules, (), duration=2880, start=start, end=start + 2880, now=0)
    assert free == [start + 720 * k for k in range(4)]
    assert day_parts(host.zone, day_number_of("2011-12-30")) == ()


@pytest.mark.parametrize(
    ("zone", "day", "offset"),
    [
        ("Asia/Kolkata", "2026-05-17", 330),
        ("Asia/Kathmandu", "2026-05-17", 345),
        ("America/St_Johns", "2026-01-10", -210),
        ("Europe/Berlin", SPRING_FORWARD, None),
        ("Europe/Berlin", "2026-03-28", 60),
        ("Europe/Berlin", "2026-03-30", 120),
        ("Pacific/Apia", "2011-12-29", -600),
        ("Pacific/Apia", "2011-12-30", None),
        ("Pacific/Apia", "2011-12-31", 840),
        ("America/Santiago", "2026-04-04", None),
        ("America/Santiago", "2026-04-05", -240),
    ],
)
def test_only_change_days_lack_a_steady_offset(zone: str, day: str, offset: int | None) -> None:
    assert steady_offset(zone, day_number_of(day)) == offset


def day_number_of(day: str) -> int:
    return day_number(date.fromisoformat(day))
