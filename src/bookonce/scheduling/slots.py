"""Free slots of a one-on-one calendar: hours + rules + busy + now -> starts. Pure: no database, no clock.

What is shown can be booked and what is booked was offered, because free_starts decides both. Instants are
integer minutes since the epoch (UTC), `now` is integer seconds since the epoch, intervals are half-open.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from bookonce.scheduling.local_days import DAY, day_number, local_day
from bookonce.scheduling.opening_hours import (
    NEVER,
    Block,
    HostHours,
    Hours,
    Piece,
    hours_problems,
    open_pieces,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

__all__ = [
    "Block",
    "HostHours",
    "Hours",
    "InvalidRules",
    "SlotRules",
    "WindowTooWide",
    "busy_bounds",
    "free_starts",
    "hours_problems",
    "is_offered",
]

LONGEST_DURATION = 366 * DAY
WIDEST_WINDOW = 3660  # days
_NOTHING = range(NEVER, NEVER)
_LAST_INSTANT = 2**31 - 1  # the last one that the hot tables can hold, in the year 6053


class InvalidRules(ValueError):
    """Rules that no form lets through: a mistake of the program."""


class WindowTooWide(ValueError):
    """The window leaves more than WIDEST_WINDOW days to walk through: its caller must bound it."""


@dataclass(frozen=True, slots=True)
class SlotRules:
    """What a calendar, and the one-time link in hand, allow. Days are local days of the schedule's zone.

    Raises:
        InvalidRules: a length or the interval is not positive, a length exceeds a year, or a buffer or the
            notice is negative.
    """

    durations: tuple[int, ...]  # minutes, the first is the default
    interval: int  # minutes between starts
    buffer_before: int = 0
    buffer_after: int = 0
    notice: int = 0  # minutes
    horizon_days: int | None = None  # the last bookable day is today + horizon_days; None = no limit
    first_day: date | None = None  # a one-time link's date window, both inclusive
    last_day: date | None = None

    def __post_init__(self) -> None:
        """Refuse what would make the walk wrong or endless."""
        if self.interval < 1 or min(self.buffer_before, self.buffer_after, self.notice) < 0:
            raise InvalidRules(self)
        if not self.durations or min(self.durations) < 1 or max(self.durations) > LONGEST_DURATION:
            raise InvalidRules(self)


class _Window(NamedTuple):
    """Starts lie in start <= s < end, on the local days first_day..last_day (numbers as in local_days)."""

    start: int
    end: int
    first_day: int
    last_day: int


def free_starts(
    hours: HostHours,
    rules: SlotRules,
    busy: Iterable[Block],
    *,
    duration: int,
    start: int,
    end: int,
    now: int,
) -> list[int]:
    """Every free start s with start <= s < end, ascending, for a slot of this many minutes.

    busy holds the blocked minutes, neighbours' own buffers included, as (from, until) sorted by from; they
    may overlap. Those outside busy_bounds make no difference. A start is free when the slot lies wholly in
    open time, and the slot with the buffers of these rules meets no busy interval. A duration that is not in
    the rules has no starts.

    Raises:
        UnknownZone: the hours' zone has no such name.
        WindowTooWide: nothing bounds the window to WIDEST_WINDOW days.
    """
    if duration not in rules.durations:
        return []
    window = _clip(hours.zone, rules, start=start, end=end, now=now)
    if window is None:
        return []
    # A slot begun on the last day may run on: by its length, and a day each for the offset and for rounding.
    last_open_day = window.last_day + duration // DAY + 2
    pieces = open_pieces(hours, window.first_day, window.last_day, last_open_day)
    ranges = _start_ranges(pieces, window, duration=duration, interval=rules.interval)
    return _outside(busy, ranges, rules=rules, duration=duration)


def is_offered(
    hours: HostHours,
    rules: SlotRules,
    busy: Iterable[Block],
    *,
    start: int,
    duration: int,
    now: int,
) -> bool:
    """Whether free_starts offers this start.

    Raises:
        UnknownZone: the hours' zone has no such name.
    """
    return bool(free_starts(hours, rules, busy, duration=duration, start=start, end=start + 1, now=now))


def busy_bounds(rules: SlotRules, *, duration: int, start: int, end: int) -> tuple[int, int]:
    """The half-open range of minutes that starts in start <= s < end can occupy, buffers included.

    Only busy intervals that overlap it matter to free_starts for this window.
    """
    if end <= start:
        return start, start
    return start - rules.buffer_before, end - 1 + duration + rules.buffer_after


def _clip(zone: str, rules: SlotRules, *, start: int, end: int, now: int) -> _Window | None:
    """The window, cut to notice, horizon and date window before anything is walked; None if empty.

    The days reach one further than the instants on both sides, as local dates do.
    """
    start = max(start, 0, -(-now // 60) + rules.notice)
    end = min(end, _LAST_INSTANT)
    if start >= end:
        return None
    first_day, last_day = start // DAY - 1, (end - 1) // DAY + 1
    if rules.first_day is not None:
        first_day = max(first_day, day_number(rules.first_day))
    if rules.last_day is not None:
        last_day = min(last_day, day_number(rules.last_day))
    if rules.horizon_days is not None:
        last_day = min(last_day, local_day(zone, now // 60) + rules.horizon_days)
    if last_day - first_day > WIDEST_WINDOW:
        raise WindowTooWide(start, end)
    return _Window(start, end, first_day, last_day) if first_day <= last_day else None


def _start_ranges(pieces: list[Piece], window: _Window, *, duration: int, interval: int) -> list[range]:
    """The grid of starts in each piece while the slot stays in open time; touching pieces are one stretch."""
    ranges = []
    next_opens, stretch_closes = NEVER, NEVER
    for opens, closes, grid in reversed(pieces):
        if closes != next_opens:
            stretch_closes = closes
        next_opens = opens
        earliest = max(opens, window.start)
        first = grid if earliest <= grid else _next_on_grid(grid, interval, earliest)
        stop = min(closes, stretch_closes - duration + 1, window.end)
        if first < stop:
            ranges.append(range(first, stop, interval))
    ranges.reverse()
    return ranges


def _outside(busy: Iterable[Block], ranges: list[range], *, rules: SlotRules, duration: int) -> list[int]:
    """The starts in these ranges that meet no busy interval: one walk over both, one range per gap.

    An interval (from, until) forbids the starts from - reach < s < until + buffer_before.
    """
    starts: list[int] = []
    before, reach, step = rules.buffer_before, duration + rules.buffer_after - 1, rules.interval
    following = iter(ranges)
    grid = next(following, _NOTHING)
    first, stop = grid.start, grid.stop
    clear = -NEVER  # no interval seen so far forbids a start from here on
    for since, until in chain(busy, ((NEVER, NEVER + 1),)):
        if since >= until:
            continue
        shut = since - reach
        while clear < shut and first < shut:  # free from clear to shut, and the grid reaches into it
            begin = first if clear <= first else _next_on_grid(first, step, clear)
            if shut < stop:
                starts += range(begin, shut, step)
                break
            starts += range(begin, stop, step)
            grid = next(following, _NOTHING)
            first, stop = grid.start, grid.stop
        if until + before > clear:  # noqa: PLR1730 -- runs per busy interval, max() takes twice as long
            clear = until + before
    return starts


def _next_on_grid(grid: int, interval: int, earliest: int) -> int:
    return grid - (grid - earliest) // interval * interval  # rounds up
