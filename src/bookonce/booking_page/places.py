"""How many places of a class are wanted: what there is to choose from."""

from __future__ import annotations

from dataclasses import dataclass

from bookonce.booking_page.choice import Choice
from bookonce.booking_page.month import Month
from bookonce.booking_page.week import Week

MOST_LISTED = 30  # more are typed as a number


@dataclass(frozen=True)
class PlacesChoice:
    """1 to `most`; listed one by one while they are few."""

    most: int
    numbers: tuple[int, ...]


def places_choice(choice: Choice, month: Month | Week) -> PlacesChoice | None:
    """As many as any time of these days has left; what is chosen stays in the list to be changed.

    None where there is nothing to choose.
    """
    most = max(month.most_places, choice.party)
    if most == 1:
        return None
    return PlacesChoice(most, tuple(range(1, most + 1)) if most <= MOST_LISTED else ())
