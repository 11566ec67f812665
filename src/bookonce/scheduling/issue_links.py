"""Make many one-time links in one go: all of them, or none.

Links go in chunks, a short transaction each, into a batch that nobody can see, so that bookings never wait
long; one UPDATE of the batch then brings all of them into being. What a failed or abandoned attempt leaves is
purged (purge_batches.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from bookonce.lib import clock
from bookonce.lib.tokens import new_public_id
from bookonce.scheduling import events, idempotency
from bookonce.scheduling.errors import BeingMade, CalendarDeleted, InProgress
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.issue_link import new_link
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.link_state import EXISTS
from bookonce.scheduling.models import Calendar, CalendarGroup, LinkBatch, OneTimeLink, Target
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.purge_batches import give_up, purge, remove_links
from bookonce.scheduling.targets import is_kept, leads_to
from bookonce.scheduling.transaction import one_transaction

CHUNK = 500  # links of one transaction: a few hundredths of a second

Tell = Callable[[int], None]


def issue_links(
    target: Target,
    options: Sequence[LinkOptions],
    *,
    by: events.Actor,
    now: datetime,
    name: str = "",
    columns: Sequence[str] = (),
    retry: Idempotency | None = None,
    tell: Tell | None = None,
) -> LinkBatch:
    """A batch with a new active link for every row (`parse_link_rows` has checked them), or nothing at all.

    A row whose `external_ref` the workspace already knows gets that link (`batch.known`), and none is made.
    A retried key gets the batch that was made then. `tell` is called with the number of rows that are done.

    Raises:
        CalendarDeleted; BeingMade: another batch that is being made has one of the references;
        IdempotencyMismatch, InProgress, Busy.
    """
    earlier = idempotency.look_up(retry)
    if earlier is not None:
        return LinkBatch.objects.get(public_id=earlier["batch"])
    batch = open_batch(target, wanted=len(options), by=by, now=now, name=name, columns=columns)
    finished = False
    try:
        kept = fill_batch(batch, options, by=by, retry=retry, tell=tell)
        finished = kept == batch.public_id
    finally:
        if not finished:
            give_up(batch.pk, "failed", now=clock.now())
            purge(batch.pk, now=clock.now())
    return LinkBatch.objects.get(public_id=kept)


@one_transaction
def open_batch(
    target: Target,
    *,
    wanted: int,
    by: events.Actor,
    now: datetime,
    name: str = "",
    columns: Sequence[str] = (),
) -> LinkBatch:
    """An empty batch, to be filled.

    Raises:
        CalendarDeleted: links to it would be dead at once.
    """
    return insert_batch(target, wanted=wanted, by=by, now=now, name=name, columns=columns)


def insert_batch(
    target: Target, *, wanted: int, by: events.Actor, now: datetime, name: str, columns: Sequence[str]
) -> LinkBatch:
    """The same within the caller's transaction."""
    batch = LinkBatch.objects.create(
        public_id=new_public_id("bat"),
        workspace_id=target.workspace_id,
        **leads_to(target),
        name=name,
        wanted=wanted,
        columns=list(columns),
        created_at=now,
        created_by_id=by.member_id,
        created_via=by.via,
    )
    if not is_kept(target):
        raise CalendarDeleted
    return batch


def fill_batch(
    batch: LinkBatch,
    options: Sequence[LinkOptions],
    *,
    by: events.Actor,
    retry: Idempotency | None = None,
    tell: Tell | None = None,
) -> str:
    """Put a link for every row into the batch and bring them into being; from the start, if begun before.

    Returns the public id of the batch that counts: another one where `retry` was answered meanwhile.

    Raises:
        CalendarDeleted; BeingMade; InProgress: the batch was given up, or another worker fills it; Busy.
    """
    attempt = _begin(batch.pk, now=clock.now())
    if attempt > 1:
        remove_links(batch.pk)
    for start in range(0, len(options), CHUNK):
        _add_chunk(batch, attempt, options[start : start + CHUNK], by)
        if tell:
            tell(min(start + CHUNK, len(options)))
    return _activate(batch, attempt, by=by, retry=retry, now=clock.now())


