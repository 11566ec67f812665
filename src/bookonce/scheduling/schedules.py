"""When a host works: check and keep hours."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from bookonce.lib.fields import Fields
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.models import Calendar, OverrideHours, Schedule, WeeklyHours
from bookonce.scheduling.slots import hours_problems
from bookonce.scheduling.transaction import one_transaction

WORKING_WEEK = [{"days": [1, 2, 3, 4, 5], "start": "09:00", "end": "17:00"}]
MOST_BLOCKS, MOST_OVERRIDES = 50, 1000
CLOCK = re.compile(r"(?:([01]\d|2[0-3]):([0-5]\d)|24:00)", re.ASCII)

Block = tuple[int, int]

CLOSED: Sequence[tuple[int | None, int | None]] = ((None, None),)  # the one row of a date without hours


@dataclass(frozen=True, slots=True)
class ScheduleInput:
    """Checked hours: blocks in local minutes by weekday (0 = Sunday) and by date (none: closed)."""

    name: str
    timezone: str
    weekly: Mapping[int, Sequence[Block]]
    overrides: Mapping[date, Sequence[Block]]


def parse_schedule(raw: Mapping[str, Any], *, name: str = "Working hours") -> ScheduleInput:
    """Check `{"name", "timezone", "weekly": [{"days", "start", "end"}], "overrides": [{"date", "ranges"}]}`.

    The same shapes as in REST and dry runs.

    Raises:
        Invalid: one sentence per fault, by field.
    """
    fields = Fields(raw)
    fields.only(("name", "timezone", "weekly", "overrides"))
    checked = ScheduleInput(
        name=fields.text("name", most=80) or name,
        timezone=fields.zone("timezone", required=True),
        weekly=_weekly(fields),
        overrides=_overrides(fields),
    )
    if fields.errors:
        raise Invalid(fields.errors)
    return checked


@one_transaction
def update_schedule(schedule: Schedule, given: ScheduleInput) -> None:
    """Replace the schedule's hours; appointments already made stay, every calendar on it shows new slots."""
    Schedule.objects.filter(pk=schedule.pk).update(name=given.name, timezone=given.timezone)
    WeeklyHours.objects.filter(schedule=schedule).delete()
    OverrideHours.objects.filter(schedule=schedule).delete()
    insert_hours(schedule, given)
    Calendar.objects.filter(schedule=schedule).update(version=F("version") + 1)


def insert_hours(schedule: Schedule, given: ScheduleInput) -> None:
    """Insert within the caller's transaction."""
    WeeklyHours.objects.bulk_create(
        WeeklyHours(schedule=schedule, weekday=weekday, starts=starts, ends=ends)
        for weekday, blocks in given.weekly.items()
        for starts, ends in blocks
    )
    OverrideHours.objects.bulk_create(
        OverrideHours(schedule=schedule, day=day, starts=starts, ends=ends)
        for day, blocks in given.overrides.items()
        for starts, ends in (blocks or CLOSED)
    )


def clock_minutes(text: object) -> int | None:
    """Minutes after midnight of `09:30`, 1440 for `24:00`; None when it is no such time."""
    found = CLOCK.fullmatch(text) if isinstance(text, str) else None
    if not found:
        return None
    return int(found[1]) * 60 + int(found[2]) if found[1] else 1440


def clock_text(minutes: int) -> str:
    """`09:30` for 570."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _weekly(fields: Fields) -> dict[int, list[Block]]:
    rules = fields.raw.get("weekly") or []
    weekly: dict[int, list[Block]] = {}
    rule_of: dict[int, int] = {}  # the last rule of each day: beside it the day's faults are told
    if not isinstance(rules, list) or len(rules) > MOST_BLOCKS:
        fields.fault("weekly", _("Give a list of at most %(most)s blocks of hours.") % {"most": MOST_BLOCKS})
        return weekly
    for number, rule in enumerate(rules):
        where = f"weekly.{number}"
        block = _block(fields, where, rule)
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
    for day, blocks in weekly.items():
        blocks.sort()
        where = f"weekly.{rule_of[day]}"
        for problem in hours_problems(blocks):
            if problem not in fields.errors.get(where, []):  # one rule may name several days
                fields.fault(where, problem)
    return weekly


def _overrides(fields: Fields) -> dict[date, list[Block]]:
    rules = fields.raw.get("overrides") or []
    overrides: dict[date, list[Block]] = {}
    if not isinstance(rules, list) or len(rules) > MOST_OVERRIDES:
        fields.fault("overrides", _("Give a list of at most %(most)s dates.") % {"most": MOST_OVERRIDES})
        return overrides
    for number, rule in enumerate(rules):
        where = f"overrides.{number}"
        inner = Fields(rule if isinstance(rule, Mapping) else {}, prefix=f"{where}.")
        day = inner.day("date")
        ranges = inner.raw.get("ranges") or []
        if day is None and not inner.errors:
            inner.fault("date", _("Enter a date like 2026-12-01."))
        if not isinstance(ranges, list) or len(ranges) > MOST_BLOCKS:
            inner.fault("ranges", _("Give a list of ranges; an empty one closes the day."))
            ranges = []
        blocks = [_block(inner, "ranges", entry) for entry in ranges]
        fields.errors |= inner.errors
        if day in overrides:
            fields.fault(f"{where}.date", _("This date is given twice."))
        elif day is not None:
            overrides[day] = sorted(block for block in blocks if block)
            for problem in hours_problems(overrides[day]):
                fields.fault(f"{where}.ranges", problem)
    return overrides


def _block(fields: Fields, where: str, rule: object) -> Block | None:
    start = clock_minutes(rule.get("start")) if isinstance(rule, Mapping) else None
    end = clock_minutes(rule.get("end")) if isinstance(rule, Mapping) else None
    if start is None or end is None or start == 1440:
        fields.fault(where, _("Give start and end as times like 09:00 and 17:00; 24:00 may end a day."))
        return None
    return start, end
