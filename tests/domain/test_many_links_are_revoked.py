"""Chosen links, or all that a filter lets through, are taken out of use; what is used stays as it is."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from bookonce.scheduling import revoke_links as verb
from bookonce.scheduling.cancel import cancel
from bookonce.scheduling.errors import IdempotencyMismatch, Invalid, LinkRevoked
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.issue_links import issue_links
from bookonce.scheduling.link_filter import LinkFilter
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.link_state import LinkState
from bookonce.scheduling.models import Booking, Event, OneTimeLink
from bookonce.scheduling.revoke_link import revoke_link
from bookonce.scheduling.revoke_links import Withdrawn, parse_chosen, revoke_links, revoke_matching
from tests.cast import NOW, Person, book_through, make_link


def revoked(person: Person) -> set[int]:
    links = OneTimeLink.objects.filter(workspace=person.workspace, revoked_at__isnull=False)
    return set(links.values_list("pk", flat=True))


def test_each_chosen_link_is_told_of(alice: Person) -> None:
    active, used, twice, before = (make_link(alice, max_bookings=n) for n in (1, 1, 2, 1))
    book_through(used)
    booked = book_through(twice, "2026-11-30T10:00:00+01:00")
    revoke_link(before.link.pk, by=alice.actor, now=NOW - timedelta(days=1))
    asked = [issued.link.public_id for issued in (used, active, before, twice)]
    done = revoke_links(alice.workspace.pk, asked, by=alice.actor, now=NOW)
    ids = [issued.link.public_id for issued in (active, twice, used, before)]
    assert done == Withdrawn(revoked=ids[:2], used=[ids[2]], before=[ids[3]])
    ended = OneTimeLink.objects.get(pk=active.link.pk)
    assert (ended.revoked_at, ended.revoked_by, ended.sealed_token) == (NOW, alice.member, None)
    assert OneTimeLink.objects.get(pk=before.link.pk).revoked_at == NOW - timedelta(days=1)
    assert Booking.objects.get(public_id=booked.public_id).status == Booking.Status.CONFIRMED
    event = Event.objects.get(kind=Event.Kind.LINKS_REVOKED)
    assert (event.details, event.member) == ({"revoked": 2}, alice.member)
    cancel(Booking.objects.get(public_id=booked.public_id).pk, by=alice.actor, now=NOW)
    assert OneTimeLink.objects.get(pk=twice.link.pk).revoked_at == NOW  # a revoked link never reopens


def test_with_one_stranger_among_them_none_is_revoked(alice: Person, charlie: Person) -> None:
    own, stranger = make_link(alice).link, make_link(charlie).link
    with pytest.raises(Invalid) as refused:
        revoke_links(alice.workspace.pk, [own.public_id, stranger.public_id], by=alice.actor, now=NOW)
    assert list(refused.value.errors) == ["ids.1"]
    assert revoked(alice) == revoked(charlie) == set()


@pytest.mark.parametrize(
    "bad", [None, "x", [], [1], ["\0"], ["lnk_" + "a" * 17], ["lnk_" + "a" * 16] * 1001, {"ids": []}]
)
def test_what_is_no_list_of_ids_is_refused(bad: Any) -> None:
    with pytest.raises(Invalid):
        parse_chosen(bad)


def test_an_id_named_twice_counts_once() -> None:
    assert parse_chosen(["lnk_" + "a" * 16] * 2) == ["lnk_" + "a" * 16]


def test_a_retry_gets_the_first_answer(alice: Person) -> None:
    link = make_link(alice).link

    def revoke(fingerprint: str) -> Withdrawn:
        retry = Idempotency("scope", "key", fingerprint)
        return revoke_links(alice.workspace.pk, [link.public_id], by=alice.actor, now=NOW, retry=retry)

    assert revoke("one") == revoke("one") == Withdrawn(revoked=[link.public_id])
    with pytest.raises(IdempotencyMismatch):
        revoke("other")
    assert Event.objects.filter(kind=Event.Kind.LINKS_REVOKED).count() == 1


def test_all_that_match_are_revoked_but_what_is_over(alice: Person, charlie: Person) -> None:
    fair = [make_link(alice, label="fair").link.pk for _ in range(5)]
    expired = make_link(alice, label="fair", expires_at=NOW + timedelta(hours=1)).link
    OneTimeLink.objects.filter(pk=expired.pk).update(expires_at=NOW)
    book_through(make_link(alice, label="fair"))
    make_link(alice, label="other")
    make_link(charlie, label="fair")
    wanted = LinkFilter(label="fair")
    assert revoke_matching(alice.workspace.pk, wanted, by=alice.actor, now=NOW) == (5, False)
    assert revoked(alice) == set(fair)
    assert revoked(charlie) == set()
    used = LinkFilter((LinkState.USED, LinkState.EXPIRED))
    assert revoke_matching(alice.workspace.pk, used, by=alice.actor, now=NOW) == (0, False)
    assert Event.objects.filter(kind=Event.Kind.LINKS_REVOKED).count() == 1


def test_a_long_list_is_revoked_step_by_step(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verb, "AT_ONCE", 3)
    issue_links(alice.calendar, [LinkOptions()] * 10, by=alice.actor, now=NOW)

    def step() -> tuple[int, bool]:
        return revoke_matching(alice.workspace.pk, LinkFilter(), by=alice.actor, now=NOW, most=5)

    assert [step(), step(), step()] == [(6, True), (4, False), (0, False)]


@pytest.mark.django_db(transaction=True)
def test_a_link_is_booked_or_revoked_never_both(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verb, "AT_ONCE", 2)
    links = [make_link(alice) for _ in range(12)]
    starts = [f"2026-11-30T{9 + number // 2:02}:{number % 2 * 30:02}:00+01:00" for number in range(12)]
    begin = threading.Barrier(4)

    def book_all(numbers: range) -> list[int]:
        refused = []
        begin.wait()
        for number in numbers:
            try:
                book_through(links[number], starts[number])
            except LinkRevoked:
                refused.append(links[number].link.pk)
        connection.close()
        return refused

    def revoke_all() -> list[int]:
        begin.wait()
        revoke_matching(alice.workspace.pk, LinkFilter(), by=alice.actor, now=NOW)
        chosen = [issued.link.public_id for issued in links]
        revoke_links(alice.workspace.pk, chosen, by=alice.actor, now=NOW)
        connection.close()
        return []

    with ThreadPoolExecutor(4) as pool:
        tasks = [pool.submit(book_all, range(part, 12, 2)) for part in (0, 1)]
        tasks += [pool.submit(revoke_all) for _ in (0, 1)]
        refused = [pk for task in tasks for pk in task.result()]
    booked = set(Booking.objects.values_list("link_id", flat=True))
    assert booked.isdisjoint(revoked(alice))
    assert booked | revoked(alice) == {issued.link.pk for issued in links}
    assert set(refused) == revoked(alice)
