"""Millions of instructions to list a month of free slots, counted by callgrind: no other work disturbs them.

The program runs itself under callgrind with no list and with several of them; the difference is their cost.
Without valgrind there is nothing to count, and it says so.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from tempfile import TemporaryDirectory

LISTS = {"warm": 20, "cold": 3}
ALL, SOME = (0, 100, 1000, 10000), (0, 100, 1000)  # busy intervals of each host
CASES = (
    ("one_on_one", "warm", ALL),
    ("round_robin", "warm", SOME),
    ("round_robin", "cold", SOME),
    ("collective", "warm", SOME),
    ("collective", "cold", SOME),
)


def main() -> None:
    """Print one JSON line for each figure."""
    if shutil.which("valgrind") is None:
        print(json.dumps({"what": "instructions", "note": "not counted: valgrind is not installed"}))
        return
    for kind, masks, counts in CASES:
        for busy in counts:
            lists = LISTS[masks]
            counted = _instructions(kind, masks, busy, lists) - _instructions(kind, masks, busy, 0)
            figure = {
                "what": "list, one host" if kind == "one_on_one" else f"list, {kind}, {masks} masks",
                "hosts": 1 if kind == "one_on_one" else 50,
                "busy": busy,
                "instructions_m": round(counted / lists / 1e6, 3),
            }
            print(json.dumps(figure), flush=True)


def _instructions(kind: str, masks: str, busy: int, lists: int) -> int:
    with TemporaryDirectory() as folder:
        out = f"--callgrind-out-file={folder}/out"
        command = ["valgrind", "--tool=callgrind", out, sys.executable, "-m", "bench.slots_instructions"]
        ended = subprocess.run(
            [*command, kind, masks, str(busy), str(lists)],
            env={**os.environ, "PYTHONHASHSEED": "0"},
            capture_output=True,
            text=True,
            check=True,
        )
    found = re.search(r"Collected : (\d+)", ended.stderr)
    if found is None:
        sys.exit(f"callgrind said no number: {ended.stderr[-500:]}")
    return int(found[1])


def _act(kind: str, masks: str, busy: int, lists: int) -> None:
    act = _one(busy) if kind == "one_on_one" else _team(kind, busy, cold=masks == "cold")
    for _ in range(2 + lists):  # the first two make what is kept
        act()


def _one(busy: int) -> Callable[[], object]:
    from bench import slots

    start = slots.MONTHS["steady"]
    taken = slots._busy(start, busy, "in hours")  # noqa: SLF001
    return lambda: slots._listed(start, taken)  # noqa: SLF001


def _team(kind: str, busy: int, *, cold: bool) -> Callable[[], object]:
    from bench import slots_of_teams as teams
    from bookonce.scheduling.offered import Host
    from bookonce.scheduling.slot_rules import Kind, SlotRules
    from bookonce.scheduling.start_masks import StartMasks

    rules = SlotRules(durations=(30,), interval=15, kind=Kind(kind))
    hosts = [Host(n, (teams.HOURS,), teams._busy(n, busy), version=0) for n in range(teams.HOSTS)]  # noqa: SLF001
    kept = StartMasks()
    return lambda: teams._listed(rules, hosts, StartMasks() if cold else kept)  # noqa: SLF001


if __name__ == "__main__":
    if sys.argv[1:]:
        _act(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        main()
