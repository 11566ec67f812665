"""Times, days and lengths of one explained day, in the calendar's zone and the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookonce.lib.zones import get_zone

HOUR, DAY = 60, 1440


@dataclass(frozen=True)
class DayClock:
    """Reads minutes since the epoch on this zone's clock; times of other days come with their date."""

    zone: str
    day: date

    def local(self, at: int) -> datetime:
        """The instant on the zone's clock."""
        return datetime.fromtimestamp(at * 60, self._zone)

    def time(self, at: int) -> str:
        """`10:00`; on another day `Wed 2 Dec, 10:00`."""
        local = self.local(at)
        return date_format(local, "H:i" if local.date() == self.day else "D j M, H:i")

    def span(self, start: int, end: int) -> str:
        """`10:00 to 10:30`."""
        return _("%(start)s to %(end)s") % {"start": self.time(start), "end": self.time(end)}

    def start(self, at: int) -> str:
        """`10:00`, with the zone's name where the clock shows that time twice on this day."""
        local = self.local(at)
        other = local.replace(fold=1 - local.fold)
        twice = other.utcoffset() != local.utcoffset() and _exists(local) and _exists(other)
        return f"{self.time(at)} {local.tzname()}" if twice else self.time(at)

    @property
    def _zone(self) -> ZoneInfo:
        return get_zone(self.zone)


def day_words(day: date) -> str:
    """`Tue 1 Dec 2026`."""
    return date_format(day, "D j M Y")


def days_words(first: date | None, last: date | None) -> str:
    """`Tue 1 Dec 2026 to Fri 4 Dec 2026`, or the one day; `from` or `until` where one is open."""
    if first and last:
        if first == last:
            return day_words(first)
        return _("%(start)s to %(end)s") % {"start": day_words(first), "end": day_words(last)}
    if first:
        return _("from %(day)s") % {"day": day_words(first)}
    return _("until %(day)s") % {"day": day_words(last)} if last else ""


def length_words(minutes: int) -> str:
    """`45 minutes`, `2 hours`, `3 days`: in the largest unit that fits."""
    if minutes and minutes % DAY == 0:
        days = minutes // DAY
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    if minutes and minutes % HOUR == 0:
        hours = minutes // HOUR
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def _exists(local: datetime) -> bool:
    back = datetime.fromtimestamp(local.timestamp(), local.tzinfo)
    return back.replace(tzinfo=None) == local.replace(tzinfo=None)
