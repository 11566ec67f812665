"""Which of many free starts a message proposes: on different days, in different parts of the day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookonce.scheduling.proposed_times import MOST_DAYS, PARTS, SOON, choose_times

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
LONG_AGO = 0
MONDAY = date(2026, 11, 30)


def hours(day: date, first: int, last: int, *, zone: ZoneInfo = BERLIN, step: int = 30) -> list[int]:
    """Every start of this local day from `first` to `last` o'clock."""
    begin = datetime(day.year, day.month, day.day, first, tzinfo=zone).astimezone(UTC)
    count = (last - first) * 60 // step
    return [int(begin.timestamp()) // 60 + step * number for number in range(count)]


def week(first: int = 9, last: int = 17, *, monday: date = MONDAY, days: int = 5) -> list[int]:
    return [start for day in range(days) for start in hours(monday + timedelta(days=day), first, last)]


def said(starts: list[int], zone: ZoneInfo = BERLIN) -> list[str]:
    return [datetime.fromtimestamp(start * 60, zone).strftime("%a %H:%M") for start in starts]


def test_a_week_of_office_hours() -> None:
    found = choose_times(week(), duration=30, zone=BERLIN, count=4, now=LONG_AGO)
    assert said(found) == ["Mon 10:00", "Tue 14:00", "Wed 09:00", "Thu 13:00"]
    six = choose_times(week(), duration=30, zone=BERLIN, count=6, now=LONG_AGO)
    assert len({day.split()[0] for day in said(six)}) == 5


def test_one_free_day_is_used_at_its_different_parts() -> None:
    found = choose_times(hours(MONDAY, 8, 20), duration=60, zone=BERLIN, count=3, now=LONG_AGO)
    assert said(found) == ["Mon 10:00", "Mon 14:00", "Mon 18:00"]


def test_on_the_recipients_clock() -> None:
    found = choose_times(week(), duration=30, zone=NEW_YORK, count=3, now=LONG_AGO)
    assert all(time.split()[1] >= "08:00" for time in said(found, NEW_YORK)), "nobody meets at 03:00"
    night = week(9, 12)
    assert len(choose_times(night, duration=30, zone=NEW_YORK, count=3, now=LONG_AGO)) == 3, (
        "rather than none"
    )


def test_a_time_in_an_hour_is_proposed_only_when_there_is_no_other() -> None:
    starts = week()
    found = choose_times(starts, duration=30, zone=BERLIN, count=3, now=starts[0] - 10)
    assert all(start >= starts[0] - 10 + SOON for start in found)
    alone = starts[:1]
    assert choose_times(alone, duration=30, zone=BERLIN, count=3, now=alone[0] - 10) == alone


def test_fewer_where_fewer_are_free() -> None:
    assert choose_times([], duration=30, zone=BERLIN, count=4, now=LONG_AGO) == []
    close = hours(MONDAY, 9, 10, step=15)
    assert said(choose_times(close, duration=60, zone=BERLIN, count=4, now=LONG_AGO)) == ["Mon 09:00"]


@pytest.mark.parametrize("monday", [date(2027, 3, 22), date(2026, 10, 19), date(2026, 11, 30)])
@given(
    picked=st.lists(st.integers(0, 14 * 96 - 1), max_size=60, unique=True),
    duration=st.sampled_from([15, 30, 45, 90, 240]),
    count=st.integers(3, 6),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]),
)
def test_what_always_holds(monday: date, picked: list[int], duration: int, count: int, zone: str) -> None:
    """Also over both change days (28 March 2027 and 25 October 2026 in Berlin)."""
    first = int(datetime(monday.year, monday.month, monday.day, tzinfo=UTC).timestamp()) // 60
    starts = sorted(first + 15 * number for number in picked)
    found = choose_times(starts, duration=duration, zone=ZoneInfo(zone), count=count, now=LONG_AGO)
    assert set(found) <= set(starts)
    assert found == sorted(found)
    assert all(later - earlier >= duration for earlier, later in pairwise(found))
    assert len(found) <= count
    days = {datetime.fromtimestamp(start * 60, ZoneInfo(zone)).date() for start in starts}
    if len(found) < count:
        taken = [start for start in starts if all(abs(start - other) >= duration for other in found)]
        assert not taken or len(days) > MOST_DAYS, "there was room for one more"


def test_the_parts_cover_the_day() -> None:
    assert PARTS[-1][0] == 24 * 60
    assert [end for end, _best in PARTS] == sorted(end for end, _best in PARTS)
