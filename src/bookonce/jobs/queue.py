"""Owe a piece of outside work; claim, finish and retry it. At least once: handlers are idempotent."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from bookonce.jobs.models import Job
from bookonce.lib.instants import to_seconds

LEASE = 300  # seconds a claimed job may run before another worker takes it
MOST_ATTEMPTS = 13
FIRST_WAIT, LONGEST_WAIT = 5, 6 * 3600  # seconds; thirteen attempts span more than a day

# MATERIALIZED: in a join PostgreSQL may run a subquery again, and lock and take more jobs than asked.
_CLAIM = """WITH due AS MATERIALIZED (
  SELECT id FROM jobs_job WHERE run_at <= %s AND dead_at IS NULL ORDER BY run_at, id LIMIT %s {skip}
) UPDATE jobs_job SET run_at = %s, attempts = attempts + 1 WHERE id IN (SELECT id FROM due)
RETURNING id, kind, payload, attempts, run_at"""

_ENQUEUE = """INSERT INTO jobs_job (kind, payload, run_at, attempts, key, error, created_at)
  VALUES (%s, %s, %s, 0, %s, '', %s) ON CONFLICT (key) DO NOTHING"""


class JobFailed(Exception):
    """A handler's work did not succeed; `permanent` means that trying again can't help."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that is ours until `lease` (seconds since the epoch)."""

    id: int
    kind: str
    payload: dict[str, Any]
    attempts: int
    lease: int


def enqueue(
    kind: str,
    payload: Mapping[str, Any],
    *,
    now: datetime,
    key: str | None = None,
    delay: timedelta = timedelta(),
) -> None:
    """Owe the work, in the caller's transaction; with a `key`, once only."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ENQUEUE,
            [kind, json.dumps(dict(payload)), to_seconds(now + delay), key, to_seconds(now)],
        )


def claim(*, now: datetime, limit: int = 10) -> list[Claim]:
    """Take due jobs for LEASE seconds, in one statement; no two workers get the same."""
    skip = "FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    at = to_seconds(now)
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM.format(skip=skip), [at, limit, at + LEASE])
        rows = cursor.fetchall()
    return [
        Claim(row[0], row[1], row[2] if isinstance(row[2], dict) else json.loads(row[2]), row[3], row[4])
        for row in sorted(rows)
    ]


def finish(job: Claim) -> None:
    """The work is done; a job whose lease was lost meanwhile is left to its new worker."""
    Job.objects.filter(pk=job.id, attempts=job.attempts).delete()


def fail(job: Claim, error: str, *, permanent: bool, now: datetime) -> bool:
    """Put the job back with a growing, jittered wait, or declare it dead; True when dead."""
    dead = permanent or job.attempts >= MOST_ATTEMPTS
    changes: dict[str, Any] = {"error": error[:2000]}
    if dead:
        changes["dead_at"] = now
    else:
        changes["run_at"] = now + timedelta(seconds=wait_before(job.attempts + 1))
    Job.objects.filter(pk=job.id, attempts=job.attempts).update(**changes)
    return dead


def wait_before(attempt: int) -> float:
    """Seconds to wait before the attempt of this number (2 is the first retry).

    Each wait is three times the one before, up to LONGEST_WAIT, give or take 10 %.
    """
    wait: float = min(LONGEST_WAIT, FIRST_WAIT * 3 ** (attempt - 2))
    return wait * random.uniform(0.9, 1.1)  # noqa: S311 - jitter, no secret


def rerun(job_id: int, *, now: datetime) -> bool:
    """Bring a dead job back, to run at once; False when it is not dead."""
    return (
        Job.objects.filter(pk=job_id, dead_at__isnull=False).update(dead_at=None, attempts=0, run_at=now) == 1
    )
