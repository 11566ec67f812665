"""Free starts of many hosts as bitmaps, kept by host and version, so that a team's list is quick.

A mask holds the starts of MASK_DAYS days of one host as the bits of an integer, one for each minute. Masks
know nothing of `now`, horizon, limits and look busy: those cut what comes out.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from bookonce.scheduling import offered
from bookonce.scheduling.bookable_days import start_spans
from bookonce.scheduling.local_days import DAY
from bookonce.scheduling.opening_hours import Block
from bookonce.scheduling.slot_rules import Kind, SlotRules
from bookonce.scheduling.start_ranges import Ranges

if TYPE_CHECKING:
    from bookonce.scheduling.offered import Host

MASK_DAYS = 16
_LENGTH = MASK_DAYS * DAY
_RUN = re.compile("1+")


class StartMasks:
    """The masks that one process keeps; `most` of them, of up to 3 kB each. The oldest quarter goes first."""

    def __init__(self, most: int = 8192) -> None:
        self.most = most
        self._kept: dict[Hashable, int] = {}

    def missing(
        self, rules: SlotRules, hosts: Sequence[Host], *, duration: int, start: int, end: int, now: int
    ) -> tuple[list[Host], int, int]:
        """The hosts whose busy time must be read for this list, and the minutes (low, high) it must cover.

        Masks reach further than the window. Of the other hosts `busy` may stay empty. No minutes: (0, 0).
        For a series it is all hosts.
        """
        spans = start_spans(rules, offered.calendar_zone(rules, hosts), start=start, end=end, now=now)
        if not spans:
            return [], 0, 0
        chunks = _chunks(spans[0][0], spans[-1][1])
        low, high = offered.busy_bounds(
            rules, duration=duration, start=chunks.start * _LENGTH, end=chunks.stop * _LENGTH
        )
        shape = _shape(rules, duration)
        unknown = [
            host
            for number, host in enumerate(hosts)
            if host.version is None
            or rules.repeat_count > 1  # masks know of one appointment alone
            or any((*_key(shape, rules, number, host), chunk) not in self._kept for chunk in chunks)
        ]
        return unknown, low, high

    def starts(
        self, rules: SlotRules, hosts: Sequence[Host], duration: int, spans: Sequence[Block]
    ) -> list[int]:
        """The starts in these spans: of any host (round robin), or of the first when all are free."""
        found: list[int] = []
        shape = _shape(rules, duration)
        keys = [_key(shape, rules, number, host) for number, host in enumerate(hosts)]
        for since, until in spans:
            for chunk in _chunks(since, until):
                base = chunk * _LENGTH
                mask = self._together(rules, hosts, keys, duration, chunk)
                low, high = max(since - base, 0), min(until - base, _LENGTH)
                _spread(mask >> low & ((1 << (high - low)) - 1), base + low, rules.interval, found)
        return found

    def _together(
        self,
        rules: SlotRules,
        hosts: Sequence[Host],
        keys: Sequence[tuple[Hashable, ...]],
        duration: int,
        chunk: int,
    ) -> int:
        kept, union = self._kept, rules.kind is Kind.ROUND_ROBIN
        together = 0 if union else -1
        for host, key in zip(hosts, keys, strict=True):
            mask = kept.get((*key, chunk))
            if mask is None:
                mask = self._make(host, rules, duration, key, chunk)
            together = together | mask if union else together & mask
        return together

    def _make(
        self, host: Host, rules: SlotRules, duration: int, key: tuple[Hashable, ...], chunk: int
    ) -> int:
        base = chunk * _LENGTH
        on_grid = key[-1] != 1 or rules.interval == 1
        ranges = offered.host_ranges(host, rules, duration, [(base, base + _LENGTH)], on_grid=on_grid)
        mask = _bits(ranges, base)
        if host.version is not None:
            if len(self._kept) >= self.most:
                for old in list(self._kept)[: self.most // 4 + 1]:
                    self._kept.pop(old, None)
            self._kept[(*key, chunk)] = mask
        return mask


def _shape(rules: SlotRules, duration: int) -> tuple[int, int, int]:
    return duration, rules.buffer_before, rules.buffer_after


def _key(shape: tuple[int, int, int], rules: SlotRules, number: int, host: Host) -> tuple[Hashable, ...]:
    """All but the days; its last member is the grid: a collective has only its first host's."""
    on_grid = rules.kind is Kind.ROUND_ROBIN or number == 0
    return host.id, host.version, shape, rules.interval if on_grid else 1


def _chunks(start: int, end: int) -> range:
    return range(start // _LENGTH, -(-end // _LENGTH))


def _bits(ranges: Ranges, base: int) -> int:
    """The starts as the bits of one integer, put together day by day: short integers are quick to change."""
    days = [0] * MASK_DAYS
    for part in ranges:
        step, ones = part.step, _every(part.step)
        first, stop = part.start - base, part[-1] - base + 1
        while first < stop:
            day, minute = divmod(first, DAY)
            ends = min(stop - day * DAY, DAY)
            days[day] |= (ones & ((1 << (ends - minute)) - 1)) << minute
            first += -(-(ends - minute) // step) * step
    return int.from_bytes(b"".join(bits.to_bytes(DAY // 8, "little") for bits in days), "little")


@lru_cache(maxsize=256)
def _every(step: int) -> int:
    """A day's worth of bits, the first and every `step`th after it set."""
    return sum(1 << minute for minute in range(0, DAY, step))


def _spread(mask: int, base: int, interval: int, found: list[int]) -> None:
    """Append the minutes of the bits that are set."""
    if not mask:
        return
    digits = bin(mask)[:1:-1]
    first = digits.index("1")
    if len(on_grid := digits[first::interval]) and on_grid.count("1") != mask.bit_count():
        interval, on_grid = 1, digits[first:]  # grids of several phases
    for run in _RUN.finditer(on_grid):
        found += range(base + first + run.start() * interval, base + first + run.end() * interval, interval)
