"""What belongs together among the settings of a calendar: its kind with hosts and seats, its horizon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bookonce.lib.fields import Fields
from bookonce.scheduling.models import Calendar, CalendarHost
from bookonce.scheduling.models.calendar import MOST_SEATS

LONGEST_HORIZON = 3650  # days
FIRST_SEATS = 10  # of a class that says nothing of seats


def read_kind(fields: Fields, columns: dict[str, Any], present: Calendar | None) -> None:
    """`kind` with the `seats` of a class, `distribution` of a round robin, and as many hosts as it takes."""
    before = present.kind if present else Calendar.Kind.ONE_ON_ONE.value
    kind = fields.choice("kind", [kind.value for kind in Calendar.Kind], default=before)
    if "kind" in fields.raw:
        columns["kind"] = kind
    if "distribution" in fields.raw:
        columns["distribution"] = fields.choice(
            "distribution", [each.value for each in Calendar.Distribution], default="availability"
        )
    seats = fields.integer("seats", least=1, most=MOST_SEATS)
    if kind == Calendar.Kind.CLASS:
        columns["seats"] = seats or (present.seats if present else None) or FIRST_SEATS
    elif fields.has("seats"):
        fields.fault("seats", _("Only a class has seats."))
    else:
        columns["seats"] = None
    given = columns.get("hosts")
    count = len(given) if given is not None else _hosts_of(present)
    if kind == Calendar.Kind.ONE_ON_ONE and count > 1:
        fields.fault("kind" if given is None else "hosts", _("A one-on-one calendar has one host."))


def read_horizon(fields: Fields, columns: dict[str, Any]) -> None:
    """How far ahead: `horizon_days` or `horizon_working_days`; `window`: a date range."""
    names = ("horizon_days", "horizon_working_days")
    for name in names:
        if name in fields.raw:
            columns[name] = fields.integer(name, least=0, most=LONGEST_HORIZON)
    if all(columns.get(name) is not None for name in names):
        fields.fault("horizon_working_days", _("Count all days, or working days, not both."))
    for name, other in (names, names[::-1]):
        if columns.get(name) is not None:
            columns.setdefault(other, None)
    value = fields.raw.get("window", {})
    if "window" not in fields.raw:
        return
    if value is not None and not isinstance(value, Mapping):
        fields.fault("window", _("This must be an object with %(fields)s.") % {"fields": "from, to"})
        return
    inner = Fields(value or {}, prefix="window.")
    inner.only(("from", "to"))
    first_day, last_day = inner.day("from"), inner.day("to")
    if first_day and last_day and last_day < first_day:
        inner.fault("to", _("The last day comes before the first one."))
    columns["first_day"], columns["last_day"] = first_day, last_day
    fields.errors |= inner.errors


def _hosts_of(present: Calendar | None) -> int:
    return CalendarHost.objects.filter(calendar=present).count() if present else 1
