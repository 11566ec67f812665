"""What every step of a booking says, whatever else it shows, and where it finds free times."""

from __future__ import annotations

from functools import partial
from typing import Any

from bookonce.booking_page.choice import OF_ONE_CALENDAR, Choice, address
from bookonce.booking_page.doors import Visit
from bookonce.booking_page.month import Find
from bookonce.booking_page.series import repeats_words
from bookonce.booking_page.wording import offered_place
from bookonce.lib.time_words import duration_words
from bookonce.scheduling.host_choice import with_host
from bookonce.scheduling.offer import Offer, ask


def finder(visit: Visit, offer: Offer, choice: Choice) -> Find:
    """How the free starts of a span are found for what was chosen."""
    offer = with_host(offer, choice.host_id)
    query = partial(ask, offer, duration=choice.duration, now=visit.seconds, party=choice.party)

    def find(start: int, end: int) -> dict[int, int | None]:
        asked = query(start=start, end=end)
        starts = asked.starts()
        return dict.fromkeys(starts) | asked.seats_left(starts)

    return find


def what_words(visit: Visit, offer: Offer, choice: Choice) -> dict[str, Any]:
    """What every step says beside its own: what is booked, with whom, where, and the way back."""
    offer = with_host(offer, choice.host_id)
    return {
        "path": address(visit.path),
        "choice": choice,
        "offer": offer,
        "look": offer.look,
        "place": offered_place(offer.location_kind, offer.location),
        "length": duration_words(choice.duration),
        "repeats": repeats_words(offer.rules.repeats, offer.rules.repeat_count),
        "back": choice.query(),
        "menu": address(visit.path) + choice.query(**dict.fromkeys(OF_ONE_CALENDAR, ""))
        if offer.group
        else "",
    }
