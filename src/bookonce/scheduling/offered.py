"""Which starts a calendar offers and who would host them: every kind, all rules. Pure: no database, no clock.

What is shown can be booked and what is booked was offered, because offered_starts decides both. Instants are
integer minutes since the epoch (UTC), `now` is integer seconds since the epoch, intervals are half-open.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from bookonce.scheduling.bookable_days import Period, full_spans, start_spans
from bookonce.scheduling.class_sessions import (
    Session,
    blocked_by_sessions,
    open_sessions,
    taken_by_start,
)
from bookonce.scheduling.look_busy import shown
from bookonce.scheduling.offered_series import SeriesTimes
from bookonce.scheduling.opening_hours import Block, HostHours
from bookonce.scheduling.series import reach
from bookonce.scheduling.slot_rules import Kind, SlotRules
from bookonce.scheduling.start_ranges import (
    Ranges,
    any_minute_ranges,
    clip,
    free_ranges,
    grid_ranges,
    on_ranges,
)

if TYPE_CHECKING:
    from bookonce.scheduling.start_masks import StartMasks

NO_COUNTS: Mapping[Period, int] = {}


@dataclass(frozen=True, slots=True)
class Host:
    """A host's hours and time.

    `busy` holds the blocked minutes, neighbours' own buffers included, as (from, until) sorted by from; they
    may overlap; those outside busy_bounds make no difference. Of a class, its own live appointments are in
    `sessions` instead. `version` must change with anything else here; None keeps nothing.
    """

    id: int | str
    schedules: tuple[HostHours, ...]
    busy: Sequence[Block] = ()
    sessions: Sequence[Session] = ()
    version: Hashable = None


def offered_starts(
    rules: SlotRules,
    hosts: Sequence[Host],
    *,
    duration: int,
    start: int,
    end: int,
    now: int,
    counts: Mapping[Period, int] = NO_COUNTS,
    party: int = 1,
    public: bool = True,
    masks: StartMasks | None = None,
) -> list[int]:
    """Every start s with start <= s < end, ascending, that is offered for a slot of this many minutes.

    `counts` says how many live appointments of the calendar lie in each of its limit_periods. `party` takes
    so many seats of a class. Look busy hides starts from the public only. A duration that is not in the
    rules has no starts. With `masks`, what they know of a host is not worked out again.

    A series is offered by its first start when all its appointments can be: notice, horizon, date range, grid
    and look busy bind the first alone; hours, time, seats and limits bind each (docs/slots.md).

    Raises:
        UnknownZone: a zone has no such name.
        WindowTooWide: nothing bounds the window to WIDEST_WINDOW days.
    """
    if duration not in rules.durations or not hosts:
        return []
    zone = calendar_zone(rules, hosts)
    spans = start_spans(rules, zone, start=start, end=end, now=now)
    if not spans:
        return []
    allowed = full_spans(rules, zone, counts, spans) if rules.limits else spans
    if rules.repeat_count > 1:
        starts = _series(rules, hosts, duration, (spans, allowed), zone, counts, party)
    elif masks is not None and rules.kind in (Kind.ROUND_ROBIN, Kind.COLLECTIVE) and len(hosts) > 1:
        starts = masks.starts(rules, hosts, duration, allowed)
    else:
        starts = _single(rules, hosts, duration, (spans, allowed), party)
    if rules.hidden_share and public:
        starts = shown(starts, zone, share=rules.hidden_share, seed=rules.hiding_seed)
    return starts


def hosts_by_start(
    rules: SlotRules, hosts: Sequence[Host], starts: Sequence[int], *, duration: int
) -> dict[int, list[int | str]]:
    """Who could host each of these offered starts, in the hosts' order."""
    everyone = [host.id for host in hosts]
    if rules.kind is not Kind.ROUND_ROBIN:
        return {start: list(everyone) for start in starts}
    free: dict[int, list[int | str]] = {start: [] for start in starts}
    if starts:
        spans = [(starts[0], starts[-1] + 1)]
        series = SeriesTimes(rules, calendar_zone(rules, hosts), duration)
        for host in hosts:
            own = [at for at in chain.from_iterable(host_ranges(host, rules, duration, spans)) if at in free]
            for start in series.whole(own, *_later(rules, (host,), duration, series.span(own), 1)):
                free[start].append(host.id)
    return free


def broken_series(
    rules: SlotRules, hosts: Sequence[Host], start: int, *, duration: int, party: int
) -> int | None:
    """The appointment that keeps the series that begins then from being offered, of a round robin the latest.

    None where each of them could be, and only all together go beyond a limit.
    """
    series = SeriesTimes(rules, calendar_zone(rules, hosts), duration)
    span, broken = series.span([start]), list[int | None]()
    for who in [(host,) for host in hosts] if rules.kind is Kind.ROUND_ROBIN else [tuple(hosts)]:
        broken.append(series.broken(start, *_later(rules, who, duration, span, party)))
    return None if None in broken else max(at for at in broken if at is not None)


