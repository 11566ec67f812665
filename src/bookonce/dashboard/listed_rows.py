"""The order of rows of a form, changed by buttons before anything is saved, without scripts too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

Row = TypeVar("Row")
_CHANGE = re.compile(r"(add|up|down|remove)-([a-z]+)(?:-(\d{1,3}))?")


def change_list(change: str, noun: str, rows: Sequence[Row], new: Row | None) -> list[Row]:
    """The rows after a button such as `add-question`, `up-question-1` or `remove-question-2`.

    `new` is what would be added, None for nothing. What can't be done leaves the rows as they were.
    """
    found = _CHANGE.fullmatch(change)
    if not found or found[2] != noun:
        return list(rows)
    act, place = found[1], int(found[3] or 0)
    if act == "add":
        return [*rows, *([] if new is None else [new])]
    if act == "remove":
        return [row for number, row in enumerate(rows) if number != place]
    lower = place if act == "up" else place + 1
    if 0 < lower < len(rows):
        return [*rows[: lower - 1], rows[lower], rows[lower - 1], *rows[lower + 1 :]]
    return list(rows)
