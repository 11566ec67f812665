"""Visitors who keep places of one session lose them at once: it stays blocked for whoever is left."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.models import QuerySet

from bookonce.scheduling import visitor_holds
from bookonce.scheduling.hold_time import hold_time
from bookonce.scheduling.issue_link import Issued, issue_link
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.models import BlockedTime, Hold
from bookonce.scheduling.offer import Door
from bookonce.scheduling.revoke_link import revoke_link
from tests.cast import MONDAY_NINE, NOW, Person
from tests.kinds import make_class
from tests.races.test_a_request_is_answered_once import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
BESIDE = 0.4  # seconds: long enough for the other to come as far
LATER = NOW + timedelta(minutes=9)


def keepers(alice: Person, count: int) -> list[Issued]:
    """So many links, each of which keeps a place of the same session, the later ones for longer."""
    yoga = make_class(alice, hold_minutes=30)
    links = [issue_link(yoga, LinkOptions(), by=alice.actor, now=NOW) for _ in range(count)]
    for number, issued in enumerate(links):
        asked = {"start": MONDAY_NINE}
        hold_time(Door.link(issued.token or ""), asked, visitor="", now=NOW + timedelta(minutes=number))
    return links


def decided_together(monkeypatch: pytest.MonkeyPatch, seconds: float) -> list[bool]:
    """Whoever has found who is left waits so long until the other has, too; true for each who met them."""
    both, hand_on, met = threading.Barrier(2), visitor_holds._hand_on, list[bool]()

    def slowly(*args: Any) -> None:
        hand_on(*args)
        try:
            both.wait(seconds)
        except threading.BrokenBarrierError:
            return
        met.append(True)

    monkeypatch.setattr(visitor_holds, "_hand_on", slowly)
    return met


def revoke(issued: Issued, alice: Person) -> object:
    try:
        return revoke_link(issued.link.pk, by=alice.actor, now=LATER)
    except IntegrityError:
        return "broken"


def revoked_at_once(alice: Person, links: list[Issued]) -> list[object]:
    return all_at_once([partial(revoke, issued, alice) for issued in links])


@pytest.mark.parametrize("left", [0, 1])
def test_the_session_stays_blocked_for_whoever_is_left(
    alice: Person, monkeypatch: pytest.MonkeyPatch, left: int
) -> None:
    links = keepers(alice, left + 2)
    met = decided_together(monkeypatch, BESIDE)
    assert revoked_at_once(alice, links[left:]) == [True, True]
    assert not met
    kept = Hold.objects.filter(link__in=[issued.link.pk for issued in links[:left]])
    assert list(Hold.objects.all()) == list(kept)
    assert Hold.objects.count() == left
    blocked = BlockedTime.objects.values_list("hold", "expires_at")
    assert list(blocked) == [(hold.pk, hold.expires_at) for hold in kept]


def test_without_the_lock_one_hands_on_to_the_other_who_goes(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control. On SQLite the transaction itself is the lock: it has one writer."""
    links = keepers(alice, 2)
    one_writer = connection.vendor == "sqlite"
    met = decided_together(monkeypatch, BESIDE if one_writer else 30)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda found, **_: found)
    revoked_at_once(alice, links)
    assert met == ([] if one_writer else [True, True])
