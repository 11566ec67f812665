"""A one-time link as a message, ready to be sent by whoever asks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from bookonce.api.v1.access import caller, get_noun
from bookonce.api.v1.openapi import describe
from bookonce.api.v1.requests import read_query
from bookonce.api.v1.schemas import Instant, Length
from bookonce.lib import clock
from bookonce.lib.instants import iso
from bookonce.messages.proposal import message_for
from bookonce.scheduling import link_queries
from bookonce.scheduling.errors import Conflict, Invalid
from bookonce.scheduling.issue_link import shown_url
from bookonce.scheduling.link_state import EXISTS
from bookonce.scheduling.models import OneTimeLink
from bookonce.scheduling.offer import Door
from bookonce.scheduling.propose import KNOWN

router = Router(tags=["One-time links"], by_alias=True)


class ProposedTime(Schema):
    """A free start, and the address that opens the page at it."""

    start: Instant
    url: str


class OneTimeLinkMessage(Schema):
    """A message that hands out the link, with a few of its free times."""

    subject: str
    text: str
    html: str
    times: list[ProposedTime]
    timezone: str
    duration: Length | None = Field(description="null for a link to a group")


@router.get(
    "/one-time-links/{link_id}/message",
    response=OneTimeLinkMessage,
    summary="Write a message with the link and a few free times",
    openapi_extra=describe(query=KNOWN),
)
def write_one_time_link_message(request: HttpRequest, link_id: str) -> dict[str, Any]:
    """Nothing is sent and nothing is kept free. A link that can't be booked any more has none (409).

    For a group no times are proposed.
    """
    key, now = caller(request), clock.now()
    link = get_noun(OneTimeLink.objects.filter(EXISTS, workspace_id=key.workspace_id), link_id)
    asked = read_query(request, KNOWN)
    if asked.errors:
        raise Invalid(asked.errors)
    url = shown_url(link, link_queries.state_now(link, now=now))
    if url is None:
        raise Conflict(_("This link can no longer be booked through."))
    message = message_for(Door("link", link.token_digest), url, asked.raw, now=now)
    return {
        "subject": message.subject,
        "text": message.text,
        "html": str(message.html),
        "times": [{"start": iso(time.start), "url": time.url} for time in message.times],
        "timezone": message.wish.timezone,
        "duration": message.wish.duration or None,
    }
