"""Forget whom dead links were for that were never booked: nobody needs to know any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from bookonce.scheduling.models import OneTimeLink
from bookonce.scheduling.transaction import one_transaction

AT_ONCE = 500  # links of one transaction, so that bookings never wait long
_NOTHING: Mapping[str, Any] = {
    "recipient_name": "",
    "recipient_email": "",
    "recipient_phone": "",
    "metadata": {},
}
_KNOWN = ~Q(recipient_name="", recipient_email="", recipient_phone="") | ~Q(metadata={})


def forget_recipients(*, now: datetime) -> int:
    """Take recipient and metadata off the links that died long enough ago without a booking; how many.

    That is BOOKONCE_RECIPIENTS_KEPT_DAYS after they were revoked or expired. State, label, counts and history
    stay, and so does a lock: a link in place of this one is locked, too. A link of a deleted calendar is not
    dead for good: the calendar may be restored.
    """
    count = 0
    while chunk := list(_forgettable(now).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        count += _forget(chunk, now=now)
    return count


def run(_payload: Mapping[str, Any], now: datetime) -> None:
    """The job `recipients.forget`."""
    forget_recipients(now=now)


def _forgettable(now: datetime) -> QuerySet[OneTimeLink]:
    then = now - timedelta(days=settings.BOOKONCE.recipients_kept_days)
    dead = Q(revoked_at__lte=then) | Q(expires_at__lte=then)
    return OneTimeLink.objects.filter(dead & _KNOWN, last_use=0)


@one_transaction
def _forget(chunk: Sequence[int], *, now: datetime) -> int:
    return _forgettable(now).filter(pk__in=chunk).update(**_NOTHING)
