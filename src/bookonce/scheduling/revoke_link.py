"""Withdraw a one-time link."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from bookonce.scheduling import events, host_time, idempotency, link_holds
from bookonce.scheduling.errors import Conflict
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.models import OneTimeLink
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.transaction import one_transaction


@one_transaction
def revoke_link(link_id: int, *, by: events.Actor, now: datetime, retry: Idempotency | None = None) -> bool:
    """Take the link out of use while it has uses left; False when it was revoked before. Live bookings stay.

    Its secret is forgotten: a revoked link is final.

    Raises:
        Conflict: it is spent; there is nothing to withdraw, the booking can be cancelled instead.
    """
    if idempotency.claim(retry, {}, now=now) is not None:
        return True
    open_link = OneTimeLink.objects.filter(pk=link_id, revoked_at=None, spent__lt=F("max_bookings"))
    if open_link.update(revoked_at=now, revoked_by_id=by.member_id, sealed_token=None) == 0:
        link = OneTimeLink.objects.get(pk=link_id)
        if link.revoked_at is not None:
            return False
        raise Conflict(
            _(
                "This link has already been used, so there is nothing to revoke. "
                "To free the time, cancel its booking."
            )
        )
    link = OneTimeLink.objects.get(pk=link_id)
    if link.holds_slots and (hosts := link_holds.release([link_id])):
        host_time.raise_versions(sorted(hosts))
    events.record(Event.Kind.LINK_REVOKED, workspace_id=link.workspace_id, actor=by, now=now, link_id=link_id)
    return True
