"""Slots picked by hand for a one-time link: of the free starts only these are offered through it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol

from django.utils.translation import gettext as _

from bookonce.lib.fields import Fields
from bookonce.lib.instants import from_minutes, to_minutes, to_seconds
from bookonce.lib.zones import get_zone
from bookonce.scheduling.models.group import Target
from bookonce.scheduling.models.link import MOST_SLOTS
from bookonce.scheduling.offer import Offer, ask, get_calendar_offer
from bookonce.scheduling.offer_rows import meeting, narrowed_rules
from bookonce.scheduling.slots import WIDEST_WINDOW

FURTHEST = WIDEST_WINDOW - 10  # days ahead


class Narrowing(Protocol):
    """The options of a link that say when and with whom it can be booked."""

    # ruff: noqa: D102 - the options of those names
    @property
    def first_day(self) -> date | None: ...

    @property
    def last_day(self) -> date | None: ...

    @property
    def durations(self) -> tuple[int, ...]: ...

    @property
    def host_id(self) -> int | None: ...

    @property
    def slots(self) -> tuple[int, ...]: ...


@dataclass(frozen=True, slots=True)
class OnOffer:
    """A start that is free: the longest length that fits, and who could host that."""

    start: int
    duration: int
    hosts: tuple[int, ...]


def read_slots(fields: Fields) -> tuple[int, ...]:
    """The starts in `slots`, minutes since the epoch, ascending: a list, or text with spaces between them."""
    value = fields.raw.get("slots")
    if value in (None, "", []):
        return ()
    given = value.split() if isinstance(value, str) else value
    if not isinstance(given, list | tuple) or len(given) > MOST_SLOTS:
        fields.fault("slots", _("Pick at most %(most)s times.") % {"most": MOST_SLOTS})
        return ()
    inner = Fields({str(number): each for number, each in enumerate(given)}, prefix="slots.")
    found = [inner.instant(name, required=True) for name in inner.raw]
    for number, start in enumerate(found):
        if start and start.second:
            inner.fault(str(number), _("Appointments start on a whole minute."))
    fields.errors |= inner.errors
    return tuple(sorted({to_minutes(start) for start in found if start}))


@dataclass(frozen=True)
class Picks:
    """Checks picked slots of many links to one target; what was asked before is not asked again."""

    target: Target
    now: datetime
    _known: dict[object, Mapping[str, list[str]]] = field(default_factory=dict)

    def faults(self, options: Narrowing) -> Mapping[str, list[str]]:
        """By field: the times that a link with these options would not offer now."""
        if not options.slots:
            return {}
        key = (options.slots, options.durations, options.first_day, options.last_day, options.host_id)
        if key not in self._known:
            offer = as_narrowed(get_calendar_offer(self.target.pk), options)
            self._known[key] = not_on_offer(offer, options.slots, now=self.now)
        return self._known[key]


def as_narrowed(offer: Offer, wanted: Narrowing) -> Offer:
    """What a link with these options would offer of its calendar."""
    rules = narrowed_rules(offer.rules, wanted.first_day, wanted.last_day, wanted.slots)
    lengths = wanted.durations or rules.durations
    hosts = meeting(offer, wanted.host_id)
    return replace(offer, rules=replace(rules, durations=lengths), hosts=hosts)


def on_offer(offer: Offer, starts: Iterable[int], *, now: datetime) -> dict[int, OnOffer]:
    """Those of the starts that are free in some length (three statements, or four, for each length)."""
    at = to_seconds(now)
    left = {start for start in starts if at // 60 <= start < at // 60 + FURTHEST * 1440}
    found: dict[int, OnOffer] = {}
    for duration in sorted(offer.rules.durations, reverse=True):
        if not left:
            break
        asked = ask(offer, duration=duration, start=min(left), end=max(left) + 1, now=at)
        free = [start for start in asked.starts() if start in left]
        hosts = asked.hosts_by_start(free)
        found |= {start: OnOffer(start, duration, _rows(hosts[start])) for start in free}
        left.difference_update(free)
    return found


def told(starts: Sequence[int], zone: str) -> str:
    """The starts as the calendar's clock shows them, to name them in a sentence."""
    local = [from_minutes(start).astimezone(get_zone(zone)) for start in starts]
    return ", ".join(f"{start:%Y-%m-%d %H:%M}" for start in local)


def not_on_offer(offer: Offer, starts: Sequence[int], *, now: datetime) -> Mapping[str, list[str]]:
    """The fault of picking those of the starts that are not free; nothing when all are."""
    found = on_offer(offer, starts, now=now)
    missing = [start for start in starts if start not in found]
    return gone(missing, offer.zone) if missing else {}


def gone(starts: Sequence[int], zone: str) -> Mapping[str, list[str]]:
    """The fault of picking these starts."""
    return {"slots": [_("Not free in this calendar: %(times)s.") % {"times": told(starts, zone)}]}


def _rows(hosts: Iterable[int | str]) -> tuple[int, ...]:
    return tuple(int(host) for host in hosts)
