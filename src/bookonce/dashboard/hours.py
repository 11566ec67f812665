"""Working hours between a page's rows and the domain's rules (`weekly`, `overrides`).

A row is what one line of the form shows, right or wrong; what is allowed is the domain's to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookonce.design.fields import Problem
from bookonce.scheduling.hours_input import clock_minutes, clock_text
from bookonce.scheduling.models import Schedule

WEEKDAYS: Mapping[int, str | Promise] = {
    1: _("Monday"),
    2: _("Tuesday"),
    3: _("Wednesday"),
    4: _("Thursday"),
    5: _("Friday"),
    6: _("Saturday"),
    0: _("Sunday"),
}
START, END = "09:00", "17:00"
EN_DASH = "\N{EN DASH}"
WEEKLY_RULE = re.compile(r"weekly\.(\d+)(?:\.|$)")
OVERRIDE_RULE = re.compile(r"overrides\.(\d+)(?:\.|$)")


LONG_NIGHT = 12 * 60  # minutes; a longer one is rather a slip: 17:00 to 09:00


@dataclass(frozen=True, slots=True)
class Span:
    """One row's two times, as typed or kept."""

    start: str
    end: str

    @property
    def night(self) -> int:
        """How many minutes it lasts when it runs over midnight, else 0."""
        start, end = clock_minutes(self.start), clock_minutes(self.end)
        return 0 if start is None or not end or end >= start else end + 1440 - start

    @property
    def lasts(self) -> str:
        """How long such a night is: 4 h 30 min."""
        hours, minutes = divmod(self.night, 60)
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"

    @property
    def is_long(self) -> bool:
        """Whether it is longer than people work."""
        return self.night > LONG_NIGHT


@dataclass(frozen=True, slots=True)
class DayRow:
    """One weekday: whether it is worked, its blocks of hours as (start, end), and what is wrong with them."""

    weekday: int
    works: bool
    blocks: Sequence[tuple[str, str]]
    errors: list[str] = field(default_factory=list)

    @property
    def name(self) -> str | Promise:
        """Monday ... Sunday."""
        return WEEKDAYS[self.weekday]

    @property
    def spans(self) -> list[Span]:
        """The blocks as the page shows them."""
        return [Span(start, end) for start, end in self.blocks]


@dataclass(frozen=True, slots=True)
class DateRow:
    """One date with other hours; closed when `kind` says so."""

    date: str
    kind: str
    start: str
    end: str
    errors: list[str] = field(default_factory=list)

    @property
    def span(self) -> Span:
        """Its hours as the page shows them."""
        return Span(self.start, self.end)


def working_week() -> list[DayRow]:
    """Monday to Friday, 09:00 to 17:00."""
    return [DayRow(day, 1 <= day <= 5, [(START, END)]) for day in WEEKDAYS]


def week_of(schedule: Schedule) -> list[DayRow]:
    """The rows of a kept schedule (one statement)."""
    blocks: dict[int, list[tuple[str, str]]] = {}
    for hours in schedule.weekly_hours.all():
        blocks.setdefault(hours.weekday, []).append((clock_text(hours.starts), _shown_end(hours.ends)))
    return [DayRow(day, day in blocks, blocks.get(day) or [(START, END)]) for day in WEEKDAYS]


def dates_of(schedule: Schedule) -> list[DateRow]:
    """The rows of a kept schedule's dates (one statement)."""
    return [
        DateRow(row.day.isoformat(), "closed", START, END)
        if row.starts is None or row.ends is None
        else DateRow(row.day.isoformat(), "hours", clock_text(row.starts), _shown_end(row.ends))
        for row in schedule.override_hours.all()
    ]


def in_words(week: Sequence[DayRow]) -> list[str]:
    """The week at a glance, days with the same hours together: `Mon-Fri 09:00-17:00` (with en dashes)."""
    runs: list[list[DayRow]] = []
    for row in week:
        if not row.works:
            runs.append([])
        elif runs and runs[-1] and runs[-1][-1].blocks == row.blocks:
            runs[-1].append(row)
        else:
            runs.append([row])
    return [_run_in_words(run) for run in runs if run]


