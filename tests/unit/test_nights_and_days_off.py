"""A night belongs to the day on which it begins; a day off closes that night and its own small hours."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bookonce.scheduling.slots import HostHours, Hours, SlotRules, Stay, free_starts
from tests.unit.slot_days import BERLIN, blocks, instant

HOURLY = SlotRules(durations=(60,), interval=60)
NIGHTS = tuple(Hours(weekday, 22 * 60, 26 * 60) for weekday in range(7))  # 22:00 to 02:00
TUESDAY, WEDNESDAY = date(2026, 12, 1), date(2026, 12, 2)
ALL = "Tue 00 Tue 01 Tue 22 Tue 23 Wed 00 Wed 01 Wed 22 Wed 23 Thu 00 Thu 01"


def starts(weekly: tuple[Hours, ...] = NIGHTS, *, length: int = 60, **others: Any) -> str:
    """What is offered from Tuesday to Thursday at noon, as 'Tue 22 Tue 23'; whole hours only."""
    hours = HostHours(BERLIN, weekly, **{"overrides": {}} | others)
    rules = SlotRules(durations=(length,), interval=60)
    start, end = instant("2026-12-01 00:00"), instant("2026-12-03 12:00")
    free = free_starts(hours, rules, (), duration=length, start=start, end=end, now=0)
    return " ".join(
        datetime.fromtimestamp(at * 60, UTC).astimezone(ZoneInfo(BERLIN)).strftime("%a %H") for at in free
    )


def less(*gone: str) -> str:
    return " ".join(f"{day} {hour}" for day, hour in _pairs() if f"{day} {hour}" not in gone)


def _pairs() -> list[tuple[str, str]]:
    words = ALL.split()
    return list(zip(words[::2], words[1::2], strict=True))


def test_a_night_runs_into_the_next_day_on_one_grid() -> None:
    assert starts() == ALL
    assert starts(length=180) == "Tue 22 Tue 23 Wed 22 Wed 23"


def test_time_off_closes_the_day_and_the_night_that_begins_on_it() -> None:
    assert starts(away={TUESDAY}) == less("Tue 00", "Tue 01", "Tue 22", "Tue 23", "Wed 00", "Wed 01")
    assert starts(away={WEDNESDAY}) == less("Wed 00", "Wed 01", "Wed 22", "Wed 23", "Thu 00", "Thu 01")
    assert starts(away={WEDNESDAY}, length=180) == ""


def test_a_holiday_closes_the_same() -> None:
    assert starts(holidays={WEDNESDAY}) == starts(away={WEDNESDAY})
    assert starts(holidays={TUESDAY}) == starts(away={TUESDAY})


def test_an_override_replaces_the_night_that_begins_on_its_date_alone() -> None:
    closed: dict[str, Any] = {"overrides": {WEDNESDAY: ()}}
    assert starts(**closed) == less("Wed 22", "Wed 23", "Thu 00", "Thu 01")
    shorter: dict[str, Any] = {"overrides": {TUESDAY: blocks("23:00-25:00")}}
    assert starts(**shorter) == less("Tue 22", "Wed 01")


def test_an_override_opens_a_holiday_with_the_night_before_it() -> None:
    opened: dict[str, Any] = {"overrides": {WEDNESDAY: blocks("20:00-21:00")}, "holidays": {WEDNESDAY}}
    assert starts(**opened) == "Tue 00 Tue 01 Tue 22 Tue 23 Wed 00 Wed 01 Wed 20"
    assert starts(**opened, away={WEDNESDAY}) == "Tue 00 Tue 01 Tue 22 Tue 23"


def test_a_night_belongs_to_the_zone_in_which_it_began() -> None:
    stay = Stay(TUESDAY, TUESDAY, "Europe/London")
    assert starts(travel=(stay,)) == "Tue 00 Tue 01 Tue 23 Wed 00 Wed 01 Wed 02 Wed 22 Wed 23 Thu 00 Thu 01"


@pytest.mark.parametrize(("until", "last"), [(24, "Tue 23"), (25, "Wed 00")])
def test_hours_may_end_at_midnight_or_go_on(until: int, last: str) -> None:
    assert starts((Hours(2, 22 * 60, until * 60),)).endswith(last)


def test_the_grid_of_a_night_goes_on_after_midnight() -> None:
    hours = HostHours(BERLIN, (Hours(2, 22 * 60 + 30, 26 * 60),), {})
    rules = SlotRules(durations=(45,), interval=45)
    for start in ("2026-12-01 12:00", "2026-12-02 00:00"):
        free = free_starts(
            hours, rules, (), duration=45, start=instant(start), end=instant("2026-12-02 12:00"), now=0
        )
        assert free[-2:] == [instant("2026-12-02 00:00"), instant("2026-12-02 00:45")]


@pytest.mark.parametrize(
    "weekly",
    [
        NIGHTS,
        tuple(Hours(day, *block) for day in range(7) for block in blocks("09:00-17:00 22:00-24:00")),
        tuple(Hours(day, *block) for day in range(7) for block in blocks("00:00-24:00")),
        tuple(Hours(day, *block) for day in range(7) for block in blocks("00:00-02:00 23:00-24:00")),
    ],
)
@pytest.mark.parametrize("length", [60, 120, 180])
def test_special_dates_far_away_change_nothing(weekly: tuple[Hours, ...], length: int) -> None:
    far = date(2027, 6, 1)
    plain = starts(weekly, length=length)
    assert starts(weekly, length=length, overrides={far: ()}) == plain
    assert starts(weekly, length=length, away={far}) == plain
    assert starts(weekly, length=length, holidays={far}) == plain
    assert starts(weekly, length=length, travel=(Stay(far, far, "Asia/Tokyo"),)) == plain


def test_a_night_that_meets_the_next_mornings_hours_opens_both_grids() -> None:
    # no form lets it through, but overrides may bring it about
    weekly = (Hours(2, 22 * 60, 26 * 60), Hours(3, 90, 240))
    assert clocks_of_the_night(weekly, length=60) == "22:00 23:00 00:00 01:00 01:30 02:30"
    assert clocks_of_the_night(weekly, length=90) == "22:00 23:00 00:00 01:00 01:30 02:30"
    assert clocks_of_the_night(weekly, length=91) == "22:00 23:00 00:00 01:00 01:30"
    assert clocks_of_the_night(weekly, length=150) == "22:00 23:00 00:00 01:00 01:30"


def clocks_of_the_night(weekly: tuple[Hours, ...], *, length: int) -> str:
    hours, rules = HostHours(BERLIN, weekly, {}), SlotRules(durations=(length,), interval=60)
    start, end = instant("2026-12-01 12:00"), instant("2026-12-02 12:00")
    free = free_starts(hours, rules, (), duration=length, start=start, end=end, now=0)
    local = [datetime.fromtimestamp(at * 60, UTC).astimezone(ZoneInfo(BERLIN)) for at in free]
    return " ".join(f"{at:%H:%M}" for at in local)
