"""Where guests are led once they have booked, if the calendar says so (scheduling/redirect_origins.py).

They are led by a page of ours, not by the answer to their form: the policy for forms stays `'self'`, which
browsers apply to redirects as well, and whoever is led nowhere has read that they are booked.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from bookonce.booking_page.bookings import Shown, Stage
from bookonce.lib.web_addresses import origin_of
from bookonce.scheduling.redirect_origins import find_redirect


@dataclass(frozen=True)
class Onward:
    """The complete address, with the booking's id, and the name of its site as people read it."""

    address: str
    site: str


def find_onward(shown: Shown) -> Onward | None:
    """Where the guest of this booking goes on; None for a request, and where the calendar leads nowhere."""
    if shown.stage is not Stage.UPCOMING or shown.answer_by is not None:
        return None
    booking = shown.booking
    address = find_redirect(booking.appointment.calendar, booking.public_id)
    return Onward(address, origin_of(address).partition("://")[2]) if address else None


def is_framed(request: HttpRequest) -> bool:
    """Whether the page stands in a frame: there it never leads away by itself."""
    framed = getattr(request, "frame", None) is not None or bool(request.GET.get("embed"))
    return framed or request.headers.get("Sec-Fetch-Dest", "") == "iframe"
