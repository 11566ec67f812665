"""PostgreSQL stopped in its tracks (SIGSTOP, like a paused machine), its kernel still acknowledging."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.live import LiveBookonce
from tests.races.storm import check_promises, count, guest, new_links, slots

LONGEST = 7.0  # seconds: the deadline of five, and what a busy machine adds
AT_ONCE = 8  # as many as one worker has threads: nobody waits for a thread besides


@contextmanager
def frozen(url: str) -> Iterator[None]:
    """Stop every process of the cluster; let them go on afterwards."""
    with psycopg.connect(url) as connection:
        shown = connection.execute("SHOW data_directory").fetchone()
    assert shown
    postmaster = int((Path(shown[0]) / "postmaster.pid").read_text().split()[0])
    stopped = family(postmaster)
    for process in stopped:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in stopped:
            with suppress(ProcessLookupError):  # our own connection above may just have ended
                os.kill(process, signal.SIGCONT)


def family(process: int) -> list[int]:
    """The process and all below it; one that ends while it is looked at has none."""
    children = ""
    with suppress(FileNotFoundError, ProcessLookupError):  # our own connection above may just have ended
        children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [process, *(found for child in children.split() for found in family(int(child)))]


def send(live: LiveBookonce, method: str, path: str, body: str | None = None) -> tuple[int, str, float]:
    """Status, Retry-After and seconds."""
    began = time.monotonic()
    connection = HTTPConnection("127.0.0.1", live.port, timeout=60)
    connection.request(
        method, path, body, {"Host": f"localhost:{live.port}", "Content-Type": "application/json"}
    )
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.headers.get("Retry-After") or "", time.monotonic() - began


def at_once(live: LiveBookonce, asked: list[tuple[str, str, str | None]]) -> list[tuple[int, str, float]]:
    """Send them all together."""
    replies: list[tuple[int, str, float]] = []
    threads = [threading.Thread(target=lambda a=a: replies.append(send(live, *a))) for a in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    assert len(replies) == len(asked)
    return replies


@pytest.mark.postgresql
def test_every_request_is_answered_within_the_deadline_and_all_goes_on(
    live: LiveBookonce, cluster: str
) -> None:
    links = [urlsplit(url).path for url in new_links(live, AT_ONCE)]
    posts: list[tuple[str, str, str | None]] = [
        ("POST", f"{path}/book", json.dumps(guest(start, n)))
        for n, (path, start) in enumerate(zip(links, slots(AT_ONCE), strict=True))
    ]
    reads: list[tuple[str, str, str | None]] = [("GET", path, None) for path in links]
    at_once(live, reads)  # so that every thread holds a connection from before
    with frozen(cluster):
        for asked in (posts, reads):
            for status, retry_after, seconds in at_once(live, asked):
                assert (status, retry_after) == (503, "2")
                assert seconds < LONGEST
    assert {status for status, _, _ in at_once(live, reads)} <= {200, 410}
    statuses = [status for status, _, _ in at_once(live, posts)]
    # What a request left behind when its answer failed may have been booked; never twice.
    assert set(statuses) <= {201, 410}
    assert count(live, "scheduling_booking") == AT_ONCE
    check_promises(live)
