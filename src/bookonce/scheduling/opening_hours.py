"""When a host is open: weekly hours and overrides, turned into pieces of open time. Pure: no clock.

Instants are minutes since the epoch (UTC), days are counted from 1970-01-01 (see local_days).
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from bookonce.scheduling.local_days import (
    DAY,
    day_date,
    day_parts,
    steady_offset,
    weekday,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

Block: TypeAlias = tuple[int, int]
"""Local minutes after midnight, half-open: (540, 1020) is 09:00 to 17:00."""

Piece: TypeAlias = tuple[int, int, int]
"""(opens, closes, grid): open instants, and the instant from which the grid of their starts is counted.
A plain tuple, the cheapest to make and to sort."""

NEVER = 1 << 62
"""Later than any instant; as a piece's grid: nothing may start here."""


@dataclass(frozen=True, slots=True)
class Hours:
    """One block of weekly hours, in local minutes after midnight."""

    weekday: int  # 0 = Sunday ... 6 = Saturday
    start: int  # 0..1439
    end: int  # 1..1440 (24:00)


@dataclass(frozen=True, slots=True)
class HostHours:
    """The hours of a host. An override replaces the whole local day; without a block the day is closed.

    Blocks are as hours_problems wants them. Should some overlap all the same, they count as one.
    """

    zone: str  # IANA name
    weekly: tuple[Hours, ...]
    overrides: Mapping[date, tuple[Block, ...]]


def hours_problems(blocks: Sequence[Block]) -> list[str]:
    """What is wrong with the blocks of one day, in plain language; an empty list when all is well.

    Blocks may touch and come in any order.
    """
    problems = []
    for start, end in blocks:
        if not (0 <= start < DAY and 0 < end <= DAY):
            problems.append(f"{_span(start, end)} does not lie within one day, 00:00 to 24:00.")
        elif end <= start:
            problems.append(f"{_span(start, end)} must end after it starts.")
    longest = (0, 0)  # of the blocks so far, the one that ends last
    for start, end in sorted((start, end) for start, end in blocks if 0 <= start < end <= DAY):
        if start < longest[1]:
            problems.append(f"{_span(*longest)} and {_span(start, end)} overlap.")
        longest = max(longest, (start, end), key=itemgetter(1))
    return problems


def open_pieces(hours: HostHours, first_day: int, last_day: int, last_open_day: int) -> list[Piece]:
    """Open time of the local days first_day..last_open_day, disjoint and in order.

    Nothing may start after last_day: the later days only tell how long a slot begun before can go on.

    Raises:
        UnknownZone: the hours' zone has no such name.
    """
    week = _week(hours.weekly)
    zone, overrides = hours.zone, hours.overrides
    pieces: list[Piece] = []
    for day in range(first_day, last_open_day + 1):
        blocks = week[weekday(day)]
        if overrides and (own := overrides.get(day_date(day))) is not None:
            blocks = _disjoint(own)
        if not blocks:
            continue
        offset = steady_offset(zone, day)
        if offset is None:
            pieces += _pieces_of_change_day(zone, day, blocks, may_start=day <= last_day)
            continue
        midnight = day * DAY - offset
        for start, end in blocks:
            pieces.append(
                (
                    midnight + start,
                    midnight + end,
                    midnight + start if day <= last_day else NEVER,
                )
            )
    pieces.sort()  # a clock set back over midnight shows the day before once more
    return pieces


def _pieces_of_change_day(zone: str, day: int, blocks: list[Block], *, may_start: bool) -> list[Piece]:
    """Each block, cut at the changes of the clock; the grid of every part stays on the wall clock."""
    pieces = []
    for part in day_parts(zone, day):
        midnight = day * DAY - part.offset
        for start, end in blocks:
            opens, closes = (
                max(midnight + start, part.start),
                min(midnight + end, part.end),
            )
            if opens < closes:
                pieces.append((opens, closes, midnight + start if may_start else NEVER))
    return pieces


def _week(weekly: Iterable[Hours]) -> list[list[Block]]:
    week: list[list[Block]] = [[] for _ in range(7)]
    for block in weekly:
        week[block.weekday].append((block.start, block.end))
    return [_disjoint(blocks) if len(blocks) > 1 else blocks for blocks in week]


def _disjoint(blocks: Iterable[Block]) -> list[Block]:
    """In order; overlapping blocks become one, on the grid of the earlier; touching ones keep their own."""
    merged: list[Block] = []
    for start, end in sorted(blocks):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


def _span(start: int, end: int) -> str:
    return f"{_clock(start)} to {_clock(end)}"


def _clock(minutes: int) -> str:
    sign = "-" if minutes < 0 else ""
    return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
