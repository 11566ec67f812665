"""Codes by mail, for links that are locked to whoever reads the recipient's mail."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from bookonce.lib.instants import to_seconds
from bookonce.lib.sealed import find_unsealed, seal
from bookonce.scheduling import events, idempotency
from bookonce.scheduling.booking_request import parse_booking
from bookonce.scheduling.errors import (
    Conflict,
    Invalid,
    NothingToChoose,
    RateLimited,
    SchedulingError,
    WrongRecipient,
)
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.models import LinkCode, OneTimeLink
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.offer import Door, Menu, get_offered, get_open_offer, refusal
from bookonce.scheduling.transaction import one_transaction

DIGITS = 6
LIFE = timedelta(minutes=10)
PAUSE = timedelta(seconds=60)  # between two codes of a link
MOST_IN_AN_HOUR = 5
MOST_TRIES = 5  # of one code
KEPT = timedelta(days=1)

_INSERT = """INSERT INTO scheduling_linkcode (link_id, digest, sealed_code, created_at, expires_at, attempts)
  SELECT %s, %s, %s, CAST(%s AS bigint), CAST(%s AS bigint), 0
  WHERE NOT EXISTS (SELECT 1 FROM scheduling_linkcode WHERE link_id = %s AND created_at > %s)
  AND (SELECT COUNT(*) FROM scheduling_linkcode WHERE link_id = %s AND created_at > %s) < %s
  RETURNING id"""
_LATEST = "(SELECT MAX(id) FROM scheduling_linkcode WHERE link_id = %s)"  # a new code ends the one before
_LIVE = f"id = {_LATEST} AND used_at IS NULL AND expires_at > %s"
_TRY = f"""UPDATE scheduling_linkcode SET attempts = attempts + 1
  WHERE {_LIVE} AND attempts < %s RETURNING id, digest"""
_CONSUME = f"UPDATE scheduling_linkcode SET used_at = %s WHERE id = %s AND {_LIVE}"


@dataclass(frozen=True, slots=True)
class Sent:
    """A code is on its way; until when it can be used."""

    expires_at: datetime


@one_transaction
def send_code(door: Door, *, now: datetime, stamp: int | None = None) -> Sent:
    """Owe the recipient of the link behind the door a mail with a new code, which ends the one before.

    A form stamped before the link expired may ask for one as long as it may be sent.

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
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    code_id = _insert(link.id, code, now)
    if code_id is None:
        raise _too_soon(link.id, now)
    events.record(
        Event.Kind.LINK_CODE_ASKED,
        workspace_id=offered.workspace_id,
        actor=events.GUEST,
        now=now,
        link_id=link.id,
        details={"code": code_id},
    )
    return Sent(now + LIFE)


def try_code(door: Door, raw: Mapping[str, Any], *, now: datetime, stamp: int | None) -> int | None:
    """Count a try of the code in this input, for good, and return the row of the code when it is right.

    None where the link asks for none. What is wrong otherwise with the input costs no try.

    Raises:
        WrongRecipient: it is not the code. Invalid: that code is used, too old, or was tried too often.
        And what `parse_booking` and `get_open_offer` raise.
    """
    door = door.choosing(raw.get("calendar")).holding(raw.get("hold"))
    grace = settings.BOOKONCE.grace_seconds
    offer = get_open_offer(door, to_seconds(now), stamp=stamp, grace=grace)
    request = parse_booking(raw, offer, stamp=stamp)
    if offer.link is None or offer.link.email_lock != OneTimeLink.EmailLock.CODE:
        return None
    found = _count_try(offer.link.id, now)
    if found is None:
        raise over()
    if not hmac.compare_digest(found[1], _digest(offer.link.id, request.code)):
        raise WrongRecipient({"code": [_("This is not the code. Look at the latest mail.")]})
    return found[0]


