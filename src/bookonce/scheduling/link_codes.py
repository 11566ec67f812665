"""Codes by mail, for links that are locked to whoever reads the recipient's mail."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from bookonce.lib.instants import to_seconds
from bookonce.lib.languages import find_language
from bookonce.scheduling import events, mail_codes
from bookonce.scheduling.errors import Conflict, NothingToChoose
from bookonce.scheduling.mail_codes import LIFE, OF_LINKS, Sent
from bookonce.scheduling.models import LinkCode, OneTimeLink
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.offer import Door, Menu, get_offered, refusal
from bookonce.scheduling.transaction import one_transaction


@one_transaction
def send_code(door: Door, *, now: datetime, stamp: int | None = None, language: str = "") -> Sent:
    """Owe the recipient of the link behind the door a mail with a new code, which ends the one before.

    A form stamped before the link expired may ask for one as long as it may be sent.
    `language` is that of the page on which it was asked for.

    Raises:
        NotFound, CalendarPaused, CalendarDeleted, Link...: nothing can be booked there now.
        NothingToChoose: a group stands there, of which no calendar takes bookings.
        Conflict: the link asks for no code. RateLimited: too soon after the last one, or too many in an hour.
    """
    offered = get_offered(door)
    refused = refusal(offered, to_seconds(now), stamp=stamp, grace=settings.BOOKONCE.grace_seconds)
    if refused:
        raise refused
    link = offered.link
    if link is None or link.email_lock != OneTimeLink.EmailLock.CODE:
        raise Conflict(_("No code is needed here."))
    if isinstance(offered, Menu) and not offered.items:
        raise NothingToChoose
    OneTimeLink.objects.select_for_update().get(pk=link.id)  # two at once: the second finds the first's code
    code_id = mail_codes.make(OF_LINKS, link.id, now=now)
    events.record(
        Event.Kind.LINK_CODE_ASKED,
        workspace_id=offered.workspace_id,
        actor=events.GUEST,
        now=now,
        link_id=link.id,
        details={"code": code_id} | ({"language": spoken} if (spoken := find_language(language)) else {}),
    )
    return Sent(now + LIFE)


def end_codes(link_id: int, *, now: datetime) -> None:
    """No code that was sent for the link works any more; within the caller's transaction."""
    LinkCode.objects.filter(link=link_id, expires_at__gt=now).update(expires_at=now, sealed_code=None)
