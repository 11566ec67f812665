"""Bring everything that is kept encrypted under the newest key, while servers run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db import connection
from django.db.models import Model, QuerySet

from bookonce.lib.sealed import Unreadable, current_keys, is_sealed_with, resealed
from bookonce.scheduling.transaction import one_transaction

AT_ONCE = 200  # rows of one transaction: bookings wait for it on SQLite
LARGE = {"sealed_rows": 1}  # columns of megabytes each: that many rows at once


@dataclass(frozen=True, slots=True)
class Seals:
    """How many values are sealed with the newest key, with an older one, and with none that we have."""

    newest: int = 0
    older: int = 0
    unreadable: int = 0

    def __add__(self, other: Seals) -> Seals:
        return Seals(self.newest + other.newest, self.older + other.older, self.unreadable + other.unreadable)


@dataclass(frozen=True, slots=True)
class _Column:
    """Where sealed values are kept; every such column is called `sealed` or `sealed_...`."""

    model: type[Model]
    name: str

    def chunks(self) -> Iterator[list[tuple[int, str]]]:
        """All its values with their rows, in row order, a few at a time."""
        kept: QuerySet[Model] = QuerySet(self.model).exclude(**{self.name: None}).order_by("pk")
        last, count = 0, LARGE.get(self.name, AT_ONCE)
        while found := list(kept.filter(pk__gt=last).values_list("pk", self.name)[:count]):
            yield found
            last = found[-1][0]


def sealed_columns() -> list[_Column]:
    """All of them, of every table."""
    return [
        _Column(model, field.name)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if field.name == "sealed" or field.name.startswith("sealed_")
    ]


def count_seals() -> Seals:
    """Look at every sealed value; a million takes some seconds."""
    keys, found = current_keys(), Seals()
    for column in sealed_columns():
        for rows in column.chunks():
            for _row, value in rows:
                found += _seal_of(value, keys)
    return found


def reseal_all(tell: Callable[[int], None] = lambda _done: None) -> int:
    """Seal again what is not under the newest key; how many values.

    Ended at any point, it goes on with what is left when it is called again. A value that is changed or
    forgotten meanwhile stays so, and one whose key is gone stays as it is. `tell` hears how many are done.
    """
    done = 0
    for column in sealed_columns():
        for rows in column.chunks():
            changed = list(_under_the_newest(rows))
            if changed:
                done += _write(column, changed)
                tell(done)
    return done


def _under_the_newest(rows: Sequence[tuple[int, str]]) -> Iterator[tuple[str, int, str]]:
    """New value, row and old value of those that have to change."""
    newest = current_keys()[0]
    for row, value in rows:
        if not is_sealed_with(newest, value):
            try:
                yield resealed(value), row, value
            except Unreadable:
                continue


@one_transaction
def _write(column: _Column, changed: Sequence[tuple[str, int, str]]) -> int:
    """Only over the very value that was read: a secret that was forgotten since must not come back."""
    table, name = column.model._meta.db_table, column.name
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {name} = %s WHERE id = %s AND {name} = %s", changed)
        return int(cursor.rowcount)


def _seal_of(value: str, keys: Sequence[str]) -> Seals:
    if is_sealed_with(keys[0], value):
        return Seals(newest=1)
    if any(is_sealed_with(key, value) for key in keys[1:]):
        return Seals(older=1)
    return Seals(unreadable=1)
