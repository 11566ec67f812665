"""What happened to a booking, in sentences for its guest and on their clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bookonce.booking_page.bookings import Shown
from bookonce.booking_page.wording import When, moment_words, when_words
from bookonce.lib.instants import to_minutes
from bookonce.scheduling.models import Booking
from bookonce.scheduling.models.event import Event

MOST_LINES = 50


@dataclass(frozen=True)
class Happened:
    """One line: the shape of its icon, what, when, and why where somebody said so."""

    shape: str
    what: str
    when: When
    reason: str = ""


@dataclass(frozen=True)
class History:
    """The lines, oldest first; `by_guest`: who has the page booked it, nobody did it for them.

    `withdrawn`: it was a request, which its guest took back.
    """

    lines: tuple[Happened, ...]
    by_guest: bool
    withdrawn: bool


def history_of(shown: Shown) -> History:
    """All that its guest may know: nothing of other guests, of links, or of what hosts noted.

    Of a booking that was moved ever again only the latest lines (two statements).
    """
    kept = Event.objects.filter(booking=shown.booking, kind__in=_SENTENCES)
    told = kept.select_related("member__user", "move_reason").order_by("-pk")
    events = list(told[:MOST_LINES])[::-1]
    return History(
        tuple(_line(shown, event) for event in events),
        by_guest=kept.filter(kind=Event.Kind.BOOKING_CREATED, actor="guest").exists(),
        withdrawn=any(
            event.kind == Event.Kind.BOOKING_CANCELLED
            and event.actor == "guest"
            and bool(event.details.get("request"))
            for event in events
        ),
    )


def _line(shown: Shown, event: Event) -> Happened:
    if event.at is None:
        raise AssertionError
    shape, say = _SENTENCES[event.kind]
    minute = to_minutes(event.at)
    return Happened(shape, say(shown, event), when_words(shown.clock, minute, minute), _why(shown, event))


def _why(shown: Shown, event: Event) -> str:
    if event.kind == Event.Kind.BOOKING_CANCELLED:
        return shown.booking.cancel_reason
    told = getattr(event, "move_reason", None)  # Django raises AttributeError where there is none
    return told.text if told else ""


def _who(shown: Shown, event: Event) -> str:
    """Which of the hosts' side acted; as their mail says it."""
    return event.member.user.name if event.member else shown.owner


def _booked(shown: Shown, event: Event) -> str:
    if event.actor != "guest":
        return _("%(owner)s booked it for you") % {"owner": _who(shown, event)}
    return _("You asked for this time") if event.details.get("request") else _("You booked it")


def _moved(shown: Shown, event: Event) -> str:
    former, new = (moment_words(shown.clock, int(event.details[name])) for name in ("from", "to"))
    times = {"former": former, "new": new, "owner": _who(shown, event)}
    if event.actor == "guest":
        return _("You moved it from %(former)s to %(new)s") % times
    return _("%(owner)s moved it from %(former)s to %(new)s") % times


def _cancelled(shown: Shown, event: Event) -> str:
    by = {"owner": _who(shown, event)}
    if not event.details.get("request"):
        return _("You cancelled it") if event.actor == "guest" else _("%(owner)s cancelled it") % by
    if event.actor == "guest":
        return _("You withdrew your request")
    if shown.booking.cancel_cause == Booking.Cause.EXPIRED:
        return _("Your request expired without an answer")
    return _("%(owner)s declined your request") % by


_SENTENCES: Mapping[str, tuple[str, Callable[[Shown, Event], str]]] = {
    Event.Kind.BOOKING_CREATED: ("calendar-plus", _booked),
    Event.Kind.BOOKING_CONFIRMED: (
        "check",
        lambda shown, event: _("%(owner)s confirmed it") % {"owner": _who(shown, event)},
    ),
    Event.Kind.BOOKING_RESCHEDULED: ("refresh", _moved),
    Event.Kind.BOOKING_CANCELLED: ("ban", _cancelled),
}
