"""Words for the slot tests: one local day of one host, starts written as a wall clock shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bookonce.scheduling.slots import HostHours, Hours, SlotRules, free_starts

if TYPE_CHECKING:
    from collections.abc import Mapping

BERLIN = "Europe/Berlin"
ORDINARY, SPRING_FORWARD, FALL_BACK = "2026-05-17", "2026-03-29", "2026-10-25"  # all Sundays, in Berlin
LONG_AGO = 0


def minutes(clock: str) -> int:
    """'09:30' as minutes after midnight."""
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def blocks(text: str) -> tuple[tuple[int, int], ...]:
    """'09:00-12:00 13:00-17:00' as blocks."""
    return tuple(
        (minutes(start), minutes(end)) for start, end in (block.split("-") for block in text.split())
    )


def every_day(text: str) -> tuple[Hours, ...]:
    return tuple(Hours(weekday, start, end) for weekday in range(7) for start, end in blocks(text))


def instant(text: str, zone: str = BERLIN, *, fold: int = 0) -> int:
    """'2026-05-17 09:00' on the wall clock as minutes since the epoch; fold=1 is the second time of two."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return int(local.timestamp()) // 60


def midnights(day: str, zone: str = BERLIN) -> tuple[int, int]:
    """The instants at which the local day starts and ends."""
    return instant(day, zone), instant((date.fromisoformat(day) + timedelta(days=1)).isoformat(), zone)


@dataclass(frozen=True)
class Host:
    """A host, open at these hours every day."""

    open: str
    zone: str = BERLIN
    overrides: Mapping[date, tuple[tuple[int, int], ...]] = field(default_factory=dict)

    @property
    def hours(self) -> HostHours:
        return HostHours(self.zone, every_day(self.open), self.overrides)

    def starts(  # a test says only what it is about
        self, day: str, rules: SlotRules, *busy: tuple[int, int], duration: int = 60, now: int = LONG_AGO
    ) -> list[str]:
        """The free starts of a local day as '09:00+02'."""
        start, end = midnights(day, self.zone)
        free = free_starts(self.hours, rules, sorted(busy), duration=duration, start=start, end=end, now=now)
        return [self._shown(start) for start in free]

    def clocks(
        self, day: str, rules: SlotRules, *busy: tuple[int, int], duration: int = 60, now: int = LONG_AGO
    ) -> str:
        """The free starts of a local day as '09:00 10:00', without offsets."""
        return " ".join(start[:5] for start in self.starts(day, rules, *busy, duration=duration, now=now))

    def _shown(self, start: int) -> str:
        shown = datetime.fromtimestamp(start * 60, UTC).astimezone(ZoneInfo(self.zone)).strftime("%H:%M%z")
        return shown.removesuffix("00") if shown.endswith("00") else shown
