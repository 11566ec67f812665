"""Microseconds to list a month of a calendar that repeats, and to decide one start of it: up to 24 months on.

Aim: at most 20 ms for the longest series of a host whose time is full.
"""

import json
import random
import time
from functools import partial
from timeit import repeat

from bookonce.scheduling.offered import Host, offered_starts
from bookonce.scheduling.opening_hours import HostHours, Hours
from bookonce.scheduling.series import Repeats, reach
from bookonce.scheduling.slot_rules import SlotRules

START = 1_764_543_600 // 60  # 2025-12-01 in Berlin
LENGTH = 31 * 1440
HOURS = HostHours("Europe/Berlin", tuple(Hours(weekday, 540, 1020) for weekday in range(7)), {})


def main() -> None:
    """Print one JSON line for each figure."""
    for repeats in (Repeats.DAILY, Repeats.WEEKLY, Repeats.MONTHLY):
        for count in (2, 8, 24):
            for most in ({}, {"per_week": 200}):
                rules = SlotRules((30,), 15, repeats=repeats, repeat_count=count, **most)
                for busy in (0, 5000):
                    host = Host(0, (HOURS,), _busy(rules, busy))
                    listed = partial(_listed, rules, host, LENGTH)
                    starts = len(listed())
                    what = f"{repeats} {count}{', limited' if most else ''}"
                    _show(what, busy, starts, listed)
                    _show(f"{what}, one start", busy, 1, partial(_listed, rules, host, 541))


def _listed(rules: SlotRules, host: Host, length: int) -> list[int]:
    return offered_starts(rules, (host,), duration=30, start=START, end=START + length, now=START * 60)


def _busy(rules: SlotRules, count: int) -> list[tuple[int, int]]:
    """Spread over all that the series reach."""
    chance = random.Random(count)
    days = range((LENGTH + reach(rules.repeats, rules.repeat_count)) // 1440)
    starts = [START + chance.choice(days) * 1440 + chance.randrange(0, 1440, 15) for _ in range(count)]
    return sorted((since, since + 15) for since in starts)


def _show(what: str, busy: int, starts: int, act: partial[list[int]]) -> None:
    best = min(repeat(act, timer=time.process_time, number=3, repeat=5)) / 3 * 1e6
    print(json.dumps({"what": what, "busy": busy, "starts": starts, "us": round(best, 1)}), flush=True)


if __name__ == "__main__":
    main()
