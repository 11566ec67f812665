"""A round robin whose guests may name their host: what is listed for one is booked with that one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from bookonce.lib.fields import Fields
from bookonce.lib.instants import to_minutes, to_seconds
from bookonce.scheduling import errors, events
from bookonce.scheduling.book import Booked, book
from bookonce.scheduling.calendars import update_calendar
from bookonce.scheduling.hold_time import hold_time
from bookonce.scheduling.host_choice import choosable_hosts, host_key, read_host, with_host
from bookonce.scheduling.issue_link import issue_link
from bookonce.scheduling.link_options import parse_link_options
from bookonce.scheduling.models import BlockedTime, Booking, Calendar
from bookonce.scheduling.offer import Door, free_starts, get_offer
from bookonce.scheduling.reschedule import reschedule
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, guest
from tests.kinds import make_calendar

MONDAY = to_minutes(datetime.fromisoformat("2026-11-30T00:00:00+01:00"))
BOB = "bob@example.com"


@pytest.fixture
def calendar(alice: Person, bob: Person) -> Calendar:
    return make_calendar("round_robin", alice, bob, guests_choose_host=True)


def door_of(calendar: Calendar) -> Door:
    return Door.permanent(calendar.permanent_id)


def key_of(calendar: Calendar, name: str) -> str:
    offer = get_offer(door_of(calendar))
    return next(host_key(offer, host) for host in offer.hosts if host.name == name)


def starts_of(calendar: Calendar, host: str) -> list[int]:
    offer = get_offer(door_of(calendar))
    asked = with_host(offer, read_host(Fields({"host": host}), offer))
    return free_starts(asked, duration=60, start=MONDAY, end=MONDAY + 1440, now=to_seconds(NOW))


def book_with(calendar: Calendar, host: str, start: str = MONDAY_NINE, **changes: Any) -> Booked:
    return book(door_of(calendar), guest(start, host=host, **changes), now=NOW)


def hosts() -> list[str]:
    return list(BlockedTime.objects.order_by("pk").values_list("host__user__name", flat=True))


def refused(calendar: Calendar, host: str) -> dict[str, Sequence[str]]:
    with pytest.raises(errors.Invalid) as fault:
        book_with(calendar, host)
    assert not BlockedTime.objects.exists()
    return dict(fault.value.errors)


@pytest.mark.parametrize("by", ["key", "name"])
def test_the_chosen_one_hosts_by_key_and_by_name(calendar: Calendar, by: str) -> None:
    for name, start in (("Bob", MONDAY_NINE), ("Bob", MONDAY_TEN), ("Alice", MONDAY_NINE)):
        host = key_of(calendar, name) if by == "key" else name
        assert to_minutes(datetime.fromisoformat(start)) in starts_of(calendar, host)
        assert book_with(calendar, host, start).owner == name
    assert hosts() == ["Bob", "Bob", "Alice"]


def test_a_time_of_theirs_that_is_taken_is_refused_though_others_are_free(calendar: Calendar) -> None:
    book_with(calendar, "Bob")
    nine = to_minutes(datetime.fromisoformat(MONDAY_NINE))
    assert nine not in starts_of(calendar, "Bob")
    assert nine in starts_of(calendar, "")
    with pytest.raises(errors.SlotTaken):
        book_with(calendar, "Bob")
    assert book_with(calendar, "").owner == "Alice"


def test_every_time_listed_for_a_host_can_be_booked_with_them_and_no_other(
    calendar: Calendar, alice: Person
) -> None:
    update_calendar(calendar, {"look_busy": 50, "notice": 60}, by=alice.actor, now=NOW)
    book_with(calendar, "Bob", clock_of(starts_of(calendar, "Bob")[0]))
    for name in ("Alice", "Bob"):
        listed = starts_of(calendar, name)
        assert listed
        assert set(listed) <= set(starts_of(calendar, "")), "a choice uncovers nothing that is hidden"
        for start in range(MONDAY + 540, MONDAY + 1020, 60):
            if start not in listed:
                with pytest.raises(errors.SlotTaken):
                    book_with(calendar, name, clock_of(start))
        for start in listed:
            assert book_with(calendar, name, clock_of(start)).owner == name


def clock_of(minute: int) -> str:
    return (datetime.fromisoformat("1970-01-01T00:00:00+00:00") + timedelta(minutes=minute)).isoformat()


def test_who_can_t_be_chosen_is_refused_by_field(
    calendar: Calendar, alice: Person, bob: Person, charlie: Person
) -> None:
    for unknown in ("Charlie", "hst_0000000000000000", str(bob.member.pk), BOB, key_of(calendar, "Bob")[:-1]):
        assert set(refused(calendar, unknown)) == {"host"}
    bob.user.name = "Alice"
    bob.user.save()
    assert "Several" in str(refused(calendar, "Alice")["host"])
    update_calendar(calendar, {"guests_choose_host": False}, by=alice.actor, now=NOW)
    assert choosable_hosts(get_offer(door_of(calendar))) == ()
    assert set(refused(calendar, "Alice")) == {"host"}


def test_a_host_who_left_meanwhile_is_chosen_no_more(calendar: Calendar, alice: Person) -> None:
    bob_was = key_of(calendar, "Bob")
    update_calendar(calendar, {"hosts": ["alice@example.com"]}, by=alice.actor, now=NOW)
    assert set(refused(calendar, bob_was)) == {"host"}
    assert book_with(calendar, key_of(calendar, "Alice")).owner == "Alice"


def test_a_link_for_one_host_leaves_nothing_to_choose(calendar: Calendar, alice: Person) -> None:
    options = parse_link_options({"host": BOB}, calendar, now=NOW)
    issued = issue_link(calendar, options, by=alice.actor, now=NOW)
    assert issued.token
    door = Door.link(issued.token)
    assert choosable_hosts(get_offer(door)) == ()
    with pytest.raises(errors.Invalid):
        book(door, guest(host=key_of(calendar, "Alice")), now=NOW)
    assert book(door, guest(host=key_of(calendar, "Bob")), now=NOW).owner == "Bob"


def test_a_move_stays_with_the_chosen_host(calendar: Calendar, alice: Person) -> None:
    update_calendar(calendar, {"keeps_host": False}, by=alice.actor, now=NOW)
    book_with(calendar, "Bob", MONDAY_TEN)
    book_with(calendar, "Bob")
    booking = Booking.objects.order_by("pk").last()
    assert booking
    with pytest.raises(errors.SlotTaken):
        reschedule(booking.pk, datetime.fromisoformat(MONDAY_TEN), by=events.GUEST, now=NOW)
    reschedule(booking.pk, datetime.fromisoformat("2026-11-30T11:00:00+01:00"), by=events.GUEST, now=NOW)
    assert hosts() == ["Bob", "Bob"]


def test_a_time_is_kept_with_the_chosen_host(calendar: Calendar, alice: Person) -> None:
    update_calendar(calendar, {"hold_minutes": 10}, by=alice.actor, now=NOW)
    wanted = {"start": MONDAY_NINE, "host": key_of(calendar, "Bob")}
    kept = hold_time(door_of(calendar), wanted, visitor="a", now=NOW)
    assert hosts() == ["Bob"]
    with pytest.raises(errors.SlotTaken):
        book_with(calendar, "Bob")
    assert book_with(calendar, "Bob", hold=kept.token).owner == "Bob"
    with pytest.raises(errors.Invalid):
        hold_time(door_of(calendar), {"start": MONDAY_TEN, "host": "Nobody"}, visitor="a", now=NOW)


@pytest.mark.parametrize("kind", ["collective", "one_on_one"])
def test_elsewhere_a_name_chooses_nobody_and_is_taken_when_right(
    alice: Person, bob: Person, kind: str
) -> None:
    people = (alice, bob) if kind == "collective" else (alice,)
    calendar = make_calendar(kind, *people, guests_choose_host=True)
    assert choosable_hosts(get_offer(door_of(calendar))) == ()
    assert set(refused(calendar, "Charlie")) == {"host"}
    book_with(calendar, "Alice")
    assert hosts() == [person.user.name for person in people]
