"""Reads that cross nouns: the lists of appointments and bookings, and what happened to one of them.

Lists are paged by key (no OFFSET: the hundredth page costs as much as the first), and each page takes
a fixed number of statements, whatever it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import (
    Count,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce

from bookonce.accounts.models import Workspace
from bookonce.scheduling.errors import NotFound
from bookonce.scheduling.models import Appointment, BlockedTime, Booking, LinkRequest, OneTimeLink
from bookonce.scheduling.models.appointment import LONGEST_BLOCK
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.models.link import REQUEST_OPEN

PAGE = 50
MOST_COUNTED = 1000  # beyond it a list says "more than": counting further costs more than it tells


class Tab(StrEnum):
    """The lists of appointments."""

    UPCOMING = "upcoming"
    WAITING = "waiting"  # for a host's answer
    PAST = "past"
    CANCELLED = "cancelled"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class AppointmentPage:
    """Appointments with calendar, hosts, the number of their `live_bookings`, and booking (with its link).

    Of a class, where they may be thousands, the bookings themselves are not loaded.
    """

    rows: Sequence[Appointment] = field(default_factory=list)
    next: str | None = None


@dataclass(frozen=True, slots=True)
class BookingPage:
    """Bookings of one appointment with their links, in the order in which they were made."""

    rows: list[Booking]
    next: str | None


def appointments_page(
    workspace_id: int, tab: Tab, *, now: datetime, cursor: str = "", limit: int = PAGE
) -> AppointmentPage:
    """One page of the workspace's appointments (three statements, four with a cursor).

    Upcoming ones come soonest first, all others latest first; one that is running is still upcoming.

    Raises:
        NotFound: the cursor is not of this workspace.
    """
    appointments = _in_tab(Appointment.objects.filter(workspace_id=workspace_id), tab, now)
    forward = tab in (Tab.UPCOMING, Tab.WAITING)
    if cursor:
        last = Appointment.objects.filter(workspace_id=workspace_id, public_id=cursor).first()
        if last is None:
            raise NotFound
        step = "gt" if forward else "lt"
        later = Q(**{f"starts__{step}": last.starts}) | Q(**{"starts": last.starts, f"pk__{step}": last.pk})
        # The first bound alone lets the index (workspace, starts) skip what was shown.
        appointments = appointments.filter(Q(**{f"starts__{step}e": last.starts}), later)
    order = ("starts", "pk") if forward else ("-starts", "-pk")
    bookings = Booking.objects.filter(appointment__seats_taken=None).select_related("link").order_by("pk")
    found = list(
        appointments.select_related("calendar")
        .annotate(live_bookings=_live_bookings(), waiting_bookings=_waiting_bookings())
        .prefetch_related(Prefetch("bookings", bookings), Prefetch("blocked_times", _host_times()))
        .order_by(*order)[: limit + 1]
    )
    shown = found[:limit]
    return AppointmentPage(shown, shown[-1].public_id if len(found) > limit else None)


def bookings_page(appointment: Appointment, *, cursor: str = "", limit: int = PAGE) -> BookingPage:
    """One page of who is, or was, booked into the appointment (one statement, two with a cursor).

    Raises:
        NotFound: the cursor is not of this appointment.
    """
    bookings = Booking.objects.filter(appointment=appointment).select_related("link").order_by("pk")
    if cursor:
        bookings = bookings.filter(pk__gt=_pk_of(bookings, cursor))
    found = list(bookings[: limit + 1])
    shown = found[:limit]
    return BookingPage(shown, shown[-1].public_id if len(found) > limit else None)


def series_of(booking: Booking) -> list[Booking]:
    """All bookings of its series with their appointments, in order; none when it is of no series."""
    if not booking.series:
        return []
    bookings = Booking.objects.filter(workspace_id=booking.workspace_id, series=booking.series)
    return list(bookings.select_related("appointment").order_by("series_number"))


def live_bookings(appointment: Appointment) -> QuerySet[Booking]:
    """Those that were not cancelled."""
    return Booking.objects.filter(appointment=appointment).exclude(status=Booking.Status.CANCELLED)


def load_hosts(appointment: Appointment) -> None:
    """Load whose time it takes, in the calendar's order, as its `blocked_times` (one statement)."""
    prefetch_related_objects([appointment], Prefetch("blocked_times", _host_times()))


