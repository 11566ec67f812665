"""When a host works: check and keep hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bookonce.lib.fields import Fields
from bookonce.scheduling import host_time, limit_counts
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.hours_input import read_overrides, read_weekly
from bookonce.scheduling.models import Calendar, CalendarHost, OverrideHours, Schedule, WeeklyHours
from bookonce.scheduling.opening_hours import Block
from bookonce.scheduling.transaction import one_transaction

WORKING_WEEK = [{"days": [1, 2, 3, 4, 5], "start": "09:00", "end": "17:00"}]

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
        weekly=read_weekly(fields, nights=True),
        overrides=read_overrides(fields, nights=True),
    )
    if fields.errors:
        raise Invalid(fields.errors)
    return checked


@one_transaction
def update_schedule(schedule: Schedule, given: ScheduleInput, *, now: datetime) -> None:
    """Replace the schedule's hours; appointments already made stay, every calendar on it shows new slots."""
    calendars = Calendar.objects.filter(calendar_hosts__host_schedules__schedule=schedule).order_by("pk")
    shown = list(calendars.distinct().values_list("pk", flat=True))
    of_zone = list(Calendar.objects.filter(schedule=schedule).order_by("pk").values_list("pk", flat=True))
    hosts = CalendarHost.objects.filter(calendar__in=of_zone).order_by("member")
    host_time.lock_hosts([*hosts.values_list("member", flat=True).distinct(), schedule.member_id], now=now)
    present = Schedule.objects.select_for_update().get(pk=schedule.pk)
    Schedule.objects.filter(pk=schedule.pk).update(name=given.name, timezone=given.timezone)
    WeeklyHours.objects.filter(schedule=schedule).delete()
    OverrideHours.objects.filter(schedule=schedule).delete()
    insert_hours(schedule, given)
    host_time.raise_calendars(shown)
    if present.timezone != given.timezone:
        limit_counts.count_anew(of_zone, now=now)  # days begin elsewhere


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
