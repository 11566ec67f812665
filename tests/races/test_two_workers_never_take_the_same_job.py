"""However many workers look at once, each job is claimed by one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial

import pytest
from django.db import OperationalError, connection

from bookonce.jobs.models import Job
from bookonce.jobs.periodic import Ticks
from bookonce.jobs.queue import Claim, claim, enqueue
from tests.cast import NOW

WORKERS, JOBS = 4, 200


@pytest.mark.django_db(transaction=True)
def test_workers_claim_disjoint_jobs() -> None:
    for number in range(JOBS):
        enqueue("note", {"number": number}, now=NOW)
    taken: list[list[int]] = [[] for _ in range(WORKERS)]

    def take(own: list[int]) -> None:
        while claims := _claim():
            own.extend(job.id for job in claims)

    _together([partial(take, own) for own in taken])
    together = [job for own in taken for job in own]
    assert len(together) == len(set(together)) == JOBS
    assert not Job.objects.exclude(attempts=1).exists()


@pytest.mark.django_db(transaction=True)
def test_workers_owe_a_tick_once() -> None:
    _together([lambda: Ticks({"note": 60}).enqueue_due(now=NOW)] * 8)
    assert Job.objects.count() == 1


def _claim() -> list[Claim]:
    while True:
        try:
            return list(claim(now=NOW, limit=3))
        except OperationalError as error:  # SQLite's one write lock was taken for too long
            if "locked" not in str(error):
                raise


def _together(acts: Sequence[Callable[[], None]]) -> None:
    start, faults = threading.Barrier(len(acts)), list[BaseException]()

    def run(act: Callable[[], None]) -> None:
        try:
            start.wait()
            act()
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not faults
