"""What a guest has chosen so far, kept in the address: length, places, zone, month, day, time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _

from bookonce.lib.fields import Fields
from bookonce.lib.instants import to_minutes
from bookonce.lib.zones import zone_names
from bookonce.scheduling.booking_request import read_party
from bookonce.scheduling.offer import Offer

LONGEST_HOLD = 64


@dataclass(frozen=True)
class Choice:
    """Read leniently: what makes no sense is left out and named in `faults`.

    `calendar` is the id of the one that was chosen from a group, "" elsewhere.
    """

    timezone: str
    zone_given: bool
    duration: int
    party: int = 1
    month: date | None = None  # its first day
    day: date | None = None
    start: int | None = None  # minutes since the epoch
    calendar: str = ""
    hold: str = ""  # the token of a time that is kept
    faults: dict[str, list[str]] = field(default_factory=dict)

    def query(self, **further: str) -> str:
        """The address's query with these chosen things in place of month, day and start."""
        kept = {"calendar": self.calendar} if self.calendar else {}
        if self.zone_given:
            kept["timezone"] = self.timezone
        if self.party > 1:
            kept["party"] = str(self.party)
        if self.hold:
            kept["hold"] = self.hold
        return "?" + urlencode(kept | {"duration": str(self.duration)} | further)


def parse_choice(raw: Mapping[str, Any], offer: Offer) -> Choice:
    """The choice in a query or a form."""
    # A `+` in a link that somebody typed or a mail program mended arrives as a space.
    fields = Fields({**raw, "start": str(raw.get("start") or "").strip().replace(" ", "+")})
    duration = fields.integer("duration", least=1, most=1440, default=offer.rules.durations[0])
    if duration not in offer.rules.durations:
        fields.errors.setdefault("duration", [_("This length can't be chosen here.")])
        duration = offer.rules.durations[0]
    start = fields.instant("start")
    if "start" in fields.errors:  # what mail programs make of an address is no guest's mistake
        fields.errors["start"] = [_("The time in this address can't be read. Choose one here.")]
    return Choice(
        timezone=fields.zone("timezone", default=offer.zone),
        zone_given=fields.has("timezone") and "timezone" not in fields.errors,
        duration=duration,
        party=read_party(fields, offer),
        month=_month(fields),
        day=fields.day("day"),
        start=_whole_minute(start),
        calendar=offer.calendar_key if offer.group else "",
        hold=Fields(raw).text("hold", most=LONGEST_HOLD),
        faults=fields.errors,
    )


def _month(fields: Fields) -> date | None:
    value = fields.text("month", most=7)
    if not value:
        return None
    try:
        return date.fromisoformat(f"{value}-01")
    except ValueError:
        fields.fault("month", _("Enter a month like 2026-12."))
        return None


def _whole_minute(start: datetime | None) -> int | None:
    return None if start is None or start.second else to_minutes(start)


def is_listed(zone: str) -> bool:
    """Whether the <select> has this zone."""
    return zone in zone_names()


def held_address(path: str, hold: str, **query: str) -> str:
    """The path, or a page below it, with what goes on from here; the visitor keeps their hold."""
    further = query | ({"hold": hold} if 0 < len(hold) <= LONGEST_HOLD else {})
    return address(path) + (f"?{urlencode(further)}" if further else "")


def address(path: str) -> str:
    """The path as it stands in an attribute."""
    return quote(path)
