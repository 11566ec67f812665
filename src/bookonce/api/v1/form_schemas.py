"""The shapes of what a calendar's form asks, in REST; mixed into those of calendars (schemas.py)."""

from __future__ import annotations

from typing import Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from bookonce.scheduling.models.calendar import MOST_GUESTS

FurtherGuests = Literal["none", "count", "details"]
QuestionKind = Literal[
    "short", "long", "number", "email", "phone", "choice", "several", "checkbox", "date", "url"
]


class CalendarQuestion(Schema):
    """A question that a calendar asks."""

    question: str = Field(description="the question's id")
    key: str = Field(description="by which `answers` of a booking name it")
    required: bool


class CalendarQuestionAsked(Schema):
    """A question that a calendar is to ask."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(description="a question's id or key")
    required: bool = False


class FormOfCalendar(Schema):
    """What guests are asked for, beside name and e-mail address."""

    questions: list[CalendarQuestion] = Field(description="in the order of the form")
    asks_notes: bool = Field(description="whether there is room for notes")
    further_guests: FurtherGuests = Field(description="what is asked about those who come along")
    most_guests: int = Field(description="so many may come along")
    consent_text: str = Field(description="what guests have to agree to; empty: nothing")


class FormChanges(Schema):
    """What may be changed of it."""

    questions: list[CalendarQuestionAsked] | None = Field(None, max_length=30)
    asks_notes: bool | None = None
    further_guests: FurtherGuests | None = None
    most_guests: int | None = Field(None, ge=1, le=MOST_GUESTS)
    consent_text: str | None = Field(
        None, max_length=1000, description="plain words; another text is a new version"
    )
