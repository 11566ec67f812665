"""What the page says of the time that is kept for its visitor."""

from __future__ import annotations

from dataclasses import dataclass

from bookonce.booking_page.choice import Choice
from bookonce.booking_page.local_times import LocalClock, LocalTime
from bookonce.scheduling.offer import Offer
from bookonce.scheduling.visitor_holds import find_kept


@dataclass(frozen=True)
class KeptTime:
    """Until when; `seconds_left` is 0 once it has lapsed, and `until` None where only that is known."""

    until: LocalTime | None
    seconds_left: int


def kept_time(offer: Offer, choice: Choice, clock: LocalClock, *, now: int) -> KeptTime | None:
    """Of the chosen time, at `now` in seconds (one statement, none without a hold); None: it never was."""
    if not choice.hold:
        return None
    kept = find_kept(choice.hold, offer)
    if kept is None:
        return KeptTime(None, 0)
    if (kept.start, kept.duration) != (choice.start, choice.duration):
        return None
    return KeptTime(clock.read(kept.expires_at // 60), max(kept.expires_at - now, 0))
