"""Free slots: the engine's one door, and its short form for a calendar with one host and one schedule.

Instants are integer minutes since the epoch (UTC), `now` is integer seconds since the epoch.
"""

from __future__ import annotations

from collections.abc import Sequence

from bookonce.scheduling.bookable_days import (
    WIDEST_WINDOW,
    Period,
    WindowTooWide,
    count_periods,
    limit_periods,
)
from bookonce.scheduling.choose_host import Distribution, Standing, choose_host
from bookonce.scheduling.class_sessions import Session, seats_left, seats_taken
from bookonce.scheduling.hours_problems import hours_problems, night_problems
from bookonce.scheduling.look_busy import hiding_seed
from bookonce.scheduling.offered import Host, busy_bounds, calendar_zone, hosts_by_start, offered_starts
from bookonce.scheduling.opening_hours import Block, HostHours, Hours, Stay
from bookonce.scheduling.series import Repeats, occurrences, reach
from bookonce.scheduling.slot_query import SlotQuery
from bookonce.scheduling.slot_rules import LONGEST_DURATION, InvalidRules, Kind, SlotRules
from bookonce.scheduling.start_masks import StartMasks
from bookonce.scheduling.why_not_offered import Rule, Verdict, why_not

__all__ = [
    "LONGEST_DURATION",
    "WIDEST_WINDOW",
    "Block",
    "Distribution",
    "Host",
    "HostHours",
    "Hours",
    "InvalidRules",
    "Kind",
    "Period",
    "Repeats",
    "Rule",
    "Session",
    "SlotQuery",
    "SlotRules",
    "Standing",
    "StartMasks",
    "Stay",
    "Verdict",
    "WindowTooWide",
    "busy_bounds",
    "calendar_zone",
    "choose_host",
    "count_periods",
    "free_starts",
    "hiding_seed",
    "hosts_by_start",
    "hours_problems",
    "is_offered",
    "limit_periods",
    "night_problems",
    "occurrences",
    "offered_starts",
    "reach",
    "seats_left",
    "seats_taken",
    "why_not",
]


def free_starts(
    hours: HostHours,
    rules: SlotRules,
    busy: Sequence[Block],
    *,
    duration: int,
    start: int,
    end: int,
    now: int,
) -> list[int]:
    """Every start of this one host that is offered in start <= s < end; see offered_starts and Host.

    Raises:
        UnknownZone: the hours' zone has no such name.
        WindowTooWide: nothing bounds the window to WIDEST_WINDOW days.
    """
    host = Host(0, (hours,), busy)
    return offered_starts(rules, (host,), duration=duration, start=start, end=end, now=now)


def is_offered(
    hours: HostHours, rules: SlotRules, busy: Sequence[Block], *, start: int, duration: int, now: int
) -> bool:
    """Whether free_starts offers this start.

    Raises:
        UnknownZone: the hours' zone has no such name.
    """
    return bool(free_starts(hours, rules, busy, duration=duration, start=start, end=start + 1, now=now))
