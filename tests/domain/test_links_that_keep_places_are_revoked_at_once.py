"""Links through which places of one session are kept are revoked at once; none of it waits in a circle."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection

from bookonce.scheduling import transaction
from bookonce.scheduling.errors import SchedulingError
from bookonce.scheduling.hold_time import hold_time
from bookonce.scheduling.issue_link import Issued, issue_link
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.models import BlockedTime, Calendar, Hold
from bookonce.scheduling.offer import Door
from bookonce.scheduling.revoke_link import revoke_link
from tests.cast import MONDAY_NINE, NOW, Person, make_link
from tests.kinds import make_class

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 10


def test_both_end_and_nothing_stays_blocked(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction, "RETRIES", 0)  # a deadlock would be hidden by another attempt
    yoga = make_class(alice, seats=50, hold_minutes=30)
    for number in range(ROUNDS):
        start = datetime.fromisoformat(MONDAY_NINE) + timedelta(days=number % 5, hours=number // 5)
        links = [issue_link(yoga, LinkOptions(), by=alice.actor, now=NOW) for _ in range(2)]
        for issued in links:
            hold_time(Door.link(issued.token or ""), {"start": start.isoformat()}, visitor="", now=NOW)
        assert at_once(alice, links) == ["revoked", "revoked"]
        assert not Hold.objects.exists()
        assert not BlockedTime.objects.exists()


def test_what_has_lapsed_is_left_to_whoever_clears_it(alice: Person) -> None:
    Calendar.objects.filter(pk=alice.calendar.pk).update(hold_minutes=1)
    issued = make_link(alice)
    hold_time(Door.link(issued.token or ""), {"start": MONDAY_NINE}, visitor="", now=NOW)
    revoke_link(issued.link.pk, by=alice.actor, now=NOW + timedelta(minutes=1))
    assert Hold.objects.count() == BlockedTime.objects.count() == 1


def at_once(person: Person, links: list[Issued]) -> list[str]:
    """What became of revoking each of them, all begun in one moment."""
    begin, became = threading.Barrier(len(links)), []

    def revoke(issued: Issued) -> None:
        begin.wait()
        try:
            revoke_link(issued.link.pk, by=person.actor, now=NOW)
        except SchedulingError as refused:
            became.append(refused.code)
        else:
            became.append("revoked")
        finally:
            connection.close()

    threads = [threading.Thread(target=revoke, args=(issued,)) for issued in links]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return became
