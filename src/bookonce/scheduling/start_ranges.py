"""One host's free starts as ranges: the grid of open time while the slot fits, minus busy. Pure.

Instants are minutes since the epoch; ranges are disjoint and in order.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TypeAlias

from bookonce.scheduling.bookable_days import joined
from bookonce.scheduling.local_days import DAY
from bookonce.scheduling.opening_hours import Block, HostHours, Piece, open_pieces

Ranges: TypeAlias = list[range]

NEVER = 1 << 62
"""Later than any instant."""
_NOTHING = range(NEVER, NEVER)


def grid_ranges(
    schedules: Sequence[HostHours], spans: Sequence[Block], *, duration: int, interval: int
) -> Ranges:
    """The starts on the grid whose slot lies in open time, within these spans."""
    pieces = pieces_of(schedules, spans, duration=duration)
    low, high = spans[0][0], spans[-1][1]
    ranges: Ranges = []
    next_opens, stretch_closes = NEVER, NEVER
    for opens, closes, grid in reversed(pieces):
        if closes != next_opens:
            if closes > next_opens:
                return clip(_of_overlapping(pieces, low, high, duration, interval), spans)
            stretch_closes = closes
        next_opens = opens
        earliest = max(opens, low)
        first = grid if earliest <= grid else _next_on_grid(grid, interval, earliest)
        stop = min(closes, stretch_closes - duration + 1, high)
        if first < stop:
            ranges.append(range(first, stop, interval))
    ranges.reverse()
    return ranges if len(spans) == 1 else clip(ranges, spans)


def any_minute_ranges(schedules: Sequence[HostHours], spans: Sequence[Block], *, duration: int) -> Ranges:
    """The minutes at which a slot in open time may start, whatever the grid, within these spans."""
    stretches = joined((piece[0], piece[1]) for piece in pieces_of(schedules, spans, duration=duration))
    return clip(
        [range(opens, closes - duration + 1) for opens, closes in stretches if closes - opens >= duration],
        spans,
    )


def pieces_of(schedules: Sequence[HostHours], spans: Sequence[Block], *, duration: int) -> list[Piece]:
    """Open time of all the schedules around these spans, in order, and on as far as a slot can reach."""
    first_day = spans[0][0] // DAY - 1
    last_day = (spans[-1][1] - 1 + duration) // DAY + 1
    if len(schedules) == 1:
        return open_pieces(schedules[0], first_day, last_day)
    return sorted({piece for hours in schedules for piece in open_pieces(hours, first_day, last_day)})


def free_ranges(busy: Iterable[Block], ranges: Ranges, *, before: int, reach: int, step: int) -> Ranges:
    """The starts in these ranges (of this step) that meet no busy interval: one walk over both.

    An interval (from, until) forbids the starts from - reach < s < until + before. Sorted by from.
    """
    free: Ranges = []
    following = iter(ranges)
    grid = next(following, _NOTHING)
    first, stop = grid.start, grid.stop
    clear = -NEVER  # no interval seen so far forbids a start from here on
    for since, until in chain(busy, ((NEVER, NEVER + 1),)):
        if since >= until:
            continue
        shut = since - reach
        while clear < shut and first < shut:  # free from clear to shut, and the grid reaches into it
            begin = first if clear <= first else first - (first - clear) // step * step
            if shut < stop:
                if begin < shut:
                    free.append(range(begin, shut, step))
                break
            if begin < stop:
                free.append(range(begin, stop, step))
            grid = next(following, _NOTHING)
            if grid is _NOTHING:
                return free
            first, stop = grid.start, grid.stop
        if until + before > clear:  # noqa: PLR1730 -- runs per busy interval, max() takes twice as long
            clear = until + before
    return free


def clip(ranges: Ranges, spans: Sequence[Block] | Ranges) -> Ranges:
    """The parts of the ranges that lie in these spans, given as pairs or as ranges of step 1."""
    kept: Ranges = []
    edges = [(span.start, span.stop) if isinstance(span, range) else span for span in spans]
    upcoming = 0
    for grid in ranges:
        while upcoming < len(edges) and edges[upcoming][1] <= grid.start:
            upcoming += 1
        number = upcoming
        while number < len(edges) and edges[number][0] < grid.stop:
            since, until = edges[number]
            first = grid.start if since <= grid.start else _next_on_grid(grid.start, grid.step, since)
            if first < min(grid.stop, until):
                kept.append(range(first, min(grid.stop, until), grid.step))
            number += 1
    return kept


def on_ranges(ranges: Ranges, starts: Iterable[int]) -> list[int]:
    """Those of the starts, in order, that lie in the ranges."""
    found = []
    following = iter(ranges)
    grid = next(following, None)
    for start in starts:
        while grid is not None and grid.stop <= start:
            grid = next(following, None)
        if grid is None:
            break
        if start in grid:
            found.append(start)
    return found


def _of_overlapping(pieces: list[Piece], low: int, high: int, duration: int, interval: int) -> Ranges:
    """The same where pieces overlap: every piece has its own grid, open is what any of them opens."""
    stretches = joined((piece[0], piece[1]) for piece in pieces)
    opening = [opens for opens, _ in stretches]
    starts: set[int] = set()
    for opens, closes, grid in pieces:
        stretch_closes = stretches[bisect_right(opening, opens) - 1][1]
        stop = min(closes, stretch_closes - duration + 1, high)
        starts.update(range(_next_on_grid(grid, interval, max(opens, low)), stop, interval))
    return [range(start, start + 1, interval) for start in sorted(starts)]


def _next_on_grid(grid: int, interval: int, earliest: int) -> int:
    return grid - (grid - earliest) // interval * interval  # rounds up
