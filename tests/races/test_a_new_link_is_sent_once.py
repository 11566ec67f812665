"""Two members send the guest who did not come a new link at once: one of them does."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest
from django.db import connection

from bookonce.scheduling import link_holds
from bookonce.scheduling.cancel import cancel
from bookonce.scheduling.child_link import issue_child
from bookonce.scheduling.models import Booking, OneTimeLink
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.renew_link import renew_link
from tests.cast import NOW, Person, book_through, make_link
from tests.races.test_a_request_is_answered_once import Act, all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
BESIDE = 0.4  # seconds: long enough for the other to come as far


def cancelled(alice: Person) -> Booking:
    """A booking whose link stays used."""
    booking = Booking.objects.get(public_id=book_through(make_link(alice)).public_id)
    cancel(booking.pk, by=alice.actor, now=NOW, reopen_link=False)
    return booking


def decided_together(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Whoever is about to issue the link waits so long until the other is, too."""
    both, issue = threading.Barrier(2), issue_child

    def late(*args: Any, **options: Any) -> Any:
        try:
            both.wait(seconds)
        except threading.BrokenBarrierError:
            pass
        return issue(*args, **options)

    monkeypatch.setattr("bookonce.scheduling.renew_link.issue_child", late)


def sent(alice: Person, bob: Person) -> list[object]:
    booking = cancelled(alice)
    acts: list[Act] = [partial(renew_link, booking.pk, by=person.actor, now=NOW) for person in (alice, bob)]
    return all_at_once(acts)


def test_of_two_members_one_sends_it(alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    decided_together(monkeypatch, BESIDE)
    assert sent(alice, bob).count("Conflict") == 1
    assert OneTimeLink.objects.filter(parent__isnull=False).count() == 1
    assert Event.objects.filter(kind="link.renewed").count() == 1


def test_without_the_lock_both_send_one(alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control. On SQLite the transaction itself is the lock: it has one writer."""
    one_writer = connection.vendor == "sqlite"
    decided_together(monkeypatch, BESIDE if one_writer else 30)
    monkeypatch.setattr(link_holds, "lock", lambda _link_id: None)
    sent(alice, bob)
    links = OneTimeLink.objects.filter(parent__isnull=False).count()
    assert links == (1 if one_writer else 2)
