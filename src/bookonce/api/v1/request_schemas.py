"""The shapes of requests for a new link in REST."""

from __future__ import annotations

from typing import Literal

from ninja import Schema
from pydantic import Field

from bookonce.api.v1.schemas import Instant


class LinkRequest(Schema):
    """Somebody who met a dead link asks for a new one."""

    id: str
    state: Literal["open", "answered", "dismissed"]
    link: str = Field(description="the id of the dead link")
    name: str
    email: str
    message: str
    answer: str | None = Field(description="the id of the new link")
    created_at: Instant
    answered_at: Instant | None
    dismissed_at: Instant | None


class LinkRequestPage(Schema):
    """Requests, newest first."""

    items: list[LinkRequest]
    next: str | None = Field(description="the cursor of the following page; null on the last one")
