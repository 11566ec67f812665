"""Times as a reader writes them: weekday, date, time, zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.dateformat import format as formatted

from bookonce.lib.time_words import utc_offset
from bookonce.lib.zones import get_zone

DAY = "l, j F Y"
DASH = "\N{EN DASH}"


def span(start: datetime, end: datetime, zone: str) -> str:
    """From when to when: the day once, unless it ends on another."""
    return f"{_bare_span(start, end, zone)} ({zone_words(start.astimezone(get_zone(zone)), zone)})"


def spans(times: Iterable[tuple[datetime, datetime]], zone: str) -> list[str]:
    """The same for several; the zone is named with the first, and where its clock has changed since."""
    found, named = [], ""
    for start, end in times:
        where = zone_words(start.astimezone(get_zone(zone)), zone)
        found.append(_bare_span(start, end, zone) + (f" ({where})" if where != named else ""))
        named = where
    return found


def moment(instant: datetime, zone: str) -> str:
    """Monday, 30 November 2026, 09:00 (Europe/Berlin, UTC+1)."""
    local = instant.astimezone(get_zone(zone))
    return f"{formatted(local, DAY)}, {local:%H:%M} ({zone_words(local, zone)})"


def short(instant: datetime, zone: str) -> str:
    """Mon 30 Nov 2026, 09:00: for subjects."""
    local = instant.astimezone(get_zone(zone))
    return f"{formatted(local, 'D j M Y')}, {local:%H:%M}"


def zone_words(local: datetime, zone: str) -> str:
    """Europe/Berlin, UTC+1; the offset tells apart the two 02:30 of a change day."""
    if zone == "UTC":
        return zone
    return f"{zone}, {utc_offset(local)}"


def _bare_span(start: datetime, end: datetime, zone: str) -> str:
    first, last = start.astimezone(get_zone(zone)), end.astimezone(get_zone(zone))
    until = f"{last:%H:%M}" if first.date() == last.date() else f"{formatted(last, DAY)}, {last:%H:%M}"
    return f"{formatted(first, DAY)}, {first:%H:%M}{DASH}{until}"
