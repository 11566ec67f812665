"""Why a start on the grid is not offered: the first rule that takes it out. Pure.

Grid starts are those of the hours as they would be without time off, holidays and overrides; what lies
outside all hours is none. The verdict is offered_starts': this only finds words for it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property, partial

from bookonce.scheduling.bookable_days import (
    LAST_INSTANT,
    WIDEST_WINDOW,
    Period,
    WindowTooWide,
    first_bookable_day,
    joined,
    last_bookable_day,
    limit_periods,
)
from bookonce.scheduling.class_sessions import open_sessions, taken_by_start
from bookonce.scheduling.local_days import DAY, local_day
from bookonce.scheduling.offered import (
    NO_COUNTS,
    Host,
    broken_series,
    calendar_zone,
    host_ranges,
    offered_starts,
)
from bookonce.scheduling.opening_hours import Block, HostHours
from bookonce.scheduling.slot_rules import Kind, SlotRules
from bookonce.scheduling.start_ranges import Ranges, any_minute_ranges, grid_ranges


class Rule(StrEnum):
    """What took a start out, from what lies furthest from being offered to what lies nearest."""

    HOURS = "hours"  # the slot would run past the hours, or the host is not open then
    OVERRIDE = "override"
    HOLIDAY = "holiday"
    OUT_OF_OFFICE = "out of office"
    LENGTH = "length"
    PAST = "past"
    NOTICE = "notice"
    HORIZON = "horizon"
    PICKED = "not picked"
    PER_DAY = "limit per day"
    PER_WEEK = "limit per week"
    PER_MONTH = "limit per month"
    BUSY = "busy"
    BUFFER = "buffer"
    SEATS = "seats"
    SERIES = "series"  # a later appointment of the series can't be booked
    LOOK_BUSY = "look busy"


_NEAREST = {rule: number for number, rule in enumerate(Rule)}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The rule that took a start out; `hosts` says so for each, where it is their own time that rules.

    `later` is the appointment of a series that can't be; none where only all together go beyond a limit.
    """

    rule: Rule
    hosts: Mapping[int | str, Rule] = field(default_factory=dict)
    later: int | None = None


def why_not(
    rules: SlotRules,
    hosts: Sequence[Host],
    bare: Mapping[int | str, Sequence[Block]],
    *,
    duration: int,
    start: int,
    end: int,
    now: int,
    counts: Mapping[Period, int] = NO_COUNTS,
    party: int = 1,
    public: bool = True,
) -> dict[int, Verdict]:
    """The verdict for each grid start in start <= s < end that offered_starts does not offer, in order.

    `bare` is each host's busy time without neighbours' buffers, which tells "busy" from "buffer".

    Raises:
        UnknownZone: a zone has no such name.
        WindowTooWide: the window has more than WIDEST_WINDOW days.
    """
    start, end = max(start, 0), min(end, LAST_INSTANT)
    if start >= end or not hosts:
        return {}
    if end - start > WIDEST_WINDOW * DAY:
        raise WindowTooWide(start, end)
    offered = partial(
        offered_starts, rules, hosts, duration=duration, start=start, end=end, counts=counts, party=party
    )
    shown, hidden = set(offered(now=now, public=public)), set(offered(now=now, public=False))
    asked = _Asked(rules, hosts, bare, duration, [(start, end)], now, counts, party)
    by_host = [asked.reasons_of(number) for number in range(len(hosts))]
    return {
        at: Verdict(Rule.LOOK_BUSY) if at in hidden else asked.verdict(at, by_host)
        for at in sorted(asked.grid() - shown)
    }


