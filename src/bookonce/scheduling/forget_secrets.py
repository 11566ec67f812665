"""Forget what is no longer needed: secrets of final links and invitations, old codes, proofs and keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q

from bookonce.accounts.models import Invitation
from bookonce.scheduling.mail_codes import purge_codes
from bookonce.scheduling.models import Booking, IdempotencyKey, OneTimeLink
from bookonce.scheduling.proofs import purge_proofs
from bookonce.scheduling.transaction import one_transaction

KEYS_KEPT = timedelta(hours=48)  # promised: at least 24 h (docs/api.md)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many of each."""

    links: int
    keys: int
    invitations: int = 0


@one_transaction
def forget_secrets(*, now: datetime) -> Forgotten:
    """Drop the encrypted copies of final links' tokens, and idempotency rows older than KEYS_KEPT.

    Final (docs/decisions/0010) is a link that is revoked; or one that is used, or expired past the grace,
    while no booking of it is still ahead, or a request, whose end by its host would bring it back.
    The link's page goes on to answer: its digest stays. So with invitations whose time is up; those that
    were accepted or revoked lost their copy then.
    """
    comes = Q(appointment__ends__gt=now) & ~Q(appointment__status="cancelled")
    ahead = Booking.objects.filter(comes | Q(status=Booking.Status.NEW), link=OuterRef("pk"))
    grace = timedelta(seconds=settings.BOOKONCE.grace_seconds)
    over = Q(spent__gte=F("max_bookings")) | Q(expires_at__lte=now - grace)
    final = Q(revoked_at__isnull=False) | (over & ~Exists(ahead))
    links = OneTimeLink.objects.filter(final, sealed_token__isnull=False).update(sealed_token=None)
    keys, _ = IdempotencyKey.objects.filter(created_at__lt=now - KEYS_KEPT).delete()
    purge_codes(now=now)
    purge_proofs(now=now)
    expired = Invitation.objects.filter(expires_at__lte=now, sealed_token__isnull=False)
    return Forgotten(links, keys, expired.update(sealed_token=None))


def run(_payload: Mapping[str, Any], now: datetime) -> None:
    """The job `secrets.forget`."""
    forget_secrets(now=now)
