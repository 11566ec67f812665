"""Random rules files: all kinds and rules, one to four days, mostly where the clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

ZONES = (
    *(
        "Europe/Berlin",
        "Europe/London",
        "Europe/Moscow",
        "Europe/Chisinau",
        "Atlantic/Azores",
        "Africa/Cairo",
    ),
    *(
        "Africa/Casablanca",
        "Africa/Johannesburg",
        "Asia/Jerusalem",
        "Asia/Beirut",
        "Asia/Tehran",
        "Asia/Dubai",
    ),
    *("Asia/Kolkata", "Asia/Kathmandu", "Asia/Tokyo", "Australia/Lord_Howe", "Australia/Adelaide"),
    *("Australia/Eucla", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Apia", "Pacific/Kiritimati"),
    *("Pacific/Honolulu", "America/New_York", "America/St_Johns", "America/Santiago", "America/Havana"),
    *("America/Sao_Paulo", "America/Los_Angeles", "Antarctica/Troll"),
)
assert len(ZONES) == 30
Draw = st.DrawFn
Json = dict[str, Any]
OPEN = [
    {"start": start, "end": end}
    for start, end in (("00:00", "24:00"), ("07:10", "20:00"), ("21:00", "19:00"))
]


@cache
def change_days(zone: str) -> list[date]:
    """The local days of 2026 to 2030 that do not last 24 hours."""
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(5 * 365)]
    offsets = [datetime(d.year, d.month, d.day, tzinfo=ZoneInfo(zone)).utcoffset() for d in days]
    return [day for day, offset, later in zip(days, offsets, offsets[1:], strict=False) if offset != later]


def text(at: int, seconds: int = 0) -> str:
    return datetime.fromtimestamp(at * 60 + seconds, UTC).isoformat()


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@st.composite
def ranges(draw: Draw, *, night: int | None) -> list[Json]:
    """Blocks of one day, disjoint; with `night` the last may run on until then, and none begins before."""
    low = night or 0
    marks = st.integers(low, 1440) | st.sampled_from(
        [m for m in (0, 60, 120, 540, 1020, 1380, 1440) if m >= low]
    )
    edges = sorted(draw(st.sets(marks, max_size=4)))
    found = [pair for pair in pairwise(edges) if draw(st.integers(0, 3))]
    if night and draw(st.booleans()):
        begin = draw(st.integers(max([1200, *(end for _, end in found)]), 1440))
        found += [(begin, night)] if begin < 1440 else []
    return [{"start": clock(start), "end": clock(end)} for start, end in found]


@st.composite
def schedules(draw: Draw, day: date) -> Json:
    """Weekly hours of two sorts of days, and overrides near the day."""
    night = draw(st.sampled_from([None, None, 30, 120, 195]))
    sorts = [draw(ranges(night=night)), draw(ranges(night=night))]
    if draw(st.booleans()) and night is None:
        sorts[0] = draw(st.sampled_from([[("00:00", "24:00")], [("08:00", "13:00"), ("13:00", "20:00")]]))
        sorts[0] = [{"start": start, "end": end} for start, end in sorts[0]]
    days = [int(draw(st.integers(0, 3)) == 3) for _ in range(7)]
    weekly = [
        {"days": [d for d in range(7) if days[d] == sort], **one} for sort in (0, 1) for one in sorts[sort]
    ]
    near = draw(st.lists(st.integers(-1, 4), max_size=2, unique=True)) if draw(st.booleans()) else []
    nights = st.sampled_from([None, night, 240])
    overrides = [
        {"date": (day + timedelta(days=n)).isoformat(), "ranges": draw(ranges(night=draw(nights)))}
        for n in near
    ]
    return {"weekly": [rule for rule in weekly if rule["days"]], "overrides": overrides}


@st.composite
def hosts(draw: Draw, zone: str, day: date, spans: st.SearchStrategy[tuple[int, int]], case: Json) -> Json:
    dates = st.lists(st.integers(-1, 4).map(lambda n: (day + timedelta(days=n)).isoformat()), max_size=2)
    host: Json = {"timezone": zone, "busy": [span(*s) for s in draw(st.lists(spans, max_size=6))]}
    if draw(st.integers(0, 3)):
        host |= draw(schedules(day))
    else:
        other = draw(st.sampled_from(ZONES))
        host["schedules"] = [draw(schedules(day)), draw(schedules(day)) | {"timezone": other}]
    if draw(st.integers(0, 5)) == 5:
        host["out_of_office"] = draw(dates)
    if draw(st.integers(0, 5)) == 5:
        host["holidays"] = draw(dates)
    if draw(st.integers(0, 6)) == 6:
        first = day + timedelta(days=draw(st.integers(-1, 3)))
        last = first + timedelta(days=draw(st.integers(0, 2)))
        there = draw(st.sampled_from(ZONES))
        host["travel"] = [{"from": first.isoformat(), "to": last.isoformat(), "timezone": there}]
    host["appointments"] = [draw(appointments(s, case)) for s in draw(st.lists(spans, max_size=6))]
    return host


@st.composite
def appointments(draw: Draw, times: tuple[int, int], case: Json) -> Json:
    same = draw(st.booleans())
    start, end = times
    if same and draw(st.integers(0, 5)):  # as the calendar itself would have booked it
        start -= start % draw(st.sampled_from([case["interval"], 60, 5]))
        end = start + case["duration"]
    return {
        **span(start, end),
        "status": draw(st.sampled_from(["new", "confirmed", "confirmed", "cancelled"])),
        "buffer_before": draw(st.sampled_from([0, 0, 10])),
        "buffer_after": draw(st.sampled_from([0, 0, 15])),
        "seats_taken": draw(st.integers(0, 4)),
        "same_calendar": same,
    }


def span(start: int, end: int) -> Json:
    return {"start": text(start), "end": text(end)}


@st.composite
def wild_cases(draw: Draw) -> Json:
    """Everything at once."""
    zone = draw(st.sampled_from(ZONES))
    day = draw(
        st.sampled_from(change_days(zone) or [date(2028, 2, 29)])
        | st.dates(date(2026, 1, 1), date(2030, 12, 31))
    )
    midnight = int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp()) // 60
    start = midnight + draw(st.sampled_from([0, 0, -1440, -60]) | st.integers(-1440, 1440))
    end = start + draw(st.sampled_from([1440, 1440, 2880, 5760]) | st.integers(1000, 4 * 1440))
    kind = draw(st.sampled_from(["one_on_one", "round_robin", "collective", "class"]))
    case: Json = {
        "kind": kind,
        "window": span(start, end),
        "now": text(
            start, draw(st.sampled_from([-(10**7), -86400, -86400, 0, 1]) | st.integers(-200_000, 100_000))
        ),
        "duration": draw(st.sampled_from([15, 30, 30, 30, 45, 60, 60, 1500])),
        "interval": draw(st.sampled_from([5, 15, 30, 30, 45, 60, 100]) | st.integers(1, 200)),
        "buffer_before": draw(st.sampled_from([0, 0, 5, 30])),
        "buffer_after": draw(st.sampled_from([0, 0, 5, 30])),
        "notice": draw(st.sampled_from([0, 0, 60, 1440])),
        **draw(calendar_rules(day)),
        **draw(repeats()),
    }
    spans = st.tuples(
        st.integers(start - 300, end + 300),
        st.sampled_from([0, 20, 30, 60]) | st.integers(0, 200),
        later_days(case),
    ).map(lambda drawn: (drawn[0] + drawn[2], drawn[0] + drawn[2] + drawn[1]))
    others = 0 if kind == "one_on_one" else draw(st.integers(0, 2))
    zones = [zone, *(draw(st.sampled_from([zone, *ZONES])) for _ in range(others))]
    case["hosts"] = [draw(hosts(where, day, spans, case)) | {"id": n} for n, where in enumerate(zones)]
    return case


@st.composite
def calm_cases(draw: Draw) -> Json:
    """Open hours and full calendars, where kinds, limits, seats and buffers decide."""
    zone = draw(st.sampled_from(ZONES))
    day = draw(st.sampled_from(change_days(zone) or [date(2028, 2, 29)]) | st.just(date(2027, 6, 30)))
    morning = int(datetime(day.year, day.month, day.day, 8, tzinfo=ZoneInfo(zone)).timestamp()) // 60
    kind = draw(st.sampled_from(["one_on_one", "round_robin", "collective", "collective", "class", "class"]))
    case: Json = {
        "kind": kind,
        "window": span(morning - 240, morning + draw(st.sampled_from([720, 2 * 1440]))),
        "now": text(morning - 1440),
        "duration": draw(st.sampled_from([30, 45, 60])),
        "interval": draw(st.sampled_from([15, 30, 45, 60])),
        "buffer_before": draw(st.sampled_from([0, 0, 10, 30])),
        "buffer_after": draw(st.sampled_from([0, 0, 10, 30])),
        "seats": draw(st.integers(2, 6)),
        "party": draw(st.integers(1, 2)),
        **draw(repeats()),
    }
    if draw(st.integers(0, 2)) == 2:
        unit = draw(st.sampled_from(["per_day", "per_week", "per_month"]))
        case |= {"limits": {unit: draw(st.integers(1, 3))}, "week_start": draw(st.integers(0, 6))}
    if draw(st.integers(0, 4)) == 4:
        picks = draw(st.lists(st.integers(-2, 14), min_size=1, max_size=6))
        case["picked"] = [text(morning + step * case["interval"]) for step in picks]
    steps = st.tuples(st.integers(0, 14), st.sampled_from([0, 0, 0, 1440]))
    spans = st.tuples(steps, later_days(case)).map(
        lambda drawn: morning + drawn[0][0] * case["interval"] + drawn[0][1] + drawn[1]
    )
    others = 0 if kind == "one_on_one" else draw(st.sampled_from([0, 1, 1, 2]))
    case["hosts"] = [
        {
            "id": number,
            "timezone": draw(st.sampled_from([zone, zone, "Asia/Kathmandu"])),
            "weekly": [{"days": [*range(7)], **draw(st.sampled_from(OPEN))}],
            "appointments": [
                draw(appointments((at, at + case["duration"]), case))
                for at in draw(st.lists(spans, max_size=7))
            ],
        }
        for number in range(others + 1)
    ]
    return case


@st.composite
def repeats(draw: Draw) -> Json:
    """Of a third: a series."""
    if draw(st.integers(0, 2)):
        return {}
    every = draw(st.sampled_from(["daily", "daily", "weekly", "monthly"]))
    return {"repeats": every, "repeat_count": draw(st.integers(2, 4) | st.sampled_from([2, 13, 24]))}


def later_days(case: Json) -> st.SearchStrategy[int]:
    """In minutes: on which of the days of a series something else happens."""
    days = {"": 0, "daily": 1, "weekly": 7, "monthly": 30}[case.get("repeats", "")]
    return st.sampled_from([0, 0, 1, 2]).map(lambda number: number * days * 1440)


def rule_sets() -> st.SearchStrategy[Json]:
    """A whole file."""
    return wild_cases() | calm_cases()


@st.composite
def calendar_rules(draw: Draw, day: date) -> Json:
    rules: Json = {
        "seats": draw(st.sampled_from([1, 3, 5, 20])),
        "party": draw(st.sampled_from([1, 1, 1, 1, 3])),
    }
    near = st.integers(-1, 4).map(lambda n: (day + timedelta(days=n)).isoformat())
    horizon = draw(st.integers(0, 7))
    if horizon == 7:
        rules["horizon"] = {
            "days": draw(st.integers(1, 9)),
            "count": draw(st.sampled_from(["calendar", "working"])),
        }
    elif horizon == 6:
        first, last = sorted([draw(near), draw(near)])
        rules["horizon"] = {"from": first, "to": last}
    if draw(st.integers(0, 4)) == 4:
        units = draw(st.sets(st.sampled_from(["per_day", "per_week", "per_month"]), min_size=1))
        rules["limits"] = {unit: draw(st.sampled_from([0, 1, 2, 2, 3, 4, 5])) for unit in sorted(units)}
        rules["week_start"] = draw(st.integers(0, 6))
    if draw(st.integers(0, 4)) == 4:
        rules["look_busy"] = {
            "percent": draw(st.sampled_from([20, 50, 50, 100])),
            "seed": draw(st.sampled_from(["a", "b"])),
        }
        rules["public"] = draw(st.integers(0, 3)) > 0
    if draw(st.integers(0, 7)) == 7:
        rules["durations"] = draw(st.sampled_from([[30, 60], [15, 30, 45, 60, 1500], [20]]))
    if draw(st.integers(0, 3)) == 0:
        rules["timezone"] = draw(st.sampled_from(ZONES))
    return rules
