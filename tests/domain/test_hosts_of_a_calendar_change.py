"""Hosts join and leave a calendar: turns are kept in proportion, newcomers start level."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

import pytest

from bookonce.scheduling.calendars import create_calendar, update_calendar
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.models import BlockedTime, Calendar, CalendarHost, HostSchedule
from tests.cast import NOW, Person, book_through, make_link, make_person

NINE = "2026-11-30T09:00:00+01:00"


def update(person: Person, settings: dict[str, Any], *, now: datetime = NOW) -> None:
    update_calendar(person.calendar, settings, by=person.actor, now=now)


def change(person: Person, **settings: Any) -> None:
    update(person, settings)


def turns(person: Person) -> dict[str, int]:
    hosts = CalendarHost.objects.filter(calendar=person.calendar).select_related("member__user")
    return {host.member.user.name: host.turns for host in hosts}


def had(person: Person, **by_name: int) -> None:
    for name, count in by_name.items():
        CalendarHost.objects.filter(calendar=person.calendar, member__user__name=name).update(turns=count)


def host(person: Person, **settings: Any) -> dict[str, Any]:
    return {"member": person.user.email} | settings


@pytest.fixture
def dora(alice: Person) -> Person:
    return make_person("Dora", alice.workspace, role="member")


def test_who_stays_keeps_their_turns_and_newcomers_start_level(
    alice: Person, bob: Person, dora: Person
) -> None:
    change(alice, kind="round_robin", distribution="equal", hosts=[host(alice), host(bob)])
    had(alice, Alice=7, Bob=4)
    change(alice, hosts=[host(dora), host(alice), host(bob)])
    assert turns(alice) == {"Dora": 4, "Alice": 7, "Bob": 4}


def test_a_changed_weight_keeps_the_proportion(alice: Person, bob: Person, dora: Person) -> None:
    change(alice, kind="round_robin", distribution="equal", hosts=[host(alice, weight=2), host(bob)])
    had(alice, Alice=8, Bob=4)
    change(alice, hosts=[host(alice, weight=1), host(bob, weight=3), host(dora, weight=5)])
    assert turns(alice) == {"Alice": 4, "Bob": 12, "Dora": 20}


def test_newcomers_get_no_flood_of_appointments(alice: Person, bob: Person, dora: Person) -> None:
    change(alice, kind="round_robin", distribution="equal", hosts=[host(alice), host(bob)])
    for hour in range(9, 13):
        book_through(make_link(alice), f"2026-11-30T{hour:02}:00:00+01:00")
    change(alice, hosts=[host(alice), host(bob), host(dora)])
    for hour in range(9, 15):
        book_through(make_link(alice), f"2026-12-01T{hour:02}:00:00+01:00")
    assert turns(alice) == {"Alice": 4, "Bob": 4, "Dora": 4}


def test_priority_weight_and_hours_stay_when_not_said(alice: Person, bob: Person) -> None:
    change(alice, kind="round_robin", hosts=[host(alice), host(bob, priority=5, weight=3)])
    change(alice, hosts=[host(bob), host(alice)])
    kept = CalendarHost.objects.get(calendar=alice.calendar, member=bob.member)
    assert (kept.position, kept.priority, kept.weight) == (0, 5, 3)
    assert [each.schedule for each in HostSchedule.objects.filter(calendar_host=kept)] == [bob.schedule]


def test_appointments_stay_with_whom_they_were_made(alice: Person, bob: Person) -> None:
    book_through(make_link(alice), NINE)
    change(alice, hosts=[host(bob)])
    assert BlockedTime.objects.get().host_id == alice.member.pk
    book_through(make_link(alice), NINE)  # Bob is free then
    assert set(BlockedTime.objects.values_list("host_id", flat=True)) == {alice.member.pk, bob.member.pk}


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"hosts": []}, "hosts"),
        ({"hosts": "alice@example.com"}, "hosts"),
        ({"hosts": ["alice@example.com", "bob@example.com"]}, "hosts"),
        ({"kind": "collective", "hosts": ["alice@example.com", "ALICE@example.com"]}, "hosts.1"),
        ({"hosts": ["charlie@example.com"]}, "hosts.0"),
        ({"hosts": [{"member": "alice@example.com", "schedules": []}]}, "hosts.0.schedules"),
        (
            {"hosts": [{"member": "alice@example.com", "schedules": ["sch_aaaaaaaaaaaaaaaa"]}]},
            "hosts.0.schedules",
        ),
        ({"hosts": [{"member": "alice@example.com", "schedules": [7]}]}, "hosts.0.schedules"),
        ({"hosts": [{"member": "alice@example.com", "weight": 0}]}, "hosts.0.weight"),
        ({"hosts": [{"member": "alice@example.com", "priority": 101}]}, "hosts.0.priority"),
        ({"hosts": [{"member": "alice@example.com", "turns": 1}]}, "hosts.0.turns"),
        ({"hosts": [{}]}, "hosts.0.member"),
        ({"hosts": ["alice@example.com"], "host": "alice@example.com"}, "host"),
        ({"seats": 5}, "seats"),
        ({"kind": "class", "seats": 0}, "seats"),
        ({"horizon_days": 5, "horizon_working_days": 5}, "horizon_working_days"),
        ({"window": {"from": "2026-12-02", "to": "2026-12-01"}}, "window.to"),
        ({"window": {"since": "2026-12-02"}}, "window.since"),
    ],
)
@pytest.mark.parametrize("new", [True, False])
def test_what_makes_no_sense_is_told_by_field(
    alice: Person, bob: Person, charlie: Person, settings: dict[str, Any], field: str, *, new: bool
) -> None:
    before = list(Calendar.objects.values()), list(CalendarHost.objects.values())
    save = partial(create_calendar, alice.member) if new else partial(update, alice)
    needed = {"name": "New", "durations": [30]} if new else {}
    with pytest.raises(Invalid) as refused:
        save(needed | settings, now=NOW)
    assert list(refused.value.errors) == [field]
    assert (list(Calendar.objects.values()), list(CalendarHost.objects.values())) == before


def test_a_class_becomes_something_else_and_a_class_again(alice: Person) -> None:
    change(alice, kind="class", seats=25)
    change(alice, name="Renamed")
    assert Calendar.objects.get(pk=alice.calendar.pk).seats == 25
    change(alice, kind="collective")
    assert Calendar.objects.get(pk=alice.calendar.pk).seats is None
    change(alice, kind="class")
    assert Calendar.objects.get(pk=alice.calendar.pk).seats == 10


def test_several_hosts_don_t_become_a_one_on_one(alice: Person, bob: Person) -> None:
    change(alice, kind="collective", hosts=[host(alice), host(bob)])
    with pytest.raises(Invalid) as refused:
        change(alice, kind="one_on_one")
    assert list(refused.value.errors) == ["kind"]
    change(alice, kind="one_on_one", hosts=[host(bob)])
    assert turns(alice) == {"Bob": 0}
