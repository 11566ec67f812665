"""Slots keep clear of busy time with their buffers, and within notice, horizon and date window."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bookonce.lib.zones import UnknownZone
from bookonce.scheduling.slots import (
    InvalidRules,
    SlotRules,
    WindowTooWide,
    busy_bounds,
    free_starts,
    is_offered,
)
from tests.unit.slot_days import BERLIN, FALL_BACK, ORDINARY, SPRING_FORWARD, Host, instant, midnights

HOST = Host("09:00-13:00")
HALF_HOURLY = SlotRules(durations=(60,), interval=30)
any_day = pytest.mark.parametrize("day", [ORDINARY, SPRING_FORWARD, FALL_BACK])


def between(day: str, start: str, end: str) -> tuple[int, int]:
    return instant(f"{day} {start}"), instant(f"{day} {end}")


@any_day
def test_busy_time_is_not_offered_and_does_not_shift_the_grid(day: str) -> None:
    assert HOST.clocks(day, HALF_HOURLY, between(day, "10:10", "10:50")) == "09:00 11:00 11:30 12:00"


@any_day
def test_a_slot_may_touch_busy_time(day: str) -> None:
    assert HOST.clocks(day, HALF_HOURLY, between(day, "10:00", "11:00")) == "09:00 11:00 11:30 12:00"


@any_day
def test_a_buffer_before_keeps_free_the_time_after_busy_time(day: str) -> None:
    rules = SlotRules(durations=(60,), interval=30, buffer_before=10)
    assert HOST.clocks(day, rules, between(day, "10:00", "11:00")) == "09:00 11:30 12:00"


@any_day
def test_a_buffer_after_keeps_free_the_time_ahead_of_busy_time(day: str) -> None:
    rules = SlotRules(durations=(60,), interval=30, buffer_after=10)
    assert HOST.clocks(day, rules, between(day, "10:30", "11:00")) == "09:00 11:00 11:30 12:00"
    assert HOST.clocks(day, rules, between(day, "10:09", "11:00")) == "11:00 11:30 12:00"


@any_day
def test_a_buffer_counts_from_the_last_end_of_several(day: str) -> None:
    rules = SlotRules(durations=(60,), interval=30, buffer_before=60)
    busy = [between(day, "09:00", "10:00"), between(day, "09:30", "10:30")]
    assert HOST.clocks(day, rules, *busy) == "11:30 12:00"


@any_day
def test_buffers_may_lie_outside_the_hours(day: str) -> None:
    rules = SlotRules(durations=(60,), interval=60, buffer_before=30, buffer_after=30)
    assert HOST.clocks(day, rules) == "09:00 10:00 11:00 12:00"
    assert HOST.clocks(day, rules, between(day, "08:00", "08:31")) == "10:00 11:00 12:00"


@any_day
def test_busy_intervals_may_overlap_nest_and_be_empty(day: str) -> None:
    busy = [between(day, "08:00", "10:30"), between(day, "09:00", "09:15"), between(day, "10:00", "10:45")]
    assert HOST.clocks(day, HALF_HOURLY, *busy, between(day, "12:00", "12:00")) == "11:00 11:30 12:00"


@any_day
def test_notice_counts_to_the_second(day: str) -> None:
    rules = SlotRules(durations=(60,), interval=60, notice=120)
    eight = instant(f"{day} 08:00") * 60
    assert HOST.clocks(day, rules, now=eight) == "10:00 11:00 12:00"
    assert HOST.clocks(day, rules, now=eight + 1) == "11:00 12:00"


@any_day
def test_the_past_is_not_offered(day: str) -> None:
    assert HOST.clocks(day, HALF_HOURLY, now=instant(f"{day} 11:15") * 60) == "11:30 12:00"


@any_day
def test_the_horizon_counts_local_days_from_today(day: str) -> None:
    rules = SlotRules(durations=(60,), interval=60, horizon_days=2)
    host = Host("00:00-01:00 23:00-24:00")
    last_second_of_day = midnights(day)[1] * 60 - 1
    in_two_days, in_three_days = ((date.fromisoformat(day) + timedelta(days=n)).isoformat() for n in (2, 3))
    assert host.clocks(in_two_days, rules, now=last_second_of_day) == "00:00 23:00"
    assert host.clocks(in_three_days, rules, now=last_second_of_day) == ""
    assert host.clocks(in_three_days, rules, now=last_second_of_day + 1) == "00:00 23:00"


def test_a_horizon_of_no_days_is_today_only() -> None:
    rules = SlotRules(durations=(60,), interval=60, horizon_days=0)
    assert HOST.clocks(ORDINARY, rules, now=instant(f"{ORDINARY} 10:30") * 60) == "11:00 12:00"


@any_day
def test_a_date_window_holds_both_its_days(day: str) -> None:
    only = date.fromisoformat(day)
    rules = SlotRules(durations=(60,), interval=30, first_day=only, last_day=only)
    start, end = midnights(day)
    free = free_starts(
        Host("00:00-24:00").hours, rules, (), duration=60, start=start - 3000, end=end + 3000, now=0
    )
    assert free == list(range(start, end, 30))  # the last one runs on into a day that is not in the window


@any_day
def test_what_is_listed_is_offered_and_nothing_else(day: str) -> None:
    rules = SlotRules(durations=(60,), interval=30, buffer_after=15, notice=30)
    busy, now = [between(day, "10:00", "10:20")], instant(f"{day} 08:15") * 60
    start, end = midnights(day)
    listed = free_starts(HOST.hours, rules, busy, duration=60, start=start, end=end, now=now)
    offered = [
        s for s in range(start, end) if is_offered(HOST.hours, rules, busy, start=s, duration=60, now=now)
    ]
    assert listed == offered != []


def test_bounds_reach_as_far_as_busy_time_can_matter() -> None:
    rules = SlotRules(durations=(60,), interval=30, buffer_before=10, buffer_after=20)
    assert busy_bounds(rules, duration=60, start=1000, end=1001) == (990, 1080)
    assert busy_bounds(rules, duration=60, start=1000, end=1000) == (1000, 1000)


def test_absurd_windows_end_at_once() -> None:
    far = 10**30
    window = SlotRules(durations=(60,), interval=30, first_day=date.min, last_day=date.max, horizon_days=1)
    free = free_starts(HOST.hours, window, (), duration=60, start=-far, end=far, now=instant(ORDINARY) * 60)
    assert len(free) == 2 * 7
    assert free_starts(HOST.hours, HALF_HOURLY, (), duration=60, start=far, end=far + 9, now=0) == []
    assert free_starts(HOST.hours, HALF_HOURLY, (), duration=60, start=0, end=9999, now=far) == []
    with pytest.raises(WindowTooWide):
        free_starts(HOST.hours, HALF_HOURLY, (), duration=60, start=-far, end=far, now=0)


def test_rules_that_no_form_lets_through_are_refused() -> None:
    for wrong in (
        {"durations": ()},
        {"durations": (0,)},
        {"durations": (30, 10**9)},
        {"interval": 0},
        {"buffer_before": -1},
        {"buffer_after": -1},
        {"notice": -1},
    ):
        with pytest.raises(InvalidRules):
            SlotRules(**{"durations": (30,), "interval": 30} | wrong)  # type: ignore[arg-type]


def test_an_unknown_zone_is_refused() -> None:
    nowhere = Host("09:00-17:00", zone="Europe/Atlantis").hours
    start, end = midnights(ORDINARY, BERLIN)
    with pytest.raises(UnknownZone):
        free_starts(nowhere, HALF_HOURLY, (), duration=60, start=start, end=end, now=0)
