"""Groups under many hands: one address for one of them, and no booking after its group was closed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection

from bookonce.scheduling import calendar_groups, calendars, host_time
from bookonce.scheduling.calendar_groups import (
    create_group,
    set_group_deleted,
    set_group_paused,
    update_group,
)
from bookonce.scheduling.calendars import create_calendar, update_calendar
from bookonce.scheduling.models import Booking, Calendar, CalendarGroup, OneTimeLink
from bookonce.scheduling.reserve import reserve
from tests.cast import MONDAY_NINE, NOW, Person
from tests.groups import book_in_group, make_group, make_group_link
from tests.races.test_an_invitation_is_accepted_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


def taken(slug: str) -> int:
    return sum(noun.objects.filter(slug=slug).count() for noun in (Calendar, CalendarGroup))


def takers(person: Person, slug: str) -> list[Callable[[], object]]:
    """Four calendars and four groups that want one address: new ones, and ones that are renamed."""
    calendar, group = {"name": "Call", "durations": [30]}, {"name": "Menu"}
    made = [create_calendar(person.member, calendar, now=NOW) for _ in range(2)]
    groups = [create_group(person.member, group, now=NOW) for _ in range(2)]
    return [
        *[partial(create_calendar, person.member, calendar | {"slug": slug}, now=NOW)] * 2,
        *[partial(create_group, person.member, group | {"slug": slug}, now=NOW)] * 2,
        *(partial(update_calendar, each, {"slug": slug}, by=person.actor, now=NOW) for each in made),
        *(partial(update_group, each, {"slug": slug}, now=NOW) for each in groups),
    ]


def test_one_of_eight_takes_an_address(alice: Person) -> None:
    for number in range(ROUNDS):
        assert at_once(takers(alice, f"wanted-{number}")) == ["Invalid"] * 7
        assert taken(f"wanted-{number}") == 1


def test_without_the_shared_names_a_calendar_and_a_group_take_the_same(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: each table's own constraint does not know the other's."""
    for module in (calendars, calendar_groups):
        monkeypatch.setattr(module, "take_slug", lambda *_: None)
    for number in range(ROUNDS):
        at_once(takers(alice, f"wanted-{number}"))
    assert max(taken(f"wanted-{number}") for number in range(ROUNDS)) > 1


def closings(alice: Person, bob: Person) -> list[Callable[[CalendarGroup], object]]:
    return [
        partial(set_group_paused, paused=True, now=NOW),
        partial(set_group_deleted, deleted=True, now=NOW),
        partial(update_group, raw={"calendars": [bob.calendar.public_id]}, now=NOW),
    ]


def in_turn(alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch, closing: int) -> list[str]:
    """Close the group while a booking through it is under way; what was done, in that order."""
    group = make_group(alice, alice.calendar, bob.calendar)
    issued = make_group_link(alice, group)
    done, under_way = list[str](), threading.Event()

    def slowly(*args: Any, **options: Any) -> Any:
        reserved = reserve(*args, **options)
        under_way.set()
        time.sleep(0.5)
        done.append("booked")
        return reserved

    def close() -> None:
        under_way.wait(10)
        closings(alice, bob)[closing](group)
        done.append("closed")

    monkeypatch.setattr("bookonce.scheduling.book.reserve", slowly)
    assert at_once([lambda: book_in_group(issued, alice.calendar, MONDAY_NINE), close]) == []
    assert Booking.objects.count() == 1
    assert OneTimeLink.objects.get().spent == 1
    return done


@pytest.mark.parametrize("closing", [0, 1, 2], ids=["paused", "deleted", "without the calendar"])
def test_who_closes_a_group_waits_for_the_booking_under_way(
    alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch, closing: int
) -> None:
    assert in_turn(alice, bob, monkeypatch, closing) == ["booked", "closed"]


def test_without_the_groups_lock_it_is_closed_before(
    alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a booking would be acknowledged after its group was closed."""
    monkeypatch.setattr("bookonce.scheduling.book._share_group", lambda _group_id: None)
    done = in_turn(alice, bob, monkeypatch, 0)
    # On SQLite the transaction itself is the lock: it has one writer.
    assert done == (["booked", "closed"] if connection.vendor == "sqlite" else ["closed", "booked"])


def test_a_calendar_that_is_taken_out_meanwhile_spends_nothing(
    alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = make_group(alice, alice.calendar, bob.calendar)
    issued = make_group_link(alice, group)
    lock_hosts = host_time.lock_hosts

    def late(*args: Any, **options: Any) -> None:
        if connection.vendor != "sqlite":  # SQLite's one writer lets nobody in between
            at_once([partial(update_group, group, {"calendars": [bob.calendar.public_id]}, now=NOW)])
        lock_hosts(*args, **options)

    if connection.vendor == "sqlite":
        update_group(group, {"calendars": [bob.calendar.public_id]}, now=NOW)
    monkeypatch.setattr(host_time, "lock_hosts", late)
    assert at_once([lambda: book_in_group(issued, alice.calendar)]) == ["Invalid"]
    assert not Booking.objects.exists()
    assert OneTimeLink.objects.get().spent == 0
