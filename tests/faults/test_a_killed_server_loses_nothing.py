"""kill -9 of the server, and of its parent process alone, during 200 bookings: acknowledged is kept."""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.live import LiveBookonce, NewBookonce
from tests.races.storm import check_promises, count, guest, new_calendar, new_links, rows, slots
from tests.strength import times as so_often

KILLS = so_often(3, 10)
BOOKINGS = 200
GUESTS_AT_ONCE = 8
MAILS = 2  # a booking: its guest's confirmation, its host's notice


def book_until_killed(
    links: list[str], times: list[str], kill_after: int, kill: threading.Event
) -> dict[str, str]:
    """Book one link after the other, from several threads; the acknowledged bookings by link."""
    acknowledged: dict[str, str] = {}
    work = list(zip(links, times, strict=True))

    def run() -> None:
        while work:
            url, start = work.pop()
            address = urlsplit(url)
            body = json.dumps(guest(start, len(work)))
            try:
                with closing(HTTPConnection("127.0.0.1", address.port or 80, timeout=10)) as connection:
                    connection.request(
                        "POST", f"{address.path}/book", body, {"Content-Type": "application/json"}
                    )
                    answer = connection.getresponse()
                    reply = json.loads(answer.read())
            except (OSError, HTTPException, ValueError):
                continue  # no answer: the outcome is unknown, and nothing may be lost or half done
            if answer.status == 201:
                acknowledged[url] = reply["id"]
            if len(acknowledged) >= kill_after:
                kill.set()

    threads = [threading.Thread(target=run) for _ in range(GUESTS_AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return acknowledged


def worker_of(parent: int) -> list[int]:
    """The processes that this one has started."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
    return [int(child) for child in children]


def is_running(process: int) -> bool:
    """Whether the process lives (a zombie does not)."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until_jobs_are_done(live: LiveBookonce) -> None:
    """Every job finishes after the restart; none is dead."""
    end = time.monotonic() + 120
    while count(
        live, "jobs_job", "run_at <= CAST(strftime('%s', 'now') AS INTEGER) + 400 AND dead_at IS NULL"
    ):
        assert time.monotonic() < end, rows(live, "SELECT kind, attempts, error FROM jobs_job LIMIT 5")
        time.sleep(0.2)
    assert count(live, "jobs_job", "dead_at IS NOT NULL") == 0


@pytest.mark.parametrize("victim", ["server", "parent alone"])
def test_kill_during_bookings(new_bookonce: NewBookonce, engine: str, victim: str) -> None:
    assert engine == "sqlite"
    live = new_bookonce(start=False)
    slug = new_calendar(live, name="Short", durations=[5], interval=5)
    times = slots(KILLS * BOOKINGS, step=5, of=5)
    dice = random.Random(7)
    for number in range(KILLS):
        live.start()
        assert live.process
        workers = worker_of(live.process.pid)
        links = new_links(live, BOOKINGS, calendar=slug)
        kill = threading.Event()
        killer = threading.Thread(
            target=end_on, args=(kill, live.kill if victim == "server" else live.kill_parent)
        )
        killer.start()
        ours = times[number * BOOKINGS : (number + 1) * BOOKINGS]
        acknowledged = book_until_killed(links, ours, dice.randint(10, 150), kill)
        kill.set()
        killer.join(60)
        wait_for_end(workers)
        check_kept(live, acknowledged)
        live.kill()
    live.start()
    wait_until_jobs_are_done(live)
    assert count(live, "bookonce_messages_outboxmail") == MAILS * count(live, "scheduling_booking")
    live.stop()


def end_on(kill: threading.Event, end: Callable[[], None]) -> None:
    """Wait for the event, then end the victim."""
    assert kill.wait(60)
    end()


def wait_for_end(workers: list[int]) -> None:
    """The worker must go with its parent, or a second start would serve beside it."""
    end = time.monotonic() + 10
    while any(is_running(worker) for worker in workers):
        assert time.monotonic() < end, f"still serving: {workers}, we are {os.getpid()}"
        time.sleep(0.02)


def check_kept(live: LiveBookonce, acknowledged: dict[str, str]) -> None:
    """Every acknowledged booking is there, none twice, no link half used."""
    there = {row[0] for row in rows(live, "SELECT public_id FROM scheduling_booking")}
    assert set(acknowledged.values()) <= there
    assert len(set(acknowledged.values())) == len(acknowledged)
    assert rows(live, "SELECT link_id FROM scheduling_booking GROUP BY link_id HAVING COUNT(*) > 1") == []
    assert rows(live, "PRAGMA integrity_check") == [("ok",)]
    check_promises(live)
