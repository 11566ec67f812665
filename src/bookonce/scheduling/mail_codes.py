"""Codes by mail, whatever they open: how long one works, how often one is sent and tried."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from bookonce.lib.instants import to_seconds
from bookonce.lib.sealed import find_unsealed, seal
from bookonce.scheduling.errors import Invalid, RateLimited, WrongRecipient
from bookonce.scheduling.models import GuestCode, LinkCode
from bookonce.scheduling.transaction import one_transaction

DIGITS = 6
LIFE = timedelta(minutes=10)
PAUSE = timedelta(seconds=60)  # between two codes of one owner
MOST_IN_AN_HOUR = 5
MOST_TRIES = 5  # of one code
KEPT = timedelta(days=1)

_INSERT = """INSERT INTO {table} ({columns}, created_at, expires_at, attempts)
  SELECT {values}, CAST(%s AS bigint), CAST(%s AS bigint), 0
  WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE {owner} = %s AND created_at > %s)
  AND (SELECT COUNT(*) FROM {table} WHERE {owner} = %s AND created_at > %s) < %s
  RETURNING id"""
_LATEST = "(SELECT MAX(id) FROM {table} WHERE {owner} = %s)"  # a new code ends the one before
_LIVE = f"id = {_LATEST} AND used_at IS NULL AND expires_at > %s"
_TRY = f"""UPDATE {{table}} SET attempts = attempts + 1
  WHERE {_LIVE} AND attempts < %s RETURNING id, digest"""
_CONSUME = f"UPDATE {{table}} SET used_at = %s WHERE id = %s AND {_LIVE}"


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of one table; `owner` is the column of what a code opens."""

    model: type[LinkCode | GuestCode]
    owner: str
    limit: str  # its name where too many are asked for

    def sql(self, statement: str, **parts: str) -> str:
        """The statement for this table."""
        return statement.format(table=self.model._meta.db_table, owner=self.owner, **parts)

    @property
    def nothing_sealed(self) -> dict[str, None]:
        """The columns of a code that has been sent."""
        columns = [field.name for field in self.model._meta.local_concrete_fields]
        return dict.fromkeys(name for name in columns if name.startswith("sealed_"))


OF_LINKS = Codes(LinkCode, "link_id", "link-codes")
OF_GUESTS = Codes(GuestCode, "subject", "guest-codes")


@dataclass(frozen=True, slots=True)
class Sent:
    """A code is on its way; until when it can be used."""

    expires_at: datetime


def make(codes: Codes, owner: int | str, *, now: datetime, columns: Mapping[str, Any] | None = None) -> int:
    """A new code, which ends the owner's one before; its row. Within the caller's transaction.

    The caller holds a lock that two who ask for the same owner wait for.

    Raises:
        RateLimited: too soon after the last one, or too many in an hour.
    """
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    code_id = _insert(codes, owner, code, now, columns or {})
    if code_id is None:
        raise _too_soon(codes, owner, now)
    return code_id


def try_code(codes: Codes, owner: int | str, code: str, *, now: datetime) -> int:
    """Count a try of the code, for good, and return its row when it is right.

    Raises:
        WrongRecipient: it is not the code. Invalid: that code is used, too old, or was tried too often.
    """
    found = _count_try(codes, owner, now)
    if found is None:
        raise over()
    if not hmac.compare_digest(found[1], _digest(owner, code)):
        raise WrongRecipient({"code": [_("This is not the code. Look at the latest mail.")]})
    return found[0]


def consume(codes: Codes, owner: int | str, code_id: int | None, *, now: datetime) -> None:
    """Use the code up, in the booking's transaction; of many bookings with one code, one gets it.

    Raises:
        Invalid: it is used, too old, or not the owner's latest.
    """
    at = to_seconds(now)
    with connection.cursor() as cursor:
        cursor.execute(codes.sql(_CONSUME), [at, code_id or 0, owner, at])
        if cursor.rowcount != 1:
            raise over()


def is_on_its_way(codes: Codes, owner: int | str, *, now: datetime) -> bool:
    """Whether there is a code of the owner that can still be entered."""
    latest = codes.model.objects.filter(**{codes.owner: owner}).order_by("-pk").first()
    return bool(
        latest
        and latest.used_at is None
        and latest.expires_at
        and latest.expires_at > now
        and latest.attempts < MOST_TRIES
    )


def find_code(codes: Codes, code_id: int, *, now: datetime) -> str | None:
    """The code, to be sent; None once it was sent, or is of no use any more."""
    live = codes.model.objects.filter(pk=code_id, used_at=None, expires_at__gt=now).first()
    return find_unsealed(live.sealed_code) if live else None


def forget_code(codes: Codes, code_id: int) -> None:
    """It has been sent: only its digest is needed."""
    codes.model.objects.filter(pk=code_id).update(**codes.nothing_sealed)


def purge_codes(*, now: datetime) -> None:
    """Forget codes whose time is up, and delete them a day later; within the caller's transaction."""
    for codes in (OF_LINKS, OF_GUESTS):
        kept = codes.model.objects
        kept.filter(expires_at__lte=now, sealed_code__isnull=False).update(**codes.nothing_sealed)
        kept.filter(expires_at__lt=now - KEPT).delete()


def over() -> Invalid:
    """The refusal of a code that can't be right any more."""
    return Invalid({"code": [_("This code no longer works. Ask for a new one.")]})


@one_transaction
def _count_try(codes: Codes, owner: int | str, now: datetime) -> tuple[int, str] | None:
    with connection.cursor() as cursor:
        cursor.execute(codes.sql(_TRY), [owner, to_seconds(now), MOST_TRIES])
        row = cursor.fetchone()
    return (int(row[0]), str(row[1])) if row else None


def _insert(
    codes: Codes, owner: int | str, code: str, now: datetime, columns: Mapping[str, Any]
) -> int | None:
    at = to_seconds(now)
    row = {
        **columns,
        codes.owner: owner,
        "digest": _digest(owner, code),
        "sealed_code": seal(code),
    }
    since = at - int(PAUSE.total_seconds())
    statement = codes.sql(_INSERT, columns=", ".join(row), values=", ".join(["%s"] * len(row)))
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            [*row.values(), at, to_seconds(now + LIFE), owner, since, owner, at - 3600, MOST_IN_AN_HOUR],
        )
        found = cursor.fetchone()
    return int(found[0]) if found else None


def _too_soon(codes: Codes, owner: int | str, now: datetime) -> RateLimited:
    """When the next one may be sent: PAUSE after the latest, and an hour after the fifth before."""
    at = to_seconds(now)
    sent = codes.model.objects.filter(
        **{codes.owner: owner, "created_at__gt": now - timedelta(hours=1)}
    ).order_by("-pk")
    times = [to_seconds(made) for made in sent.values_list("created_at", flat=True) if made]
    free = times[0] + int(PAUSE.total_seconds())
    if len(times) >= MOST_IN_AN_HOUR:
        free = max(free, times[MOST_IN_AN_HOUR - 1] + 3600)
    return RateLimited(codes.limit, most=MOST_IN_AN_HOUR, seconds=3600, wait=max(1, free - at))


def _digest(owner: int | str, code: str) -> str:
    """Under the secret key: a million codes are soon tried against a plain digest."""
    return salted_hmac("bookonce.codes", f"{owner} {code}", algorithm="sha256").hexdigest()
