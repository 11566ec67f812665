"""Microseconds to list a month of a team: 50 hosts, round robin and collective, by masks and by the walk.

Aim: at most 250 us with warm masks. "one changed" works one host's mask out anew, as after a booking.
"""

import json
import random
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from timeit import repeat

from bookonce.scheduling.offered import Host, offered_starts
from bookonce.scheduling.opening_hours import HostHours, Hours
from bookonce.scheduling.slot_rules import Kind, SlotRules
from bookonce.scheduling.start_masks import StartMasks

START = 1_764_543_600 // 60  # 2025-12-01 in Berlin
LENGTH = 31 * 1440
HOURS = HostHours("Europe/Berlin", tuple(Hours(weekday, 540, 1020) for weekday in range(1, 6)), {})
HOSTS = 50


def main() -> None:
    """Print one JSON line for each figure."""
    for kind in (Kind.ROUND_ROBIN, Kind.COLLECTIVE):
        rules = SlotRules(durations=(30,), interval=15, kind=kind)
        for count in (0, 100, 1000, 10000):
            hosts = [Host(n, (HOURS,), _busy(n, count), version=0) for n in range(HOSTS)]
            masks = StartMasks()
            starts = _listed(rules, hosts, masks)
            assert starts == _listed(rules, hosts, None)
            _show(f"{kind}, warm masks", count, starts, partial(_listed, rules, hosts, masks))
            _show(f"{kind}, one changed", count, starts, _with_a_change(rules, hosts, masks))
            _show(f"{kind}, cold masks", count, starts, partial(_cold, rules, hosts), 3)
            _show(f"{kind}, walk", count, starts, partial(_listed, rules, hosts, None), 3)


def _listed(rules: SlotRules, hosts: list[Host], masks: StartMasks | None) -> list[int]:
    return offered_starts(
        rules, hosts, duration=30, start=START, end=START + LENGTH, now=START * 60, masks=masks
    )


def _cold(rules: SlotRules, hosts: list[Host]) -> list[int]:
    return _listed(rules, hosts, StartMasks())


def _with_a_change(rules: SlotRules, hosts: list[Host], masks: StartMasks) -> Callable[[], object]:
    versions = iter(range(1, 1_000_000))

    def changed() -> list[int]:
        hosts[7] = replace(hosts[7], version=next(versions))
        return _listed(rules, hosts, masks)

    return changed


def _busy(seed: int, count: int) -> list[tuple[int, int]]:
    chance = random.Random(seed)
    starts = sorted(chance.randrange(START, START + LENGTH) for _ in range(count))
    return [(since, since + 30) for since in starts]


def _show(what: str, busy: int, starts: list[int], act: Callable[[], object], number: int = 30) -> None:
    microseconds = min(repeat(act, timer=time.process_time, number=number, repeat=7)) / number * 1e6
    figure = {"what": what, "hosts": HOSTS, "busy": busy, "starts": len(starts), "us": round(microseconds, 1)}
    print(json.dumps(figure), flush=True)


if __name__ == "__main__":
    main()
