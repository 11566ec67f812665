"""Instants as a guest's clock shows them, cheaply for many at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bookonce.lib.zones import end_of_day, get_zone

DAY = 1440
_EPOCH = date(1970, 1, 1).toordinal()
_CLOCK = tuple(f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(DAY))


class LocalTime(NamedTuple):
    """A start in the guest's zone: `2026-12-01`, `09:00`, `+01:00`."""

    minute: int  # since the epoch, UTC
    day: str
    clock: str
    offset: str

    @property
    def iso(self) -> str:
        """RFC 3339 with the zone's offset: 2026-12-01T09:00:00+01:00."""
        return f"{self.day}T{self.clock}:00{self.offset}"


class LocalClock:
    """The clock of one zone. Looks the offset up twice a day, and for every minute on change days."""

    def __init__(self, zone: str) -> None:
        self.name = zone
        self.zone: ZoneInfo = get_zone(zone)
        self._offsets: dict[int, int] = {}

    def read(self, minute: int) -> LocalTime:
        """What the clock shows at `minute` since the epoch."""
        offset = self._offset_around(minute)
        day, of_day = divmod(minute + offset, DAY)
        sign, size = ("-", -offset) if offset < 0 else ("+", offset)
        return LocalTime(
            minute, date.fromordinal(_EPOCH + day).isoformat(), _CLOCK[of_day], f"{sign}{_CLOCK[size]}"
        )

    def by_day(self, minutes: Iterable[int]) -> dict[str, list[LocalTime]]:
        """The instants grouped by the guest's own day, both in order."""
        days: dict[str, list[LocalTime]] = {}
        for minute in minutes:
            shown = self.read(minute)
            days.setdefault(shown.day, []).append(shown)
        return days

    def window(self, first: date, last: date) -> tuple[int, int]:
        """The half-open window in minutes since the epoch that covers these local days."""
        begin = datetime.combine(first, time(), self.zone)
        return int(begin.timestamp()) // 60, -int(-end_of_day(last, self.name).timestamp() // 60)

    def offset_at(self, minute: int) -> int:
        """How many minutes the clock is ahead of UTC at `minute` since the epoch."""
        return self._offset_around(minute)

    def changes(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """The minutes in [start, end) at which the clock is changed, each with the offsets before and after.

        Of two changes on one day (UTC) neither is found; no zone has had such a day since 1970.
        """
        found = []
        for day in range(start // DAY, -(-end // DAY)):
            low, high = day * DAY, (day + 1) * DAY
            before, after = self._offset_at(low), self._offset_at(high)
            if before == after:
                continue
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if _minutes_east(self.zone, middle) == before else (low, middle)
            if start <= high < end:
                found.append((high, before, after))
        return found

    def today(self, now: datetime) -> date:
        """The day it is in the zone."""
        return now.astimezone(self.zone).date()

    def today_of(self, minute: int) -> date:
        """The local day of an instant in minutes since the epoch."""
        return self.date_of(self.read(minute))

    @staticmethod
    def date_of(time: LocalTime) -> date:
        """Its day."""
        return date.fromisoformat(time.day)

    def _offset_around(self, minute: int) -> int:
        day = minute // DAY
        before, after = self._offset_at(day * DAY), self._offset_at((day + 1) * DAY)
        return before if before == after else _minutes_east(self.zone, minute)

    def _offset_at(self, minute: int) -> int:
        known = self._offsets.get(minute)
        if known is None:
            known = self._offsets[minute] = _minutes_east(self.zone, minute)
        return known


def _minutes_east(zone: ZoneInfo, minute: int) -> int:
    offset = datetime.fromtimestamp(minute * 60, UTC).astimezone(zone).utcoffset()
    return int(offset.total_seconds()) // 60 if offset else 0