def sent_week(sent: QueryDict) -> list[DayRow]:
    """The rows as they were sent: `on-1`, and `start-1`, `end-1` for each block."""
    return [
        DayRow(
            day,
            bool(sent.get(f"on-{day}")),
            list(zip(sent.getlist(f"start-{day}"), sent.getlist(f"end-{day}"), strict=False))
            or [(START, END)],
        )
        for day in WEEKDAYS
    ]


def sent_dates(sent: QueryDict) -> list[DateRow]:
    """The rows as they were sent: `date`, `date-kind`, `date-start`, `date-end`, once for each row."""
    columns = (sent.getlist(name) for name in ("date", "date-kind", "date-start", "date-end"))
    return [DateRow(*values) for values in zip(*columns, strict=False)]


def weekly_rules(week: Iterable[DayRow]) -> list[dict[str, Any]]:
    """The domain's rules: one for each block of a day that is worked."""
    return [
        _rule(start, end) | {"days": [row.weekday]} for row in week if row.works for start, end in row.blocks
    ]


def date_rules(dates: Iterable[DateRow]) -> list[dict[str, Any]]:
    """The domain's rules: the hours of one date together, a closed date by itself."""
    rules: list[dict[str, Any]] = []
    with_hours: dict[str, list[dict[str, str]]] = {}
    for row in dates:
        if row.kind == "closed":
            rules.append({"date": row.date, "ranges": []})
            continue
        if row.date not in with_hours:
            with_hours[row.date] = []
            rules.append({"date": row.date, "ranges": with_hours[row.date]})
        with_hours[row.date].append(_rule(row.start, row.end))
    return rules


def place_errors(
    errors: Mapping[str, Sequence[str]], week: Sequence[DayRow], dates: Sequence[DateRow]
) -> dict[str, list[str]]:
    """Put each fault of the domain beside its row; what belongs to none is returned."""
    weekly = [row for row in week if row.works for _block in row.blocks]
    by_rule = _rows_by_rule(dates)
    rest: dict[str, list[str]] = {}
    for name, sentences in errors.items():
        rows: Sequence[DayRow | DateRow] = ()
        if found := WEEKLY_RULE.match(name):
            rows = weekly[int(found[1]) : int(found[1]) + 1]
        elif found := OVERRIDE_RULE.match(name):
            rows = by_rule[int(found[1]) : int(found[1]) + 1]
        for row in rows:
            row.errors.extend(sentence for sentence in sentences if sentence not in row.errors)
        if not rows:
            rest.setdefault(name.split(".", maxsplit=1)[0], []).extend(sentences)
    return rest


def row_problems(week: Iterable[DayRow], dates: Iterable[DateRow]) -> list[Problem]:
    """The rows' errors for the summary at the top of the page."""
    days = [Problem(text, f"id_day_{row.weekday}", str(row.name)) for row in week for text in row.errors]
    return days + [
        Problem(text, f"id_date_{number}", row.date or str(_("Date")))
        for number, row in enumerate(dates)
        for text in row.errors
    ]


def _run_in_words(run: Sequence[DayRow]) -> str:
    days = [str(WEEKDAYS_ABBR[(row.weekday - 1) % 7]) for row in (run[0], run[-1])]
    times = ", ".join(f"{start}{EN_DASH}{end}" for start, end in run[0].blocks)
    return f"{EN_DASH.join(dict.fromkeys(days))} {times}"


def _rows_by_rule(dates: Iterable[DateRow]) -> list[DateRow]:
    rows, seen = [], set()
    for row in dates:
        if row.kind == "closed" or row.date not in seen:
            rows.append(row)
        if row.kind != "closed":
            seen.add(row.date)
    return rows


def _rule(start: str, end: str) -> dict[str, str]:
    # A time field knows no 24:00; an end at 00:00 can only mean the end of the day.
    return {"start": start, "end": "24:00" if end == "00:00" else end}


def _shown_end(minutes: int) -> str:
    return clock_text(minutes % 1440)  # 24:00 as a time field takes it
