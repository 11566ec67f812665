"""Random rules files of every kind: the answer, the hosts and the explanation are the oracle's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from bookonce.scheduling.dry_run import answer
from bookonce.scheduling.rule_file import read_rule_set
from bookonce.scheduling.slot_rules import Kind
from bookonce.scheduling.start_masks import StartMasks
from tests.strength import times
from tests.unit.rule_cases import rule_sets
from tests.unit.rule_oracle import CALENDAR_RULES, Oracle, minute

EXAMPLES = 100
ROUNDS = times(2, 25)
HIDING_HOURS = {"out of office", "holiday", "override", "hours"}


@pytest.mark.parametrize("_round", range(ROUNDS))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=rule_sets())
def test_the_answer_is_the_oracles(_round: int, case: dict[str, Any]) -> None:
    found, oracle = answer(case, explain=True), Oracle(case)
    assert "error" not in found, found
    expected = oracle.answer()
    assert found["slots"] == list(expected)
    assert found["hosts_by_slot"] == expected
    assert set(found["explain"]) == oracle.grid() - set(expected)
    for start, verdict in found["explain"].items():
        check_rule(oracle, minute(start), verdict["rule"])
    check_other_ways_to_ask(case, [minute(start) for start in found["slots"]])
    check_seats(case, oracle)


def check_seats(case: dict[str, Any], oracle: Oracle) -> None:
    """Offered or not, each start has as many seats as nobody has taken."""
    read, _ = read_rule_set(case)
    assert read is not None
    starts = range(read.query.start, read.query.end, 15)
    expected = {at: oracle.seats_left(at) for at in starts} if case["kind"] == "class" else {}
    assert read.query.seats_left(starts) == expected


def check_rule(oracle: Oracle, start: int, rule: str) -> None:
    """Whether the rule named is one that keeps the start out."""
    hosts = oracle.hosts
    if rule in CALENDAR_RULES:
        assert oracle.calendar_rule(start) == rule
    elif rule == "look busy":
        assert oracle.hidden(start)
        assert oracle.hosts_at(start)
    elif rule == "length":
        assert oracle.case["duration"] not in oracle.case["durations"]
    elif rule == "series":
        assert oracle.begins(start)
        assert not oracle.hosts_at(start)
    elif rule == "seats":
        assert not oracle.fits(start)
    elif rule in HIDING_HOURS:
        assert not all(host.on_grid(start) and host.is_open(start) for host in hosts)
    else:
        end = start + oracle.case["duration"]
        times = [
            (since, until)
            for host in hosts
            for since, until in (*host.bare, *((minute(s["start"]), minute(s["end"])) for s in host.sessions))
        ]
        met = any(since < end and start < until and since < until for since, until in times)
        assert rule in ("busy", "buffer")
        assert not all(host.undisturbed(start) for host in hosts)
        assert met or rule == "buffer" or oracle.stands(start)


def check_other_ways_to_ask(case: dict[str, Any], starts: list[int]) -> None:
    """One start at a time, as booking asks, and by masks, as a large team's list is made."""
    read, _ = read_rule_set(case)
    assert read is not None
    asked = read.query
    for start in {*starts[:10], *range(asked.start, asked.end, 211)}:
        assert replace(asked, start=start, end=start + 1).starts() == ([start] if start in starts else [])
    masks = StartMasks()
    known = replace(asked, hosts=tuple(replace(host, version=1) for host in asked.hosts))
    assert known.starts(masks) == starts
    if asked.rules.kind in (Kind.ROUND_ROBIN, Kind.COLLECTIVE) and len(asked.hosts) > 1:
        window = {"duration": asked.duration, "start": asked.start, "end": asked.end, "now": asked.now}
        unknown, _, _ = masks.missing(known.rules, known.hosts, **window)
        hosts = tuple(host if host in unknown else replace(host, busy=()) for host in known.hosts)
        assert replace(known, hosts=hosts).starts(masks) == starts
