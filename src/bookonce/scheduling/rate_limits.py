"""How often somebody may try something: counted in the database, so that all workers count together."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from bookonce.lib.instants import to_seconds
from bookonce.scheduling.errors import Busy, RateLimited
from bookonce.scheduling.models import RateCount
from bookonce.scheduling.transaction import one_transaction

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many in each window of so many seconds; windows are counted from the epoch."""

    most: int
    seconds: int


LIMITS: Mapping[str, Limit] = {
    "misses": Limit(30, 60),  # by client: addresses (/o/, /m/, /c/) behind which there is nothing
    "wrong": Limit(10, 900),  # by link and client: other addresses, wrong codes at a locked link
    "bookings": Limit(30, 600),  # by client: tries to book by a public link
    "challenges": Limit(120, 600),  # by client: puzzles to prove work with
    "changes": Limit(30, 600),  # by client: moving and cancelling, each of which sends mails
    "requests": Limit(10, 3600),  # by client: for a new link
    "codes": Limit(20, 3600),  # by client: codes by mail, beside what each link allows
    "mailbox-codes": Limit(10, 3600),  # by address, from public addresses: codes by mail
    "calendar-codes": Limit(60, 3600),  # by calendar: the same
    "holds": Limit(30, 600),  # by client: times to be kept, by any link
    "link-holds": Limit(60, 3600),  # by one-time link, whoever asks
}
MOST_KNOWN = 10_000  # that a worker keeps in mind
KEPT = timedelta(seconds=2 * max(limit.seconds for limit in LIMITS.values()))

_COUNT = """INSERT INTO scheduling_ratecount (bucket, window_start, count) VALUES (%s, %s, 1)
  ON CONFLICT (bucket, window_start) DO UPDATE SET count = scheduling_ratecount.count + 1
  RETURNING count"""
_lock = threading.Lock()
_over: dict[str, int] = {}  # bucket -> second at which its window ends; as far as this worker knows


def check(name: str, subject: str | None, *, now: datetime) -> None:
    """Refuse who is known to this worker to be over the limit; asks nothing of the database.

    `subject` is who or what is limited, e.g. a client's network; None is never limited.

    Raises:
        RateLimited: until the window ends.
    """
    if not _over or subject is None:
        return
    ends, at = _over.get(_bucket(name, subject), 0), to_seconds(now)
    if at < ends:
        raise _limited(name, ends - at)


def count(name: str, subject: str | None, *, now: datetime) -> None:
    """Count one try (one statement, in a transaction of its own), and refuse it when it is one too many.

    A try that can't be counted, because the database is busy, is let pass.

    Raises:
        RateLimited: until the window ends.
    """
    if subject is None or not settings.BOOKONCE.rate_limits:
        return
    check(name, subject, now=now)
    limit, at, bucket = LIMITS[name], to_seconds(now), _bucket(name, subject)
    begins = at // limit.seconds * limit.seconds
    try:
        counted = _count(bucket, begins)
    except Busy:
        logger.warning("a try (%s) was not counted: the database is busy", name)
        return
    if counted > limit.most:
        _remember(bucket, begins + limit.seconds, at)
        raise _limited(name, begins + limit.seconds - at)


def forget_all() -> None:
    """Empty this worker's memory; the counts in the database stay."""
    with _lock:
        _over.clear()


@one_transaction
def purge_counts(*, now: datetime) -> int:
    """Delete the counts of windows that are over; how many."""
    return RateCount.objects.filter(window_start__lt=now - KEPT).delete()[0]


def run(_payload: Mapping[str, Any], now: datetime) -> None:
    """The job `rates.purge`."""
    purge_counts(now=now)


@one_transaction
def _count(bucket: str, begins: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [bucket, begins])
        return int(cursor.fetchone()[0])


def _bucket(name: str, subject: str) -> str:
    """A digest under the secret key: addresses are few enough to be guessed from a plain one."""
    return salted_hmac("bookonce.rates", f"{name} {subject}", algorithm="sha256").hexdigest()


def _remember(bucket: str, ends: int, at: int) -> None:
    with _lock:
        if len(_over) >= MOST_KNOWN:
            for known in [known for known, until in _over.items() if until <= at] or [*_over]:
                del _over[known]
        _over[bucket] = ends


def _limited(name: str, wait: int) -> RateLimited:
    return RateLimited(name, most=LIMITS[name].most, seconds=LIMITS[name].seconds, wait=wait)
