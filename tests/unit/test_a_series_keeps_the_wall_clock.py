"""When the appointments of a series take place, beside a naive walk over dates with zoneinfo."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bookonce.lib.instants import from_minutes, to_minutes
from bookonce.scheduling.series import MOST_REPEATS, Repeats, nth_starts, occurrences, reach
from tests.unit.rule_cases import ZONES, change_days

DAY = timedelta(days=1)


def clocks(zone: str, first: str, repeats: str, count: int) -> list[str]:
    """What the zone's clock shows at each start, with its offset."""
    start = to_minutes(datetime.fromisoformat(first).replace(tzinfo=ZoneInfo(zone)))
    found = occurrences(zone, start, Repeats(repeats), count)
    return [from_minutes(at).astimezone(ZoneInfo(zone)).isoformat(timespec="minutes") for at in found]


def test_a_week_is_a_week_although_the_clock_changes() -> None:
    assert clocks("Europe/Berlin", "2027-03-22T09:00", "weekly", 3) == [
        "2027-03-22T09:00+01:00",
        "2027-03-29T09:00+02:00",
        "2027-04-05T09:00+02:00",
    ]


def test_a_month_that_lacks_the_day_has_its_last_one() -> None:
    assert [one[:10] for one in clocks("Europe/Berlin", "2027-12-31T09:00", "monthly", 5)] == [
        "2027-12-31",
        "2028-01-31",
        "2028-02-29",
        "2028-03-31",
        "2028-04-30",
    ]


def test_a_time_that_the_clock_leaves_out_comes_as_much_later() -> None:
    assert clocks("Europe/Berlin", "2027-03-27T02:30", "daily", 3) == [
        "2027-03-27T02:30+01:00",
        "2027-03-28T03:30+02:00",
        "2027-03-29T02:30+02:00",
    ]


def test_of_a_time_that_the_clock_shows_twice_the_first_counts_unless_it_was_chosen() -> None:
    assert clocks("Europe/Berlin", "2026-10-24T02:30", "daily", 2)[1] == "2026-10-25T02:30+02:00"
    second = to_minutes(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    assert occurrences("Europe/Berlin", second, Repeats.DAILY, 2) == [second, second + 1440]


@pytest.mark.parametrize("zone", ["Pacific/Apia", "America/Havana", "Asia/Beirut"])
def test_every_series_is_in_order(zone: str) -> None:
    start = to_minutes(datetime(2011, 12, 25, 23, 30, tzinfo=UTC))
    for repeats in (Repeats.DAILY, Repeats.WEEKLY, Repeats.MONTHLY):
        found = occurrences(zone, start, repeats, MOST_REPEATS)
        assert all(earlier <= later for earlier, later in pairwise(found))


@settings(max_examples=400, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    near=st.integers(0, 9),
    back=st.integers(0, 40),
    minute=st.integers(0, 1439) | st.sampled_from([0, 30, 60, 120, 150, 180, 1439]),
    repeats=st.sampled_from([Repeats.DAILY, Repeats.WEEKLY, Repeats.MONTHLY]),
    count=st.integers(2, MOST_REPEATS),
)
def test_it_is_what_a_naive_walk_finds(
    zone: str, near: int, back: int, minute: int, repeats: Repeats, count: int
) -> None:
    days = change_days(zone) or [date(2028, 2, 29)]
    first = days[near % len(days)] - back * DAY
    start = to_minutes(datetime(first.year, first.month, first.day, tzinfo=UTC)) + minute
    found = occurrences(zone, start, repeats, count)
    assert found == walked(zone, start, repeats, count)
    assert max(found) - start <= reach(repeats, count)
    starts = [start - 60, start, start + 45, start + 1440]
    for number in (1, count - 1):
        many = nth_starts(zone, starts, repeats, number)
        assert many == [walked(zone, at, repeats, count)[number] for at in starts]


def walked(zone: str, start: int, repeats: Repeats, count: int) -> list[int]:
    """Date by date, by zoneinfo alone."""
    tz = ZoneInfo(zone)
    local = datetime.fromtimestamp(start * 60, tz)
    found, day = [start], local.date()
    while len(found) < count:
        day += DAY
        days = (day - local.date()).days
        last = (day + DAY).month != day.month
        months = (day.year - local.year) * 12 + day.month - local.month
        due = {
            Repeats.DAILY: True,
            Repeats.WEEKLY: days % 7 == 0,
            Repeats.MONTHLY: months == len(found)
            and (day.day == local.day or (last and day.day < local.day)),
        }[repeats]
        if due:
            then = datetime.combine(day, local.time(), tz).replace(fold=0)
            found.append(int(then.timestamp()) // 60)
    return found
