"""Microseconds to list a month's free slots: 09:00 to 17:00 on workdays, every 15 minutes, buffers of 5.

Aim: at most 60 us warm with 100 busy intervals. busy "spread" lies anywhere in the month, "in hours" in the
opening hours; warm = the zone's days are known, cold = the first request of the process for this zone.
"""

import json
import random
import time
from collections.abc import Callable
from timeit import repeat

from bookonce.scheduling import local_days
from bookonce.scheduling.slots import HostHours, Hours, SlotRules, free_starts, is_offered

MONTHS = {
    "steady": 1_764_543_600 // 60,
    "with change day": 1_774_994_400 // 60 - 31 * 1440,
}  # 2025-12, 2026-03
HOURS = HostHours("Europe/Berlin", tuple(Hours(weekday, 540, 1020) for weekday in range(1, 6)), {})
RULES = SlotRules(durations=(30,), interval=15, buffer_before=5, buffer_after=5)
LENGTH = 31 * 1440


def main() -> None:
    """Print one JSON line for each figure."""
    for month, start in MONTHS.items():
        for count in (0, 100, 1000, 10000):
            for where in ("spread", "in hours") if count else ("none",):
                busy = _busy(start, count, where)

                def listed(start: int = start, busy: list[tuple[int, int]] = busy) -> list[int]:
                    return _listed(start, busy)

                _show(f"list, {month}", count, where, len(listed()), _microseconds(listed))
    start = MONTHS["steady"]
    busy = _busy(start, 100, "in hours")
    _show("list, cold zone", 100, "in hours", len(_listed(start, busy)), _cold(lambda: _listed(start, busy)))
    one_day = [(since, until) for since, until in busy if start <= since < start + 1440]
    _show(
        "decide one start", len(one_day), "in hours", 1, _microseconds(lambda: _decided(start + 600, one_day))
    )


def _listed(start: int, busy: list[tuple[int, int]]) -> list[int]:
    return free_starts(HOURS, RULES, busy, duration=30, start=start, end=start + LENGTH, now=start * 60)


def _decided(start: int, busy: list[tuple[int, int]]) -> bool:
    return is_offered(HOURS, RULES, busy, start=start, duration=30, now=start * 60 - 60)


def _busy(start: int, count: int, where: str) -> list[tuple[int, int]]:
    chance = random.Random(count)
    if where == "in hours":
        days, minutes = range(31), range(540, 1020, 15)
        starts = [start + chance.choice(days) * 1440 + chance.choice(minutes) for _ in range(count)]
    else:
        starts = [chance.randrange(start, start + LENGTH) for _ in range(count)]
    return sorted((since, since + 30) for since in starts)


def _microseconds(act: Callable[[], object]) -> float:
    """Return the best of several runs, which other work on the machine disturbs least."""
    return min(repeat(act, timer=time.process_time, number=100, repeat=9)) / 100 * 1e6


def _cold(act: Callable[[], object]) -> float:
    def forget() -> None:
        for known in (local_days.steady_offset, local_days.day_parts, local_days._changes):  # noqa: SLF001
            known.cache_clear()

    return min(repeat(act, setup=forget, timer=time.process_time, number=1, repeat=9)) * 1e6


def _show(what: str, busy: int, where: str, starts: int, microseconds: float) -> None:
    figure = {"what": what, "busy": busy, "where": where, "starts": starts, "us": round(microseconds, 1)}
    print(json.dumps(figure), flush=True)


if __name__ == "__main__":
    main()
