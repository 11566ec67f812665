"""Keys that make a retry get its first answer: RFC draft httpapi-idempotency-key-header, docs/api.md."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection
from django.utils.translation import gettext as _

from bookonce.lib.database_errors import on_postgres, waited_too_long
from bookonce.lib.instants import to_seconds
from bookonce.scheduling.errors import IdempotencyMismatch, InProgress, Invalid

LONGEST_KEY = 255
_KEY = re.compile(rf"[\x21-\x7e]{{1,{LONGEST_KEY}}}")


@dataclass(slots=True)
class Idempotency:
    """A key within its scope, and what was asked under it.

    `kept` is what an earlier success kept under the key; None when this is the first one. Set by `claim`.
    """

    scope: str
    key: str
    fingerprint: str
    kept: dict[str, Any] | None = None


def check_key(key: str) -> None:
    """Make sure that a request may name this key.

    Raises:
        Invalid: it is empty, over 255 characters, or not visible ASCII.
    """
    if not _KEY.fullmatch(key):
        reason = _("Send 1 to %(most)s visible ASCII characters.") % {"most": LONGEST_KEY}
        raise Invalid({"Idempotency-Key": [reason]})


def fingerprint(body: Mapping[str, Any]) -> str:
    """The same for bodies that say the same, whatever the order of their members."""
    return hashlib.sha256(
        json.dumps(body, sort_keys=True, default=str).encode("utf-8", "surrogatepass")
    ).hexdigest()


def claim(wanted: Idempotency | None, result: Mapping[str, Any], *, now: datetime) -> dict[str, Any] | None:
    """First statement of a transaction: keep `result` under the key, or return what an earlier success kept.

    Waits for a transaction that is running under the same key; if that one fails, the key is ours.

    Raises:
        IdempotencyMismatch: the key was used for another request.
        InProgress: the wait outlasted the deadline.
    """
    if wanted is None:
        return None
    wanted.kept = None  # of an attempt that was rolled back
    with connection.cursor() as cursor:
        try:
            cursor.execute(
                "INSERT INTO scheduling_idempotencykey (scope, key, fingerprint, result, created_at) "
                "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (scope, key) DO NOTHING",
                [wanted.scope, wanted.key, wanted.fingerprint, json.dumps(dict(result)), to_seconds(now)],
            )
        except OperationalError as error:
            if waited_too_long(error):
                raise InProgress from error
            raise
        if cursor.rowcount == 1:
            return None
        cursor.execute(
            "SELECT fingerprint, result FROM scheduling_idempotencykey WHERE scope = %s AND key = %s",
            [wanted.scope, wanted.key],
        )
        row = cursor.fetchone()
    _take(wanted, row)
    _make_sure_of(wanted)
    return wanted.kept


def look_up(wanted: Idempotency | None) -> dict[str, Any] | None:
    """What an earlier success kept under the key, without claiming it: for work too long for a transaction.

    Raises:
        IdempotencyMismatch: the key was used for another request.
    """
    if wanted is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT fingerprint, result FROM scheduling_idempotencykey WHERE scope = %s AND key = %s",
            [wanted.scope, wanted.key],
        )
        row = cursor.fetchone()
    if row is not None:
        _take(wanted, row)
    return wanted.kept


def _take(wanted: Idempotency, row: Sequence[Any] | None) -> None:
    if row is None or row[0] != wanted.fingerprint:
        raise IdempotencyMismatch
    wanted.kept = row[1] if isinstance(row[1], dict) else json.loads(row[1])


def _make_sure_of(wanted: Idempotency) -> None:
    """Let our COMMIT wait for the standby as the first one did: that one may have been cut short.

    A transaction that writes nothing would be answered at once, from what a lost primary takes with it.
    """
    if not on_postgres():
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE scheduling_idempotencykey SET created_at = created_at WHERE scope = %s AND key = %s",
            [wanted.scope, wanted.key],
        )


def replace(wanted: Idempotency, result: Mapping[str, Any]) -> None:
    """Keep another result than the one claimed with, in the same transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE scheduling_idempotencykey SET result = %s WHERE scope = %s AND key = %s",
            [json.dumps(dict(result)), wanted.scope, wanted.key],
        )
