"""What the mails of a booking are made of: the booking itself, its times, and rows of label and value."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookonce.lib.instants import from_minutes
from bookonce.messages import ics
from bookonce.messages.invitations import host_names, is_session, place
from bookonce.messages.link_mails import link_words
from bookonce.messages.outdated import Outdated
from bookonce.messages.when import moment, short, span
from bookonce.scheduling.models import Booking, Event, MoveReason

Rows = list[tuple[str, str]]


def booking_of(event: Event) -> Booking:
    """The booking that the event is about.

    Raises:
        Outdated: it is gone.
    """
    if event.booking is None:
        raise Outdated("its booking is gone")
    return event.booking


def live_booking(event: Event) -> Booking:
    """The booking, if it is still to take place.

    Raises:
        Outdated: it was cancelled; a later event's mail says so.
    """
    booking = booking_of(event)
    if booking.status == Booking.Status.CANCELLED:
        raise Outdated("the appointment has been cancelled since")
    return booking


def times_of(booking: Booking) -> tuple[datetime, datetime]:
    """When it begins and ends."""
    return booking.appointment.starts, booking.appointment.ends


def former_time(event: Event, booking: Booking, zone: str) -> str:
    """The time before this move, in words; the new one is always the state's, even after further moves.

    Raises:
        Outdated: it was moved back.
    """
    starts, ends = times_of(booking)
    former = from_minutes(int(event.details["from"]))
    if former == starts:
        raise Outdated("the appointment was moved back since")
    return span(former, former + (ends - starts), zone)


def booking_words(
    event: Event, booking: Booking, zone: str, rows: Rows, button: tuple[str, str]
) -> dict[str, Any]:
    """What every mail's templates are rendered with; the button is its text and its address."""
    starts, ends = times_of(booking)
    return {
        "what": booking.appointment.calendar.name,
        "host": host_names(booking),
        "guest": booking.name,
        "by": event.member.user.name if event.member else booking.name,
        "when": span(starts, ends, zone),
        "short": short(starts, zone),
        "rows": [(label, ics.plain(value)) for label, value in rows if value],
        "button_text": button[0],
        "button_url": button[1],
        "workspace": event.workspace.name,
    }


def guest_rows(booking: Booking, *, whole: bool = False) -> Rows:
    """What a guest needs to know; nothing of the others who come. `whole`: its series is told of, not it."""
    appointment = booking.appointment
    return [
        (_("What"), appointment.calendar.name),
        (_("With"), host_names(booking)),
        (_("Places"), places(booking)),
        (_("Where"), place(appointment, booking)),
        (_("Series"), "" if whole else series_words(booking)),
    ]


def host_rows(booking: Booking, *, whole: bool = False) -> Rows:
    """What a host needs to know of this party; of a class also how full the session is."""
    appointment = booking.appointment
    rows = [
        (_("What"), appointment.calendar.name),
        (_("Guest"), f"{booking.name} <{booking.email}>"),
        (_("Phone"), booking.phone),
        (_("Further guests"), ", ".join(booking.guest_words)),
        (_("Places"), places(booking)),
        (_("Seats"), "" if whole else seats(booking)),
        (_("Where"), place(appointment, booking)),
        (_("Series"), "" if whole else series_words(booking)),
    ]
    rows += [(answer.label, answer.words) for answer in booking.answers.all()]
    if booking.link:
        rows.append((_("Link used"), link_words(booking.link)))
    return rows


def next_steps(booking: Booking) -> Rows:
    """What comes next, in the words of the calendar's owner: for who booked, once it is booked."""
    return [(_("What comes next"), booking.appointment.calendar.next_steps)]


def reason(booking: Booking) -> Rows:
    """Why it was cancelled."""
    return [(_("Reason"), booking.cancel_reason)]


def move_reason(event: Event) -> Rows:
    """Why this move was made; '' where nobody said so."""
    told = MoveReason.objects.filter(event=event).first()
    return [(_("Reason"), told.text if told else "")]


def answer_row(booking: Booking, zone: str) -> Rows:
    """Until when a request is to be answered; nothing of other bookings."""
    return [(_("Answer by"), moment(booking.answer_by, zone))] if booking.answer_by else []


def places(booking: Booking) -> str:
    """How many places of a class it takes; '' for the other kinds."""
    return str(booking.party) if is_session(booking) else ""


def series_words(booking: Booking) -> str:
    """`3 of 8`; '' for an appointment by itself."""
    if not booking.series:
        return ""
    count = Booking.objects.filter(series=booking.series).count()
    return _("%(number)s of %(count)s") % {"number": booking.series_number, "count": count}


def places_words(booking: Booking) -> str:
    """`1 place`, `3 places`; '' for all but a class."""
    words = ngettext("%(count)d place", "%(count)d places", booking.party)
    return words % {"count": booking.party} if is_session(booking) else ""


def seats(booking: Booking) -> str:
    """How full the session of a class is now; '' for the other kinds."""
    taken, all_seats = booking.appointment.seats_taken, booking.appointment.calendar.seats
    if taken is None:
        return ""
    if not taken:
        return _("Nobody is booked any more")
    if all_seats is None:  # a class no longer
        return _("%(taken)s taken") % {"taken": taken}
    return _("%(taken)s of %(seats)s taken") % {"taken": taken, "seats": all_seats}
