"""Slots fill the host's opening hours, on a grid that the wall clock sets."""

from __future__ import annotations

from datetime import date

import pytest

from bookonce.scheduling.slots import HostHours, Hours, SlotRules, free_starts, hours_problems
from tests.unit.slot_days import BERLIN, FALL_BACK, ORDINARY, SPRING_FORWARD, Host, blocks, instant, midnights

HOURLY = SlotRules(durations=(60,), interval=60)
HALF_HOURLY = SlotRules(durations=(60, 30), interval=30)
any_day = pytest.mark.parametrize("day", [ORDINARY, SPRING_FORWARD, FALL_BACK])


@any_day
def test_a_slot_ends_by_closing_time(day: str) -> None:
    assert Host("09:00-11:30").clocks(day, HALF_HOURLY) == "09:00 09:30 10:00 10:30"


@any_day
def test_a_shorter_length_starts_later(day: str) -> None:
    assert Host("09:00-11:00").clocks(day, HALF_HOURLY, duration=30) == "09:00 09:30 10:00 10:30"


@any_day
def test_a_length_the_calendar_lacks_is_never_offered(day: str) -> None:
    assert Host("09:00-11:00").clocks(day, HALF_HOURLY, duration=45) == ""


@any_day
def test_each_block_starts_its_own_grid(day: str) -> None:
    assert Host("09:10-11:10 14:00-16:00").clocks(day, HOURLY) == "09:10 10:10 14:00 15:00"


@any_day
def test_blocks_that_touch_are_one_stretch(day: str) -> None:
    assert Host("09:00-10:30 10:30-12:00").clocks(day, HOURLY) == "09:00 10:00 10:30"


@any_day
def test_hours_run_on_over_midnight(day: str) -> None:
    assert Host("00:00-01:00 23:00-24:00").clocks(day, HALF_HOURLY) == "00:00 23:00 23:30"


@any_day
def test_a_slot_may_outlast_a_day(day: str) -> None:
    retreat = SlotRules(durations=(3 * 1440,), interval=720)
    assert Host("00:00-24:00").clocks(day, retreat, duration=3 * 1440) == "00:00 12:00"
    assert Host("00:00-23:59").clocks(day, retreat, duration=3 * 1440) == ""


@any_day
def test_an_override_replaces_the_whole_day(day: str) -> None:
    on = date.fromisoformat(day)
    assert Host("09:00-12:00", overrides={on: blocks("18:00-20:00")}).clocks(day, HOURLY) == "18:00 19:00"
    assert Host("09:00-12:00", overrides={on: ()}).clocks(day, HOURLY) == ""


def test_weekdays_count_from_sunday() -> None:
    hours = HostHours(BERLIN, (Hours(0, 540, 600), Hours(6, 600, 660)), {})
    start, _ = midnights("2026-05-11")  # a Monday
    free = free_starts(hours, HOURLY, (), duration=60, start=start, end=start + 7 * 1440, now=0)
    assert free == [instant("2026-05-16 10:00"), instant("2026-05-17 09:00")]


@any_day
def test_the_window_cuts_starts_not_slots_and_leaves_the_grid(day: str) -> None:
    def within(since: str, until: str) -> list[int]:
        start, end = instant(f"{day} {since}"), instant(f"{day} {until}")
        return free_starts(Host("09:00-12:00").hours, HOURLY, (), duration=60, start=start, end=end, now=0)

    assert within("09:30", "10:01") == [instant(f"{day} 10:00")]
    assert within("09:30", "10:00") == []
    assert within("10:00", "09:00") == []


@any_day
def test_overlapping_blocks_count_as_one(day: str) -> None:
    assert Host("09:00-11:00 10:30-12:00 11:00-11:30").clocks(day, HOURLY) == "09:00 10:00 11:00"
    assert Host("10:30-12:00 09:00-11:00").clocks(day, HOURLY) == "09:00 10:00 11:00"


@pytest.mark.parametrize(
    ("day", "problems"),
    [
        ("09:00-12:00 13:00-17:00", []),
        ("13:00-24:00 00:00-13:00", []),
        ("12:00-09:00", ["12:00 to 09:00 must end after it starts."]),
        ("12:00-12:00", ["12:00 to 12:00 must end after it starts."]),
        ("22:00-26:00", []),
        ("22:00-46:00", ["22:00 to 46:00 does not lie within one day, 00:00 to 24:00."]),
        ("24:00-24:00", ["24:00 to 24:00 does not lie within one day, 00:00 to 24:00."]),
        ("11:00-14:00 09:00-12:00", ["09:00 to 12:00 and 11:00 to 14:00 overlap."]),
        (
            "09:00-17:00 10:00-11:00 12:00-13:00",
            ["09:00 to 17:00 and 10:00 to 11:00 overlap.", "09:00 to 17:00 and 12:00 to 13:00 overlap."],
        ),
    ],
)
def test_problems_of_a_days_hours_are_told_in_plain_language(day: str, problems: list[str]) -> None:
    assert hours_problems(blocks(day)) == problems


def test_a_negative_time_is_a_problem() -> None:
    assert hours_problems([(-30, 60)]) == ["-00:30 to 01:00 does not lie within one day, 00:00 to 24:00."]
