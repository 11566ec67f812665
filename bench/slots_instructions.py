"""Millions of instructions to list a month of free slots, counted by callgrind: no other work disturbs them.

The program runs itself under callgrind with no list and with LISTS of them; the difference is their cost.
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

LISTS = 20
HOSTS = (1, 50)
BUSY = (0, 100, 1000, 10000)


def main() -> None:
    """Print one JSON line for each figure."""
    if shutil.which("valgrind") is None:
        print(json.dumps({"what": "instructions", "note": "not counted: valgrind is not installed"}))
        return
    for hosts in HOSTS:
        for busy in BUSY:
            counted = _instructions(hosts, busy, LISTS) - _instructions(hosts, busy, 0)
            figure = {
                "what": "list, one host" if hosts == 1 else "list, round robin, warm masks",
                "hosts": hosts,
                "busy": busy,
                "instructions_m": round(counted / LISTS / 1e6, 3),
            }
            print(json.dumps(figure), flush=True)


def _instructions(hosts: int, busy: int, lists: int) -> int:
    with TemporaryDirectory() as folder:
        out = f"--callgrind-out-file={folder}/out"
        command = ["valgrind", "--tool=callgrind", out, sys.executable, "-m", "bench.slots_instructions"]
        ended = subprocess.run(
            [*command, str(hosts), str(busy), str(lists)],
            env={**os.environ, "PYTHONHASHSEED": "0"},
            capture_output=True,
            text=True,
            check=True,
        )
    found = re.search(r"Collected : (\d+)", ended.stderr)
    if found is None:
        sys.exit(f"callgrind said no number: {ended.stderr[-500:]}")
    return int(found[1])


def _act(hosts: int, busy: int, lists: int) -> None:
    act = _one(busy) if hosts == 1 else _team(busy)
    for _ in range(2 + lists):  # the first two make what is kept
        act()


def _one(busy: int) -> Callable[[], object]:
    from bench import slots

    start = slots.MONTHS["steady"]
    taken = slots._busy(start, busy, "in hours")  # noqa: SLF001
    return lambda: slots._listed(start, taken)  # noqa: SLF001


def _team(busy: int) -> Callable[[], object]:
    from bench import slots_of_teams as teams
    from bookonce.scheduling.offered import Host
    from bookonce.scheduling.slot_rules import Kind, SlotRules
    from bookonce.scheduling.start_masks import StartMasks

    rules = SlotRules(durations=(30,), interval=15, kind=Kind.ROUND_ROBIN)
    hosts = [Host(n, (teams.HOURS,), teams._busy(n, busy), version=0) for n in range(teams.HOSTS)]  # noqa: SLF001
    masks = StartMasks()
    return lambda: teams._listed(rules, hosts, masks)  # noqa: SLF001


if __name__ == "__main__":
    if sys.argv[1:]:
        _act(*map(int, sys.argv[1:]))
    else:
        main()
