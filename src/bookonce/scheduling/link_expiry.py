"""Until when a link can be booked, as people and programs say it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from bookonce.lib.fields import Fields
from bookonce.lib.zones import end_of_day

NAME = "expires_at"
MOST_DAYS = 730
LAST_YEAR = 2199  # as of instants
# In English on every door, like the names of the fields; a duration as in ISO 8601, of one unit.
_AHEAD = (
    (re.compile(r"in\s+(\d{1,6})\s+days?|P(\d{1,6})D", re.ASCII | re.IGNORECASE), timedelta(days=1)),
    (re.compile(r"in\s+(\d{1,6})\s+hours?|PT(\d{1,6})H", re.ASCII | re.IGNORECASE), timedelta(hours=1)),
)


def read_expiry(fields: Fields, zone: str, *, now: datetime) -> datetime | None:
    """`expires_at`: an instant; a date, whose end in the zone it is; or a time from now.

    `in 3 days` and `P3D` are three times 24 hours from now, `in 12 hours` and `PT12H` twelve hours: whoever
    asks on, later, still gets the instant that was fixed then.
    """
    value = fields.raw.get(NAME)
    if not isinstance(value, str):
        return fields.instant(NAME)
    for pattern, unit in _AHEAD:
        if found := pattern.fullmatch(value.strip()):
            return _ahead(fields, int(found[1] or found[2]), unit, now)
    if len(value.strip()) == len("2026-12-01"):
        day = fields.day(NAME)
        instant = end_of_day(day, zone) if day and day.year <= LAST_YEAR else None
    else:
        instant = fields.instant(NAME)
    if value.strip() and instant is None:
        fields.errors[NAME] = [
            _(
                "Enter a date like 2026-12-01, a time with its offset: 2026-12-01T09:00+01:00, "
                "or a time from now: in 3 days."
            )
        ]
    return instant


def _ahead(fields: Fields, count: int, unit: timedelta, now: datetime) -> datetime | None:
    most = timedelta(days=MOST_DAYS) // unit
    if not 1 <= count <= most:
        sentence = (
            _("Enter 1 to %(most)s days.") if unit == timedelta(days=1) else _("Enter 1 to %(most)s hours.")
        )
        fields.fault(NAME, sentence % {"most": f"{most:,}"})
        return None
    return now.replace(microsecond=0) + count * unit
