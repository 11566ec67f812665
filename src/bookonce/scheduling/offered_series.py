"""Which series can be booked whole, by what is free for their appointments. Pure.

Listing and booking a series both come here: offered_starts asks it for a window, or for one start.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from bookonce.scheduling.bookable_days import LAST_INSTANT, Period, limit_periods
from bookonce.scheduling.local_days import local_day
from bookonce.scheduling.opening_hours import Block
from bookonce.scheduling.series import nth_starts, occurrences
from bookonce.scheduling.slot_rules import SlotRules
from bookonce.scheduling.start_ranges import Ranges, on_ranges


@dataclass(frozen=True, slots=True)
class SeriesTimes:
    """The times of all series of a calendar, for appointments of one length."""

    rules: SlotRules
    zone: str
    duration: int

    def span(self, starts: Sequence[int]) -> Block:
        """When the appointments after the first may begin, for the series with these first starts, in order.

        Empty when there are none.
        """
        if not starts or self.rules.repeat_count == 1:
            return 0, 0
        second = nth_starts(self.zone, starts, self.rules.repeats, 1)
        last = nth_starts(self.zone, starts, self.rules.repeats, self.rules.repeat_count - 1)
        return min(second), min(max(last) + 1, LAST_INSTANT)

    def whole(self, starts: Sequence[int], free: Ranges, joinable: Collection[int] = ()) -> list[int]:
        """The first starts, in order, whose later appointments all begin in `free`, or join a session.

        Those of one series keep the buffers between them: they may not meet each other either.
        """
        left = latest = list(starts)
        apart = self.duration + self.rules.buffer_before + self.rules.buffer_after
        for number in range(1, self.rules.repeat_count):
            wanted = nth_starts(self.zone, left, self.rules.repeats, number)
            found = set(on_ranges(free, sorted(set(wanted))))
            kept = [
                (first, at)
                for first, at, before in zip(left, wanted, latest, strict=True)
                if (at in found or at in joinable) and at - before >= apart
            ]
            left, latest = [first for first, _ in kept], [at for _, at in kept]
        return left

    def broken(self, start: int, free: Ranges, joinable: Collection[int] = ()) -> int | None:
        """Of the series that begins then the first later appointment that can't be; None where all can."""
        apart = self.duration + self.rules.buffer_before + self.rules.buffer_after
        before = start
        for at in self._times(start)[1:]:
            if not (on_ranges(free, [at]) or at in joinable) or at - before < apart:
                return at
            before = at
        return None

    def within_limits(
        self, starts: Sequence[int], counts: Mapping[Period, int], standing: Collection[int]
    ) -> list[int]:
        """Those whose appointments all have room under the limits, counted together.

        Joining a session that stands counts towards none.
        """
        kept: list[int] = []
        for _, of_day in groupby(starts, key=partial(local_day, self.zone)):
            day = list(of_day)
            if not standing and self._alike(day[0], day[-1]):
                kept += day if self._has_room(day[0], counts, standing) else ()
            else:
                kept += [start for start in day if self._has_room(start, counts, standing)]
        return kept

    def _alike(self, first: int, last: int) -> bool:
        """Whether the series of all starts between these two, of one day, lie on the same days.

        No zone changes its clock twice within a day: what is so for the first and the last is so for all.
        """
        one, other = self._times(first), self._times(last)
        return all(
            at - first == at_last - last and local_day(self.zone, at) == local_day(self.zone, at_last)
            for at, at_last in zip(one, other, strict=True)
        )

    def _has_room(self, start: int, counts: Mapping[Period, int], standing: Collection[int]) -> bool:
        limits, taken = dict(self.rules.limits), Counter[Period]()
        for at in self._times(start):
            if at not in standing:
                taken.update(limit_periods(self.rules, self.zone, at))
        return all(counts.get(period, 0) + more <= limits[period.unit] for period, more in taken.items())

    def _times(self, start: int) -> list[int]:
        return occurrences(self.zone, start, self.rules.repeats, self.rules.repeat_count)
