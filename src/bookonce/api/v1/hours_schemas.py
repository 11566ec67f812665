"""The shapes of schedules and time off, as OpenAPI tells them; see schemas.py."""

from __future__ import annotations

from typing import Annotated

from ninja import Schema
from pydantic import Field

from bookonce.api.v1.schemas import Asked, Day, Person

Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$", examples=["09:00"])]
Weekday = Annotated[int, Field(ge=0, le=6)]
NIGHT = "an end before the start is on the next day; 24:00 is midnight"


class Range(Schema):
    """Hours of one date."""

    start: Clock
    end: Clock


class WeeklyRule(Range):
    """Hours that begin on these weekdays, 0 = Sunday."""

    days: list[int]


class Override(Schema):
    """What replaces the weekly hours of a date; without ranges it is closed."""

    day: Day = Field(alias="date")
    ranges: list[Range]


class Schedule(Schema):
    """When a host works: local times in one zone."""

    id: str
    name: str
    timezone: str
    member: Person
    weekly: list[WeeklyRule] = Field(description=NIGHT)
    overrides: list[Override]


class SchedulePage(Schema):
    """Schedules, in the order they were made."""

    items: list[Schedule]
    next: str | None


class RangeAsked(Asked):
    """Hours of one date."""

    start: Clock
    end: Clock


class WeeklyRuleAsked(RangeAsked):
    """Hours that begin on these weekdays, 0 = Sunday."""

    days: list[Weekday] = Field(min_length=1)


class OverrideAsked(Asked):
    """What replaces the weekly hours of a date; without ranges it is closed."""

    day: Day = Field(alias="date")
    ranges: list[RangeAsked] = Field(default_factory=list, max_length=50)


class ScheduleChanges(Asked):
    """What may be changed; what is not sent stays. Lists are replaced as a whole."""

    name: str | None = Field(None, max_length=80)
    timezone: str | None = Field(None, description="an IANA name")
    weekly: list[WeeklyRuleAsked] | None = Field(None, max_length=50, description=NIGHT)
    overrides: list[OverrideAsked] | None = Field(None, max_length=1000)


class ScheduleSettings(ScheduleChanges):
    """What may be set on a new schedule."""

    timezone: str = Field(description="an IANA name")
    member: str | None = Field(None, description="a member's e-mail address; unset: the key's member")


class TimeOff(Schema):
    """Local days on which a host is out of office, both included."""

    id: str
    member: Person
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    note: str = Field(description="for the team; guests never see it")


class TimeOffWithAppointments(TimeOff):
    """The same with the upcoming appointments that lie on these days; they stay."""

    appointments: list[str] = Field(description="ids, soonest first")


class TimeOffPage(Schema):
    """Time off, in the order it was added."""

    items: list[TimeOff]
    next: str | None


class TimeOffChanges(Asked):
    """Other days or another note; what is not sent stays."""

    first: Day | None = Field(None, alias="from")
    last: Day | None = Field(None, alias="to")
    note: str | None = Field(None, max_length=120)


class TimeOffAsked(Asked):
    """New time off."""

    first: Day = Field(alias="from")
    last: Day | None = Field(None, alias="to", description="unset: one day")
    note: str | None = Field(None, max_length=120)
    member: str | None = Field(None, description="a member's e-mail address; unset: the key's member")
