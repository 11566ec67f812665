"""Calendars of every kind for the cast: a class, a round robin, a collective."""

from __future__ import annotations

from typing import Any

from bookonce.lib.tokens import new_public_id
from bookonce.scheduling.book import Booked, book
from bookonce.scheduling.calendar_hosts import CompleteHost
from bookonce.scheduling.calendars import insert_calendar
from bookonce.scheduling.models import Calendar
from bookonce.scheduling.offer import Door
from tests.cast import MONDAY_NINE, NOW, Person, guest

SLUG = "yoga"


def make_calendar(kind: str, *people: Person, **columns: Any) -> Calendar:
    """A calendar of these hosts, in this order, under `<workspace>/yoga`."""
    settings = {"name": "Yoga", "slug": SLUG, "durations": (60,), "interval": 60, "kind": kind} | columns
    hosts = [CompleteHost(person.member, (person.schedule,)) for person in people]
    return insert_calendar(hosts, settings, public_id=new_public_id("cal"), now=NOW)


def make_class(*people: Person, seats: int = 10, **columns: Any) -> Calendar:
    """A class of so many seats, which tells guests how many are left."""
    return make_calendar("class", *people, **{"seats": seats, "shows_seats_left": True} | columns)


def book_into(
    calendar: Calendar, start: str = MONDAY_NINE, *, name: str = "Gina Guest", **changes: Any
) -> Booked:
    """A booking through the calendar's permanent link; the address follows the name: gina@example.org."""
    told = {"name": name, "email": f"{name.split(maxsplit=1)[0].lower()}@example.org"} | changes
    return book(Door.permanent(calendar.permanent_id), guest(start, **told), now=NOW)
