"""Read hours as forms, JSON and rules files give them: weekly blocks and overrides by date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from bookonce.lib.fields import Fields
from bookonce.scheduling.hours_problems import hours_problems, night_problems
from bookonce.scheduling.local_days import DAY
from bookonce.scheduling.opening_hours import Block

MOST_BLOCKS, MOST_OVERRIDES = 50, 1000
CLOCKS = {f"{minutes // 60:02}:{minutes % 60:02}": minutes for minutes in range(DAY + 1)}


def clock_minutes(text: object) -> int | None:
    """Minutes after midnight of `09:30`, 1440 for `24:00`; None when it is no such time."""
    return CLOCKS.get(text) if isinstance(text, str) else None


def clock_text(minutes: int) -> str:
    """`09:30` for 570, `24:00` for 1440; past it the clock of the next day, `02:00` for 1560."""
    shown = minutes - DAY if minutes > DAY else minutes
    return f"{shown // 60:02}:{shown % 60:02}"


def read_weekly(fields: Fields) -> dict[int, list[Block]]:
    """The blocks of `weekly` by weekday (0 = Sunday), in order; an end before the start is the next day's."""
    rules = _listed(fields, "weekly")
    weekly: dict[int, list[Block]] = {}
    rule_of: dict[int, int] = {}  # the last rule of each day: beside it the day's faults are told
    if not isinstance(rules, list) or len(rules) > MOST_BLOCKS:
        fields.fault("weekly", _("Give a list of at most %(most)s blocks of hours.") % {"most": MOST_BLOCKS})
        return weekly
    for number, rule in enumerate(rules):
        where = f"weekly.{number}"
        block = _block(fields, where, rule, ("days", "start", "end"))
        days = rule.get("days") if isinstance(rule, Mapping) else None
        if (
            not isinstance(days, list)
            or not days
            or not all(type(day) is int and 0 <= day <= 6 for day in days)
        ):
            fields.fault(f"{where}.days", _("Give weekdays from 0 (Sunday) to 6 (Saturday)."))
        elif block:
            for day in set(days):
                weekly.setdefault(day, []).append(block)
                rule_of[day] = number
    _tell_problems(fields, weekly, rule_of)
    return weekly


def _tell_problems(fields: Fields, weekly: Mapping[int, list[Block]], rule_of: Mapping[int, int]) -> None:
    told: set[tuple[str, str]] = set()  # one rule may name several days
    for day, blocks in weekly.items():
        blocks.sort()
        where = f"weekly.{rule_of[day]}"
        for problem in hours_problems(blocks):
            if (where, problem) not in told:
                told.add((where, problem))
                fields.fault(where, problem)
    for problem in night_problems(weekly):
        fields.fault("weekly", problem)


def read_overrides(fields: Fields) -> dict[date, list[Block]]:
    """The blocks of `overrides` by date; a date without any is closed."""
    rules = _listed(fields, "overrides")
    overrides: dict[date, list[Block]] = {}
    if not isinstance(rules, list) or len(rules) > MOST_OVERRIDES:
        fields.fault("overrides", _("Give a list of at most %(most)s dates.") % {"most": MOST_OVERRIDES})
        return overrides
    for number, rule in enumerate(rules):
        where = f"overrides.{number}"
        inner = Fields(rule if isinstance(rule, Mapping) else {}, prefix=f"{where}.")
        inner.only(("date", "ranges"))
        day = inner.day("date")
        ranges = _listed(inner, "ranges")
        if day is None and not inner.errors:
            inner.fault("date", _("Enter a date like 2026-12-01."))
        if not isinstance(ranges, list) or len(ranges) > MOST_BLOCKS:
            inner.fault("ranges", _("Give a list of ranges; an empty one closes the day."))
            ranges = []
        blocks = [_block(inner, "ranges", entry, ("start", "end")) for entry in ranges]
        _tell(fields, inner)
        if day in overrides:
            fields.fault(f"{where}.date", _("This date is given twice."))
        elif day is not None:
            overrides[day] = sorted(block for block in blocks if block)
            for problem in hours_problems(overrides[day]):
                fields.fault(f"{where}.ranges", problem)
    return overrides


def _listed(fields: Fields, name: str) -> Any:
    given = fields.raw.get(name)
    return [] if given is None else given


def _block(fields: Fields, where: str, rule: object, known: Sequence[str]) -> Block | None:
    if not isinstance(rule, Mapping):
        rule = {}
    if not all(name in known for name in rule):
        inner = Fields(rule, prefix=f"{where}.")
        inner.only(known)
        _tell(fields, inner)
    start, end = clock_minutes(rule.get("start")), clock_minutes(rule.get("end"))
    if start is None or end is None or start == DAY:
        fields.fault(where, _("Give start and end as times like 09:00 and 17:00; 24:00 may end a day."))
        return None
    return start, end + DAY if end < start else end


def _tell(fields: Fields, inner: Fields) -> None:
    """The faults of an object inside; its prefix is counted from the outer one."""
    for name, sentences in inner.errors.items():
        for sentence in sentences:
            fields.fault(name, sentence)