def count_up_to(rows: QuerySet[Any], most: int = MOST_COUNTED) -> int:
    """How many rows there are, at most `most` + 1."""
    return rows.order_by()[: most + 1].count()


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many people wait for us: for a new link, and for an answer to a booking."""

    links: int
    bookings: int


def waiting_for_us(workspace_id: int) -> Waiting:
    """Both counts of the workspace; a series is one request (one statement)."""
    asked = LinkRequest.objects.filter(REQUEST_OPEN, workspace=OuterRef("pk"))
    requests = _requests().filter(workspace=OuterRef("pk"))
    requests = requests.annotate(request=Coalesce("series", "public_id"))
    counts = Workspace.objects.annotate(
        asking=_counted(asked, "workspace"), requesting=_counted(requests, "workspace", "request")
    )
    return Waiting(*counts.values_list("asking", "requesting").get(pk=workspace_id))


def history_of_link(link: OneTimeLink, *, limit: int = PAGE) -> list[Event]:
    """What happened to the link and to what was booked through it, latest first."""
    return _history(Event.objects.filter(workspace_id=link.workspace_id, link=link), limit)


def history_of_bookings(workspace_id: int, bookings: Iterable[Booking], *, limit: int = PAGE) -> list[Event]:
    """What happened to these bookings, latest first."""
    return _history(Event.objects.filter(workspace_id=workspace_id, booking__in=list(bookings)), limit)


def history_of_appointment(appointment: Appointment, *, limit: int = PAGE) -> list[Event]:
    """What happened to all its bookings, latest first."""
    return _history(
        Event.objects.filter(workspace_id=appointment.workspace_id, booking__appointment=appointment), limit
    )


def _history(events: QuerySet[Event], limit: int) -> list[Event]:
    told = events.select_related("member__user", "booking__appointment", "request", "link", "move_reason")
    return list(told.order_by("-pk")[:limit])


def _in_tab(appointments: QuerySet[Appointment], tab: Tab, now: datetime) -> QuerySet[Appointment]:
    if tab is Tab.CANCELLED:
        return appointments.filter(status=Appointment.Status.CANCELLED)
    if tab is Tab.ALL:
        return appointments
    if tab is Tab.WAITING:
        return appointments.filter(Exists(_requests().filter(appointment=OuterRef("pk"))))
    live = appointments.exclude(status=Appointment.Status.CANCELLED)
    # The bounds on the start say nothing new; they let the index skip the other side of now.
    if tab is Tab.UPCOMING:
        return live.filter(ends__gt=now, starts__gt=now - timedelta(minutes=LONGEST_BLOCK))
    return live.filter(ends__lte=now, starts__lt=now)


def _live_bookings() -> Coalesce:
    live = Booking.objects.exclude(status=Booking.Status.CANCELLED)
    return _counted(live.filter(appointment=OuterRef("pk")), "appointment")


def _waiting_bookings() -> Coalesce:
    return _counted(_requests().filter(appointment=OuterRef("pk")), "appointment")


def _requests() -> QuerySet[Booking]:
    """Those that wait for a host; the index of their answer times finds them."""
    return Booking.objects.filter(status=Booking.Status.NEW, answer_by__isnull=False)


def _counted(rows: QuerySet[Any], by: str, of: str = "pk") -> Coalesce:
    """How many there are for each value of `by`, as a subquery."""
    counted = rows.order_by().values(by).annotate(n=Count(of, distinct=of != "pk")).values("n")
    return Coalesce(Subquery(counted), Value(0))


def _host_times() -> QuerySet[BlockedTime]:
    return BlockedTime.objects.select_related("host__user").order_by("pk")


def _pk_of(rows: QuerySet[Any], public_id: str) -> int:
    pk = rows.filter(public_id=public_id).values_list("pk", flat=True).first()
    if pk is None:
        raise NotFound
    return int(pk)
