"""The cast of three: Alice owns, Bob shares her workspace, Charlie owns another and may not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from bookonce.accounts.models import Member, User, Workspace
from bookonce.lib.tokens import new_public_id
from bookonce.scheduling import events
from bookonce.scheduling.book import Booked, book
from bookonce.scheduling.calendar_hosts import CompleteHost
from bookonce.scheduling.calendars import insert_calendar
from bookonce.scheduling.issue_link import Issued, issue_link
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.models import Calendar, Schedule
from bookonce.scheduling.offer import Door
from bookonce.scheduling.schedules import WORKING_WEEK, insert_hours, parse_schedule

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # a Monday, 09:00 in Berlin
MONDAY_NINE = "2026-11-30T09:00:00+01:00"
MONDAY_TEN = "2026-11-30T10:00:00+01:00"
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Person:
    """A member with a schedule and a calendar."""

    user: User
    member: Member
    workspace: Workspace
    schedule: Schedule
    calendar: Calendar

    @property
    def actor(self) -> events.Actor:
        """Acting through a page."""
        return events.Actor("page", self.member.pk)


def make_workspace(slug: str, *, now: datetime = NOW) -> Workspace:
    """A workspace in Berlin."""
    return Workspace.objects.create(slug=slug, name=slug.title(), timezone="Europe/Berlin", created_at=now)


def make_person(
    name: str, workspace: Workspace, *, role: str = "owner", zone: str = "Europe/Berlin", **columns: Any
) -> Person:
    """A member who works Monday to Friday, 09:00 to 17:00, with a 30 minute calendar."""
    user = User(email=f"{name.lower()}@example.com", name=name)
    user.set_password(PASSWORD)
    user.save()
    member = Member.objects.create(workspace=workspace, user=user, role=role, created_at=NOW)
    schedule = Schedule.objects.create(
        public_id=new_public_id("sch"),
        workspace=workspace,
        member=member,
        name="Working hours",
        timezone=zone,
    )
    insert_hours(schedule, parse_schedule({"timezone": zone, "weekly": WORKING_WEEK}))
    settings = {
        "name": f"{name}'s meeting",
        "slug": f"{name.lower()}-30",
        "durations": (30,),
        "interval": 30,
    } | columns
    calendar = insert_calendar(
        [CompleteHost(member, (schedule,))], settings, public_id=new_public_id("cal"), now=NOW
    )
    return Person(user, member, workspace, schedule, calendar)


def guest(start: str = MONDAY_NINE, **changes: Any) -> dict[str, Any]:
    """What a guest sends to book."""
    return {
        "start": start,
        "name": "Gina Guest",
        "email": "gina@example.org",
        "timezone": "Europe/Berlin",
    } | changes


def make_link(person: Person, *, now: datetime = NOW, **options: Any) -> Issued:
    """A one-time link to the person's calendar."""
    return issue_link(person.calendar, LinkOptions(**options), by=person.actor, now=now)


def book_through(issued: Issued, start: str = MONDAY_NINE, *, now: datetime = NOW, **changes: Any) -> Booked:
    """A booking through the link."""
    assert issued.token
    return book(Door.link(issued.token), guest(start, **changes), now=now)


@pytest.fixture
def alice(db: None) -> Person:
    """Owns the workspace `atelier`."""
    return make_person("Alice", make_workspace("atelier"))


@pytest.fixture
def bob(alice: Person) -> Person:
    """A plain member of Alice's workspace."""
    return make_person("Bob", alice.workspace, role="member")


@pytest.fixture
def charlie(db: None) -> Person:
    """Owns another workspace; must see nothing of Alice's."""
    return make_person("Charlie", make_workspace("elsewhere"))
