"""No input makes the engine work without end. Steps are counted, not seconds."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, timedelta
from types import FrameType
from typing import Any

import pytest

from bookonce.scheduling.dry_run import answer
from bookonce.scheduling.offered import Host, offered_starts
from bookonce.scheduling.opening_hours import HostHours, Hours
from bookonce.scheduling.slot_rules import SlotRules
from bookonce.scheduling.slots import Kind, Session

MONTH = 31 * 1440
START = 29_600_000 // 1440 * 1440  # in 2026
WEEK = tuple(Hours(weekday, 540, 1020) for weekday in range(7))
HOURS = HostHours("Europe/Berlin", WEEK, {})
HALF_HOURLY = SlotRules(durations=(30,), interval=30)


def steps(act: Callable[[], object]) -> int:
    """How many lines of the engine's Python run."""
    count = 0

    def trace(frame: FrameType, event: str, arg: object) -> Any:
        nonlocal count
        if "bookonce" not in frame.f_code.co_filename:
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        act()
    finally:
        sys.settrace(before)
    return count


def listed(host: Host, rules: SlotRules = HALF_HOURLY, length: int = MONTH) -> list[int]:
    return offered_starts(
        rules, [host], duration=rules.durations[0], start=START, end=START + length, now=START * 60
    )


def test_a_month_takes_a_few_steps_a_day_and_a_few_a_busy_interval() -> None:
    listed(Host(1, (HOURS,)))  # the zone's days are known
    none = steps(lambda: listed(Host(1, (HOURS,))))
    busy = [(START + n * 440, START + n * 440 + 30) for n in range(100)]
    some = steps(lambda: listed(Host(1, (HOURS,), busy)))
    assert none < 31 * 40
    assert some - none < 100 * 15


def test_the_far_future_costs_nothing() -> None:
    near = steps(lambda: listed(Host(1, (HOURS,), [(START, START + 600)])))
    far = [(START + 2 * MONTH + n * 60, START + 2 * MONTH + n * 60 + 30) for n in range(10_000)]
    assert steps(lambda: listed(Host(1, (HOURS,), [(START, START + 600), *far]))) < near + 20


def test_overrides_far_away_cost_nothing() -> None:
    closed = {date(2040, 1, 1) + timedelta(days=n): () for n in range(10_000)}
    few, many = ({day: closed[day] for day in list(closed)[:count]} for count in (1, 10_000))
    listed(Host(1, (HOURS,)))
    first = steps(lambda: listed(Host(1, (HostHours("Europe/Berlin", WEEK, few),))))
    assert steps(lambda: listed(Host(1, (HostHours("Europe/Berlin", WEEK, many),)))) == first


def test_a_class_with_many_sessions_grows_with_their_number_only() -> None:
    rules = SlotRules(durations=(30,), interval=30, kind=Kind.CLASS, seats=5)

    def with_sessions(count: int) -> int:
        sessions = [
            Session(START + n * 30, START + n * 30 + 30, START + n * 30, START + n * 30 + 30, 1)
            for n in range(count)
        ]
        return steps(lambda: listed(Host(1, (HOURS,), (), sessions), rules))

    with_sessions(10)
    assert with_sessions(1000) < 12 * with_sessions(100)


def base(**changes: Any) -> dict[str, Any]:
    return {
        "now": "2026-12-01T00:00:00Z",
        "window": {"start": "2026-12-01T00:00:00Z", "end": "2026-12-31T00:00:00Z"},
        "duration": 30,
        "hosts": [{"timezone": "Europe/Berlin", "weekly": [{"days": [1], "start": "00:00", "end": "24:00"}]}],
        **changes,
    }


YEAR = {"start": "2026-01-01T00:00:00Z", "end": "2027-01-01T00:00:00Z"}
HOST = base()["hosts"][0]
ABSURD: list[dict[str, Any]] = [
    base(window={"start": "2000-01-01T00:00:00Z", "end": "2199-12-31T00:00:00Z"}),
    base(window={"start": "1-1-1", "end": "9999999-01-01T00:00:00Z"}),
    base(window=YEAR, interval=1, kind="round_robin", hosts=[HOST | {"id": n} for n in range(200)]),
    base(hosts=[HOST | {"overrides": [{"date": "2026-12-01", "ranges": []}] * 10_000}]),
    base(
        hosts=[HOST | {"busy": [{"start": "2026-12-01T00:00:00Z", "end": "2026-12-01T00:00:00Z"}] * 30_000}]
    ),
    base(duration=10**30),
    base(interval=0),
    base(interval=-5),
    base(notice=10**30),
    base(buffer_before=10**9),
    base(horizon={"days": 10**30}),
    base(horizon={"from": "0001-01-01", "to": "9999-12-31", "days": 3}),
    base(seats=0, kind="class"),
    base(limits={"per_day": -1}),
    base(week_start=7),
    base(kind="everyone"),
    base(look_busy={"percent": 101}),
    base(hosts=[]),
    base(hosts={}),
    base(hosts=[{}] * 1000),
    base(hosts=[HOST | {"weekly": [{"days": [9], "start": "09:00", "end": "10:00"}]}]),
    base(hosts=[HOST | {"weekly": [{"days": [1], "start": "24:00", "end": "10:00"}]}]),
    base(hosts=[HOST | {"timezone": "../../etc/passwd"}]),
    base(hosts=[HOST | {"travel": [{"from": "2026-12-05", "to": "2026-12-01", "timezone": "Asia/Tokyo"}]}]),
    base(hosts=[HOST | {"appointments": [{"start": "x", "end": None, "status": "maybe"}]}]),
    base(hosts=[HOST | {"out_of_office": ["2026-02-30", None, 7]}]),
    base(now=None),
    base(now="2026-12-01T00:00:00"),
]


@pytest.mark.parametrize("case", ABSURD, ids=range(len(ABSURD)))
def test_absurd_rule_sets_are_refused_by_field(case: dict[str, Any]) -> None:
    errors = answer(case, explain=True)["error"]["errors"]
    assert errors
    for field, sentences in errors.items():
        assert field.split(".")[0] in case
        assert all(sentence.endswith(".") for sentence in sentences)


def test_wide_but_sane_rule_sets_are_answered() -> None:
    far = base(horizon={"from": "0001-01-01", "to": "9999-12-31"}, window=YEAR, duration=1440, interval=1)
    assert len(answer(far)["slots"]) == 4  # the Mondays of December, at midnight
    long = base(
        duration=527_040, hosts=[HOST | {"weekly": [{"days": [*range(7)], "start": "00:00", "end": "24:00"}]}]
    )
    assert len(answer(long, explain=True)["slots"]) == 30  # every midnight begins a block of hours
    empty = base(window={"start": "2026-12-01T00:00:00Z", "end": "2026-12-01T00:00:00Z"})
    assert answer(empty, explain=True) == {"slots": [], "hosts_by_slot": {}, "explain": {}}
    assert answer(base(hosts=[{"timezone": "UTC"}]), explain=True)["slots"] == []


def test_what_is_no_rule_set_is_told() -> None:
    nothing: list[object] = [None, 3, "x", [], True]
    for raw in nothing:
        assert answer(raw)["error"]["errors"] == {"": ["A rule set is an object."]}
