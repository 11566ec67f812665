"""Free starts of many hosts as bitmaps, kept by host and version: a team's list costs little more than one's.

A mask holds the starts of MASK_DAYS days of one host as the bits of an integer, one for each minute. Masks know
nothing of `now`, horizon, limits and look busy: those cut what comes out.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from bookonce.scheduling import offered
from bookonce.scheduling.local_days import DAY
from bookonce.scheduling.opening_hours import Block
from bookonce.scheduling.slot_rules import Kind, SlotRules

if TYPE_CHECKING:
    from bookonce.scheduling.offered import Host

MASK_DAYS = 32
_LENGTH = MASK_DAYS * DAY
_RUN = re.compile("1+")


class StartMasks:
    """The masks that one process keeps; `most` of them, of up to 6 kB each. The oldest quarter goes first."""

    def __init__(self, most: int = 4096) -> None:
        self.most = most
        self._kept: dict[Hashable, int] = {}

    def missing(
        self, rules: SlotRules, hosts: Sequence[Host], *, duration: int, start: int, end: int
    ) -> tuple[list[Host], int, int]:
        """The hosts whose busy time must be read to list these starts, and the minutes (low, high) it must cover.

        The masks reach further than the window. Of the other hosts `busy` may stay empty.
        """
        chunks = _chunks(start, end)
        low, high = offered.busy_bounds(
            rules, duration=duration, start=chunks.start * _LENGTH, end=chunks.stop * _LENGTH
        )
        shape = _shape(rules, duration)
        unknown = [
            host
            for number, host in enumerate(hosts)
            if host.version is None
            or any((*_key(shape, rules, number, host), chunk) not in self._kept for chunk in chunks)
        ]
        return unknown, low, high

    def starts(self, rules: SlotRules, hosts: Sequence[Host], duration: int, spans: Sequence[Block]) -> list[int]:
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
        bits = bytearray(b"0") * _LENGTH
        for part in ranges:
            last = part[-1] - base
            bits[_LENGTH - 1 - last : _LENGTH - (part.start - base) : part.step] = b"1" * len(part)
        mask = int(bits, 2)
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


def _spread(mask: int, base: int, interval: int, found: list[int]) -> None:
    """Append the minutes of the bits that are set."""
    if not mask:
        return
    digits = bin(mask)[:1:-1]
    first = digits.index("1")
    if len(on_grid := digits[first::interval]) and on_grid.count("1") != mask.bit_count():
        interval, on_grid = 1, digits[first:]  # grids of several phases
    for run in _RUN.finditer(on_grid):
        found += range(
            base + first + run.start() * interval, base + first + run.end() * interval, interval
        )