@one_transaction
def _begin(batch_id: int, *, now: datetime) -> int:
    """Take the batch over: whoever filled it before adds nothing more."""
    unfinished = LinkBatch.objects.filter(pk=batch_id, activated_at=None, failed_at=None)
    if unfinished.update(attempt=F("attempt") + 1, made=0, touched_at=now) == 0:
        raise InProgress
    return LinkBatch.objects.values_list("attempt", flat=True).get(pk=batch_id)


def _add_chunk(batch: LinkBatch, attempt: int, options: Sequence[LinkOptions], by: events.Actor) -> None:
    """Secrets are made before the transaction, which then only inserts."""
    now = batch.created_at
    if now is None:
        raise AssertionError
    links = [new_link(new_public_id("lnk"), batch.target, chosen, by=by, now=now)[0] for chosen in options]
    for link in links:
        link.batch = batch
    known = _known(batch.workspace_id, [link.external_ref for link in links if link.external_ref])
    _insert_chunk(batch, attempt, links, known, now=clock.now())


def _known(workspace_id: int, references: Sequence[str]) -> dict[str | None, int]:
    if not references:
        return {}
    there = OneTimeLink.objects.filter(workspace_id=workspace_id, external_ref__in=references)
    return dict(there.values_list("external_ref", "pk"))


@one_transaction
def _insert_chunk(
    batch: LinkBatch,
    attempt: int,
    links: Sequence[OneTimeLink],
    known: dict[str | None, int],
    *,
    now: datetime,
) -> None:
    fresh = [link for link in links if link.external_ref not in known]
    going_on = LinkBatch.objects.filter(pk=batch.pk, attempt=attempt, activated_at=None, failed_at=None)
    if going_on.update(made=F("made") + len(fresh), touched_at=now) == 0:
        raise InProgress
    named = [link.external_ref for link in links if link.external_ref]
    OneTimeLink.objects.bulk_create([_unkept(link) for link in fresh], ignore_conflicts=bool(named))
    if not named:
        return
    # Of two at once with one reference, whoever comes second finds the other's link here, or waited for it.
    theirs = OneTimeLink.objects.filter(workspace_id=batch.workspace_id, external_ref__in=named)
    theirs = theirs.exclude(batch=batch)
    if theirs.exclude(EXISTS).exists():
        raise BeingMade
    found = list(theirs.values_list("pk", flat=True))
    taken = len(found) - len(known)
    if taken < 0:  # one that was never finished has just been purged
        raise BeingMade
    if taken:
        LinkBatch.objects.filter(pk=batch.pk).update(made=F("made") - taken)
    again = LinkBatch.known.through
    again.objects.bulk_create(
        [again(linkbatch_id=batch.pk, onetimelink_id=pk) for pk in found], ignore_conflicts=True
    )


def _unkept(link: OneTimeLink) -> OneTimeLink:
    """As before an attempt of the transaction that was rolled back."""
    link.pk = None
    return link


@one_transaction
def _activate(
    batch: LinkBatch, attempt: int, *, by: events.Actor, retry: Idempotency | None, now: datetime
) -> str:
    earlier = idempotency.claim(retry, {"batch": batch.public_id}, now=now)
    if earlier is not None:
        return str(earlier["batch"])
    calendar = Calendar.objects.filter(pk=OuterRef("calendar_id"), deleted_at=None)
    whole = LinkBatch.objects.filter(Q(pk=batch.pk, attempt=attempt, activated_at=None, failed_at=None))
    group = CalendarGroup.objects.filter(pk=OuterRef("group_id"), deleted_at=None)
    if whole.filter(Exists(calendar) | Exists(group)).update(activated_at=now, touched_at=now) == 0:
        if is_kept(batch.target):
            raise InProgress
        raise CalendarDeleted
    made = LinkBatch.objects.values_list("made", flat=True).get(pk=batch.pk)
    details = {"batch": batch.public_id, "made": made, "known": batch.wanted - made}
    events.record(
        Event.Kind.LINKS_ISSUED, workspace_id=batch.workspace_id, actor=by, now=now, details=details
    )
    return batch.public_id
