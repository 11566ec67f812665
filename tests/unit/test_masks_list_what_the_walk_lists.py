"""The list of a large team by masks: the same starts as the walk, whatever is kept and whatever changed."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from bookonce.scheduling.slots import Host, HostHours, Kind, SlotQuery, SlotRules, StartMasks
from bookonce.scheduling.start_masks import MASK_DAYS
from tests.unit.slot_days import BERLIN, FALL_BACK, ORDINARY, SPRING_FORWARD, every_day, instant

any_day = pytest.mark.parametrize("day", [ORDINARY, SPRING_FORWARD, FALL_BACK])
TEAMS = (Kind.ROUND_ROBIN, Kind.COLLECTIVE)
any_team = pytest.mark.parametrize("kind", TEAMS)
CHUNK = MASK_DAYS * 1440


def team(start: int, *hours: str, count: int = 40) -> list[Host]:
    """A host for each of these hours, busy at random for three weeks."""
    chance = random.Random(7)
    hosts = []
    for number, text in enumerate(hours):
        begins = sorted(chance.randrange(start - 1440, start + 21 * 1440) for _ in range(count))
        busy = [(since, since + chance.choice((0, 30, 200))) for since in begins]
        hosts.append(Host(number, (HostHours(BERLIN, every_day(text), {}),), busy, version=1))
    return hosts


def ask(kind: Kind, hosts: list[Host], start: int, days: int = 3, **others: Any) -> SlotQuery:
    rules = replace(SlotRules(durations=(60,), interval=30, kind=kind), **others)
    return SlotQuery(rules, hosts, duration=60, start=start, end=start + days * 1440, now=0)


@any_day
@any_team
@pytest.mark.parametrize("interval", [1, 2, 7, 25, 30, 45, 60, 1000])
def test_every_interval_keeps_its_grid(day: str, kind: Kind, interval: int) -> None:
    start = instant(day)
    hosts = team(start, "08:10-19:00", "00:00-24:00", "06:00-13:00 13:00-22:00")
    query = ask(kind, hosts, start, interval=interval)
    walked = query.starts()
    assert walked
    assert query.starts(StartMasks()) == walked


@any_day
@any_team
def test_windows_begin_and_end_anywhere(day: str, kind: Kind) -> None:
    begin = instant(day)
    edge = -(-begin // CHUNK) * CHUNK  # where one mask ends and the next begins
    hosts = team(edge - 5 * 1440, "00:00-24:00", "00:00-24:00")
    masks = StartMasks()
    for since in (begin, begin + 17, edge - 1, edge, edge + 1, edge - 700):
        for length in (1, 30, 31, 700, 1440, 20 * 1440):
            query = replace(ask(kind, hosts, since), end=since + length)
            assert query.starts(masks) == query.starts()


@any_team
def test_buffers_lengths_and_days_cut_the_same(kind: Kind) -> None:
    start = instant(ORDINARY)
    hosts = team(start, "08:00-19:00", "09:00-18:00")
    masks = StartMasks()
    cuts: tuple[dict[str, Any], ...] = (
        {},
        {"buffer_before": 20},
        {"buffer_after": 20},
        {"notice": 1440},
        {"horizon_days": 1},
        {"per_day": 0},
        {"hidden_share": 40},
        {"interval": 15},
    )
    for others in cuts:
        query = replace(ask(kind, hosts, start, **others), now=start * 60)
        assert query.starts(masks) == query.starts()


def test_a_collective_has_the_grid_of_its_first_host_alone() -> None:
    start = instant(ORDINARY)
    hosts = team(start, "09:00-12:00", "09:20-12:00", count=0)
    ten = instant(f"{ORDINARY} 10:00")
    masks = StartMasks()
    query = ask(Kind.COLLECTIVE, hosts, start, days=1, interval=60)
    assert query.starts(masks) == [ten, ten + 60]
    assert ask(Kind.COLLECTIVE, hosts[::-1], start, days=1, interval=60).starts(masks) == [ten - 40, ten + 20]


def missing(masks: StartMasks, query: SlotQuery) -> tuple[list[object], int, int]:
    hosts, low, high = masks.missing(
        query.rules, query.hosts, duration=query.duration, start=query.start, end=query.end, now=query.now
    )
    return [host.id for host in hosts], low, high


@any_team
def test_only_hosts_who_changed_are_read_again(kind: Kind) -> None:
    start = instant(ORDINARY)
    hosts = team(start, "08:00-19:00", "09:00-18:00", "07:00-18:00")
    query, masks = ask(kind, hosts, start), StartMasks()
    assert missing(masks, query)[0] == [0, 1, 2]
    listed = query.starts(masks)
    assert missing(masks, query)[0] == []
    assert replace(query, hosts=[replace(host, busy=()) for host in hosts]).starts(masks) == listed

    changed = [*hosts[:2], replace(hosts[2], busy=(), version=2)]
    assert missing(masks, replace(query, hosts=changed))[0] == [2]
    assert replace(query, hosts=changed).starts(masks) == replace(query, hosts=changed).starts()
    assert missing(masks, replace(query, start=start + CHUNK, end=start + 2 * CHUNK))[0] == [0, 1, 2]
    assert missing(masks, replace(query, end=start + 2 * CHUNK))[0] == [0, 1, 2]
    wider = replace(query, rules=replace(query.rules, buffer_after=5))
    assert missing(masks, wider)[0] == [0, 1, 2]


@any_team
def test_a_host_without_a_version_is_never_kept(kind: Kind) -> None:
    start = instant(ORDINARY)
    hosts = [replace(host, version=None) for host in team(start, "08:00-19:00", "09:00-18:00")]
    query, masks = ask(kind, hosts, start), StartMasks()
    query.starts(masks)
    assert missing(masks, query)[0] == [0, 1]
    free = replace(query, hosts=[replace(host, busy=()) for host in hosts])
    assert free.starts(masks) == free.starts() != query.starts()


def test_busy_time_is_read_as_far_as_masks_reach() -> None:
    start = 29_640_960 // CHUNK * CHUNK
    hosts = team(start, "08:00-19:00", "09:00-18:00")
    query = ask(Kind.ROUND_ROBIN, hosts, start, buffer_before=10, buffer_after=20)
    assert missing(StartMasks(), query)[1:] == (start - 10, start + CHUNK - 1 + 60 + 20)
    later = replace(query, start=start + CHUNK - 1, end=start + CHUNK + 1)
    assert missing(StartMasks(), later)[1:] == (start - 10, start + 2 * CHUNK - 1 + 60 + 20)
    past = replace(query, now=(query.end + 1) * 60)
    assert missing(StartMasks(), past) == ([], 0, 0)


def test_no_more_masks_are_kept_than_asked() -> None:
    start = instant(ORDINARY)
    hosts = team(start, *["08:00-19:00"] * 12)
    masks = StartMasks(most=8)
    query = ask(Kind.COLLECTIVE, hosts, start, days=1)
    assert query.starts(masks) == query.starts()
    assert 4 < 12 - len(missing(masks, query)[0]) <= 8
    assert 11 not in missing(masks, query)[0]  # the oldest go first
    assert 0 in missing(masks, query)[0]
