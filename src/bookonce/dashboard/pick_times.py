"""The free times of a calendar, day by day, to pick some of them for a one-time link."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format

from bookonce.lib.instants import from_minutes, to_seconds
from bookonce.lib.zones import get_zone
from bookonce.scheduling.errors import NotFound
from bookonce.scheduling.models import Calendar
from bookonce.scheduling.offer import ask, get_calendar_offer
from bookonce.scheduling.slots import Kind

DAYS_AHEAD, MOST_DAYS = 60, 10


@dataclass(frozen=True)
class Time:
    """A free start: its clock, the instant to send, and whether it was picked."""

    clock: str
    iso: str
    picked: bool


@dataclass(frozen=True)
class PickableTimes:
    """The first days with free times; `can_hold` where the kind of calendar lets times be held."""

    days: tuple[tuple[str, tuple[Time, ...]], ...]
    can_hold: bool
    holds: bool


def pickable_times(
    calendar: Calendar, *, picked: Collection[str], holds: bool, now: datetime
) -> PickableTimes:
    """In the zone and first length of the calendar; those `picked` before stay so (at most 4 statements)."""
    try:
        offer = get_calendar_offer(calendar.pk)
    except NotFound:
        return PickableTimes((), can_hold=False, holds=False)
    at, zone = to_seconds(now), get_zone(offer.zone)
    asked = ask(
        offer,
        duration=offer.rules.durations[0],
        start=at // 60,
        end=at // 60 + DAYS_AHEAD * 1440,
        now=at,
    )
    days: dict[str, list[Time]] = {}
    for start in asked.starts():
        local = from_minutes(start).astimezone(zone)
        day = date_format(local, "l, j F")
        if day not in days and len(days) == MOST_DAYS:
            break
        days.setdefault(day, []).append(
            Time(f"{local:%H:%M}", local.isoformat(), local.isoformat() in picked)
        )
    can_hold = offer.rules.kind is not Kind.CLASS and offer.rules.repeat_count == 1
    return PickableTimes(
        tuple((day, tuple(times)) for day, times in days.items()), can_hold=can_hold, holds=holds
    )
