"""Why a time is not offered: each start of a day with who could host it, or with the rule that took it out.

Asks the engine that lists slots, with the same facts; what it tells is never another list.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from bookonce.scheduling import slots
from bookonce.scheduling.errors import Conflict
from bookonce.scheduling.explain_rows import Sources, Taken, read_sources, read_taken
from bookonce.scheduling.local_days import DAY, day_number, day_parts, local_day
from bookonce.scheduling.models import Calendar, OneTimeLink
from bookonce.scheduling.offer import Door, Offer, ask, get_calendar_offer, get_offer, refusal
from bookonce.scheduling.start_ranges import any_minute_ranges


@dataclass(frozen=True, slots=True)
class Start:
    """A start on the grid: `why` is None when it is offered, and `hosts` are those who could host it."""

    at: int  # minutes since the epoch
    why: slots.Verdict | None
    hosts: tuple[int, ...] = ()
    seats_left: int | None = None  # of a class


@dataclass(frozen=True, slots=True)
class Explained:
    """The starts of one local day of the calendar's zone, with the facts that their verdicts rest on.

    With `refused` nothing can be booked there at all, whatever the time; there are no starts then.
    """

    offer: Offer
    day: date
    now: int  # seconds since the epoch
    query: slots.SlotQuery | None
    refused: Exception | None
    starts: tuple[Start, ...]
    taken: Mapping[int, Sequence[Taken]]
    sources: Sources

    @property
    def offered(self) -> list[int]:
        """The starts that a guest is offered on this day."""
        return [start.at for start in self.starts if start.why is None]

    def instants(self, clock: int) -> list[int]:
        """The instants at which the day's clock shows so many minutes: none, one or two."""
        parts = day_parts(self.offer.zone, day_number(self.day))
        shown = [(part, day_number(self.day) * DAY + clock - part.offset) for part in parts]
        return [at for part, at in shown if part.start <= at < part.end]

    def around(self, at: int) -> tuple[Sequence[Start], Start | None]:
        """The nearest starts before and after this instant, and the start at it, if it is one."""
        number = bisect_left(self.starts, at, key=lambda start: start.at)
        found = self.starts[number] if self.starts[number : number + 1] else None
        if found is not None and found.at == at:
            return (), found
        return self.starts[max(number - 1, 0) : number + 1], None

    def is_open(self, host: int, at: int) -> bool:
        """Whether the host's hours hold this minute."""
        if self.query is None:
            return False
        hours = next(each.schedules for each in self.query.hosts if each.id == host)
        return bool(any_minute_ranges(hours, [(at, at + 1)], duration=1))

    def in_the_way(self, host: int, at: int) -> list[Taken]:
        """What overlaps the slot at this start or, if nothing does, its buffers."""
        if self.query is None:
            return []
        rules, end = self.query.rules, at + self.query.duration
        others = [
            taken
            for taken in self.taken.get(host, ())
            if not (
                rules.kind is slots.Kind.CLASS
                and (taken.calendar_id, taken.start, taken.end) == (self.offer.calendar_id, at, end)
            )
        ]
        within = [taken for taken in others if taken.start < end and taken.end > at]
        low, high = at - rules.buffer_before, end + rules.buffer_after
        return within or [taken for taken in others if taken.since < high and taken.until > low]


def public_view(calendar_id: int) -> Offer:
    """What anyone is offered by the scheduling link and the permanent link (one statement).

    Raises:
        NotFound: there is no such calendar.
    """
    return replace(get_calendar_offer(calendar_id), public=True)


def one_time_view(calendar_id: int) -> Offer:
    """What a new one-time link without options would offer (one statement).

    Raises:
        NotFound: there is no such calendar.
    """
    return replace(get_calendar_offer(calendar_id), one_time_only=False)


def link_view(link: OneTimeLink, calendar: Calendar) -> Offer:
    """What this one-time link offers of the calendar, in whatever state it is (one statement).

    Raises:
        Invalid: it leads to a group that the calendar is not in.
    """
    door = Door("link", link.token_digest)
    return get_offer(door.choosing(calendar.public_id) if link.group_id else door)


def explain(offer: Offer, *, day: date, duration: int, now: int, party: int = 1) -> Explained:
    """Why each start of the day is offered or not, at `now` (seconds): six statements, seven with limits.

    None where nothing can be booked at all.
    """
    zone, number = offer.zone, day_number(day)
    parts, refused = day_parts(zone, number), refusal(offer, now)
    if refused is None and not offer.hosts:
        refused = Conflict(_("The host whom this link is for no longer hosts the calendar."))
    if refused is not None or not parts:
        return Explained(offer, day, now, None, refused, (), {}, Sources({}, {}, {}, {}))
    start, end = parts[0].start, parts[-1].end
    query = ask(offer, duration=duration, start=start, end=end, now=now, party=party)
    taken = read_taken(offer, duration=duration, start=start, end=end, now=now)
    found = [start for start in _starts(query, taken) if local_day(zone, start.at) == number]
    sources = read_sources(offer, start=start, end=end)
    return Explained(offer, day, now, query, None, tuple(found), taken, sources)


def _starts(query: slots.SlotQuery, taken: Mapping[int, Sequence[Taken]]) -> list[Start]:
    bare = {
        host.id: sorted((each.start, each.end) for each in taken.get(int(host.id), ()))
        for host in query.hosts
    }
    offered = query.starts()
    hosts, seats = query.hosts_by_start(offered), query.seats_left(offered)
    shown = [Start(at, None, tuple(int(name) for name in hosts[at]), seats.get(at)) for at in offered]
    refused = query.why_not(bare)
    seats = query.seats_left(list(refused))
    hidden = [Start(at, why, (), seats.get(at)) for at, why in refused.items()]
    return sorted(shown + hidden, key=lambda start: start.at)
