"""What to say at an address where nothing can be booked now: what happened, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bookonce.booking_page.local_times import LocalClock
from bookonce.lib.date_words import day_and_year, time_words
from bookonce.lib.instants import from_seconds
from bookonce.lib.time_words import city_time
from bookonce.scheduling.errors import SchedulingError
from bookonce.scheduling.offer import Offered

ASKABLE = {"link_used", "link_expired", "link_revoked"}  # a new link helps; a paused calendar needs none


@dataclass(frozen=True)
class DeadEnd:
    """One sentence of what happened, one of what to do."""

    code: str
    title: str
    advice: str
    askable: bool


def dead_end(refused: SchedulingError, offer: Offered) -> DeadEnd:
    """The words for this refusal; nothing in them tells what was booked, or by whom."""
    title, advice = _words(refused, offer)
    return DeadEnd(refused.code, title, advice, askable=offer.link is not None and refused.code in ASKABLE)


def _words(refused: SchedulingError, offer: Offered) -> tuple[str, str]:
    title, advice = _WORDS.get(refused.code, (str(refused), _("Contact %(owner)s if it stays like this.")))
    if refused.code == "link_used" and offer.link and offer.link.max_bookings > 1:
        advice = _ALL_MADE
    if refused.code == "link_not_open":
        advice = _opens_at(offer)
    return str(title), str(advice) % {"owner": offer.owner}


_WORDS = {
    "link_used": (
        _("This link has expired"),
        _("It was made for one booking, and that booking has been made. Contact %(owner)s for a new one."),
    ),
    "link_expired": (_("This link has expired"), _("Its time is over. Contact %(owner)s for a new one.")),
    "link_revoked": (
        _("This link no longer works"),
        _("It was withdrawn by %(owner)s. Contact %(owner)s for a new one."),
    ),
    "calendar_deleted": (
        _("This calendar takes no more bookings"),
        _("Contact %(owner)s to find another way."),
    ),
    "calendar_paused": (
        _("No bookings for the moment"),
        _("No bookings are taken right now. Open the link again later, or contact %(owner)s."),
    ),
    "link_held": (
        _("Someone is booking through this link right now"),
        _("Open it again in a few minutes: if they do not book, it works as before."),
    ),
    "link_not_open": (_("This link is not open yet"), ""),
}
_ALL_MADE = _("All the bookings it was made for have been made. Contact %(owner)s for a new one.")


def _opens_at(offer: Offered) -> str:
    if offer.link is None or offer.link.not_before is None:
        return str(_("Open it again later."))
    local = from_seconds(offer.link.not_before).astimezone(LocalClock(offer.zone).zone)
    return str(_("You can book through it from %(day)s at %(time)s (%(zone)s).")) % {
        "day": day_and_year(local),
        "time": time_words(local),
        "zone": city_time(offer.zone),
    }
