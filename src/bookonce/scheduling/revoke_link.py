"""Withdraw a one-time link."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from bookonce.scheduling import events, host_time, idempotency, link_holds, visitor_holds
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
    if withdraw(OneTimeLink.objects.filter(pk=link_id), by=by, now=now) == 0:
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
    events.record(Event.Kind.LINK_REVOKED, workspace_id=link.workspace_id, actor=by, now=now, link_id=link_id)
    return True


def withdraw(links: QuerySet[OneTimeLink], *, by: events.Actor, now: datetime) -> int:
    """Take those of the links that have uses left out of use, within the caller's transaction; how many.

    What they hold is free again, and so is what visitors keep through them.
    """
    left = links.filter(revoked_at=None, spent__lt=F("max_bookings"))
    count = left.update(revoked_at=now, revoked_by_id=by.member_id, sealed_token=None)
    # Of those that hold times, some may have been revoked before, and hold nothing any more.
    gone = links.filter(revoked_at__isnull=False) if count else OneTimeLink.objects.none()
    hosts = link_holds.release(list(gone.filter(holds_slots=True).values_list("pk", flat=True)))
    if hosts := hosts | visitor_holds.let_go_of_links(gone, now=now):
        host_time.raise_versions(sorted(hosts))
    return count
