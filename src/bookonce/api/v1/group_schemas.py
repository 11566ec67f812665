"""The shapes of calendar groups in REST."""

from __future__ import annotations

from ninja import Schema
from pydantic import Field

from bookonce.api.v1.schemas import Asked, Instant


class CalendarGroup(Schema):
    """A menu of calendars behind one page."""

    id: str
    name: str
    slug: str
    description: str
    calendars: list[str] = Field(description="ids, in the order of the menu")
    one_time_only: bool
    contact_text: str
    paused: bool
    scheduling_link: str | None = Field(description="null when bookable by one-time link only")
    permanent_link: str | None = Field(description="null when bookable by one-time link only")
    created_at: Instant


class CalendarGroupPage(Schema):
    """Groups, in the order they were made."""

    items: list[CalendarGroup]
    next: str | None


class CalendarGroupChanges(Asked):
    """What may be changed; what is not sent stays."""

    name: str | None = Field(None, max_length=120)
    slug: str | None = Field(None, max_length=48, description="of no other group or calendar")
    description: str | None = Field(None, max_length=2000)
    calendars: list[str] | None = Field(None, max_length=100, description="ids, in the order of the menu")
    one_time_only: bool | None = None
    contact_text: str | None = Field(None, max_length=500)
    paused: bool = False


class CalendarGroupSettings(CalendarGroupChanges):
    """What may be set on a new group."""

    name: str = Field(max_length=120)
