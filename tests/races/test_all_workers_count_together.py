"""Misses sent at once, on PostgreSQL to two processes: exactly so many are answered, whoever counted them."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

from bookonce.lib.tokens import new_token
from bookonce.scheduling.rate_limits import LIMITS
from tests.live import LiveBookonce, NewBookonce
from tests.races.storm import count

MISSES = LIMITS["misses"]
THREADS, EACH, SECONDS = 8, 12, 15
CONTROLS = str(Path(__file__).parent / "controls")


def miss(live: LiveBookonce, path: str = "") -> int:
    """The status of an address behind which there is nothing; each on a connection of its own."""
    with closing(HTTPConnection("127.0.0.1", live.port, timeout=20)) as connection:
        connection.request("GET", path or f"/o/{new_token()}")
        answer = connection.getresponse()
        answer.read()
        return answer.status


def storm(live: LiveBookonce) -> Counter[int]:
    """How often each status was answered, all within one window."""
    left = MISSES.seconds - time.time() % MISSES.seconds
    if left < SECONDS:
        time.sleep(left + 0.1)
    found: Counter[int] = Counter()
    gate = threading.Barrier(THREADS)

    def run() -> None:
        gate.wait()
        for _ in range(EACH):
            found[miss(live)] += 1

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(found.values()) == THREADS * EACH
    return found


def test_exactly_so_many_find_nothing(new_bookonce: NewBookonce) -> None:
    live = new_bookonce(env={"BOOKONCE_RATE_LIMITS": "yes"}, workers=2)
    assert storm(live) == {404: MISSES.most, 429: THREADS * EACH - MISSES.most}
    assert count(live, "scheduling_ratecount") == 1
    assert miss(live, "/healthz") == 200
    assert miss(live, f"/{live.owner['workspace']}/{live.owner['calendar']['slug']}") == 200


def test_counting_by_reading_and_writing_would_let_more_pass(new_bookonce: NewBookonce) -> None:
    path = os.pathsep.join(filter(None, [CONTROLS, os.environ.get("PYTHONPATH")]))
    naive = {"PYTHONPATH": path, "BOOKONCE_TEST_CONTROL": "naive count", "BOOKONCE_RATE_LIMITS": "yes"}
    live = new_bookonce(env=naive, workers=2)
    assert storm(live)[404] > MISSES.most
