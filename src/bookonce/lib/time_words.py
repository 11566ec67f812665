"""Lengths of time and time zones, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookonce.lib.date_words import city_name
from bookonce.lib.languages import current


def city_time(zone: str) -> str:
    """`Berlin time` for Europe/Berlin."""
    if "/" not in zone:
        return zone
    return _("%(city)s time") % {"city": city_name(zone, current())}


def utc_offset(local: datetime) -> str:
    """`UTC+1`, `UTC-3:30`, `UTC+0`: how far an aware time's clock is from UTC."""
    minutes = int((local.utcoffset() or timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def duration_words(minutes: int) -> str:
    """`30 minutes`, `1 hour`, `1 hour 30 minutes`."""
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours})
    if rest or not hours:
        parts.append(ngettext("%(count)d minute", "%(count)d minutes", rest) % {"count": rest})
    return " ".join(parts)


def span_words(minutes: int) -> str:
    """The same, of whole days `1 day`, `3 days`."""
    days, rest = divmod(minutes, 1440)
    return (
        duration_words(minutes)
        if rest
        else ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    )
