"""Calendar groups for the cast, and links to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bookonce.scheduling.book import Booked, book
from bookonce.scheduling.calendar_groups import create_group
from bookonce.scheduling.issue_link import Issued, issue_link
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.models import Calendar, CalendarGroup
from bookonce.scheduling.offer import Door
from tests.cast import MONDAY_NINE, NOW, Person, guest


def make_group(person: Person, *calendars: Calendar, **settings: Any) -> CalendarGroup:
    """A group of these calendars, in this order, under `<workspace>/meet-us`."""
    wanted = {"name": "Meet us", "slug": "meet-us", "calendars": [each.public_id for each in calendars]}
    return create_group(person.member, wanted | settings, now=NOW)


def make_group_link(person: Person, group: CalendarGroup, *, now: datetime = NOW, **options: Any) -> Issued:
    """A one-time link to the group."""
    return issue_link(group, LinkOptions(**options), by=person.actor, now=now)


def book_in_group(
    issued: Issued, calendar: Calendar, start: str = MONDAY_NINE, *, now: datetime = NOW, **changes: Any
) -> Booked:
    """A booking of this calendar through the link to the group."""
    assert issued.token
    return book(Door.link(issued.token), guest(start, calendar=calendar.public_id, **changes), now=now)