def calendar_zone(rules: SlotRules, hosts: Sequence[Host]) -> str:
    """The zone of the calendar's days: its own, or that of its first host's first schedule."""
    return rules.zone or hosts[0].schedules[0].zone


def busy_bounds(rules: SlotRules, *, duration: int, start: int, end: int) -> tuple[int, int]:
    """The half-open range of minutes that starts in start <= s < end can occupy, buffers and series included.

    Only busy intervals that overlap it matter to offered_starts for this window.
    """
    if end <= start:
        return start, start
    last = end - 1 + reach(rules.repeats, rules.repeat_count)
    return start - rules.buffer_before, last + duration + rules.buffer_after


def host_ranges(
    host: Host, rules: SlotRules, duration: int, spans: Sequence[Block], *, on_grid: bool = True
) -> Ranges:
    """When this host could begin a new appointment in these spans: on the hours' grid, or at any minute."""
    if on_grid:
        ranges = grid_ranges(host.schedules, spans, duration=duration, interval=rules.interval)
    else:
        ranges = any_minute_ranges(host.schedules, spans, duration=duration)
    return free_ranges(
        blocked_by_sessions(host.busy, host.sessions) if host.sessions else host.busy,
        ranges,
        before=rules.buffer_before,
        reach=duration + rules.buffer_after - 1,
        step=rules.interval if on_grid else 1,
    )


def _single(
    rules: SlotRules,
    hosts: Sequence[Host],
    duration: int,
    spans: tuple[Sequence[Block], Sequence[Block]],
    party: int,
) -> list[int]:
    """What is free for one appointment within the spans: all bookable ones, and those under the limits."""
    starts = _of_kind(rules, hosts, duration, spans[1])
    return (
        _with_sessions(starts, rules, hosts, duration, spans[0], party)
        if rules.kind is Kind.CLASS
        else starts
    )


def _series(
    rules: SlotRules,
    hosts: Sequence[Host],
    duration: int,
    spans: tuple[Sequence[Block], Sequence[Block]],
    zone: str,
    counts: Mapping[Period, int],
    party: int,
) -> list[int]:
    """The first starts of series that can be booked whole; a round robin's stay with one host."""
    series = SeriesTimes(rules, zone, duration)
    whole: set[int] = set()
    for who in [(host,) for host in hosts] if rules.kind is Kind.ROUND_ROBIN else [tuple(hosts)]:
        first = _single(rules, who, duration, spans, party)
        whole.update(series.whole(first, *_later(rules, who, duration, series.span(first), party)))
    if not rules.limits:
        return sorted(whole)
    standing = taken_by_start([host.sessions for host in hosts], duration)
    return series.within_limits(sorted(whole), counts, standing)


def _later(
    rules: SlotRules, hosts: Sequence[Host], duration: int, span: Block, party: int
) -> tuple[Ranges, Collection[int]]:
    """What is free for the appointments of a series after its first: at any minute, and sessions to join."""
    if span[0] >= span[1]:
        return [], ()
    ranges: Ranges | None = None
    for host in hosts:
        own = host_ranges(host, rules, duration, [span], on_grid=False)
        ranges = own if ranges is None else clip(ranges, own)
    if rules.kind is not Kind.CLASS:
        return ranges or [], ()
    joinable = open_sessions([(host.busy, host.sessions) for host in hosts], rules, duration, party)
    for host in hosts if joinable else ():
        joinable = on_ranges(any_minute_ranges(host.schedules, [span], duration=duration), joinable)
    return (ranges or [] if party <= rules.seats else []), frozenset(joinable)


def _of_kind(rules: SlotRules, hosts: Sequence[Host], duration: int, spans: Sequence[Block]) -> list[int]:
    if not spans:
        return []
    free = partial(host_ranges, rules=rules, duration=duration, spans=spans)
    if rules.kind is Kind.ROUND_ROBIN and len(hosts) > 1:
        return sorted(set[int]().union(*chain.from_iterable(free(host) for host in hosts)))
    ranges = free(hosts[0])
    for host in hosts[1:]:
        if not ranges:
            break
        ranges = clip(ranges, free(host, on_grid=False))
    return _flat(ranges)


def _with_sessions(
    starts: list[int],
    rules: SlotRules,
    hosts: Sequence[Host],
    duration: int,
    spans: Sequence[Block],
    party: int,
) -> list[int]:
    """New sessions, where the party fits at all, and the standing ones with seats left for it."""
    joinable = open_sessions([(host.busy, host.sessions) for host in hosts], rules, duration, party)
    if joinable:
        ranges = grid_ranges(hosts[0].schedules, spans, duration=duration, interval=rules.interval)
        for host in hosts[1:]:
            ranges = clip(ranges, any_minute_ranges(host.schedules, spans, duration=duration))
        joinable = on_ranges(ranges, joinable)
    return sorted({*joinable, *(starts if party <= rules.seats else ())})


def _flat(ranges: Ranges) -> list[int]:
    starts: list[int] = []
    for part in ranges:
        starts += part
    return starts
