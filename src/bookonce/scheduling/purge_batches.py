"""Give up batches that will never be whole, and delete what is left of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q

from bookonce.scheduling.models import LinkBatch, LinkUpload
from bookonce.scheduling.transaction import one_transaction

AT_ONCE = 500  # links deleted in one transaction
ABANDONED = timedelta(minutes=20)  # without progress; a job's lease is 5 minutes
NEVER_BEGUN = timedelta(days=2)  # e.g. no worker ran
UPLOADS_KEPT = timedelta(days=1)  # previewed and never made

_REMOVE_SOME = """DELETE FROM scheduling_onetimelink WHERE id IN (
  SELECT l.id FROM scheduling_onetimelink l JOIN scheduling_linkbatch b ON b.id = l.batch_id
  WHERE b.id = %s AND b.activated_at IS NULL LIMIT %s)"""


@one_transaction
def give_up(batch_id: int, failure: str, *, now: datetime) -> bool:
    """The batch will never be activated; False when it was, or was given up before."""
    unfinished = LinkBatch.objects.filter(pk=batch_id, activated_at=None, failed_at=None)
    given_up = unfinished.update(failed_at=now, failure=failure[:32]) == 1
    LinkUpload.objects.filter(batch=batch_id, batch__activated_at=None).delete()
    return given_up


def purge(batch_id: int, *, now: datetime) -> int:
    """Delete the links of a batch that was given up, some at a time; how many."""
    if not LinkBatch.objects.filter(pk=batch_id, failed_at__isnull=False, purged_at=None).exists():
        return 0
    removed = remove_links(batch_id)
    _note_purged(batch_id, now=now)
    return removed


def remove_links(batch_id: int) -> int:
    """Delete the links of a batch that is not active, some at a time; how many."""
    removed = 0
    while count := _remove_some(batch_id):
        removed += count
    return removed


def purge_leftovers(*, now: datetime) -> int:
    """Give up what was abandoned, and purge all that was given up; how many links went."""
    abandoned = Q(touched_at__lt=now - ABANDONED) | Q(touched_at=None, created_at__lt=now - NEVER_BEGUN)
    unfinished = LinkBatch.objects.filter(activated_at=None, purged_at=None)
    for batch_id in unfinished.filter(abandoned, failed_at=None).values_list("pk", flat=True):
        give_up(batch_id, "abandoned", now=now)
    removed = 0
    for batch_id in unfinished.filter(failed_at__isnull=False).values_list("pk", flat=True):
        removed += purge(batch_id, now=now)
    _forget_uploads(now=now)
    return removed


def run(_payload: Mapping[str, Any], now: datetime) -> None:
    """The job `batches.purge`."""
    purge_leftovers(now=now)


@one_transaction
def _remove_some(batch_id: int) -> int:
    LinkBatch.known.through.objects.filter(linkbatch_id=batch_id, linkbatch__activated_at=None).delete()
    with connection.cursor() as cursor:
        cursor.execute(_REMOVE_SOME, [batch_id, AT_ONCE])
        return int(cursor.rowcount)


@one_transaction
def _note_purged(batch_id: int, *, now: datetime) -> None:
    LinkBatch.objects.filter(pk=batch_id).update(purged_at=now, made=0)


@one_transaction
def _forget_uploads(*, now: datetime) -> None:
    LinkUpload.objects.filter(batch=None, created_at__lt=now - UPLOADS_KEPT).delete()
