"""Bulk: a link for every row or nothing at all; nobody sees a batch before it is whole."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from bookonce.jobs.kinds import get_handler
from bookonce.jobs.models import Job
from bookonce.lib import clock
from bookonce.lib.tokens import digest
from bookonce.scheduling import issue_links as bulk
from bookonce.scheduling.book import book
from bookonce.scheduling.calendars import set_deleted
from bookonce.scheduling.errors import BeingMade, CalendarDeleted, InProgress, NotFound
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.issue_link import issue_link, shown_token
from bookonce.scheduling.issue_links import fill_batch, issue_links, open_batch
from bookonce.scheduling.link_filter import LinkFilter, matching_links
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.link_state import EXISTS
from bookonce.scheduling.link_uploads import keep_upload, make_links_later, run
from bookonce.scheduling.links_csv import batch_csv
from bookonce.scheduling.models import Event, LinkBatch, LinkUpload, OneTimeLink
from bookonce.scheduling.offer import Door, get_offer
from bookonce.scheduling.opens import Opens, keep_opens
from bookonce.scheduling.purge_batches import ABANDONED, give_up, purge_leftovers
from bookonce.scheduling.recipients_csv import read_recipients
from bookonce.scheduling.revoke_batch import revocable, revoke_batch
from tests.cast import NOW, Person, book_through, guest, make_link

ROWS = [LinkOptions(recipient_name=f"Person {n}", external_ref=f"ref-{n}") for n in range(7)]


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 3)
    monkeypatch.setattr(clock, "now", lambda: NOW)


def make(person: Person, rows: list[LinkOptions] | None = None, **options: Any) -> LinkBatch:
    return issue_links(person.calendar, ROWS if rows is None else rows, by=person.actor, now=NOW, **options)


def half_made(person: Person) -> LinkBatch:
    """A batch whose worker died after its chunks."""
    batch = open_batch(person.calendar, wanted=len(ROWS), by=person.actor, now=NOW)
    attempt = bulk._begin(batch.pk, now=NOW)
    bulk._add_chunk(batch, attempt, ROWS, person.actor)
    return batch


def test_every_row_gets_an_active_link_and_there_is_one_event(alice: Person) -> None:
    seen: list[int] = []
    batch = make(alice, name="Fair", tell=seen.append)
    links = list(OneTimeLink.objects.filter(batch=batch).order_by("pk"))
    assert [link.external_ref for link in links] == [row.external_ref for row in ROWS]
    assert (batch.made, batch.wanted, batch.activated_at, seen) == (7, 7, NOW, [3, 6, 7])
    token = shown_token(links[3])
    assert token
    assert digest(token) == links[3].token_digest
    offer = get_offer(Door.link(token))
    assert offer.link
    assert offer.link.recipient_name == "Person 3"
    event = Event.objects.get()
    assert (event.kind, event.details) == (
        "links.issued",
        {"batch": batch.public_id, "made": 7, "known": 0},
    )


def test_known_references_keep_their_links(alice: Person) -> None:
    first = make_link(alice, external_ref="ref-2").link
    batch = make(alice)
    assert (batch.made, list(batch.known.all())) == (6, [first])
    again = make(alice)
    assert (again.made, again.known.count(), OneTimeLink.objects.count()) == (0, 7, 7)
    lines = list(batch_csv(again, now=NOW))
    assert len(lines) == 8
    assert "/o/" in lines[1]


def test_a_link_of_an_unfinished_batch_exists_for_nobody(alice: Person) -> None:
    batch = half_made(alice)
    link = OneTimeLink.objects.filter(batch=batch).first()
    assert link
    token = shown_token(link)
    assert token
    with pytest.raises(NotFound):
        get_offer(Door.link(token))
    with pytest.raises(NotFound):
        book(Door.link(token), guest(), now=NOW)
    assert not matching_links(alice.workspace.pk, LinkFilter(), now=NOW).exists()
    assert not OneTimeLink.objects.filter(EXISTS).exists()
    assert len(list(batch_csv(batch, now=NOW))) == 1
    assert not revocable(batch, now=NOW).exists()
    with pytest.raises(BeingMade):
        issue_link(alice.calendar, LinkOptions(external_ref="ref-1"), by=alice.actor, now=NOW)
    with pytest.raises(BeingMade):
        make(alice)
    assert LinkBatch.objects.exclude(pk=batch.pk).get().purged_at == NOW
    LinkBatch.objects.filter(pk=batch.pk).update(activated_at=NOW)
    assert get_offer(Door.link(token)).link
    assert OneTimeLink.objects.filter(EXISTS).count() == 7


def test_a_calendar_deleted_meanwhile_leaves_nothing(alice: Person) -> None:
    def delete(done: int) -> None:
        if done == 3:
            set_deleted(alice.calendar, deleted=True, now=NOW)

    with pytest.raises(CalendarDeleted):
        make(alice, tell=delete)
    batch = LinkBatch.objects.get()
    assert (batch.failed_at, batch.purged_at, batch.made) == (NOW, NOW, 0)
    assert not OneTimeLink.objects.exists()
    with pytest.raises(CalendarDeleted):
        make(alice)


def test_leftovers_are_purged_when_their_time_is_up(alice: Person) -> None:
    batch, whole = half_made(alice), make(alice, [LinkOptions()])
    assert purge_leftovers(now=NOW + ABANDONED) == 0
    assert purge_leftovers(now=NOW + ABANDONED + timedelta(seconds=1)) == 7
    batch.refresh_from_db()
    assert (batch.failure, bool(batch.purged_at)) == ("abandoned", True)
    assert OneTimeLink.objects.get().batch == whole
    with pytest.raises(InProgress):
        fill_batch(batch, ROWS, by=alice.actor)
    assert not give_up(whole.pk, "x", now=NOW)
    get_handler("batches.purge")({}, NOW)


def test_whoever_takes_a_batch_over_starts_again_and_the_former_adds_no_more(alice: Person) -> None:
    batch = half_made(alice)
    fill_batch(batch, ROWS, by=alice.actor)
    assert OneTimeLink.objects.filter(batch=batch).count() == 7
    with pytest.raises(InProgress):
        bulk._add_chunk(batch, 1, [LinkOptions()], alice.actor)
    batch.refresh_from_db()
    assert (batch.made, batch.attempt) == (7, 2)


def test_a_retried_key_gets_the_same_batch(alice: Person) -> None:
    rows = [LinkOptions(label="a"), LinkOptions(label="b")]
    first = make(alice, rows, retry=Idempotency("key:x", "k", "f"))
    again = make(alice, rows, retry=Idempotency("key:x", "k", "f"))
    assert again == first
    assert OneTimeLink.objects.count() == 2
    # Both at once: whoever comes to activate second leaves nothing and gets the first's.
    batch = open_batch(alice.calendar, wanted=2, by=alice.actor, now=NOW)
    assert fill_batch(batch, rows, by=alice.actor, retry=Idempotency("key:x", "k", "f")) == first.public_id
    batch.refresh_from_db()
    assert batch.activated_at is None


def test_what_is_left_of_a_batch_is_revoked(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    from bookonce.scheduling import revoke_batch as verb

    monkeypatch.setattr(verb, "AT_ONCE", 2)
    batch, other = make(alice), make_link(alice)
    used, opened = OneTimeLink.objects.filter(batch=batch).order_by("pk")[:2]
    token = shown_token(used)
    assert token
    book(Door.link(token), guest(), now=NOW)
    keep_opens({opened.pk: Opens(people=1, bots=0, last=NOW + timedelta(days=3))})
    since = NOW + timedelta(days=2)
    assert revocable(batch, now=NOW).count() == 6
    assert revocable(batch, now=NOW, unused_since=since).count() == 5
    assert revoke_batch(batch, by=alice.actor, now=since, unused_since=since) == 5
    assert revoke_batch(batch, by=alice.actor, now=since) == 1
    assert revoke_batch(batch, by=alice.actor, now=since) == 0
    used.refresh_from_db()
    assert used.revoked_at is None
    assert OneTimeLink.objects.filter(batch=batch, sealed_token=None).count() == 6
    assert book_through(other, "2026-11-30T11:00:00+01:00").public_id
    assert [e.details["revoked"] for e in Event.objects.filter(kind="links.revoked").order_by("pk")] == [5, 1]


def test_uploaded_rows_wait_encrypted_and_are_deleted_once_read(alice: Person) -> None:
    file = read_recipients("Name,Email,City\nSam,sam@example.org,Ulm\n")
    upload = keep_upload(alice.calendar, file, by=alice.member, name="Fair", rows=1, now=NOW)
    assert "@" not in upload.sealed_rows  # no text in base64 holds it by chance
    batch = make_links_later(upload.pk, by=alice.actor, now=NOW)
    assert make_links_later(upload.pk, by=alice.actor, now=NOW) == batch
    job = Job.objects.get(kind="links.issue")
    assert job.payload == {"batch": batch.pk}
    run(job.payload, NOW)
    run(job.payload, NOW)
    batch.refresh_from_db()
    link = OneTimeLink.objects.get(batch=batch)
    assert (batch.activated_at, batch.columns, link.metadata) == (NOW, ["City"], {"City": "Ulm"})
    assert (link.created_by, link.created_via) == (alice.member, "page")
    assert not LinkUpload.objects.exists()


def test_a_job_that_is_refused_leaves_nothing_and_says_why(alice: Person) -> None:
    upload = keep_upload(
        alice.calendar, read_recipients("a@example.org"), by=alice.member, name="", rows=1, now=NOW
    )
    batch = make_links_later(upload.pk, by=alice.actor, now=NOW)
    set_deleted(alice.calendar, deleted=True, now=NOW)
    run({"batch": batch.pk}, NOW)
    batch.refresh_from_db()
    assert (batch.failure, batch.purged_at) == ("calendar_deleted", NOW)
    assert not LinkUpload.objects.exists()
    assert not OneTimeLink.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_bookings_go_on_between_the_chunks(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Real threads: while links are made, guests book through others, each within a second or two."""
    monkeypatch.setattr(bulk, "CHUNK", 100)
    starts = [f"2026-11-{day}T{hour:02}:00:00+01:00" for day in (24, 25, 26) for hour in range(9, 17)]
    ready = [make_link(alice) for _ in starts]
    done, waits, begun = threading.Event(), [], threading.Event()

    def make_many() -> None:
        try:
            rows = [LinkOptions(recipient_name=f"P {n}") for n in range(6000)]
            make(alice, rows, tell=lambda _count: begun.set())
        finally:
            begun.set()
            done.set()
            connection.close()

    maker = threading.Thread(target=make_many)
    maker.start()
    assert begun.wait(30)
    for issued, start in zip(ready, starts, strict=True):
        if done.is_set():
            break
        before = clock.monotonic()
        book_through(issued, start)
        waits.append(clock.monotonic() - before)
    maker.join(60)
    assert LinkBatch.objects.get().made == 6000
    assert len(waits) >= 5
    assert max(waits) < 2
