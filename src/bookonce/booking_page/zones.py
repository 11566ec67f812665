"""The time zones to choose from, named in the reader's language, with the time it is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext_lazy as _

from bookonce.booking_page.local_times import LocalClock, LocalTime
from bookonce.lib.date_words import locale
from bookonce.lib.languages import current
from bookonce.lib.zones import zone_names, zones_by_area

AREAS = {
    "Africa": _("Africa"),
    "America": _("America"),
    "Antarctica": _("Antarctica"),
    "Arctic": _("Arctic"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific"),
}


@dataclass(frozen=True)
class Zone:
    """One to choose: `Berlin`, and what its clocks show now."""

    name: str
    city: str
    now: LocalTime


def zones_now(minute: int, chosen: str) -> list[tuple[str, list[Zone]]]:
    """Every zone by area and city at `minute` since the epoch; the chosen one too, where it is another."""
    areas = [
        (str(AREAS.get(area, area)), _once([_zone(name, city, minute) for name, city in cities], chosen))
        for area, cities in _named(current())
    ]
    if chosen not in zone_names():
        areas.insert(0, ("", [_zone(chosen, city_of(chosen), minute)]))
    return areas


def _once(zones: Iterable[Zone], chosen: str) -> list[Zone]:
    """Each city once: a zone that was renamed is known by both names, and may read alike by both."""
    found: dict[tuple[str, LocalTime], Zone] = {}
    for zone in zones:
        if zone.name == chosen or (zone.city, zone.now) not in found:
            found[zone.city, zone.now] = zone
    return list(found.values())


def city_of(zone: str) -> str:
    """`New York` of America/New_York, in the reader's language where it has a word of its own."""
    return _city(zone, current())


@cache
def _named(language: str) -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
    return [
        (area, sorted(((name, _city(name, language)) for name, _words in zones), key=lambda each: each[1]))
        for area, zones in zones_by_area()
    ]


def _city(zone: str, language: str) -> str:
    own = locale(language).time_zones.get(zone, {}).get("city")
    return str(own) if own else zone.partition("/")[2].replace("_", " ").replace("/", ", ") or zone


def _zone(name: str, city: str, minute: int) -> Zone:
    return Zone(name, city, LocalClock(name).read(minute))
