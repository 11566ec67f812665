"""Codes by mail for guests of public addresses that ask for a proof of work: who gets one needs no proof.

They are for browsers without scripts, and for programs that would rather read a mail than solve a puzzle.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from bookonce.lib.fields import Fields
from bookonce.lib.instants import to_seconds
from bookonce.lib.sealed import seal
from bookonce.scheduling import events, mail_codes, rate_limits
from bookonce.scheduling.errors import Conflict, Invalid
from bookonce.scheduling.mail_codes import LIFE, OF_GUESTS, Sent
from bookonce.scheduling.models import Calendar
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.offer import Door, Offer, get_open_offer
from bookonce.scheduling.transaction import one_transaction


def send_guest_code(door: Door, raw: Mapping[str, Any], *, now: datetime, language: str = "") -> Sent:
    """Owe whoever reads the mail of `email` in the input a code, which ends the one before.

    Nobody is mailed without end: of all calendars together an address gets a few codes an hour, and a
    calendar sends so many.

    Raises:
        NotFound, CalendarPaused, CalendarDeleted: nothing can be booked there now.
        Conflict: no code is needed there. Invalid: no address, or no calendar of a group was chosen.
        RateLimited: too soon after the last one, or too many in an hour.
    """
    offer = get_open_offer(door, to_seconds(now))
    if not offer.asks_proof:
        raise Conflict(_("No code is needed here."))
    fields = Fields(raw)
    email = fields.email("email", required=True)
    if fields.errors:
        raise Invalid(fields.errors)
    rate_limits.count("mailbox-codes", _mailbox(email), now=now)
    rate_limits.count("calendar-codes", offer.calendar_key, now=now)
    return _send(door, offer, email, language, now)


def subject_of(door: Door, offer: Offer, email: str) -> str:
    """What a code of the guest with this address opens: bookings at this door, of this calendar."""
    subject = f"{door.scope} {offer.calendar_key} {email.strip().casefold()}"
    return salted_hmac("bookonce.guest-codes", subject, algorithm="sha256").hexdigest()


@one_transaction
def _send(door: Door, offer: Offer, email: str, language: str, now: datetime) -> Sent:
    # Two at once: the second finds the first's code.
    calendar = Calendar.objects.select_for_update(no_key=True).get(pk=offer.calendar_id)
    columns = {"calendar_id": calendar.pk, "language": language, "sealed_email": seal(email)}
    code_id = mail_codes.make(OF_GUESTS, subject_of(door, offer, email), now=now, columns=columns)
    events.record(
        Event.Kind.GUEST_CODE_ASKED,
        workspace_id=offer.workspace_id,
        actor=events.GUEST,
        now=now,
        details={"code": code_id},
    )
    return Sent(now + LIFE)


def _mailbox(email: str) -> str:
    """Of the addresses that many providers deliver to one mailbox, one; to count by, never to send to."""
    local, _at, domain = email.casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
