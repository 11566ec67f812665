"""What a guest may still change about a booking: cancel it, or move it, and until when.

The calendar says so for all its bookings, a one-time link for those made through it; what the link leaves
unset is the calendar's, live. Hosts may always.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bookonce.lib.instants import to_minutes
from bookonce.scheduling.models import Booking

RULES = (
    "guests_may_cancel",
    "cancel_cutoff",
    "guests_may_reschedule",
    "reschedule_cutoff",
    "most_reschedules",
    "reopens_on_cancel",
)


class Closed(StrEnum):
    """Why a guest may not."""

    OFF = "off"
    CUTOFF = "cutoff"
    MOST = "most"


@dataclass(frozen=True, slots=True)
class Change:
    """Whether a change is open to the guest; `until` in minutes since the epoch, none where it never is."""

    closed: Closed | None
    until: int | None


@dataclass(frozen=True, slots=True)
class ChangeRules:
    """The rules of one booking; cut-offs in minutes before its start."""

    guests_may_cancel: bool
    cancel_cutoff: int
    guests_may_reschedule: bool
    reschedule_cutoff: int
    most_reschedules: int | None  # none: as often as they like
    reopens_on_cancel: bool
    start: int  # of the appointment, minutes since the epoch
    moves: int  # by the guest so far

    def cancelling(self, now: int) -> Change:
        """Whether its guest may cancel at `now` (minutes since the epoch)."""
        return self._change(self.guests_may_cancel, self.cancel_cutoff, now)

    def rescheduling(self, now: int) -> Change:
        """Whether its guest may move it at `now` (minutes since the epoch)."""
        change = self._change(self.guests_may_reschedule, self.reschedule_cutoff, now)
        if change.closed is None and self.moves_left == 0:
            return Change(Closed.MOST, change.until)
        return change

    @property
    def moves_left(self) -> int | None:
        """How often the guest may still move it; none: as often as they like."""
        return None if self.most_reschedules is None else max(self.most_reschedules - self.moves, 0)

    def _change(self, allowed: bool, cutoff: int, now: int) -> Change:  # noqa: FBT001 - a rule
        if not allowed:
            return Change(Closed.OFF, None)
        until = self.start - cutoff
        return Change(None if now < until else Closed.CUTOFF, until)


def get_change_rules(booking_id: int) -> ChangeRules:
    """The rules of the booking as they are now (one statement)."""
    return change_rules(Booking.objects.select_related("appointment__calendar", "link").get(pk=booking_id))


def change_rules(booking: Booking) -> ChangeRules:
    """The rules of a booking that was read with its calendar and its link."""
    calendar, link = booking.appointment.calendar, booking.link
    own = {name: getattr(link, name) for name in RULES} if link else {}
    found = {name: getattr(calendar, name) if own.get(name) is None else own[name] for name in RULES}
    return ChangeRules(**found, start=to_minutes(booking.appointment.starts), moves=booking.moves)
