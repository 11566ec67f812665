"""Spans of time as the calendar's page shows them: a number with its unit."""

from __future__ import annotations

from typing import Any

from bookonce.scheduling.models import Calendar

UNITS = {"minutes": 1, "hours": 60, "days": 1440, "weeks": 7 * 1440, "months": 30 * 1440}


def shown_notice(minutes: int) -> tuple[int, str]:
    """The number with the largest unit that fits: (2, "days")."""
    fitting = [unit for unit, size in UNITS.items() if minutes and minutes % size == 0]
    unit = fitting[-1] if fitting else "hours"
    return minutes // UNITS[unit], unit


def given_notice(number: str, unit: str) -> str | int:
    """Minutes for a whole number of a known unit; else what was sent, for the domain to refuse."""
    text = number.strip()
    if not text:
        return 0
    if unit in UNITS and text.isascii() and text.isdigit() and len(text) < 9:
        return int(text) * UNITS[unit]
    return text if unit in UNITS else "unknown"


def shown_horizon(calendar: Calendar) -> tuple[int | str, str]:
    """How many days of which sort: (10, "working_days"); ("", "none") when there is no limit."""
    if calendar.horizon_working_days is not None:
        return calendar.horizon_working_days, "working_days"
    if calendar.horizon_days is not None:
        return calendar.horizon_days, "days"
    return "", "none"


def given_horizon(number: str, count: str) -> dict[str, Any]:
    """`horizon_days` and `horizon_working_days`, one of them null; both when there is no limit."""
    days: dict[str, Any] = {"horizon_days": None, "horizon_working_days": None}
    if count == "none":
        return days
    if count == "working_days":
        return days | {"horizon_working_days": number}
    return days | {"horizon_days": number if count == "days" else "unknown"}
