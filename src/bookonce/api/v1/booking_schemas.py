"""The shapes of appointments and bookings, as OpenAPI tells them; see schemas.py."""

from __future__ import annotations

from typing import Literal

from ninja import Schema
from pydantic import Field

from bookonce.api.v1.schemas import Asked, Instant, Location, Person

AppointmentStatus = Literal["new", "confirmed", "cancelled"]
BookingStatus = Literal["new", "confirmed", "cancelled", "showed", "no_show", "invalid"]


class Guest(Schema):
    """Who booked, as given then."""

    name: str
    email: str
    phone: str
    timezone: str


class Cancelled(Schema):
    """When, by whom and why."""

    at: Instant
    cause: Literal["guest", "host", "declined", "expired"]
    reason: str


class Rescheduled(Schema):
    """The latest move: when, from which start, by whom and why."""

    at: Instant
    start_before: Instant
    cause: Literal["guest", "host"]
    reason: str


class InSeries(Schema):
    """A booking's place in its series."""

    id: str = Field(description="the same for all bookings of the series")
    number: int = Field(description="from 1")


class FurtherGuest(Schema):
    """Somebody who comes along."""

    name: str
    email: str


class Consent(Schema):
    """What the guest agreed to, and how we know."""

    text: str
    version: int = Field(description="of the calendar's text")
    given_at: Instant
    address: str = Field(description="IP address; empty where none is known")
    page: str = Field(description="where it was ticked; of a one-time link without its token")


class Booking(Schema):
    """One party's place in an appointment."""

    id: str
    appointment: str = Field(description="the appointment's id")
    guest: Guest
    link: str | None = Field(description="the id of the one-time link it was made through")
    status: BookingStatus = Field(description="new: a request that waits for a host")
    answer_by: Instant | None = Field(description="of a request: unanswered, it expires then")
    party: int = Field(description="seats it takes; 1 for all but a class")
    answers: dict[str, str | bool | list[str]] = Field(
        description="by key; a list of several choices, true or false of a checkbox, else text"
    )
    guests: list[str] = Field(description="e-mail addresses of those who come along")
    further_guests: list[FurtherGuest] = Field(description="the same with their names")
    guest_count: int = Field(description="how many come along, named or not")
    consent: Consent | None = Field(description="null: the calendar asked for none")
    series: InSeries | None = Field(description="null: an appointment by itself")
    rescheduled: Rescheduled | None = Field(description="null: it was never moved")
    cancelled: Cancelled | None


class BookingList(Schema):
    """Bookings, in the order of their series."""

    items: list[Booking]


class Appointment(Schema):
    """A reserved time of one or more hosts."""

    id: str
    start: Instant
    end: Instant
    status: AppointmentStatus
    calendar: str = Field(description="the calendar's id")
    hosts: list[Person]
    bookings: list[Booking] = Field(description="of a class one for each party, else one")
    seats_taken: int | None = Field(description="of a session of a class; null for the other kinds")
    location: Location
    cancelled: Cancelled | None
    created_at: Instant


class AppointmentPage(Schema):
    """Appointments, soonest first."""

    items: list[Appointment]
    next: str | None


class CancellationAsked(Asked):
    """What may be said with a cancellation."""

    reason: str | None = Field(None, max_length=500, description="told to the guest")
    reopen_link: bool | None = Field(
        None, description="whether its one-time link can be booked again; by default it can"
    )


class MarkAsked(Asked):
    """Whether a guest came."""

    status: Literal["showed", "no_show", "confirmed"] = Field(description="confirmed: take a mark back")


class NothingAsked(Asked):
    """No members are known."""
