"""Out of office: not offered, not booked, on any calendar of the host; back when it is taken away."""

from __future__ import annotations

from typing import Any

import pytest

from bookonce.scheduling import time_off as noun
from bookonce.scheduling.appointments_on import appointments_on
from bookonce.scheduling.cancel import cancel_appointment
from bookonce.scheduling.errors import Conflict, Invalid, NotAllowed, NotFound, SlotTaken
from bookonce.scheduling.models import Appointment, TimeOff
from bookonce.scheduling.time_off import add_time_off, change_time_off, remove_time_off
from tests.cast import MONDAY_NINE, NOW, Person, book_through, make_link
from tests.domain.hours_of_a_host import offered, set_hours, version

WEEK: dict[str, Any] = {"from": "2026-11-30", "to": "2026-12-02", "note": "Lisbon"}


def test_the_days_are_neither_offered_nor_booked_until_it_is_removed(alice: Person) -> None:
    issued, before = make_link(alice), version(alice)
    away = add_time_off(WEEK, by=alice.member, now=NOW)
    assert version(alice) == before + 1
    assert (offered(alice, "2026-11-30"), offered(alice, "2026-12-02")) == ([], [])
    assert offered(alice, "2026-11-27")
    assert offered(alice, "2026-12-03")
    with pytest.raises(SlotTaken):
        book_through(issued)
    assert remove_time_off(away, by=alice.member, now=NOW)
    assert version(alice) == before + 2
    assert not remove_time_off(away, by=alice.member, now=NOW)
    book_through(issued)


def test_other_days_take_its_place(alice: Person) -> None:
    away = add_time_off(WEEK, by=alice.member, now=NOW)
    before = version(alice)
    change_time_off(away, {"from": "2026-12-01", "to": "", "note": ""}, by=alice.member, now=NOW)
    assert version(alice) == before + 1
    assert offered(alice, "2026-11-30")
    assert not offered(alice, "2026-12-01")
    book_through(make_link(alice), MONDAY_NINE)
    away.refresh_from_db()
    assert (str(away.last_day), away.note) == ("2026-12-01", "")


def test_it_is_stronger_than_hours_set_for_the_day_and_takes_the_night_with_it(alice: Person) -> None:
    ranges = [{"start": "22:00", "end": "01:00"}]
    set_hours(alice, overrides=[{"date": "2026-11-30", "ranges": ranges}])
    assert offered(alice, "2026-12-01")[:2] == ["00:00", "00:30"]
    add_time_off({"from": "2026-11-30"}, by=alice.member, now=NOW)
    assert offered(alice, "2026-11-30") == []
    assert offered(alice, "2026-12-01")[0] == "09:00"


def test_days_are_those_of_the_host_s_own_zone(alice: Person) -> None:
    set_hours(alice, timezone="Pacific/Auckland")
    add_time_off({"from": "2026-12-01"}, by=alice.member, now=NOW)
    assert offered(alice, "2026-12-01", zone="Pacific/Auckland") == []
    assert offered(alice, "2026-12-02", zone="Pacific/Auckland")[0] == "09:00"


def test_appointments_already_made_stay_and_are_named(alice: Person) -> None:
    book_through(make_link(alice), MONDAY_NINE)
    book_through(make_link(alice), "2026-12-01T16:30:00+01:00")
    first, second = Appointment.objects.order_by("starts")
    away = add_time_off(WEEK, by=alice.member, now=NOW)
    days = (away.first_day, away.last_day)
    assert appointments_on(alice.member, [days, (away.last_day, away.last_day)], now=NOW) == [
        [first, second],
        [],
    ]
    assert first.status == "confirmed"
    cancel_appointment(first.pk, by=alice.actor, now=NOW)
    assert appointments_on(alice.member, [days], now=NOW) == [[second]]
    assert appointments_on(alice.member, [], now=NOW) == []


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({}, "from"),
        ({"from": "2026-02-30"}, "from"),
        ({"from": "1999-12-31"}, "from"),
        ({"from": "2026-12-01", "to": "2200-01-01"}, "to"),
        ({"from": "2026-12-01", "to": "2026-11-30"}, "to"),
        ({"from": "2026-12-01", "to": 7}, "to"),
        ({"from": "2026-12-01", "note": "x" * 121}, "note"),
        ({"from": "2026-12-01", "note": "a\x00b"}, "note"),
        ({"from": "2026-12-01", "member": "nobody@example.com"}, "member"),
        ({"from": "2026-12-01", "days": 3}, "days"),
    ],
)
def test_bad_days_are_named_and_nothing_is_kept(alice: Person, raw: dict[str, Any], field: str) -> None:
    before = version(alice)
    with pytest.raises(Invalid) as refused:
        add_time_off(raw, by=alice.member, now=NOW)
    assert list(refused.value.errors) == [field]
    assert not TimeOff.objects.exists()
    assert version(alice) == before


def test_owners_change_everybody_s_and_members_their_own(alice: Person, bob: Person) -> None:
    of_bob = add_time_off(WEEK | {"member": "BOB@example.com"}, by=alice.member, now=NOW)
    assert of_bob.member == bob.member
    assert not offered(bob, "2026-11-30")
    assert offered(alice, "2026-11-30")
    change_time_off(of_bob, {"from": "2026-12-01"}, by=bob.member, now=NOW)
    of_alice = add_time_off(WEEK, by=alice.member, now=NOW)
    with pytest.raises(NotAllowed):
        add_time_off(WEEK | {"member": "alice@example.com"}, by=bob.member, now=NOW)
    with pytest.raises(NotAllowed):
        change_time_off(of_alice, {"from": "2026-12-01"}, by=bob.member, now=NOW)
    with pytest.raises(NotAllowed):
        remove_time_off(of_alice, by=bob.member, now=NOW)
    assert TimeOff.objects.filter(member=alice.member, first_day="2026-11-30").exists()


def test_strangers_find_nothing(alice: Person, charlie: Person) -> None:
    away = add_time_off(WEEK, by=alice.member, now=NOW)
    with pytest.raises(Invalid):
        add_time_off(WEEK | {"member": "alice@example.com"}, by=charlie.member, now=NOW)
    with pytest.raises(NotFound):
        remove_time_off(away, by=charlie.member, now=NOW)
    assert TimeOff.objects.get() == away


def test_there_is_a_limit(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noun, "MOST_OF_A_MEMBER", 2)
    for _ in range(2):
        add_time_off(WEEK, by=alice.member, now=NOW)
    with pytest.raises(Conflict):
        add_time_off(WEEK, by=alice.member, now=NOW)


def test_what_is_gone_can_t_be_changed(alice: Person) -> None:
    away = add_time_off(WEEK, by=alice.member, now=NOW)
    remove_time_off(away, by=alice.member, now=NOW)
    with pytest.raises(NotFound):
        change_time_off(TimeOff(pk=7, member=alice.member), WEEK, by=alice.member, now=NOW)
