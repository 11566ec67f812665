"""Read one host of a rules file: zones, hours, time off, appointments and busy time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from bookonce.lib.fields import MISSING, Fields
from bookonce.scheduling.class_sessions import Session
from bookonce.scheduling.hours_input import read_overrides, read_weekly
from bookonce.scheduling.local_days import DAY
from bookonce.scheduling.offered import Host
from bookonce.scheduling.opening_hours import Block, HostHours, Hours, Stay
from bookonce.scheduling.slot_rules import MOST_SEATS, Kind

HOURS = ("timezone", "weekly", "overrides")
KNOWN = (
    *("id", "name", "schedules", "out_of_office", "holidays", "travel", "appointments", "busy"),
    *("priority", "weight"),  # of choosing a host, which a dry run does not
)
APPOINTMENT = (
    "id",
    "start",
    "end",
    "status",
    "buffer_before",
    "buffer_after",
    "seats_taken",
    "same_calendar",
)
LIVE = {"new": True, "confirmed": True, "cancelled": False, "declined": False}
LARGEST_ID, LONGEST_ID = 2**63 - 1, 200
MOST_FAULTS = 100  # told of a rule set; it is not read much further
PLAIN_INSTANT = re.compile(r"2[01]\d\d-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
MOST_TIMES, MOST_DATES, MOST_SCHEDULES, MOST_STAYS = 20_000, 4000, 10, 100


@dataclass(frozen=True, slots=True)
class HostEntry:
    """A host, the busy time without buffers, and (start, end) of the calendar's own live appointments."""

    host: Host
    bare: Sequence[Block]
    of_this_calendar: Sequence[Block]


def read_host(fields: Fields, where: str, raw: object, *, default_id: str, kind: Kind) -> HostEntry | None:
    """The host at `where` of the file; None when the faults noted in `fields` leave none."""
    if not isinstance(raw, Mapping):
        fields.fault(where, _("This must be an object."))
        return None
    inner = Fields(raw, prefix=f"{where}.")
    inner.only((*HOURS, *KNOWN))
    name = _id(inner, default_id)
    schedules = _schedules(inner)
    busy = _times(inner, "busy", ("start", "end"))
    blocks = [block for block, _ in busy]
    bare, own, sessions = list(blocks), [], []
    for (start, end), one in _times(inner, "appointments", APPOINTMENT):
        before, after, seats, live, same = _of_appointment(one)
        _take_over(inner, one)
        if not live:
            continue
        since, until = start - before, end + after
        if same:
            own.append((start, end))
        if same and kind is Kind.CLASS:
            sessions.append(Session(start, end, since, until, seats))
        else:
            blocks.append((since, until))
            bare.append((start, end))
    fields.errors |= inner.errors
    if inner.errors:
        return None
    return HostEntry(Host(name, schedules, sorted(blocks), sessions), bare, own)


def _id(fields: Fields, default: str) -> int | str:
    name = fields.raw.get("id", default)
    if isinstance(name, int) and not isinstance(name, bool) and abs(name) <= LARGEST_ID:
        return name
    if isinstance(name, str) and 1 <= len(name) <= LONGEST_ID:
        return name
    fields.fault(
        "id", _("An id is text of 1 to %(most)s characters, or a whole number.") % {"most": LONGEST_ID}
    )
    return default


def _of_appointment(one: Fields) -> tuple[int, int, int, bool, bool]:
    before = one.integer("buffer_before", least=0, most=7 * DAY, default=0) or 0
    after = one.integer("buffer_after", least=0, most=7 * DAY, default=0) or 0
    seats = one.integer("seats_taken", least=0, most=MOST_SEATS, default=1)
    status = one.choice("status", list(LIVE), default="confirmed")
    same = one.boolean("same_calendar", default=False)
    return before, after, 1 if seats is None else seats, LIVE[status], same


def _schedules(fields: Fields) -> tuple[HostHours, ...]:
    """The host's own hours, or those of each of its `schedules`; time off and journeys are the host's."""
    away, holidays = _dates(fields, "out_of_office"), _dates(fields, "holidays")
    travel = _travel(fields)
    listed = fields.raw.get("schedules")
    if listed is None:
        return (_hours(fields, "", away, holidays, travel),)
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_SCHEDULES:
        fields.fault("schedules", _("Give a list of 1 to %(most)s schedules.") % {"most": MOST_SCHEDULES})
        return ()
    for name in ("weekly", "overrides"):
        if fields.has(name):
            fields.fault(name, _("Give hours here or in schedules, not in both."))
    home = fields.zone("timezone")
    found = []
    for number, raw in enumerate(listed):
        inner = Fields(raw if isinstance(raw, Mapping) else {}, prefix=f"{fields.prefix}schedules.{number}.")
        inner.only((*HOURS, "name"))
        found.append(_hours(inner, home, away, holidays, travel))
        _take_over(fields, inner)
    return tuple(found)


