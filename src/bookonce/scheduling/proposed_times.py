"""A few of many free starts, to be proposed in a message. Pure: no database, no clock.

People take one of a handful of times readily when these lie on different days and in different parts of the
day, at hours at which one meets. Instants are integer minutes since the epoch (UTC).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SOON = 180  # minutes: a message is not read at once
MOST_DAYS = 14  # with free starts, from the first one; later ones are not looked at
HOUR = 60
WAKING = (8 * HOUR, 20 * HOUR)  # on the recipient's clock
# The last minute of each part of the day, and the clock time that is best in it.
PARTS = ((12 * HOUR, 10 * HOUR), (17 * HOUR, 14 * HOUR), (24 * HOUR, 18 * HOUR))


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    day: int
    clock: int  # minutes after midnight
    part: int
    awkward: bool


def choose_times(starts: Sequence[int], *, duration: int, zone: ZoneInfo, count: int, now: int) -> list[int]:
    """At most `count` of the free starts, ascending; never two that overlap, each `duration` minutes long.

    Spread over the first days and the parts of the day on the clock of `zone`. Starts at night there, or
    within SOON minutes of `now` (minutes), are taken only when there are no others.
    """
    left = _candidates(starts, zone, now)
    chosen: list[_Candidate] = []
    while left and len(chosen) < count:
        taken = _best(left, chosen)
        chosen.append(taken)
        left = [other for other in left if abs(other.start - taken.start) >= duration]
    return sorted(candidate.start for candidate in chosen)


def _best(left: Iterable[_Candidate], chosen: Sequence[_Candidate]) -> _Candidate:
    days = Counter(candidate.day for candidate in chosen)
    parts = Counter(candidate.part for candidate in chosen)
    clocks = Counter(candidate.clock for candidate in chosen)

    def rank(candidate: _Candidate) -> tuple[object, ...]:
        return (
            candidate.awkward,
            days[candidate.day],
            parts[candidate.part],
            candidate.day,
            clocks[candidate.clock],
            candidate.clock % HOUR != 0,
            abs(candidate.clock - PARTS[candidate.part][1]),
            candidate.start,
        )

    return min(left, key=rank)


def _candidates(starts: Sequence[int], zone: ZoneInfo, now: int) -> list[_Candidate]:
    found: list[_Candidate] = []
    days: set[int] = set()
    for start in starts:
        local = datetime.fromtimestamp(start * 60, UTC).astimezone(zone)
        day, clock = local.toordinal(), local.hour * HOUR + local.minute
        days.add(day)
        if len(days) > MOST_DAYS:
            break
        part = next(number for number, (end, _best_clock) in enumerate(PARTS) if clock < end)
        awkward = start < now + SOON or not WAKING[0] <= clock < WAKING[1]
        found.append(_Candidate(start, day, clock, part, awkward))
    return found
