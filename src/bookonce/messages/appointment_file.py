"""The .ics file that a guest downloads."""

from __future__ import annotations

from collections.abc import Iterable

from bookonce.lib import clock
from bookonce.messages.ics import Method, render, render_series
from bookonce.messages.invitations import guest_invitation
from bookonce.scheduling.models import Booking


def appointment_file(booking: Booking) -> bytes:
    """The booking's appointment as it is now, to add to a calendar (METHOD:PUBLISH, text/calendar).

    Holds the manage link, so it is for whoever proved to be the guest.
    """
    return render(guest_invitation(booking, manage=True), Method.PUBLISH, now=clock.now())


def series_file(bookings: Iterable[Booking]) -> bytes:
    """The same for several: all appointments of a series."""
    return render_series([guest_invitation(one, manage=True) for one in bookings], now=clock.now())
