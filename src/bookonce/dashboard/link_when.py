"""Moments in the options of a link: a day and a time of day, on the clock of what the link leads to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, time

from django.utils.translation import gettext as _

from bookonce.lib.zones import at_clock

# Option -> the fields for its day and its time.
MOMENTS = {"expires_at": ("expires", "expires_time"), "not_before": ("opens", "opens_time")}


def moment(day: str, clock: str, zone: str) -> str:
    """Both as an instant with its offset, for the domain to check; what can't be read stays as it is."""
    on, at = _day(day), _time(clock)
    if on is None or at is None:
        return f"{day} {clock}".strip()
    return at_clock(on, at, zone).isoformat()


def beside(errors: Mapping[str, Sequence[str]], given: Mapping[str, str]) -> dict[str, Sequence[str]]:
    """The same faults, those of a moment by the field for its day or its time."""
    placed: dict[str, Sequence[str]] = {}
    for name, sentences in errors.items():
        day, clock = MOMENTS.get(name, (name, ""))
        if name not in MOMENTS:
            placed[name] = sentences
        elif _day(given[day]) is None:
            placed[day] = [_("Enter a date like 2026-12-01.")]
        elif given[clock].strip() and _time(given[clock]) is None:
            placed[clock] = [_("Enter a time like 09:00.")]
        else:
            placed[day] = sentences
    return placed


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if 2000 <= day.year < 2200 else None


def _time(text: str) -> time | None:
    if not re.fullmatch(r"\d\d:\d\d", text.strip(), re.ASCII):
        return None
    try:
        return time.fromisoformat(text.strip())
    except ValueError:
        return None
