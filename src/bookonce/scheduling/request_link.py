"""A visitor of a dead link asks for a new one; the owner answers with one click, or dismisses it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from bookonce.lib.fields import Fields
from bookonce.lib.instants import to_seconds
from bookonce.lib.languages import find_language
from bookonce.lib.tokens import new_public_id
from bookonce.scheduling import events, idempotency
from bookonce.scheduling.child_link import issue_child
from bookonce.scheduling.errors import Conflict, Invalid, NotFound
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.issue_link import Issued, made_before
from bookonce.scheduling.models import LinkRequest, OneTimeLink
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.models.link import REQUEST_OPEN
from bookonce.scheduling.transaction import one_transaction
from bookonce.scheduling.waiting_requests import expiring_overdue

_INSERT_REQUEST = """INSERT INTO scheduling_linkrequest
    (public_id, workspace_id, link_id, name, email, message, language, created_at)
  SELECT %s, l.workspace_id, l.id, %s, %s, %s, %s, CAST(%s AS bigint) FROM scheduling_onetimelink l
  WHERE l.id = %s
  ON CONFLICT (link_id, email) WHERE answered_at IS NULL AND dismissed_at IS NULL DO NOTHING
  RETURNING id, workspace_id"""


@one_transaction
def request_link(link_id: int, raw: Mapping[str, Any], *, now: datetime, language: str = "") -> bool:
    """Ask the owner of a dead link for a new one; False when this address has already asked and waits.

    `raw` holds name, email and, optionally, a message; `language` is that of the page and of the
    mail that answers.

    Raises:
        Invalid: by field. NotFound: no such link.
    """
    fields = Fields(raw)
    fields.only(("name", "email", "message"))
    name = fields.text("name", most=120, required=True)
    email = fields.email("email", required=True).lower()
    message = fields.text("message", most=500, lines=True)
    if fields.errors:
        raise Invalid(fields.errors)
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT_REQUEST,
            [new_public_id("req"), name, email, message, find_language(language), to_seconds(now), link_id],
        )
        row = cursor.fetchone()
    if row is None:
        if not OneTimeLink.objects.filter(pk=link_id).exists():
            raise NotFound
        return False
    events.record(
        Event.Kind.LINK_REQUESTED,
        workspace_id=row[1],
        actor=events.GUEST,
        now=now,
        link_id=link_id,
        request_id=row[0],
    )
    return True


@expiring_overdue
@one_transaction
def answer_request(
    request_id: int, *, by: events.Actor, now: datetime, retry: Idempotency | None = None
) -> Issued:
    """Issue a new link with the old one's options and mail it to whoever asked; the old link is its parent.

    Raises:
        Conflict: it was answered or dismissed before. CalendarDeleted: the new link would be dead at once.
        IdempotencyMismatch, InProgress: about the key.
    """
    fresh = {"link": new_public_id("lnk")}
    earlier = idempotency.claim(retry, fresh, now=now)
    if earlier is not None:
        return made_before(earlier["link"])
    if LinkRequest.objects.filter(REQUEST_OPEN, pk=request_id).update(answered_at=now) == 0:
        raise Conflict(_("This request has already been answered."))
    asked = LinkRequest.objects.select_related("link__calendar__schedule", "link__group").get(pk=request_id)
    issued = issue_child(
        asked.link, name=asked.name, email=asked.email, by=by, now=now, public_id=fresh["link"]
    )
    LinkRequest.objects.filter(pk=request_id).update(answer=issued.link)
    events.record(
        Event.Kind.LINK_REQUEST_ANSWERED,
        workspace_id=asked.workspace_id,
        actor=by,
        now=now,
        link_id=issued.link.pk,
        request_id=request_id,
    )
    return issued


@one_transaction
def dismiss_request(request_id: int, *, now: datetime, retry: Idempotency | None = None) -> bool:
    """Take the request off the list without an answer; False when it was answered or dismissed before."""
    if idempotency.claim(retry, {}, now=now) is not None:
        return False
    return LinkRequest.objects.filter(REQUEST_OPEN, pk=request_id).update(dismissed_at=now) == 1


@one_transaction
def restore_request(request_id: int) -> bool:
    """Undo a dismissal; False when there is none, or the same person has asked again since."""
    dismissed = LinkRequest.objects.filter(pk=request_id, answered_at=None, dismissed_at__isnull=False)
    try:
        with transaction.atomic():
            return dismissed.update(dismissed_at=None) == 1
    except IntegrityError:  # link_request_open_once
        return False
