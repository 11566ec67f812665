"""Look busy: the share of starts that the public is not offered. Pure.

Each start is decided by itself, from the seed of its calendar, its local day and its local minute. So all
guests see the same, booking refuses the same, and no booking uncovers another start.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache

from bookonce.scheduling.local_days import DAY, day_parts, local_day, steady_offset


def hiding_seed(calendar: str) -> bytes:
    """The seed of a calendar (its public id): no key of the installation changes it (docs/decisions/0012)."""
    return hashlib.sha256(f"look busy {calendar}".encode()).digest()


def shown(starts: Sequence[int], zone: str, *, share: int, seed: bytes) -> list[int]:
    """The starts, in order, less those that are hidden: `share` per cent of all, day by day of the zone."""
    kept: list[int] = []
    day, day_ends, offset, draws = 0, starts[0] if starts else 0, 0, b""
    for start in starts:
        if start >= day_ends:
            day = local_day(zone, start)
            offset, day_ends = _stretch(zone, day, start)
            draws = _draws(seed, day)
        at = (start + offset - day * DAY) * 2
        if (draws[at] << 8 | draws[at + 1]) * 100 >= share << 16:
            kept.append(start)
    return kept


def _stretch(zone: str, day: int, start: int) -> tuple[int, int]:
    """The offset at `start`, on this local day, and until when both stay the same."""
    steady = steady_offset(zone, day)
    if steady is not None:
        return steady, (day + 1) * DAY - steady
    part = next(part for part in day_parts(zone, day) if part.start <= start < part.end)
    return part.offset, part.end


@lru_cache(maxsize=4096)
def _draws(seed: bytes, day: int) -> bytes:
    """Two bytes of chance for each minute of a day."""
    return hashlib.shake_128(seed + day.to_bytes(8, signed=True)).digest(2 * DAY)
