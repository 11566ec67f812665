"""Set when a person works, and ask what their calendar offers on a local day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bookonce.lib.instants import from_minutes, to_minutes, to_seconds
from bookonce.lib.zones import get_zone
from bookonce.scheduling.models import Calendar
from bookonce.scheduling.offer import free_starts, get_calendar_offer
from bookonce.scheduling.schedules import update_schedule
from tests.cast import NOW, Person


def set_hours(person: Person, **rules: Any) -> None:
    """Change the person's schedule: `weekly`, `overrides`, `timezone`."""
    update_schedule(person.schedule, rules, by=person.member, now=NOW)


def offered(person: Person, day: str, *, zone: str = "Europe/Berlin", duration: int = 30) -> list[str]:
    """The starts on offer on this day of the zone, by its clock."""
    found = get_zone(zone)
    midnight = datetime.combine(date.fromisoformat(day), time(), found)
    following = datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), found)
    starts = free_starts(
        get_calendar_offer(person.calendar.pk),
        duration=duration,
        start=to_minutes(midnight.astimezone(UTC)),
        end=to_minutes(following.astimezone(UTC)),
        now=to_seconds(NOW),
    )
    return [f"{from_minutes(start).astimezone(found):%H:%M}" for start in starts]


def version(person: Person) -> int:
    """Of the person's calendar: raised by whatever changes its slots."""
    return Calendar.objects.get(pk=person.calendar.pk).version
