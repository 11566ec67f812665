"""Horizons and limits in local days, also where a day is skipped or comes back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookonce.scheduling.bookable_days import (
    count_periods,
    days_spans,
    full_spans,
    last_bookable_day,
    limit_periods,
    start_spans,
)
from bookonce.scheduling.hours_problems import hours_problems, night_problems
from bookonce.scheduling.local_days import day_date, day_number
from bookonce.scheduling.slot_rules import SlotRules
from tests.unit.slot_days import instant

ODD = [
    ("America/St_Johns", date(2010, 11, 7)),  # back over midnight, to the day before
    ("Pacific/Apia", date(2011, 12, 30)),  # skipped
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Africa/Cairo", date(2026, 4, 24)),  # begins at 01:00
]


@pytest.mark.parametrize(("zone", "day"), ODD)
@pytest.mark.parametrize("length", [0, 1, 2, 5, 6, 9])
def test_spans_hold_the_minutes_of_the_days_and_no_others(zone: str, day: date, length: int) -> None:
    for first in (day - timedelta(days=length), day - timedelta(days=1), day, day + timedelta(days=1)):
        last = first + timedelta(days=length)
        spans = days_spans(zone, day_number(first), day_number(last))
        low, high = ((day_number(edge) + far) * 1440 for edge, far in ((first, -2), (last, 3)))
        for minute in range(low, high, 7):
            local = datetime.fromtimestamp(minute * 60, ZoneInfo(zone)).date()
            assert any(since <= minute < until for since, until in spans) == (first <= local <= last)


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)), st.integers(0, 400))
def test_working_days_are_monday_to_friday(today: date, count: int) -> None:
    rules = SlotRules(durations=(30,), interval=30, horizon_days=count, working_days=True)
    now = int(datetime(today.year, today.month, today.day, 12, tzinfo=UTC).timestamp())
    expected = today
    while count:
        expected += timedelta(days=1)
        count -= expected.isoweekday() <= 5
    assert day_date(last_bookable_day(rules, "UTC", now)) == expected


def test_rolling_days_count_weekends_too() -> None:
    friday = int(datetime(2026, 12, 4, 12, tzinfo=UTC).timestamp())
    for days, working, last in ((1, False, 5), (3, False, 7), (1, True, 7), (3, True, 9)):
        rules = SlotRules(durations=(30,), interval=30, horizon_days=days, working_days=working)
        assert day_date(last_bookable_day(rules, "UTC", friday)) == date(2026, 12, last)


@pytest.mark.parametrize(("zone", "day"), ODD)
def test_spans_lie_in_the_window_one_after_the_other(zone: str, day: date) -> None:
    midnight = day_number(day) * 1440
    for since, until in ((-1, 1), (0, 1), (-1, 0), (-8, -2), (2, 8)):
        rules = SlotRules(
            durations=(30,),
            interval=30,
            first_day=day + timedelta(days=since),
            last_day=day + timedelta(days=until),
        )
        for start in range(midnight - 3000, midnight + 3000, 311):
            spans = start_spans(rules, zone, start=start, end=start + 2000, now=0)
            edges = [start, *(edge for span in spans for edge in span), start + 2000]
            assert edges == sorted(edges)
            assert all(low < high for low, high in spans)
            assert start_spans(rules, zone, start=start, end=start, now=0) == []


def test_periods_are_those_of_the_local_clock() -> None:
    rules = SlotRules(durations=(30,), interval=30, per_day=1, per_week=1, per_month=1)
    before, after = (
        instant("2026-05-31 23:30"),
        instant("2026-06-01 00:30"),
    )

    def firsts(start: int, zone: str, week_start: int = 1) -> list[str]:
        same = SlotRules(
            durations=(30,), interval=30, per_day=1, per_week=1, per_month=1, week_start=week_start
        )
        return [day_date(period.first).isoformat() for period in limit_periods(same, zone, start)]

    assert firsts(before, "Europe/Berlin") == ["2026-05-31", "2026-05-25", "2026-05-01"]
    assert firsts(after, "Europe/Berlin") == ["2026-06-01", "2026-06-01", "2026-06-01"]
    assert firsts(after, "UTC") == ["2026-05-31", "2026-05-25", "2026-05-01"]
    assert firsts(before, "Europe/Berlin", week_start=0) == ["2026-05-31", "2026-05-31", "2026-05-01"]
    assert limit_periods(SlotRules(durations=(30,), interval=30), "UTC", before) == ()
    assert len(count_periods(rules, "Europe/Berlin", [before, after])) == 6


def test_a_full_day_leaves_the_days_around_it() -> None:
    rules = SlotRules(durations=(30,), interval=30, per_day=2)
    noon = instant("2026-12-05 12:00")
    counts = count_periods(rules, "Europe/Berlin", [noon, noon + 60])
    window = [(noon - 1440, noon + 1440)]
    midnight = instant("2026-12-05 00:00")
    left = full_spans(rules, "Europe/Berlin", counts, window)
    assert left == [(noon - 1440, midnight), (midnight + 1440, noon + 1440)]
    assert full_spans(rules, "Europe/Berlin", count_periods(rules, "Europe/Berlin", [noon]), window) == window


def test_the_window_is_cut_in_the_calendars_zone() -> None:
    rules = SlotRules(durations=(30,), interval=30, horizon_days=0)
    now = instant("2026-12-05 12:00")
    spans = start_spans(rules, "Pacific/Auckland", start=now - 5000, end=now + 5000, now=now * 60)
    assert spans == [(now, instant("2026-12-07 00:00", "Pacific/Auckland"))]


def test_nights_may_end_on_the_next_day_but_not_in_its_hours() -> None:
    assert hours_problems([(1320, 1560)]) == []
    assert hours_problems([(1320, 1320 + 1440)]) == [
        "22:00 to 46:00 does not lie within one day, 00:00 to 24:00."
    ]
    assert hours_problems([(1200, 1500), (1380, 1440)]) == ["20:00 to 01:00 and 23:00 to 24:00 overlap."]
    assert night_problems({1: [(1320, 1560)], 2: [(120, 600)]}) == []
    assert night_problems({6: [(1320, 1560)], 0: [(60, 600)]}) == [
        "Saturday 22:00 to 02:00 and Sunday 01:00 to 10:00 overlap."
    ]
