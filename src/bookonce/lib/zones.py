"""Time zones by IANA name."""

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones


class UnknownZone(ValueError):
    """Not the name of a time zone."""


@cache
def zone_names() -> tuple[str, ...]:
    """Every zone a person may choose, sorted; without the POSIX and legacy oddities."""
    areas = (
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
    return tuple(sorted(n for n in available_timezones() if n.split("/")[0] in areas or n == "UTC"))


@cache
def zones_by_area() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Every zone as (area, ((name, words), ...)), for a <select> with groups."""
    areas: dict[str, list[tuple[str, str]]] = {}
    for name in zone_names():
        area, _, city = name.partition("/")
        areas.setdefault(area, []).append((name, (city or area).replace("_", " ").replace("/", ", ")))
    return tuple((area, tuple(zones)) for area, zones in areas.items())


def get_zone(name: str) -> ZoneInfo:
    """The zone of this name.

    Raises:
        UnknownZone: there is none. (ZoneInfo itself would open files by that name.)
    """
    if name not in _known():
        raise UnknownZone(name)
    return ZoneInfo(name)


def start_of_day(day: date, zone: str) -> datetime:
    """The first instant of this local day."""
    return datetime.combine(day, time(), get_zone(zone))


def at_clock(day: date, clock: time, zone: str) -> datetime:
    """The instant at which clocks show this; the first of two, and one they leap over by the clock before."""
    return datetime.combine(day, clock, get_zone(zone))


def end_of_day(day: date, zone: str) -> datetime:
    """The instant at which this local day ends: the first instant of the next one."""
    return datetime.combine(day + timedelta(days=1), time(), get_zone(zone))


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())
