"""Calendars of several hosts: any one of them, or all of them together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bookonce.scheduling.slots import Host, HostHours, Kind, SlotQuery, SlotRules
from tests.unit.slot_days import BERLIN, FALL_BACK, ORDINARY, SPRING_FORWARD, every_day, instant, midnights

any_day = pytest.mark.parametrize("day", [ORDINARY, SPRING_FORWARD, FALL_BACK])
ROBIN = SlotRules(durations=(60,), interval=60, kind=Kind.ROUND_ROBIN)
TOGETHER = replace(ROBIN, kind=Kind.COLLECTIVE)


def host(name: str, hours: str, *busy: tuple[int, int]) -> Host:
    return Host(name, (HostHours(BERLIN, every_day(hours), {}),), busy)


def ask(day: str, rules: SlotRules, *hosts: Host) -> SlotQuery:
    start, end = midnights(day)
    return SlotQuery(rules, hosts, duration=60, start=start, end=end, now=0)


def shown(day: str, query: SlotQuery) -> dict[str, list[int | str]]:
    """Who could host, by clock."""
    noon = instant(f"{day} 12:00")
    by_start = query.hosts_by_start(query.starts())
    return {f"{12 + (at - noon) // 60:02}:{(at - noon) % 60:02}": names for at, names in by_start.items()}


@any_day
def test_any_free_host_of_a_round_robin_will_do(day: str) -> None:
    nine = instant(f"{day} 09:00")
    query = ask(day, ROBIN, host("ann", "09:00-11:00", (nine, nine + 60)), host("bob", "08:30-11:30"))
    assert shown(day, query) == {"08:30": ["bob"], "09:30": ["bob"], "10:00": ["ann"], "10:30": ["bob"]}
    same = ask(day, ROBIN, host("ann", "09:00-11:00"), host("bob", "10:00-11:00"))
    assert shown(day, same) == {"09:00": ["ann"], "10:00": ["ann", "bob"]}


@any_day
def test_all_hosts_of_a_collective_are_there_on_the_first_ones_grid(day: str) -> None:
    query = ask(day, TOGETHER, host("ann", "09:00-12:00"), host("bob", "09:30-12:00"))
    assert shown(day, query) == {"10:00": ["ann", "bob"], "11:00": ["ann", "bob"]}
    other = ask(day, TOGETHER, host("bob", "09:30-12:00"), host("ann", "09:00-12:00"))
    assert shown(day, other) == {"09:30": ["bob", "ann"], "10:30": ["bob", "ann"]}


@any_day
def test_the_others_need_be_open_for_the_slot_alone(day: str) -> None:
    query = ask(day, TOGETHER, host("ann", "09:00-12:00"), host("bob", "10:00-11:00"))
    assert shown(day, query) == {"10:00": ["ann", "bob"]}
    less = ask(day, TOGETHER, host("ann", "09:00-12:00"), host("bob", "10:01-11:00"))
    assert shown(day, less) == {}


@any_day
def test_nobody_hosts_where_nothing_is_offered(day: str) -> None:
    for rules in (ROBIN, TOGETHER):
        query = ask(day, rules, host("ann", "09:00-10:00"), host("bob", "09:00-10:00"))
        closed = replace(query, rules=replace(rules, per_day=0))
        assert closed.starts() == []
        assert shown(day, closed) == {}
        assert shown(day, ask(day, rules, host("ann", ""), host("bob", ""))) == {}


@any_day
def test_only_the_starts_asked_for_are_answered(day: str) -> None:
    query = ask(day, ROBIN, host("ann", "09:00-12:00"), host("bob", "09:00-12:00"))
    nine, _, eleven = query.starts()
    assert query.hosts_by_start([nine, eleven]) == {nine: ["ann", "bob"], eleven: ["ann", "bob"]}


@any_day
def test_a_party_counts_in_classes_alone(day: str) -> None:
    for rules in (ROBIN, TOGETHER, replace(ROBIN, kind=Kind.ONE_ON_ONE)):
        query = ask(day, rules, host("ann", "09:00-11:00"))
        assert replace(query, party=5).starts() == query.starts() != []


@any_day
def test_without_hosts_nothing_is_offered(day: str) -> None:
    assert ask(day, ROBIN).starts() == []
