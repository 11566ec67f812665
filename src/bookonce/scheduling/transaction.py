"""The one shape of every change: one short transaction that starts with a write or a lock."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from bookonce.configuration import DEADLINE_SECONDS
from bookonce.lib.database_errors import is_retryable, violated_constraint
from bookonce.scheduling.errors import Busy, Conflict, HostsChanged, SchedulingError, SlotTaken

P = ParamSpec("P")
R = TypeVar("R")
RETRIES = 3
_sqlite_writer = threading.Lock()  # SQLite's own waiting is unfair: p99 of a second without this


def _schedule_came_or_went() -> SchedulingError:
    return Conflict(_("These hours were deleted, or came into use, in this very moment. Look at them again."))


# The database refuses, the domain names it. SQLite tells UNIQUE constraints by their columns.
REFUSALS: dict[str, Callable[[], SchedulingError]] = {
    "blocked_time_no_overlap": SlotTaken,
    "class_session_once": SlotTaken,
    "scheduling_appointment.calendar_id, scheduling_appointment.starts": SlotTaken,
    "calendar_slug_unique": lambda: Conflict(_("This address is already taken.")),
    "scheduling_calendar.workspace_id, scheduling_calendar.slug": lambda: Conflict(
        _("This address is already taken.")
    ),
    # On SQLite, with its one writer, these never happen; it could not name them either.
    "scheduling_hostsched_schedule_id_34a85438_fk_schedulin": _schedule_came_or_went,
    "scheduling_calendar_schedule_id_4117be45_fk_schedulin": _schedule_came_or_went,
}


def one_transaction(verb: Callable[P, R]) -> Callable[P, R]:
    """Run the verb as one transaction, never nested.

    A deadlock or serialization failure runs it again (at most RETRIES times), and so does HostsChanged.

    Raises:
        Busy: no lock or no answer within the deadline.
        SchedulingError: a constraint refused (REFUSALS), or the verb did.
    """

    @wraps(verb)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(RETRIES + 1):
            try:
                with _writer(), transaction.atomic(durable=True):
                    return verb(*args, **kwargs)
            except IntegrityError as error:
                refusal = REFUSALS.get(violated_constraint(error))
                if refusal is None:
                    raise
                raise refusal() from error
            except HostsChanged:
                if attempt == RETRIES:
                    raise
            except (OperationalError, InterfaceError) as error:
                if not is_retryable(error):
                    raise Busy from error
                if attempt == RETRIES:
                    raise Busy from error
                time.sleep(random.uniform(0.005, 0.02) * 2**attempt)  # noqa: S311 - jitter, no secret
        raise AssertionError

    return run


@contextmanager
def _writer() -> Iterator[None]:
    if connection.vendor != "sqlite":
        yield
        return
    if not _sqlite_writer.acquire(timeout=DEADLINE_SECONDS / 2):
        raise Busy
    try:
        yield
    finally:
        _sqlite_writer.release()
