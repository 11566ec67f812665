"""Local days, both inclusive, as someone sends them: `from` and `to`."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from bookonce.lib.fields import MISSING, Fields

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)


def read_range(fields: Fields) -> tuple[date, date]:
    """The first and the last day; without `to` the first alone. With a fault any day: look at `errors`."""
    first, last = fields.day("from"), fields.day("to")
    if first is None and "from" not in fields.errors:
        fields.fault("from", MISSING)
    for name, day in (("from", first), ("to", last)):
        if day and not EARLIEST <= day <= LATEST:
            fields.fault(name, _("Enter a day of the years 2000 to 2199."))
    if first and last and last < first:
        fields.fault("to", _("The last day must not lie before the first."))
    return first or EARLIEST, last or first or EARLIEST
