"""Reads that cross nouns: the lists of links and appointments, and what happened to one of them.

Lists are paged by key (no OFFSET: the hundredth page costs as much as the first), and each page takes
a fixed number of statements, whatever it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, prefetch_related_objects
from django.db.models.functions import Coalesce

from bookonce.lib.instants import to_seconds
from bookonce.scheduling.errors import NotFound
from bookonce.scheduling.link_state import EXISTS, LinkState, state_expression
from bookonce.scheduling.models import Appointment, BlockedTime, Booking, LinkRequest, OneTimeLink
from bookonce.scheduling.models.appointment import LONGEST_BLOCK
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.targets import WITH_TARGET

PAGE = 50
MOST_COUNTED = 1000  # beyond it a list says "more than": counting further costs more than it tells


@dataclass(frozen=True, slots=True)
class LinkFilter:
    """Which links to list; what is empty does not narrow."""

    states: tuple[LinkState, ...] = ()
    calendar: str = ""  # its public id, or that of a group
    text: str = ""  # part of the label, or of the recipient's name or address
    batch: str = ""  # its public id
    unused_since: datetime | None = None  # never booked through; neither made nor opened since then


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link as lists show it; `booking` is the latest one whose use was not returned."""

    link: OneTimeLink
    state: LinkState
    booking: Booking | None


@dataclass(frozen=True, slots=True)
class LinkPage:
    """Newest first; `next` is the cursor of the following page, None at the end."""

    rows: list[LinkRow]
    next: str | None


class Tab(StrEnum):
    """The lists of appointments."""

    UPCOMING = "upcoming"
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


def links_page(
    workspace_id: int, wanted: LinkFilter, *, now: datetime, cursor: str = "", limit: int = PAGE
) -> LinkPage:
    """One page of the workspace's links (two statements, three with a cursor).

    Raises:
        NotFound: the cursor is not of this workspace.
    """
    links = matching_links(workspace_id, wanted, now=now)
    if cursor:
        links = links.filter(
            pk__lt=_pk_of(OneTimeLink.objects.filter(EXISTS, workspace_id=workspace_id), cursor)
        )
    found = list(
        links.select_related(*WITH_TARGET, "created_by__user", "revoked_by__user")
        .annotate(use_booking=_latest_use())
        .order_by("-pk")[: limit + 1]
    )
    shown = found[:limit]
    bookings = _bookings_of(shown)
    rows = [LinkRow(link, _state_of(link), bookings.get(_annotated(link, "use_booking"))) for link in shown]
    return LinkPage(rows, shown[-1].public_id if len(found) > limit else None)


def matching_links(workspace_id: int, wanted: LinkFilter, *, now: datetime) -> QuerySet[OneTimeLink]:
    """The workspace's links that the filter lets through, each with its `state`."""
    links = OneTimeLink.objects.filter(EXISTS, workspace_id=workspace_id)
    links = links.annotate(state=state_expression(to_seconds(now)))
    if wanted.states:
        links = links.filter(state__in=wanted.states)
    if wanted.calendar:
        links = links.filter(Q(calendar__public_id=wanted.calendar) | Q(group__public_id=wanted.calendar))
    if wanted.batch:
        links = links.filter(batch__public_id=wanted.batch)
    if wanted.unused_since:
        links = links.filter(unused(wanted.unused_since))
    for word in wanted.text.split():
        links = links.filter(
            Q(label__icontains=word) | Q(recipient_name__icontains=word) | Q(recipient_email__icontains=word)
        )
    return links


def unused(since: datetime) -> Q:
    """Links that were never booked through, and neither made nor opened since then."""
    return Q(last_use=0, created_at__lt=since) & (Q(last_opened_at=None) | Q(last_opened_at__lt=since))


def state_now(link: OneTimeLink, *, now: datetime) -> LinkState:
    """The state of one link (one statement)."""
    return _state_of(OneTimeLink.objects.annotate(state=state_expression(to_seconds(now))).get(pk=link.pk))


def appointments_page(
    workspace_id: int, tab: Tab, *, now: datetime, cursor: str = "", limit: int = PAGE
) -> AppointmentPage:
    """One page of the workspace's appointments (three statements, four with a cursor).

    Upcoming ones come soonest first, all others latest first; one that is running is still upcoming.

    Raises:
        NotFound: the cursor is not of this workspace.
    """
    appointments = _in_tab(Appointment.objects.filter(workspace_id=workspace_id), tab, now)
    forward = tab is Tab.UPCOMING
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
        .annotate(live_bookings=_live_bookings())
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


def open_requests(workspace_id: int, *, limit: int = PAGE) -> list[LinkRequest]:
    """Who asked for a new link and waits, newest first, each with the link and its calendar."""
    waiting = LinkRequest.objects.filter(workspace_id=workspace_id, answered_at=None, dismissed_at=None)
    return list(waiting.select_related("link__calendar", "link__group").order_by("-pk")[:limit])


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


def bookings_of_link(link: OneTimeLink, *, limit: int = PAGE) -> list[Booking]:
    """All that was booked through the link, cancelled or not, latest first."""
    bookings = Booking.objects.filter(workspace_id=link.workspace_id, link=link)
    return list(bookings.select_related("appointment", "link_use").order_by("-pk")[:limit])


def _history(events: QuerySet[Event], limit: int) -> list[Event]:
    return list(
        events.select_related("member__user", "booking__appointment", "request", "link").order_by("-pk")[
            :limit
        ]
    )


def _in_tab(appointments: QuerySet[Appointment], tab: Tab, now: datetime) -> QuerySet[Appointment]:
    if tab is Tab.CANCELLED:
        return appointments.filter(status=Appointment.Status.CANCELLED)
    if tab is Tab.ALL:
        return appointments
    live = appointments.exclude(status=Appointment.Status.CANCELLED)
    # The bounds on the start say nothing new; they let the index skip the other side of now.
    if tab is Tab.UPCOMING:
        return live.filter(ends__gt=now, starts__gt=now - timedelta(minutes=LONGEST_BLOCK))
    return live.filter(ends__lte=now, starts__lt=now)


def _live_bookings() -> Coalesce:
    live = Booking.objects.filter(appointment=OuterRef("pk")).exclude(status=Booking.Status.CANCELLED)
    return Coalesce(
        Subquery(live.order_by().values("appointment").annotate(n=Count("pk")).values("n")), Value(0)
    )


def _host_times() -> QuerySet[BlockedTime]:
    return BlockedTime.objects.select_related("host__user").order_by("pk")


def _latest_use() -> Subquery:
    bookings = Booking.objects.filter(link=OuterRef("pk"), link_use__returned_at=None)
    return Subquery(bookings.order_by("-pk").values("pk")[:1])


def _bookings_of(links: Iterable[OneTimeLink]) -> dict[int | None, Booking]:
    wanted = [pk for link in links if (pk := _annotated(link, "use_booking")) is not None]
    bookings = Booking.objects.select_related("appointment").filter(pk__in=wanted)
    return {booking.pk: booking for booking in bookings}


def _state_of(link: OneTimeLink) -> LinkState:
    return LinkState(cast("Any", link).state)


def _annotated(link: OneTimeLink, name: str) -> int | None:
    return cast("int | None", getattr(link, name))


def _pk_of(rows: QuerySet[Any], public_id: str) -> int:
    pk = rows.filter(public_id=public_id).values_list("pk", flat=True).first()
    if pk is None:
        raise NotFound
    return int(pk)
