"""Owe the periodic jobs, each once per tick, whatever the number of workers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction

from bookonce.jobs.kinds import PERIODIC
from bookonce.jobs.queue import enqueue
from bookonce.lib.instants import to_seconds

# A finished job's row is gone, so its key can't tell that the tick was served: this row can.
_ADVANCE = """INSERT INTO jobs_tick (kind, number) VALUES (%s, %s)
  ON CONFLICT (kind) DO UPDATE SET number = excluded.number WHERE jobs_tick.number < excluded.number
  RETURNING number"""


class Ticks:
    """One worker's view: the ticks it has seen served, so that an idle worker writes nothing."""

    def __init__(self, table: Mapping[str, int] = PERIODIC) -> None:
        self._table = table
        self._seen: dict[str, int] = {}

    def enqueue_due(self, *, now: datetime) -> None:
        """Owe every periodic job whose present tick nobody has served yet."""
        for kind, seconds in self._table.items():
            number = to_seconds(now) // seconds
            if self._seen.get(kind, -1) < number:
                _enqueue_once(kind, number, now)
                self._seen[kind] = number


def _enqueue_once(kind: str, number: int, now: datetime) -> None:
    """Advance the kind's tick and owe its job in one transaction; do nothing when another worker did."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ADVANCE, [kind, number])
        if cursor.fetchone() is not None:
            enqueue(kind, {}, now=now, key=f"{kind}:{number}")
