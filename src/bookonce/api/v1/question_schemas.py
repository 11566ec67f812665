"""The shapes of questions in REST."""

from __future__ import annotations

from ninja import Schema
from pydantic import Field

from bookonce.api.v1.form_schemas import QuestionKind
from bookonce.api.v1.schemas import Asked, Instant


class Question(Schema):
    """What calendars of the workspace can ask."""

    id: str
    key: str = Field(description="names it in `answers`, and prefills it in an address; stays")
    kind: QuestionKind
    label: str
    help: str
    choices: list[str] = Field(description="of `choice` and `several`, in their order; else empty")
    created_at: Instant


class QuestionPage(Schema):
    """Questions, in the order they were made."""

    items: list[Question]
    next: str | None


class QuestionChanges(Asked):
    """What may be changed; what is not sent stays."""

    label: str | None = Field(None, max_length=200)
    help: str | None = Field(None, max_length=500)
    kind: QuestionKind | None = Field(None, description="stays once somebody has answered")
    key: str | None = Field(None, max_length=40, description="stays")
    choices: list[str] | None = Field(None, max_length=50)


class QuestionSettings(QuestionChanges):
    """A new question; without `key` one is made from the label."""

    label: str = Field(max_length=200)
    kind: QuestionKind
