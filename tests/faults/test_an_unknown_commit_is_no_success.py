"""A COMMIT that waits for a standby that never answers: told as 503, not as a booking, by retries either.

It may be on the primary alone, and would be lost with it. docs/decisions/0003.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.live import LiveBookonce
from tests.races.storm import check_promises, count, guest, new_links, slots


@contextmanager
def without_standby(url: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Let every COMMIT wait for a standby that is not there; gives a connection of an operator."""
    with psycopg.connect(url, autocommit=True) as operator:
        operator.execute("SET synchronous_commit = local")
        demand(operator, "nobody")
        try:
            yield operator
        finally:
            demand(operator, "")


def demand(operator: psycopg.Connection[tuple[object, ...]], standby: str) -> None:
    """Name the standby to wait for, and wait until the server knows."""
    operator.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{standby}'".encode())
    operator.execute("SELECT pg_reload_conf()")
    end = time.monotonic() + 10
    while operator.execute("SHOW synchronous_standby_names").fetchone() != (standby,):
        assert time.monotonic() < end
        time.sleep(0.05)
    time.sleep(0.5)  # the checkpointer, which tells the backends, reads it by itself


def book(url: str, key: str, start: str) -> int:
    """The status."""
    address = urlsplit(url)
    connection = HTTPConnection("127.0.0.1", address.port or 80, timeout=60)
    headers = {"Content-Type": "application/json", "Host": address.netloc, "Idempotency-Key": key}
    connection.request("POST", f"{address.path}/book", json.dumps(guest(start)), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


@pytest.mark.postgresql
def test_neither_the_first_try_nor_its_retries_succeed_before_the_standby(
    live: LiveBookonce, cluster: str
) -> None:
    (url,), (start,) = new_links(live, 1), slots(1)
    with without_standby(cluster):
        assert book(url, "one", start) == 503
        assert book(url, "one", start) == 409  # in progress: the first COMMIT still waits
    assert book(url, "one", start) == 201
    assert count(live, "scheduling_booking") == 1
    check_promises(live)


@pytest.mark.postgresql
def test_a_wait_that_was_cancelled_is_no_success(live: LiveBookonce, cluster: str) -> None:
    (url,), (start,) = new_links(live, 1), slots(1)
    statuses: list[int] = []
    with without_standby(cluster) as operator:
        guest_waits = threading.Thread(target=lambda: statuses.append(book(url, "two", start)))
        guest_waits.start()
        end = time.monotonic() + 4
        cancelled = 0
        while guest_waits.is_alive() and time.monotonic() < end:
            found = operator.execute(
                "SELECT COUNT(*) FILTER (WHERE pg_cancel_backend(pid)) FROM pg_stat_activity "
                "WHERE wait_event = 'SyncRep'"
            ).fetchone()
            cancelled += int(str(found[0])) if found else 0
            time.sleep(0.05)
        guest_waits.join(30)
        assert cancelled
        assert statuses == [503]
        assert count(live, "scheduling_booking") == 1  # visible here, and nowhere else
        assert book(url, "two", start) == 503
    assert book(url, "two", start) == 201
    assert count(live, "scheduling_booking") == 1
