"""Run what is owed: claim a job, do it, finish it or put it back."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from django.db import Error, close_old_connections, connection

from bookonce.jobs.kinds import get_handler
from bookonce.jobs.models import Job
from bookonce.jobs.periodic import Ticks
from bookonce.jobs.queue import MOST_ATTEMPTS, Claim, JobFailed, claim, fail, finish
from bookonce.lib import clock
from bookonce.lib.database_errors import on_postgres
from bookonce.lib.log_filter import without_secrets

logger = logging.getLogger(__name__)

IDLE_SECONDS = 1.0  # between two looks at an empty table
AWAY_SECONDS = 5.0  # before asking a database again that did not answer
MOST_AT_ONCE = 10  # jobs of one call of run_due


def work(stop: threading.Event, read_clock: Callable[[], datetime] = clock.now) -> None:
    """Run jobs until `stop` is set: at once while there are any, else with a look every second.

    A database that is away, or not migrated yet, is waited for. On SQLite, where only one process runs
    jobs, whatever was claimed or put back before the start is due at once.
    """
    ticks, fresh = Ticks(), True
    while not stop.is_set():
        pause = 0.0
        try:
            close_old_connections()
            now = read_clock()
            if fresh and not on_postgres():
                take_back(now=now)
            fresh = False
            ticks.enqueue_due(now=now)
            pause = 0.0 if run_due(now) else IDLE_SECONDS
        except Error as error:
            logger.warning("jobs wait for the database: %s", error)
            connection.close()
            pause = AWAY_SECONDS
        stop.wait(pause)
    connection.close()


def run_due(now: datetime) -> int:
    """Run some of the jobs that are due, each outside any transaction; how many ran (0: none is due).

    They are claimed one at a time, so that a slow job never uses up the lease of another.
    """
    for count in range(MOST_AT_ONCE):
        # Only a look, for SQLite's sake: an idle worker must not take its one write lock. claim() decides.
        claims = claim(now=now, limit=1) if Job.objects.filter(dead_at=None, run_at__lte=now).exists() else []
        if not claims:
            return count
        for job in claims:
            run(job, now=now)
    return MOST_AT_ONCE


def run(job: Claim, *, now: datetime) -> None:
    """Do the claimed job; a failure puts it back with a growing wait, or on the list of dead ones."""
    if job.attempts > MOST_ATTEMPTS:  # the handler never returned: its worker died each time
        _put_back(job, "The worker ended while this job ran, every time.", permanent=True, now=now)
        return
    try:
        get_handler(job.kind)(job.payload, now)
    except JobFailed as error:
        _put_back(job, str(error), permanent=error.permanent, now=now)
    except Exception as error:  # the one place: whatever a handler raises, the other jobs go on
        logger.exception("job %s (%s) failed", job.id, job.kind)
        _put_back(job, f"{type(error).__name__}: {error}", permanent=False, now=now)
    else:
        finish(job)


def take_back(*, now: datetime) -> int:
    """Make due at once what an ended worker had claimed or put back; how many.

    Only where no other worker runs.
    """
    return Job.objects.filter(dead_at=None, attempts__gt=0, run_at__gt=now).update(run_at=now)


def _put_back(job: Claim, error: str, *, permanent: bool, now: datetime) -> None:
    if not connection.in_atomic_block:
        close_old_connections()  # the handler's error may have left it unusable
    dead = fail(job, without_secrets(error), permanent=permanent, now=now)
    outcome = "is dead" if dead else f"will be tried again (attempt {job.attempts} failed)"
    logger.warning("job %s (%s) %s: %s", job.id, job.kind, outcome, error)