def try_code_unless_booked(
    door: Door,
    raw: Mapping[str, Any],
    retry: Idempotency | None,
    *,
    now: datetime,
    stamp: int | None,
) -> int | None:
    """As `try_code`; but a retry of what succeeded needs no code again, and finds its own used.

    Raises:
        As `try_code`.
    """
    if idempotency.look_up(retry) is not None:
        return None
    try:
        return try_code(door, raw, now=now, stamp=stamp)
    except SchedulingError:
        if idempotency.look_up(retry) is not None:  # it succeeded in this very moment
            return None
        raise


def consume_code(link_id: int, code_id: int | None, *, now: datetime) -> None:
    """Use the code up, in the booking's transaction; of many bookings with one code, one gets it.

    Raises:
        Invalid: it is used, too old, or not the link's latest.
    """
    at = to_seconds(now)
    with connection.cursor() as cursor:
        cursor.execute(_CONSUME, [at, code_id or 0, link_id, at])
        if cursor.rowcount != 1:
            raise over()


def is_on_its_way(link_id: int, *, now: datetime) -> bool:
    """Whether the link has a code that can still be entered."""
    latest = LinkCode.objects.filter(link=link_id).order_by("-pk").first()
    return bool(
        latest
        and latest.used_at is None
        and latest.expires_at
        and latest.expires_at > now
        and latest.attempts < MOST_TRIES
    )


def find_code(code_id: int, *, now: datetime) -> str | None:
    """The code, to be sent; None once it was sent, or is of no use any more."""
    live = LinkCode.objects.filter(pk=code_id, used_at=None, expires_at__gt=now).first()
    return find_unsealed(live.sealed_code) if live else None


def forget_code(code_id: int) -> None:
    """It has been sent: only its digest is needed."""
    LinkCode.objects.filter(pk=code_id).update(sealed_code=None)


def end_codes(link_id: int, *, now: datetime) -> None:
    """No code that was sent for the link works any more; within the caller's transaction."""
    LinkCode.objects.filter(link=link_id, expires_at__gt=now).update(expires_at=now, sealed_code=None)


def purge_codes(*, now: datetime) -> None:
    """Forget codes whose time is up, and delete them a day later; within the caller's transaction."""
    LinkCode.objects.filter(expires_at__lte=now, sealed_code__isnull=False).update(sealed_code=None)
    LinkCode.objects.filter(expires_at__lt=now - KEPT).delete()


def over() -> Invalid:
    """The refusal of a code that can't be right any more."""
    return Invalid({"code": [_("This code no longer works. Ask for a new one.")]})


@one_transaction
def _count_try(link_id: int, now: datetime) -> tuple[int, str] | None:
    with connection.cursor() as cursor:
        cursor.execute(_TRY, [link_id, to_seconds(now), MOST_TRIES])
        row = cursor.fetchone()
    return (int(row[0]), str(row[1])) if row else None


def _insert(link_id: int, code: str, now: datetime) -> int | None:
    at = to_seconds(now)
    since = at - int(PAUSE.total_seconds())
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [
                *(link_id, _digest(link_id, code), seal(code), at, to_seconds(now + LIFE)),
                *(link_id, since, link_id, at - 3600, MOST_IN_AN_HOUR),
            ],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else None


def _too_soon(link_id: int, now: datetime) -> RateLimited:
    """When the next one may be sent: PAUSE after the latest, and an hour after the fifth before."""
    at = to_seconds(now)
    sent = LinkCode.objects.filter(link=link_id, created_at__gt=now - timedelta(hours=1)).order_by("-pk")
    times = [to_seconds(made) for made in sent.values_list("created_at", flat=True) if made]
    free = times[0] + int(PAUSE.total_seconds())
    if len(times) >= MOST_IN_AN_HOUR:
        free = max(free, times[MOST_IN_AN_HOUR - 1] + 3600)
    return RateLimited("link-codes", most=MOST_IN_AN_HOUR, seconds=3600, wait=max(1, free - at))


def _digest(link_id: int, code: str) -> str:
    """Under the secret key: a million codes are soon tried against a plain digest."""
    return salted_hmac("bookonce.codes", f"{link_id} {code}", algorithm="sha256").hexdigest()
