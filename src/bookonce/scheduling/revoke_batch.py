"""Withdraw what is left of a batch of one-time links."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q, QuerySet

from bookonce.scheduling import events, idempotency
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.link_filter import unused
from bookonce.scheduling.models import LinkBatch, OneTimeLink
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.revoke_link import withdraw
from bookonce.scheduling.transaction import one_transaction

AT_ONCE = 500  # links of one transaction, so that bookings never wait long


def revocable(
    batch: LinkBatch, *, now: datetime, unused_since: datetime | None = None
) -> QuerySet[OneTimeLink]:
    """The links of the batch with uses left; with `unused_since` those that nobody cared for since then."""
    links = OneTimeLink.objects.filter(_left(now, unused_since), batch=batch)
    return links if batch.activated_at else links.none()


def revoke_batch(
    batch: LinkBatch,
    *,
    by: events.Actor,
    now: datetime,
    unused_since: datetime | None = None,
    retry: Idempotency | None = None,
) -> int:
    """Take every link of the batch that has uses left out of use, and forget its secret; how many.

    Live bookings stay, and so do links that have ended already. Some at a time: a booking that comes first
    keeps its link. A retried key gets the number of then.

    Raises:
        IdempotencyMismatch, InProgress, Busy.
    """
    earlier = idempotency.look_up(retry)
    if earlier is not None:
        return int(earlier["revoked"])
    _note(batch.pk, by=by, now=now)
    count, after = 0, 0
    while (upto := _end_of_chunk(revocable(batch, now=now, unused_since=unused_since), after)) is not None:
        count += _revoke_some(batch.pk, after, upto, by=by, now=now, unused_since=unused_since)
        after = upto
    return _tell(batch, count, by=by, now=now, retry=retry)


def _left(now: datetime, unused_since: datetime | None) -> Q:
    left = Q(revoked_at=None, spent__lt=F("max_bookings")) & (Q(expires_at=None) | Q(expires_at__gt=now))
    return left & unused(unused_since) if unused_since else left


def _end_of_chunk(links: QuerySet[OneTimeLink], after: int) -> int | None:
    chunk = list(links.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    return chunk[-1] if chunk else None


@one_transaction
def _note(batch_id: int, *, by: events.Actor, now: datetime) -> None:
    LinkBatch.objects.filter(pk=batch_id).update(revoked_at=now, revoked_by_id=by.member_id)


@one_transaction
def _revoke_some(
    batch_id: int, after: int, upto: int, *, by: events.Actor, now: datetime, unused_since: datetime | None
) -> int:
    left = _left(now, unused_since)
    links = OneTimeLink.objects.filter(left, batch_id=batch_id, pk__gt=after, pk__lte=upto)
    locked = links.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True)
    return withdraw(OneTimeLink.objects.filter(pk__in=list(locked)), by=by, now=now)


@one_transaction
def _tell(batch: LinkBatch, count: int, *, by: events.Actor, now: datetime, retry: Idempotency | None) -> int:
    earlier = idempotency.claim(retry, {"revoked": count}, now=now)
    if count:
        details = {"batch": batch.public_id, "revoked": count}
        events.record(
            Event.Kind.LINKS_REVOKED, workspace_id=batch.workspace_id, actor=by, now=now, details=details
        )
    return count if earlier is None else int(earlier["revoked"])
