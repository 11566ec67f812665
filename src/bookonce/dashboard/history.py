"""Say what happened, in a sentence for the owner; events themselves hold ids only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookonce.accounts.models import Member
from bookonce.lib.bidi import closed
from bookonce.lib.instants import from_minutes
from bookonce.lib.zones import get_zone
from bookonce.scheduling.models.event import Event

MOMENT = "D j M Y, H:i"


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a history: when, the shape of its icon, what, and which of us did it."""

    at: datetime
    shape: str
    what: str
    who: str
    appointment: str  # public id of the appointment it is about, or ""
    reason: str = ""  # of a move, as who moved it said


def tell(history: Iterable[Event], zone: str) -> list[Told]:
    """The events as lines, in this zone; needs member, booking, request and reason of each loaded."""
    with timezone.override(get_zone(zone)):
        return [_told(event) for event in history]


def _told(event: Event) -> Told:
    shape, say = _SENTENCES[event.kind]
    appointment = event.booking.appointment.public_id if event.booking else ""
    if event.at is None:
        raise AssertionError
    told = getattr(event, "move_reason", None)  # Django raises AttributeError where there is none
    return Told(event.at, shape, say(event), _who(event), appointment, told.text if told else "")


def who_words(door: str, member: Member | None) -> str:
    """Which of us acted, and through which door."""
    if member is not None:
        name = member.user.name
        doors = {"api": _("%(name)s, through the API"), "cli": _("%(name)s, on the command line")}
        return doors.get(door, "%(name)s") % {"name": name}
    return _("Command line") if door == "cli" else _("Bookonce")


def _who(event: Event) -> str:
    return "" if event.actor == "guest" else who_words(event.actor, event.member)  # the sentence names guests


def _guest(event: Event) -> str:
    return closed(event.booking.name) if event.booking else _("Guest")


def _moved(event: Event) -> str:
    times = {"former": _minute(event, "from"), "new": _minute(event, "to"), "guest": _guest(event)}
    if _of_class(event) or event.actor == "guest":
        return _("%(guest)s: moved from %(former)s to %(new)s") % times
    return _("Moved from %(former)s to %(new)s") % times


def _booked(event: Event) -> str:
    if event.details.get("request"):
        return _("%(guest)s asked for this time") % {"guest": _guest(event)}
    if event.booking is None or not _of_class(event):
        return _("%(guest)s booked") % {"guest": _guest(event)}
    count = event.booking.party
    words = ngettext("%(guest)s booked %(count)d place", "%(guest)s booked %(count)d places", count)
    return words % {"guest": _guest(event), "count": count}


def _cancelled(event: Event) -> str:
    if event.details.get("request"):
        return _request_ended(event)
    if event.actor == "guest":
        return _("%(guest)s cancelled") % {"guest": _guest(event)}
    if _of_class(event):
        return _("Booking of %(guest)s cancelled") % {"guest": _guest(event)}
    return _("Appointment with %(guest)s cancelled") % {"guest": _guest(event)}


def _request_ended(event: Event) -> str:
    if event.actor == "guest":
        return _("%(guest)s withdrew the request") % {"guest": _guest(event)}
    if event.actor == "system":
        return _("Request of %(guest)s expired without an answer") % {"guest": _guest(event)}
    return _("Request of %(guest)s declined") % {"guest": _guest(event)}


def _marked(event: Event) -> str:
    said = {"showed": _("%(guest)s came"), "no_show": _("%(guest)s did not come")}
    words = said.get(event.details.get("status", ""), _("Note about %(guest)s taken back"))
    return words % {"guest": _guest(event)}


def _of_class(event: Event) -> bool:
    return event.booking is not None and event.booking.appointment.seats_taken is not None


def _requested(event: Event) -> str:
    return _("%(name)s asked for a new link") % {
        "name": closed(event.request.name) if event.request else _("Someone")
    }


def _answered(event: Event) -> str:
    return _("Sent to %(name)s, who asked for it") % {
        "name": closed(event.request.name) if event.request else _("someone")
    }


def _minute(event: Event, name: str) -> str:
    return date_format(localtime(from_minutes(int(event.details[name]))), MOMENT)


_SENTENCES: Mapping[str, tuple[str, Callable[[Event], str]]] = {
    Event.Kind.LINK_CREATED: ("plus", lambda _event: _("Link made")),
    Event.Kind.LINKS_ISSUED: ("plus", lambda _event: _("Links made")),
    Event.Kind.LINKS_REVOKED: ("ban", lambda _event: _("Links revoked")),
    Event.Kind.LINK_REVOKED: ("ban", lambda _event: _("Link revoked")),
    Event.Kind.LINK_REOPENED: ("undo", lambda _event: _("Link can be booked through again")),
    Event.Kind.LINK_NO_SLOTS: ("calendar", lambda _event: _("A guest found no free time")),
    Event.Kind.LINK_CODE_ASKED: ("mail", lambda _event: _("Code sent to the recipient")),
    Event.Kind.LINK_REQUESTED: ("mail", _requested),
    Event.Kind.LINK_REQUEST_ANSWERED: ("send", _answered),
    Event.Kind.LINK_RENEWED: ("send", lambda event: _("New link sent to %(name)s") % {"name": _guest(event)}),
    Event.Kind.BOOKING_CONFIRMED: (
        "check",
        lambda event: _("Request of %(guest)s confirmed") % {"guest": _guest(event)},
    ),
    Event.Kind.BOOKING_MARKED: ("user", _marked),
    Event.Kind.BOOKING_CREATED: ("check", _booked),
    Event.Kind.BOOKING_CANCELLED: ("close", _cancelled),
    Event.Kind.BOOKING_RESCHEDULED: ("clock", _moved),
}
