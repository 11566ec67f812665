"""How long a request waits for its answer, and what happens when that time is over.

Two things end it then: the job `request.expire`, and whoever takes time of its hosts, so that a worker that
stands still never keeps a time from guests.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from bookonce.jobs.queue import enqueue
from bookonce.lib.instants import to_seconds
from bookonce.scheduling.errors import Busy
from bookonce.scheduling.models import Booking
from bookonce.scheduling.offer_rows import Offer

LEAST_WAIT = 60  # seconds: of a request that begins at once
LONG_OVERDUE = timedelta(hours=1)  # nobody ends them: no worker runs
ROUNDS = 3  # others may be overdue once hosts have changed

P = ParamSpec("P")
R = TypeVar("R")


class RequestsOverdue(Exception):
    """The transaction is undone, runs once these bookings have expired, and then finds their time free."""

    def __init__(self, bookings: Sequence[int], now: datetime) -> None:
        super().__init__(bookings)
        self.bookings = bookings
        self.now = now


def answer_time(offer: Offer, start: int, now: datetime) -> int | None:
    """Until when a host has to answer a booking that starts then (minutes), in seconds; none: nobody has to.

    As long as the calendar says, but not beyond the start.
    """
    if not offer.needs_approval:
        return None
    return no_later(to_seconds(now) + offer.answer_within * 60, start, now)


def no_later(answer_by: int, start: int, now: datetime) -> int:
    """The same answer time, or the start (minutes since the epoch) where that comes first."""
    return min(answer_by, max(start * 60, to_seconds(now) + LEAST_WAIT))


def count_long_overdue(*, now: datetime) -> int:
    """Requests whose answer time was over long ago and that should have expired."""
    return Booking.objects.filter(answer_by__lte=now - LONG_OVERDUE).count()


def expire_later(booking_id: int, answer_by: int, *, now: datetime) -> None:
    """Owe the end of the request at this second, in the caller's transaction (one statement)."""
    enqueue(
        "request.expire",
        {"booking": booking_id},
        now=now,
        key=f"request:{booking_id}:{answer_by}",
        delay=timedelta(seconds=answer_by - to_seconds(now)),
    )


def refuse_overdue(bookings: Sequence[int], now: datetime) -> None:
    """Stop a verb of `expiring_overdue` while such requests (host_time.lock_hosts) stand in its way.

    Raises:
        RequestsOverdue: there are some.
    """
    if bookings:
        raise RequestsOverdue(bookings, now)


def expiring_overdue(verb: Callable[P, R]) -> Callable[P, R]:
    """End overdue requests that the verb meets, each in its own transaction, and run the verb again."""

    @wraps(verb)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        from bookonce.scheduling.answer_booking import expire_request  # whose verbs expire others first

        for _ in range(ROUNDS):
            try:
                return verb(*args, **kwargs)
            except RequestsOverdue as found:
                for booking_id in found.bookings:
                    expire_request(booking_id, now=found.now)
        raise Busy

    return run
