"""Rows of recipients that wait, encrypted, between the preview and the making of their links."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bookonce.accounts.models import Member
from bookonce.jobs.queue import JobFailed, enqueue
from bookonce.lib.sealed import Unreadable, seal, unseal
from bookonce.lib.tokens import new_public_id
from bookonce.scheduling import events
from bookonce.scheduling.errors import Busy, NotFound, SchedulingError
from bookonce.scheduling.issue_links import fill_batch, insert_batch
from bookonce.scheduling.link_rows import parse_link_rows
from bookonce.scheduling.models import LinkBatch, LinkUpload, Target
from bookonce.scheduling.purge_batches import give_up, purge
from bookonce.scheduling.recipients_csv import RecipientFile, read_recipients
from bookonce.scheduling.targets import WITH_TARGET, leads_to
from bookonce.scheduling.transaction import one_transaction


def keep_upload(
    target: Target, file: RecipientFile, *, by: Member, name: str, rows: int, now: datetime
) -> LinkUpload:
    """Keep the text of checked rows until `make_links_later`, a day at most."""
    return _insert_upload(
        LinkUpload(
            public_id=new_public_id("upl"),
            workspace_id=target.workspace_id,
            **leads_to(target),
            member=by,
            name=name,
            sealed_rows=seal(file.text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")),
            rows=rows,
            created_at=now,
        )
    )


def read_upload(upload: LinkUpload) -> RecipientFile:
    """The kept rows.

    Raises:
        NotFound: the key they were sealed with is gone.
    """
    try:
        return read_recipients(unseal(upload.sealed_rows))
    except Unreadable as error:
        raise NotFound from error


@one_transaction
def make_links_later(upload_id: int, *, by: events.Actor, now: datetime) -> LinkBatch:
    """A batch for the upload, and the job that fills it; pressed twice, the same batch.

    Raises:
        NotFound: the upload was made before and is gone, or is too old. CalendarDeleted.
    """
    upload = LinkUpload.objects.select_for_update(of=("self",)).select_related("calendar", "group")
    found = upload.filter(pk=upload_id).first()
    if found is None:
        raise NotFound
    if found.batch is not None:
        return found.batch
    columns = read_upload(found).columns
    kept = columns.kept if columns else ()
    batch = insert_batch(found.target, wanted=found.rows, by=by, now=now, name=found.name, columns=kept)
    LinkUpload.objects.filter(pk=upload_id).update(batch=batch)
    enqueue("links.issue", {"batch": batch.pk}, now=now, key=f"links.issue:{batch.pk}")
    return batch


def run(payload: Mapping[str, Any], now: datetime) -> None:
    """The job `links.issue`: make the links of the uploaded rows, then forget the rows."""
    batch = LinkBatch.objects.select_related(*WITH_TARGET).filter(pk=payload["batch"]).first()
    upload = LinkUpload.objects.filter(batch=batch).first()
    if batch is None or upload is None or batch.activated_at or batch.failed_at:
        return
    by = events.Actor(batch.created_via, batch.created_by_id)
    try:
        # As of when the owner asked: "in 3 days" counts from then, however long the job waited.
        asked_at = batch.created_at or now
        options = parse_link_rows(read_upload(upload).rows(), batch.target, now=asked_at)
        fill_batch(batch, options, by=by)
    except Busy as busy:
        raise JobFailed(str(busy)) from busy
    except SchedulingError as refusal:
        give_up(batch.pk, refusal.code, now=now)
        purge(batch.pk, now=now)
    else:
        _forget(upload.pk)


@one_transaction
def _insert_upload(upload: LinkUpload) -> LinkUpload:
    upload.save(force_insert=True)
    return upload


@one_transaction
def _forget(upload_id: int) -> None:
    LinkUpload.objects.filter(pk=upload_id).delete()
