"""What an appointment is called in the owner's lists: by its guest, or by its class and how full that is."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookonce.lib.names import in_one_line
from bookonce.scheduling.models import Appointment, Booking, Calendar


@dataclass(frozen=True, slots=True)
class AppointmentRow:
    """An appointment as lists show it; `seats` is '' for all but a class, `booking` none for a class."""

    appointment: Appointment
    booking: Booking | None
    title: str
    seats: str
    hosts: str
    status: str  # of the appointment; what its one guest did afterwards
    waiting: str  # how many guests of a class wait for an answer; else ''


def row_of(appointment: Appointment, *, live_bookings: int, waiting: int = 0) -> AppointmentRow:
    """The row of an appointment of queries.appointments_page."""
    of_class = is_session(appointment)
    booking = None if of_class else next(iter(appointment.bookings.all()), None)
    return AppointmentRow(
        appointment=appointment,
        booking=booking,
        title=booking.name if booking else appointment.calendar.name,
        seats=f"{guests_words(live_bookings)} ({seats_words(appointment)})" if of_class else "",
        hosts=hosts_words(appointment),
        status=booking.status if booking else appointment.status,
        waiting=waiting_words(waiting) if of_class and waiting else "",
    )


def is_session(appointment: Appointment) -> bool:
    """Whether it is a session of a class."""
    return appointment.seats_taken is not None


def guests_words(count: int) -> str:
    """`1 guest`, `3 guests`: parties, whatever places they take."""
    return ngettext("%(count)d guest", "%(count)d guests", count) % {"count": count}


def waiting_words(count: int) -> str:
    """`1 waits for your answer`, `3 wait for your answer`."""
    words = ngettext("%(count)d waits for your answer", "%(count)d wait for your answer", count)
    return words % {"count": count}


def places_words(count: int) -> str:
    """`1 place`, `3 places`."""
    return ngettext("%(count)d place", "%(count)d places", count) % {"count": count}


def seats_words(appointment: Appointment) -> str:
    """`5 of 10 seats`, by what the class has now."""
    taken, seats = appointment.seats_taken or 0, appointment.calendar.seats
    if seats is None:  # a class no longer
        return ngettext("%(count)d seat", "%(count)d seats", taken) % {"count": taken}
    return _("%(taken)s of %(seats)s seats") % {"taken": taken, "seats": seats}


def hosts_words(appointment: Appointment) -> str:
    """Who hosts it, where there are several or it might have been another; else ''. Hosts are loaded."""
    names = [time.host.user.name for time in appointment.blocked_times.all()]
    of_several = len(names) > 1 or appointment.calendar.kind == Calendar.Kind.ROUND_ROBIN
    return in_one_line(names) if of_several else ""
