"""Expected refusals, named for the situation; each surface maps `code` to its own reply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class SchedulingError(Exception):
    """The act was refused and nothing was changed."""

    code = "conflict"
    message: str | Promise = _("This can't be done now.")

    def __str__(self) -> str:
        return str(self.message)


class NotFound(SchedulingError):
    """No such link, calendar or booking, as far as the caller may know."""

    code = "not_found"
    message = _("There is nothing at this address.")


class NotAllowed(SchedulingError):
    """It belongs to someone else, and the member is no owner or admin."""

    code = "forbidden"
    message = _("Owners and admins change what belongs to others. You can change your own.")


class LinkUsed(SchedulingError):
    """Every booking the link allows has been made."""

    code = "link_used"
    message = _("This link has expired because it has already been used. Contact its owner for a new one.")


class LinkExpired(SchedulingError):
    """The link's time is over."""

    code = "link_expired"
    message = _("This link has expired. Contact its owner for a new one.")


class LinkRevoked(SchedulingError):
    """The owner withdrew the link."""

    code = "link_revoked"
    message = _("This link has been withdrawn. Contact its owner for a new one.")


class CalendarDeleted(SchedulingError):
    """The calendar behind the address is gone."""

    code = "calendar_deleted"
    message = _("This calendar no longer takes bookings. Contact its owner.")


class CalendarPaused(SchedulingError):
    """The owner takes no bookings for now."""

    code = "calendar_paused"
    message = _("This calendar is not taking bookings right now. Try again later or contact its owner.")


class NothingToChoose(CalendarPaused):
    """No calendar of the group takes bookings for now."""

    message = _("Nothing can be booked here right now. Try again later or contact its owner.")


class LinkHeld(SchedulingError):
    """Someone else is completing a booking through the link."""

    code = "link_held"
    message = _("Someone is booking through this link right now. Try again in a few minutes.")


class TooManyHolds(SchedulingError):
    """This visitor keeps as many times as one may; they can still book."""

    code = "rate_limited"
    message = _("You already keep other times here. Book one of them, or try again in a few minutes.")


class LinkNotOpen(SchedulingError):
    """The link opens later."""

    code = "link_not_open"
    message = _("This link is not open yet. Try again later.")


class SlotTaken(SchedulingError):
    """The time is not, or no longer, offered."""

    code = "slot_taken"
    message = _("This time is no longer free. Choose another one.")


class Invalid(SchedulingError):
    """Input that can't be used; `errors` maps fields to sentences."""

    code = "invalid"
    message = _("Some of what was sent can't be used.")

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__(errors)
        self.errors = errors


class WrongRecipient(Invalid):
    """Somebody else's address, or a wrong code, at a link that is locked to its recipient."""


class IdempotencyMismatch(SchedulingError):
    """The key was used before for something else."""

    code = "idempotency_mismatch"
    message = _("This Idempotency-Key was already used with a different request.")


class InProgress(SchedulingError):
    """The first request with this key is still running."""

    code = "in_progress"
    message = _("The first request with this key is still running. Try again with the same key.")


class BeingMade(InProgress):
    """A batch that is being made holds the reference; nobody may have its link before it is done."""

    message = _("A link with this reference is being made right now. Try again in a moment.")


class Busy(SchedulingError):
    """The database did not answer in time; the outcome is unknown."""

    code = "busy"
    message = _("The server is busy. Try again in a moment with the same key.")


class HostsChanged(Busy):
    """Other hosts have to be locked than were: the transaction runs again and locks those."""


class TooLate(SchedulingError):
    """The appointment is over or already cancelled."""

    code = "too_late"
    message = _("This appointment can no longer be changed.")


class CancellingClosed(SchedulingError):
    """The rules of the calendar or link keep the guest from cancelling; `closed` says which: off, cutoff."""

    code = "cancel_closed"

    def __init__(self, closed: str) -> None:
        super().__init__(closed)
        self.closed = closed
        self.message = {
            "off": _("This appointment can't be cancelled online. Contact its host."),
            "cutoff": _("This appointment can no longer be cancelled online. Contact its host."),
        }[closed]


class ReschedulingClosed(SchedulingError):
    """The rules keep the guest from moving it; `closed` says which: off, cutoff, most."""

    code = "reschedule_closed"

    def __init__(self, closed: str) -> None:
        super().__init__(closed)
        self.closed = closed
        self.message = {
            "off": _("This appointment can't be rescheduled online. Contact its host."),
            "cutoff": _("This appointment can no longer be rescheduled online. Contact its host."),
            "most": _("This appointment has been rescheduled as often as allowed. Contact its host."),
        }[closed]


class Conflict(SchedulingError):
    """The act does not fit the present state; `message` says why."""

    code = "conflict"

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


class RateLimited(SchedulingError):
    """Tried too often: more than `most` times in `seconds`; it may be tried again after `wait` seconds."""

    code = "rate_limited"
    message = _("That was tried too often")

    def __init__(self, name: str, *, most: int, seconds: int, wait: int) -> None:
        super().__init__(name)
        self.name, self.most, self.seconds, self.wait = name, most, seconds, wait


class AlreadySetUp(SchedulingError):
    """The first run has been done."""

    code = "conflict"
    message = _("This installation is already set up. Nothing was changed.")


class RoleRefused(SchedulingError):
    """The member's role does not reach that far; `message` says whose does."""

    code = "forbidden"

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


class InvitationOver(SchedulingError):
    """The invitation was accepted or withdrawn, or its time is up."""

    code = "conflict"
    message = _("This invitation no longer works. Nothing was changed.")
