"""Times as a reader writes them: weekday, date, time, zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from bookonce.lib.bidi import left_to_right
from bookonce.lib.date_words import day_and_year, subject_day, time_words
from bookonce.lib.time_words import utc_offset
from bookonce.lib.zones import get_zone

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
    return f"{day_and_time(local)} ({zone_words(local, zone)})"


def short(instant: datetime, zone: str) -> str:
    """Mon 30 Nov 2026, 09:00: for subjects."""
    local = instant.astimezone(get_zone(zone))
    return _("%(day)s, %(time)s") % {"day": subject_day(local), "time": time_words(local)}


def day_and_time(local: datetime) -> str:
    """Monday, 30 November 2026, 09:00."""
    return _("%(day)s, %(time)s") % {"day": day_and_year(local), "time": time_words(local)}


def zone_words(local: datetime, zone: str) -> str:
    """Europe/Berlin, UTC+1; the offset tells apart the two 02:30 of a change day."""
    if zone == "UTC":
        return zone
    return left_to_right(f"{zone}, {utc_offset(local)}")


def _bare_span(start: datetime, end: datetime, zone: str) -> str:
    first, last = start.astimezone(get_zone(zone)), end.astimezone(get_zone(zone))
    until = time_words(last) if first.date() == last.date() else day_and_time(last)
    return f"{day_and_time(first)}{DASH}{until}"
