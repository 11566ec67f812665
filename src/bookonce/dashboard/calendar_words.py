"""What the calendar's page calls kinds, places and units; and its limits in one short line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

Words = str | Promise
# Each kind with what it means.
KINDS: Sequence[tuple[str, Words, Words]] = [
    ("one_on_one", gettext_lazy("One-on-one"), gettext_lazy("One host meets one guest at a time.")),
    (
        "round_robin",
        gettext_lazy("Round robin"),
        gettext_lazy("Each appointment goes to one of several hosts, in turn."),
    ),
    ("collective", gettext_lazy("Collective"), gettext_lazy("One guest meets all hosts together.")),
    (
        "class",
        gettext_lazy("Class"),
        gettext_lazy("Several guests book seats in the same appointment."),
    ),
]
DISTRIBUTIONS: Sequence[tuple[str, Words]] = [
    (
        "availability",
        gettext_lazy("By priority: the highest first, then whose last appointment was booked longest ago"),
    ),
    ("equal", gettext_lazy("Equally: whoever has had the fewest for their weight")),
]
PLACES: Sequence[tuple[str, Words]] = [
    ("none", gettext_lazy("No place")),
    ("place", gettext_lazy("In person, at an address")),
    ("phone", gettext_lazy("By phone: you call the guest")),
    ("video", gettext_lazy("By video: one fixed link")),
    ("ask", gettext_lazy("The guest says where")),
]
NOTICE_UNITS: Sequence[tuple[str, Words]] = [
    ("minutes", gettext_lazy("minutes")),
    ("hours", gettext_lazy("hours")),
    ("days", gettext_lazy("days")),
    ("weeks", gettext_lazy("weeks")),
    ("months", gettext_lazy("months of 30 days")),
]
HORIZONS: Sequence[tuple[str, Words]] = [
    ("days", gettext_lazy("days")),
    ("working_days", gettext_lazy("working days, Monday to Friday")),
    ("none", gettext_lazy("no limit")),
]
REPEATS: Sequence[tuple[str, Words]] = [
    ("", gettext_lazy("Does not repeat")),
    ("daily", gettext_lazy("Every day")),
    ("weekly", gettext_lazy("Every week")),
    ("monthly", gettext_lazy("Every month")),
]


def limits_in_words(values: Mapping[str, Any]) -> str:
    """`3 a day, 20% hidden`; "" when nothing limits. Values that are no numbers are left out."""
    number = {name: _number(value) for name, value in values.items()}
    said = [
        sentence % {"n": count}
        for name, sentence in (
            ("per_day", _("%(n)s a day")),
            ("per_week", _("%(n)s a week")),
            ("per_month", _("%(n)s a month")),
        )
        if (count := number.get(name)) is not None
    ]
    if hidden := number.get("look_busy"):
        said.append(_("%(n)s%% look busy") % {"n": hidden})
    if values.get("one_per_email") in (True, "on"):
        said.append(_("one per e-mail address"))
    if minutes := number.get("hold_minutes"):
        said.append(_("times kept for %(n)s minutes") % {"n": minutes})
    return ", ".join(said)


def series_in_words(repeats: Any, count: Any) -> str:
    """`every week, 8 appointments`; "" when nothing repeats."""
    number = _number(count)
    if number is None or not repeats:
        return ""
    words = {
        "daily": ngettext("every day, %(n)s appointment", "every day, %(n)s appointments", number),
        "weekly": ngettext("every week, %(n)s appointment", "every week, %(n)s appointments", number),
        "monthly": ngettext("every month, %(n)s appointment", "every month, %(n)s appointments", number),
    }
    return words.get(repeats, "") % {"n": number}


def days_in_words(first: str, last: str) -> str:
    """`2026-12-01 to 2026-12-24`, or one side of it; "" without a date range."""
    if first and last:
        return _("%(first)s to %(last)s") % {"first": first, "last": last}
    if first:
        return _("from %(first)s") % {"first": first}
    return _("until %(last)s") % {"last": last} if last else ""


def _number(value: Any) -> int | None:
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
