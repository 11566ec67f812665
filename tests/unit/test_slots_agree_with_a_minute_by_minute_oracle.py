"""Random rules, hours and busy time, mostly around change days, against an oracle too slow to be wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookonce.scheduling.slots import (
    HostHours,
    Hours,
    SlotRules,
    busy_bounds,
    free_starts,
    hours_problems,
    is_offered,
)
from tests.strength import times

EXAMPLES = times(100, 3000)
ZONES = (
    *("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia"),
    *("America/St_Johns", "Africa/Casablanca", "America/Santiago", "America/Havana", "Antarctica/Troll"),
)
ODD_DAYS = {  # a day skipped; a clock set back over midnight; a leap day
    "Pacific/Apia": [date(2011, 12, 30)],
    "America/St_Johns": [date(2010, 11, 7)],
    "Asia/Kolkata": [date(2028, 2, 29)],
}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """Everything free_starts is given."""

    hours: HostHours
    rules: SlotRules
    busy: list[tuple[int, int]]
    duration: int
    start: int
    end: int
    now: int


@cache
def wall_clock(zone: str, instant: int) -> tuple[date, int]:
    """Local date and minutes after midnight."""
    local = datetime.fromtimestamp(instant * 60, ZoneInfo(zone))
    return local.date(), local.hour * 60 + local.minute


def oracle(case: Case) -> list[int]:
    """Look at each minute by itself."""
    zone, rules = case.hours.zone, case.rules
    today, _ = wall_clock(zone, case.now // 60)
    blocked = {minute for since, until in case.busy for minute in range(since, until)}

    def blocks(day: date) -> list[tuple[int, int]]:
        weekly = [(h.start, h.end) for h in case.hours.weekly if h.weekday == day.isoweekday() % 7]
        return list(case.hours.overrides.get(day, weekly))

    def is_open(instant: int) -> bool:
        day, minute = wall_clock(zone, instant)
        return any(start <= minute < end for start, end in blocks(day))

    def is_free(instant: int) -> bool:
        day, minute = wall_clock(zone, instant)
        return (
            any(
                start <= minute < end and (minute - start) % rules.interval == 0 for start, end in blocks(day)
            )
            and case.duration in rules.durations
            and instant * 60 >= case.now + rules.notice * 60
            and (rules.horizon_days is None or day <= today + timedelta(days=rules.horizon_days))
            and (rules.first_day is None or day >= rules.first_day)
            and (rules.last_day is None or day <= rules.last_day)
            and all(is_open(m) for m in range(instant, instant + case.duration))
            and blocked.isdisjoint(
                range(instant - rules.buffer_before, instant + case.duration + rules.buffer_after)
            )
        )

    return [instant for instant in range(case.start, case.end) if is_free(instant)]


@cache
def change_days(zone: str) -> list[date]:
    """The local days of 2026 to 2030 that do not last 24 hours, and odd days of old."""
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(5 * 365)]
    offsets = [datetime(d.year, d.month, d.day, tzinfo=ZoneInfo(zone)).utcoffset() for d in days]
    changes = [day for day, offset, later in zip(days, offsets, offsets[1:], strict=False) if offset != later]
    return changes + ODD_DAYS.get(zone, [])


@st.composite
def blocks_of_a_day(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    """Up to three blocks; some touch each other or midnight, more than chance would have it."""
    marks = st.one_of(st.integers(0, 1440), st.sampled_from([0, 60, 90, 120, 150, 180, 1380, 1410, 1440]))
    edges = sorted(draw(st.sets(marks, max_size=4)))
    blocks = tuple(pair for pair in pairwise(edges) if draw(st.booleans()))
    assert hours_problems(blocks) == []
    return blocks


@st.composite
def host_hours(draw: st.DrawFn, zone: str, day: date) -> HostHours:
    week = [draw(blocks_of_a_day()) for _ in range(2)]
    if draw(st.booleans()):
        week = [((0, 1440),), draw(blocks_of_a_day())]
    weekly = [Hours(d, *block) for d in range(7) for block in week[draw(st.integers(0, 1))]]
    overridden = st.integers(-1, 4).map(lambda n: day + timedelta(days=n))
    return HostHours(
        zone,
        tuple(draw(st.permutations(weekly))),
        draw(st.dictionaries(overridden, blocks_of_a_day(), max_size=2)),
    )


@st.composite
def slot_rules(draw: st.DrawFn, day: date) -> SlotRules:
    near = st.none() | st.integers(-1, 4).map(lambda n: day + timedelta(days=n))
    return SlotRules(
        durations=tuple(
            draw(st.lists(st.sampled_from([1, 15, 30, 45, 60, 90, 1500]), min_size=1, max_size=2))
        ),
        interval=draw(st.sampled_from([5, 15, 20, 30, 45, 60, 100, 1440]) | st.integers(1, 200)),
        buffer_before=draw(st.sampled_from([0, 0, 5, 30]) | st.integers(0, 120)),
        buffer_after=draw(st.sampled_from([0, 0, 5, 30]) | st.integers(0, 120)),
        notice=draw(st.sampled_from([0, 0, 60, 1440])),
        horizon_days=draw(st.none() | st.integers(0, 3)),
        first_day=draw(near),
        last_day=draw(near),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    zone = draw(st.sampled_from(ZONES))
    day = draw(st.sampled_from(change_days(zone)) | st.dates(date(2026, 1, 1), date(2030, 12, 31)))
    midnight = (datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) - EPOCH) // timedelta(minutes=1)
    start = midnight + draw(st.sampled_from([0, -1440, -60]) | st.integers(-1440, 1440))
    end = start + draw(st.sampled_from([1440, 2880]) | st.integers(0, 3 * 1440))
    spans = st.tuples(
        st.integers(start - 300, end + 300), st.sampled_from([0, 1, 20, 60]) | st.integers(0, 900)
    )
    rules = draw(slot_rules(day))
    return Case(
        hours=draw(host_hours(zone, day)),
        rules=rules,
        busy=sorted((since, since + length) for since, length in draw(st.lists(spans, max_size=12))),
        duration=draw(st.sampled_from([*rules.durations] * 9 + [30])),
        start=start,
        end=end,
        now=start * 60 + draw(st.sampled_from([-(10**7), -86400, 0, 1]) | st.integers(-200_000, 200_000)),
    )


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_free_starts_are_those_of_the_oracle(case: Case) -> None:
    times = {"duration": case.duration, "start": case.start, "end": case.end}
    free = free_starts(case.hours, case.rules, case.busy, now=case.now, **times)
    assert free == oracle(case)

    low, high = busy_bounds(case.rules, **times)
    near = [(since, until) for since, until in case.busy if since < high and until > low]
    assert free_starts(case.hours, case.rules, near, now=case.now, **times) == free

    for start in {*free[:20], *range(case.start, case.end, 37)}:
        offered = is_offered(
            case.hours, case.rules, case.busy, start=start, duration=case.duration, now=case.now
        )
        assert offered == (start in free)
