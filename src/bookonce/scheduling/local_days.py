"""Local days of a time zone as ranges of instants. Pure: no clock.

Instants are minutes since the epoch (UTC). Days are counted from 1970-01-01 too, so that day * 1440 is a
day's midnight on its own wall clock. An offset is what a wall clock shows ahead of UTC, in minutes; where an
old offset has seconds, what the clock shows at the start of the minute counts.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from bookonce.lib.zones import get_zone

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

DAY = 1440
_FIRST_DAY = date(1970, 1, 1).toordinal()
# Changes are looked for day by day, a stretch of days at a time: since 1970 no zone had two changes within
# 166 hours.
_STRETCH = 366 * DAY


class Part(NamedTuple):
    """Instants start <= i < end of one local day, through which the offset stays the same."""

    start: int
    end: int
    offset: int


def day_number(day: date) -> int:
    """Days from 1970-01-01 to this day."""
    return day.toordinal() - _FIRST_DAY


def day_date(number: int) -> date:
    """The day so many days after 1970-01-01."""
    return date.fromordinal(number + _FIRST_DAY)


def weekday(number: int) -> int:
    """0 = Sunday ... 6 = Saturday."""
    return (number + 4) % 7  # 1970-01-01 was a Thursday


def local_day(zone: str, instant: int) -> int:
    """Number of the local day on which this instant falls.

    Raises:
        UnknownZone: the zone has no such name.
    """
    changes = _changes(zone, instant // _STRETCH)
    _, offset = changes[bisect_right(changes, instant, key=itemgetter(0)) - 1]
    return (instant + offset) // DAY


@lru_cache(maxsize=32768)
def steady_offset(zone: str, day: int) -> int | None:
    """The offset of a local day that has one for all its 1440 minutes, else None: then ask day_parts.

    Raises:
        UnknownZone: the zone has no such name.
    """
    parts = day_parts(zone, day)
    if len(parts) == 1 and parts[0].end - parts[0].start == DAY:
        return parts[0].offset
    return None


@lru_cache(maxsize=1024)
def day_parts(zone: str, day: int) -> tuple[Part, ...]:
    """All instants whose local date is this day, in order.

    There are none when the zone skips the day (Pacific/Apia, 2011-12-30), and a hole when a clock set back
    over midnight shows the day before once more.

    Raises:
        UnknownZone: the zone has no such name.
    """
    low, high = (day - 1) * DAY, (day + 2) * DAY  # no offset reaches 24 hours
    runs = [
        run for stretch in range(low // _STRETCH, high // _STRETCH + 1) for run in _changes(zone, stretch)
    ]
    parts: list[Part] = []
    for (since, offset), (until, _) in zip(runs, [*runs[1:], (high, 0)], strict=True):
        start = max(since, day * DAY - offset)
        end = min(until, (day + 1) * DAY - offset)
        if start >= end:
            continue
        if (
            parts and parts[-1].end == start and parts[-1].offset == offset
        ):  # a stretch ended, nothing changed
            parts[-1] = Part(parts[-1].start, end, offset)
        else:
            parts.append(Part(start, end, offset))
    return tuple(parts)


@lru_cache(maxsize=2048)
def _changes(zone: str, stretch: int) -> tuple[tuple[int, int], ...]:
    """(instant, offset from then on) for the start of the stretch and for each change inside it."""
    tz = get_zone(zone)
    start, end = stretch * _STRETCH, (stretch + 1) * _STRETCH
    offset = _offset_at(tz, start)
    changes = [(start, offset)]
    for low in range(start, end, DAY):
        later = _offset_at(tz, low + DAY)
        if later != offset:
            changes.append((_first_minute(tz, low, low + DAY), later))
            offset = later
    return tuple(change for change in changes if change[0] < end)


def _first_minute(tz: ZoneInfo, low: int, high: int) -> int:
    """The minute of the one change with low < minute <= high."""
    before = _offset_at(tz, low)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset_at(tz, middle) == before:
            low = middle
        else:
            high = middle
    return high


def _offset_at(tz: ZoneInfo, instant: int) -> int:
    wall_clock = datetime.fromtimestamp(instant * 60, tz).replace(tzinfo=UTC)
    return int(wall_clock.timestamp()) // 60 - instant
