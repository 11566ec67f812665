"""When a host is open: weekly hours and overrides, turned into pieces of open time. Pure: no clock.

Instants are minutes since the epoch (UTC), days are counted from 1970-01-01 (see local_days).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from bookonce.scheduling.local_days import DAY, day_date, day_parts, steady_offset, weekday

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

Block: TypeAlias = tuple[int, int]
"""Local minutes after midnight, half-open: (540, 1020) is 09:00 to 17:00."""

Piece: TypeAlias = tuple[int, int, int]
"""(opens, closes, grid): open instants, and the instant from which the grid of their starts is counted.
A plain tuple, the cheapest to make and to sort."""


@dataclass(frozen=True, slots=True)
class Hours:
    """One block of weekly hours, in local minutes after midnight; past 24:00 it runs into the next day."""

    weekday: int  # 0 = Sunday ... 6 = Saturday
    start: int  # 0..1439
    end: int  # 1..1440 (24:00), or up to start + 1439 for a night


@dataclass(frozen=True, slots=True)
class Stay:
    """Local days, both inclusive, on which a host's hours are those of another zone's clock."""

    first_day: date
    last_day: date
    zone: str


@dataclass(frozen=True, slots=True)
class HostHours:
    """The hours of a host. Hours that run over midnight belong to the day on which they begin.

    An override replaces all hours that begin on its day; without a block there are none. A day in `away`, and
    one in `holidays` that has no override, is closed from midnight to midnight, and so is the night that
    begins on it. Blocks are as hours_problems wants them. Should some of one day overlap all the same, they
    count as one.
    """

    zone: str  # IANA name
    weekly: tuple[Hours, ...]
    overrides: Mapping[date, tuple[Block, ...]]
    away: Collection[date] = ()
    holidays: Collection[date] = ()
    travel: tuple[Stay, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether every week is the same."""
        return not (self.overrides or self.away or self.holidays or self.travel)


def open_pieces(hours: HostHours, first_day: int, last_day: int) -> list[Piece]:
    """Open time of the local days first_day..last_day, in order.

    Pieces overlap only where a night runs into the hours of the next morning, or a journey makes days meet.

    Raises:
        UnknownZone: the hours' zone, or that of a stay, has no such name.
    """
    week = _week(hours.weekly)
    zone, plain = hours.zone, hours.is_plain
    same_week = _same_week(hours.weekly, week) if plain else []
    pieces: list[Piece] = []
    for day in range(first_day, last_day + 1):
        of_day = ((zone, same_week[weekday(day)]),) if plain else _special_day(hours, week, day)
        for where, parts in of_day:
            if not parts:
                continue
            offset = steady_offset(where, day)
            if offset is None:
                pieces += _pieces_of_change_day(where, day, parts)
                continue
            midnight = day * DAY - offset
            for start, end, grid in parts:
                pieces.append((midnight + start, midnight + end, midnight + grid))
    pieces.sort()  # a clock set back over midnight shows the day before once more
    return pieces


def _same_week(weekly: Iterable[Hours], week: list[list[Block]]) -> list[list[Piece]]:
    """What is open on each weekday when every week is the same."""
    for block in weekly:
        if block.end > DAY:
            return [_this_day(week[number], week[number - 1]) for number in range(7)]
    return [[(start, end, start) for start, end in blocks] for blocks in week]


def _special_day(hours: HostHours, week: list[list[Block]], day: int) -> list[tuple[str, list[Piece]]]:
    """What is open on this local day by the zones of its own hours and of the night before."""
    if _is_closed(hours, day):
        return []
    own, before = _begun_on(hours, week, day), _begun_on(hours, week, day - 1)
    zone, zone_before = _zone_on(hours, day), _zone_on(hours, day - 1)
    if zone == zone_before:
        return [(zone, _this_day(own, before))]
    return [(zone, _this_day(own, ())), (zone_before, _this_day((), before))]


def _begun_on(hours: HostHours, week: list[list[Block]], day: int) -> Sequence[Block]:
    if _is_closed(hours, day):
        return ()
    own = hours.overrides.get(day_date(day)) if hours.overrides else None
    return week[weekday(day)] if own is None else _disjoint(own)


def _is_closed(hours: HostHours, day: int) -> bool:
    on = day_date(day)
    return on in hours.away or (on in hours.holidays and on not in hours.overrides)


def _zone_on(hours: HostHours, day: int) -> str:
    if hours.travel:
        on = day_date(day)
        for stay in hours.travel:
            if stay.first_day <= on <= stay.last_day:
                return stay.zone
    return hours.zone


def _this_day(own: Iterable[Block], before: Iterable[Block]) -> list[Piece]:
    """The hours begun on a day until midnight, and what is left of the nights begun on the day before.

    In local minutes; the grid of a night goes on from its own start.
    """
    evenings = [(start, min(end, DAY), start) for start, end in own]
    nights = [(0, end - DAY, start - DAY) for start, end in before if end > DAY]
    return sorted(evenings + nights)


def _pieces_of_change_day(zone: str, day: int, parts: list[Piece]) -> list[Piece]:
    """Each block, cut at the changes of the clock; the grid of every part stays on the wall clock."""
    pieces = []
    for part in day_parts(zone, day):
        midnight = day * DAY - part.offset
        for start, end, grid in parts:
            opens, closes = max(midnight + start, part.start), min(midnight + end, part.end)
            if opens < closes:
                pieces.append((opens, closes, midnight + grid))
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
