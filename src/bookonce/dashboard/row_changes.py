"""Adding and removing rows of hours by submit buttons, so that the schedule's page needs no script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bookonce.dashboard.hours import END, START, DateRow, DayRow

CHANGE = re.compile(r"(add|remove)-(day|date)(?:-(\d{1,3}))?(?:-(\d{1,3}))?")


def changed_rows(
    change: str, week: Sequence[DayRow], dates: Sequence[DateRow]
) -> tuple[list[DayRow], list[DateRow]]:
    """The rows after `add-day-1`, `remove-day-1-0`, `add-date` or `remove-date-2`; else as they were."""
    found = CHANGE.fullmatch(change)
    if not found:
        return list(week), list(dates)
    act, kind, first, second = found[1], found[2], int(found[3] or 0), int(found[4] or 0)
    if kind == "date":
        return list(week), _changed_dates(act, first, dates)
    return [_changed_day(act, second, row) if row.weekday == first else row for row in week], list(dates)


def _changed_day(act: str, block: int, row: DayRow) -> DayRow:
    if act == "add":
        return replace(row, works=True, blocks=[*row.blocks, ("", "")] if row.works else row.blocks)
    left = [hours for number, hours in enumerate(row.blocks) if number != block]
    return replace(row, works=bool(left), blocks=left or [(START, END)])


def _changed_dates(act: str, number: int, dates: Sequence[DateRow]) -> list[DateRow]:
    if act == "add":
        return [*dates, DateRow("", "closed", START, END)]
    return [row for place, row in enumerate(dates) if place != number]
