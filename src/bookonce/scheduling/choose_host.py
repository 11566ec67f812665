"""Who hosts a round robin appointment. Pure and deterministic."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Distribution(StrEnum):
    """How a round robin shares its appointments out."""

    AVAILABILITY = "availability"  # priority, then whose last turn is longest ago
    EQUAL = "equal"  # who has had the fewest for their weight


@dataclass(frozen=True, slots=True)
class Standing:
    """What a host has had of this calendar so far."""

    id: int
    priority: int = 0  # the higher goes first
    weight: int = 1  # equal distribution: 2 gets twice as many as 1
    turns: int = 0  # equal: those that count for the balance
    last_turn: int = 0  # a number that grows with every turn of the calendar; 0 = never had one


def choose_host(
    free: Collection[int],
    standings: Sequence[Standing],
    distribution: Distribution,
    *,
    stays_with: int | None = None,
    seed: str = "",
) -> int:
    """The host, among those free at the start, whose turn it is.

    A rescheduled appointment stays with its host (`stays_with`) when that one is free. Availability: the
    highest priority, then whose last turn is longest ago. Equal: the fewest turns for the weight, then as
    availability. What is left is decided by the seed (the calendar's public id), so that a new calendar's
    first appointment does not always go to its first member.

    Raises:
        ValueError: none of the standings is free, or a weight is less than 1.
    """
    if stays_with is not None and stays_with in free:
        return stays_with

    def order(standing: Standing) -> tuple[Fraction, int, int, bytes]:
        by_chance = hashlib.sha256(f"{seed}:{standing.id}".encode()).digest()
        equal = distribution is Distribution.EQUAL
        share = Fraction(standing.turns, standing.weight) if equal else Fraction(0)
        return share, -standing.priority, standing.last_turn, by_chance

    if any(standing.weight < 1 for standing in standings):
        raise ValueError("a weight is at least 1")
    return min((standing for standing in standings if standing.id in free), key=order).id
