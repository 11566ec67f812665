"""When the appointments of a series take place, from the start of its first. Pure: no clock.

The wall clock of the calendar's zone is kept: every Tuesday at 09:00, whatever its offset is that week. A
month that lacks the day has the appointment on its last day. A time that the clock leaves out comes as much
later as the clock is set forward, and of a time that it shows twice the first counts (RFC 5545 3.3.5).

Instants are minutes since the epoch.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from bookonce.lib.zones import get_zone
from bookonce.scheduling.local_days import DAY, day_date, day_number, local_day, steady_offset

MOST_REPEATS = 24  # appointments of one series


class Repeats(StrEnum):
    """How often the appointments of a series come."""

    NOT = ""
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


_MOST_DAYS = {Repeats.NOT: 0, Repeats.DAILY: 1, Repeats.WEEKLY: 7, Repeats.MONTHLY: 31}


def occurrences(zone: str, start: int, repeats: Repeats, count: int) -> list[int]:
    """The starts of all appointments of the series, the first of them `start`.

    Raises:
        UnknownZone: the zone has no such name.
    """
    return [start, *(nth_starts(zone, [start], repeats, number)[0] for number in range(1, count))]


def nth_starts(zone: str, starts: Sequence[int], repeats: Repeats, number: int) -> list[int]:
    """Of the series with these first starts, in order, when the appointment `number` (0: the first) begins.

    Raises:
        UnknownZone: the zone has no such name.
    """
    found: list[int] = []
    target, shift, day_ends = 0, None, -1
    for start in starts:
        if start >= day_ends:
            day = local_day(zone, start)
            target = _nth_day(day, repeats, number)
            shift, offset = _shift(zone, day, target), steady_offset(zone, day)
            day_ends = start + 1 if offset is None else (day + 1) * DAY - offset
        found.append(_on_day(zone, start, target) if shift is None else start + shift)
    return found


def reach(repeats: Repeats, count: int) -> int:
    """How many minutes after its first start the last one may lie, at most; a little more."""
    return (_MOST_DAYS[repeats] * (count - 1) + 2) * DAY if count > 1 else 0


def _nth_day(day: int, repeats: Repeats, number: int) -> int:
    if repeats is not Repeats.MONTHLY:
        return day + _MOST_DAYS[repeats] * number
    first = day_date(day)
    years, month = divmod(first.month - 1 + number, 12)
    year, month = first.year + years, month + 1
    return day_number(first.replace(year=year, month=month, day=min(first.day, monthrange(year, month)[1])))


def _shift(zone: str, day: int, target: int) -> int | None:
    """How many minutes lie between the same clock times of two days; None where a clock changes on one."""
    before, after = steady_offset(zone, day), steady_offset(zone, target)
    return None if before is None or after is None else (target - day) * DAY + before - after


def _on_day(zone: str, start: int, target: int) -> int:
    """The instant at which the clock shows on the target day what it shows at the start."""
    tz = get_zone(zone)
    clock = datetime.fromtimestamp(start * 60, tz)
    date = day_date(target)
    shown = datetime(date.year, date.month, date.day, tzinfo=tz) + timedelta(
        hours=clock.hour, minutes=clock.minute
    )
    return int(shown.replace(fold=0).timestamp()) // 60
