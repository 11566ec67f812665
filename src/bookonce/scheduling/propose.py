"""Which times a message proposes: a few of those that the page itself offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bookonce.lib.fields import Fields
from bookonce.lib.zones import get_zone
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.offer import Offer, free_starts
from bookonce.scheduling.proposed_times import choose_times

FEWEST, MOST, USUAL = 3, 6, 4
COUNTS = (0, *range(FEWEST, MOST + 1))
KNOWN = ("times", "timezone", "duration")
LOOKS = (21, 45, 400)  # days ahead: further only while there are too few
DAY = 1440


@dataclass(frozen=True, slots=True)
class Wish:
    """What a message is to propose: how many times, on whose clock, of which length in minutes.

    For a group none, of no length.
    """

    times: int
    timezone: str
    duration: int


def parse_wish(raw: Mapping[str, Any], offer: Offer) -> Wish:
    """Check it; the calendar's zone and first length unless told otherwise.

    Raises:
        Invalid: by field.
    """
    fields = Fields(raw)
    fields.only(KNOWN)
    times = fields.integer("times", least=0, most=MOST, default=USUAL)
    if times not in COUNTS:
        fields.fault("times", _("Enter 0, or a number from %(least)s to %(most)s.") % _BOUNDS)
    timezone = fields.zone("timezone", default=offer.zone)
    duration = fields.integer("duration", least=1, most=DAY, default=offer.rules.durations[0])
    if duration not in offer.rules.durations and "duration" not in fields.errors:
        fields.fault("duration", _("This length can't be chosen here."))
    if fields.errors or times is None or duration is None:
        raise Invalid(fields.errors)
    return Wish(times, timezone, duration)


def parse_group_wish(raw: Mapping[str, Any], zone: str) -> Wish:
    """The same for a group, in whose message no times are proposed: they would be of one of its calendars.

    Raises:
        Invalid: by field.
    """
    fields = Fields(raw)
    fields.only(KNOWN)
    if fields.integer("times", least=0, most=MOST, default=0):
        fields.fault("times", _("For a group no times are proposed. Enter 0."))
    timezone = fields.zone("timezone", default=zone)
    if fields.has("duration"):
        fields.fault("duration", _("This length can't be chosen here."))
    if fields.errors:
        raise Invalid(fields.errors)
    return Wish(0, timezone, 0)


def propose_times(offer: Offer, wish: Wish, *, now: int) -> list[int]:
    """The times to propose, ascending, in minutes since the epoch; fewer where there are fewer.

    `now` is in seconds. Each is on offer behind the link now; nothing keeps it for the recipient. Two
    statements, three where the calendar has limits; up to three times as many where few times are free.
    """
    found: list[int] = []
    if not wish.times:
        return found
    minute = now // 60
    for days in LOOKS:
        starts = free_starts(offer, duration=wish.duration, start=minute, end=minute + days * DAY, now=now)
        found = choose_times(
            starts, duration=wish.duration, zone=get_zone(wish.timezone), count=wish.times, now=minute
        )
        if len(found) == wish.times:
            break
    return found


_BOUNDS = {"least": FEWEST, "most": MOST}
