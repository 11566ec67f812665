"""Bookings and slot lists over HTTP on SQLite, each as a ratio to a limit of the same run.

The limit of a booking is a loop that does nothing but commit eight rows durably, one transaction each (WAL,
synchronous=FULL); of a slot list, the engine and its two statements without a web server.
"""

from __future__ import annotations

import json
import os
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from tests.live import LiveBookonce
from tests.races.beside import in_product
from tests.races.storm import guest, new_calendar, new_links, slots

BOOKINGS, LISTS, THREADS, ROUNDS = 400, 400, 8, 3
TICK = os.sysconf("SC_CLK_TCK")

_ENGINE = """
import time
from bookonce.scheduling.offer import Door, free_starts, get_offer
from bookonce.lib.instants import to_minutes, to_seconds
door, now = Door.link(given["token"]), clock.now()
start = to_minutes(now)
def once():
    offer = get_offer(door)
    return free_starts(offer, duration=5, start=start, end=start + 30 * 1440, now=to_seconds(now))
once()
began = time.process_time()
for _ in range(given["times"]):
    once()
print(json.dumps((time.process_time() - began) / given["times"] * 1e6))
"""


def main() -> None:
    """Print one JSON line for each figure."""
    with tempfile.TemporaryDirectory(prefix="bookonce-bench-") as folder:
        live = LiveBookonce(Path(folder) / "data", extra_env={"BOOKONCE_JOBS": "no"})
        live.setup()
        live.start()
        try:
            _bookings(live, Path(folder))
            _lists(live)
        finally:
            live.stop()


def _bookings(live: LiveBookonce, folder: Path) -> None:
    slug = new_calendar(live, name="Short", durations=[5], interval=5)
    times = slots(ROUNDS * BOOKINGS, step=5, of=5)
    links = new_links(live, ROUNDS * BOOKINGS, calendar=slug)
    rates, limits, spent = [], [], []
    for number in range(ROUNDS):
        part = slice(number * BOOKINGS, (number + 1) * BOOKINGS)
        work = list(zip(links[part], times[part], strict=True))
        limits.append(_commit_loop(folder / f"limit{number}.sqlite3"))
        before = _cpu(live)
        rates.append(BOOKINGS / _seconds(work, _book))
        spent.append((_cpu(live) - before) / BOOKINGS * 1e6)
    _show("book through a one-time link", rates, limits, statistics.median(spent))


def _lists(live: LiveBookonce) -> None:
    url = new_links(live, 1, calendar="short")[0]
    window = f"from={slots(1)[0][:10]}&to={slots(300, step=30)[-1][:10]}"  # four weeks
    path = f"{urlsplit(url).path}/slots?{window}&timezone=Europe/Berlin"
    engine = float(in_product(live, _ENGINE, token=url.rpartition("/")[2], times=100))
    rates, spent = [], []
    for _ in range(ROUNDS):
        before = _cpu(live)
        rates.append(LISTS / _seconds([(url, path)] * LISTS, _get))
        spent.append((_cpu(live) - before) / LISTS * 1e6)
    _show("list a month of slots", rates, [1e6 / engine], statistics.median(spent))


def _seconds(work: list[tuple[str, str]], do: Callable[[str, str], None]) -> float:
    faults: list[str] = []

    def run() -> None:
        while work and not faults:
            try:
                do(*work.pop())
            except ValueError as fault:
                faults.append(str(fault))

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise SystemExit(faults[0])
    return time.monotonic() - began


def _book(url: str, start: str) -> None:
    _request(url, "POST", f"{urlsplit(url).path}/book", json.dumps(guest(start)), 201)


def _get(url: str, path: str) -> None:
    _request(url, "GET", path, None, 200)


def _request(url: str, method: str, path: str, body: str | None, expected: int) -> None:
    connection = HTTPConnection("127.0.0.1", urlsplit(url).port or 80, timeout=30)
    connection.request(method, path, body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != expected:
        raise ValueError(f"{method} {path}: {answer.status}")


def _commit_loop(path: Path) -> float:
    """Transactions a second of a loop that inserts eight rows and commits."""
    with sqlite3.connect(path, isolation_level=None) as file:
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("PRAGMA synchronous=FULL")
        file.execute("CREATE TABLE row (a INTEGER PRIMARY KEY, b TEXT)")
        began = time.monotonic()
        for _ in range(BOOKINGS):
            file.execute("BEGIN IMMEDIATE")
            file.executemany("INSERT INTO row (b) VALUES (?)", [("x" * 100,)] * 8)
            file.execute("COMMIT")
        seconds = time.monotonic() - began
    file.close()
    return BOOKINGS / seconds


def _cpu(live: LiveBookonce) -> float:
    """Seconds of processor time that the server's processes have used."""
    if live.process is None:
        raise SystemExit("the server is gone")
    parent = live.process.pid
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
    fields = [
        Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        for pid in [parent, *children]
    ]
    return sum(int(part[11]) + int(part[12]) for part in fields) / TICK


def _show(what: str, rates: list[float], limits: list[float], cpu: float) -> None:
    rate, limit = statistics.median(rates), statistics.median(limits)
    figure = {
        "what": what,
        "per second": round(rate),
        "limit": round(limit),
        "of limit": round(rate / limit, 2),
    }
    print(json.dumps({**figure, "server CPU us each": round(cpu)}), flush=True)


if __name__ == "__main__":
    main()