def _hours(
    fields: Fields, home: str, away: frozenset[date], holidays: frozenset[date], travel: tuple[Stay, ...]
) -> HostHours:
    weekly = read_weekly(fields)
    return HostHours(
        zone=fields.zone("timezone", default=home, required=True) or "UTC",
        weekly=tuple(Hours(day, *block) for day in sorted(weekly) for block in weekly[day]),
        overrides={day: tuple(blocks) for day, blocks in read_overrides(fields).items()},
        away=away,
        holidays=holidays,
        travel=travel,
    )


def _travel(fields: Fields) -> tuple[Stay, ...]:
    stays: list[Stay] = []
    for number, inner in enumerate(_objects(fields, "travel", MOST_STAYS)):
        inner.only(("from", "to", "timezone"))
        first_day, last_day = inner.day("from"), inner.day("to")
        for name in ("from", "to"):
            if not inner.has(name):
                inner.fault(name, MISSING)
        zone = inner.zone("timezone", required=True)
        if first_day and last_day and last_day < first_day:
            inner.fault("to", _("The last day must not be before the first."))
        elif first_day and last_day:
            if any(stay.first_day <= last_day and first_day <= stay.last_day for stay in stays):
                fields.fault(f"travel.{number}", _("Two journeys overlap."))
            stays.append(Stay(first_day, last_day, zone))
        _take_over(fields, inner)
    return tuple(stays)


def _dates(fields: Fields, name: str) -> frozenset[date]:
    raw = _listed(fields, name)
    if not isinstance(raw, list) or len(raw) > MOST_DATES:
        fields.fault(name, _("Give a list of at most %(most)s dates.") % {"most": MOST_DATES})
        return frozenset()
    inner = Fields({str(number): day for number, day in enumerate(raw)}, prefix=f"{fields.prefix}{name}.")
    days = {key: inner.day(key) for key in inner.raw}
    for key, day in days.items():
        if day is None and inner.prefix + key not in inner.errors:
            inner.fault(key, MISSING)
    _take_over(fields, inner)
    return frozenset(day for day in days.values() if day is not None)


def _times(fields: Fields, name: str, known: Sequence[str]) -> list[tuple[Block, Fields]]:
    """(start, end) in minutes, rounded outward, and the other fields of each."""
    found = []
    for inner in _objects(fields, name, MOST_TIMES):
        inner.only(known)
        start, end = _seconds(inner, "start"), _seconds(inner, "end")
        if start and end and end < start:
            inner.fault("end", _("This must not end before it starts."))
        if start and end and not inner.errors:
            found.append(((start // 60, -(-end // 60)), inner))
        _take_over(fields, inner)
    return found


def _seconds(fields: Fields, name: str) -> int | None:
    """An instant in seconds since the epoch; what is written plainly is read by a short cut."""
    text = fields.raw.get(name)
    if isinstance(text, str) and PLAIN_INSTANT.fullmatch(text):
        with suppress(ValueError):
            return int(datetime.fromisoformat(text).timestamp())
    instant = fields.instant(name, required=True)
    return int(instant.timestamp()) if instant else None


def _objects(fields: Fields, name: str, most: int) -> Iterable[Fields]:
    raw = _listed(fields, name)
    if not isinstance(raw, list) or len(raw) > most:
        fields.fault(name, _("Give a list of at most %(most)s entries.") % {"most": most})
        return
    for number, one in enumerate(raw):
        if len(fields.errors) > MOST_FAULTS:
            return
        where = f"{fields.prefix}{name}.{number}"
        if isinstance(one, Mapping):
            yield Fields(one, prefix=f"{where}.")
        else:
            fields.fault(f"{name}.{number}", _("This must be an object."))


def _listed(fields: Fields, name: str) -> Any:
    raw = fields.raw.get(name)
    return [] if raw is None else raw


def _take_over(fields: Fields, inner: Fields) -> None:
    """The faults of an inner object become the outer one's; inner prefixes are whole already."""
    fields.errors |= inner.errors