@dataclass(frozen=True)
class _Asked:
    rules: SlotRules
    hosts: Sequence[Host]
    bare: Mapping[int | str, Sequence[Block]]
    duration: int
    spans: list[Block]
    now: int
    counts: Mapping[Period, int]
    party: int

    @property
    def any_host(self) -> bool:
        return self.rules.kind is Kind.ROUND_ROBIN

    @cached_property
    def standing(self) -> Mapping[int, int]:
        """The seats taken of each session that stands, by its start."""
        return taken_by_start([host.sessions for host in self.hosts], self.duration)

    def grid(self) -> set[int]:
        """All starts that some hours have."""
        starts: set[int] = set()
        for host in self.hosts if self.any_host else self.hosts[:1]:
            for schedules in _less_and_less(host.schedules):
                ranges = grid_ranges(schedules, self.spans, duration=1, interval=self.rules.interval)
                starts.update(*ranges)
        return starts

    def verdict(self, at: int, by_host: Sequence[Callable[[int], Rule | None]]) -> Verdict:
        found = {host.id: reason(at) for host, reason in zip(self.hosts, by_host, strict=True)}
        reasons = {name: rule for name, rule in found.items() if rule is not None}
        closed = [rule for rule in reasons.values() if _NEAREST[rule] < _NEAREST[Rule.LENGTH]]
        if not closed or (self.any_host and len(closed) < len(self.hosts)):
            rule = self._of_calendar(at)
            if rule is not None:
                return Verdict(rule)
        if not reasons or (self.any_host and len(reasons) < len(self.hosts)):
            later = broken_series(self.rules, self.hosts, at, duration=self.duration, party=self.party)
            return Verdict(Rule.SERIES, later=later)
        if self.any_host:
            return Verdict(max(reasons.values(), key=_NEAREST.__getitem__), reasons)
        return Verdict(next(iter(reasons.values())), reasons)

    def reasons_of(self, number: int) -> Callable[[int], Rule | None]:
        """What keeps this host from a start, if anything."""
        host, on_grid = self.hosts[number], self.any_host or number == 0
        closed = self._closed(host, on_grid=on_grid)
        free = _Starts(host_ranges(host, self.rules, self.duration, self.spans, on_grid=on_grid))
        bare = joined([*self.bare[host.id], *((session.start, session.end) for session in host.sessions)])
        begins = [since for since, _ in bare]
        stands = taken_by_start([host.sessions], self.duration)
        undisturbed = set(open_sessions([(host.busy, host.sessions)], self.rules, self.duration, self.party))

        def reason(at: int) -> Rule | None:
            if (rule := closed(at)) is not None:
                return rule
            if self.rules.kind is Kind.CLASS and stands.get(at, 0) + self.party > self.rules.seats:
                return Rule.SEATS
            if at in free or at in undisturbed:
                return None
            before = bisect_left(begins, at + self.duration) - 1
            return Rule.BUSY if before >= 0 and bare[before][1] > at else Rule.BUFFER

        return reason

    def _closed(self, host: Host, *, on_grid: bool) -> Callable[[int], Rule | None]:
        """Why the host has no hours for a slot at a start."""
        rules, spans, duration = self.rules, self.spans, self.duration
        if on_grid:
            fits = _Starts(grid_ranges(host.schedules, spans, duration=duration, interval=rules.interval))
            less = [
                _Starts(grid_ranges(schedules, spans, duration=1, interval=rules.interval))
                for schedules in _less_and_less(host.schedules)
            ]
        else:
            less = [
                _Starts(any_minute_ranges(schedules, spans, duration=duration))
                for schedules in _less_and_less(host.schedules)
            ]
            fits = less[0]
        names = (Rule.HOURS, Rule.OUT_OF_OFFICE, Rule.HOLIDAY, Rule.OVERRIDE)

        def closed(at: int) -> Rule | None:
            if at in fits:
                return None
            return next((name for name, starts in zip(names, less, strict=True) if at in starts), Rule.HOURS)

        return closed

    def _of_calendar(self, at: int) -> Rule | None:
        rules, zone = self.rules, calendar_zone(self.rules, self.hosts)
        if self.duration not in rules.durations:
            return Rule.LENGTH
        if at * 60 < self.now:
            return Rule.PAST
        if at < -(-self.now // 60) + rules.notice:
            return Rule.NOTICE
        if not first_bookable_day(rules) <= local_day(zone, at) <= last_bookable_day(rules, zone, self.now):
            return Rule.HORIZON
        if rules.picked and at not in rules.picked:
            return Rule.PICKED
        if at in self.standing:
            return None  # joining a session counts towards no limit
        limits = dict(rules.limits)
        for period in limit_periods(rules, zone, at):
            if self.counts.get(period, 0) >= limits[period.unit]:
                return Rule(f"limit per {period.unit}")
        return None


class _Starts:
    """Whether a minute is in some range."""

    def __init__(self, ranges: Ranges) -> None:
        self.ranges = ranges
        self.begins = [part.start for part in ranges]

    def __contains__(self, at: int) -> bool:
        number = bisect_right(self.begins, at) - 1
        return number >= 0 and at in self.ranges[number]


def _less_and_less(schedules: Sequence[HostHours]) -> list[list[HostHours]]:
    """The hours as they are; without time off; without holidays either; without overrides either."""
    return [
        list(schedules),
        [replace(hours, away=()) for hours in schedules],
        [replace(hours, away=(), holidays=()) for hours in schedules],
        [replace(hours, away=(), holidays=(), overrides={}) for hours in schedules],
    ]
