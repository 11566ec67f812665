"""The days on which a start may lie: notice, horizon, date range and limits, as spans of instants. Pure.

Spans are half-open (from, until) in minutes since the epoch, disjoint and in order; `now` is in seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from bookonce.scheduling.local_days import DAY, day_date, day_number, day_parts, local_day, weekday
from bookonce.scheduling.opening_hours import Block
from bookonce.scheduling.slot_rules import SlotRules

WIDEST_WINDOW = 3660  # days
LAST_INSTANT = 2**31 - 1  # the last one that the hot tables can hold, in the year 6053
FRIDAY = 5


class WindowTooWide(ValueError):
    """The window leaves more than WIDEST_WINDOW days to walk through: its caller must bound it."""


class Period(NamedTuple):
    """A local day, week or month of a calendar that has a limit: the key of its counter."""

    unit: str  # day, week or month
    first: int  # number of its first day, as in local_days


def start_spans(rules: SlotRules, zone: str, *, start: int, end: int, now: int) -> list[Block]:
    """When a start may lie: the window, cut to notice, horizon, date range and what was picked by hand.

    All this before anything is walked.

    Raises:
        UnknownZone: there is no such zone.
        WindowTooWide: nothing bounds the window to WIDEST_WINDOW days.
    """
    start = max(start, 0, -(-now // 60) + rules.notice)
    end = min(end, LAST_INSTANT)
    if start >= end:
        return []
    first, last = start // DAY - 1, (end - 1) // DAY + 1  # local days reach one further than instants
    spans = [(start, end)]
    if rules.first_day or rules.last_day or rules.horizon_days is not None:
        low, high = first_bookable_day(rules), last_bookable_day(rules, zone, now)
        if low > first or high < last:
            spans = [
                (max(since, start), min(until, end))
                for since, until in days_spans(zone, max(first, low), min(last, high))
                if since < end and until > start
            ]
    if rules.picked:
        spans = [(at, at + 1) for at in rules.picked if any(since <= at < until for since, until in spans)]
    if spans and spans[-1][1] - spans[0][0] > WIDEST_WINDOW * DAY:
        raise WindowTooWide(start, end)
    return spans


def first_bookable_day(rules: SlotRules) -> int:
    """Number of the first day of the date range; before all days when there is none."""
    return day_number(rules.first_day or date.min)


def last_bookable_day(rules: SlotRules, zone: str, now: int) -> int:
    """Number of the last day that date range and horizon leave; after all days when neither is set."""
    last = day_number(rules.last_day or date.max)
    if rules.horizon_days is None:
        return last
    today = local_day(zone, now // 60)
    reach = _working_days_on(today, rules.horizon_days) if rules.working_days else today + rules.horizon_days
    return min(last, reach)


def days_spans(zone: str, first: int, last: int) -> list[Block]:
    """All instants whose local day is one of first..last."""
    if last - first <= 5:
        return joined(_instants(zone, range(first, last + 1)))
    # Only at the edges can a clock that is set back over midnight mix in other days, or a day be skipped.
    edges = _instants(zone, (first, first + 1, last - 1, last))
    opening, closing = _instants(zone, (first + 1, first + 2)), _instants(zone, (last - 2, last - 1))
    return joined([*edges, (opening[0][0], closing[-1][1])])


def limit_periods(rules: SlotRules, zone: str, start: int) -> tuple[Period, ...]:
    """The periods with a limit in which an appointment that starts then counts: the keys of its counters."""
    if not rules.limits:
        return ()
    day = local_day(zone, start)
    return tuple(_period(unit, day, rules.week_start) for unit, _ in rules.limits)


def count_periods(rules: SlotRules, zone: str, starts: Iterable[int]) -> dict[Period, int]:
    """How many appointments lie in each period with a limit, from the starts of all that are live."""
    counts: dict[Period, int] = {}
    for start in starts if rules.limits else ():
        for period in limit_periods(rules, zone, start):
            counts[period] = counts.get(period, 0) + 1
    return counts


def full_spans(rules: SlotRules, zone: str, counts: Mapping[Period, int], spans: list[Block]) -> list[Block]:
    """The spans less the periods that have reached their limit; a limit of 0 closes all."""
    limits = dict(rules.limits)
    if 0 in limits.values() or not spans:
        return []
    low, high = spans[0][0] // DAY - 1, spans[-1][1] // DAY + 1
    full = [
        span
        for period, count in counts.items()
        if count >= limits.get(period.unit, count + 1) and period.first <= high and _last_day(period) >= low
        for span in days_spans(zone, period.first, _last_day(period))
    ]
    return _without(spans, joined(full)) if full else spans


def _period(unit: str, day: int, week_start: int) -> Period:
    if unit == "week":
        day -= (weekday(day) - week_start) % 7
    elif unit == "month":
        day -= day_date(day).day - 1
    return Period(unit, day)


def _last_day(period: Period) -> int:
    if period.unit == "month":
        first = day_date(period.first)
        return day_number(date(first.year + first.month // 12, first.month % 12 + 1, 1)) - 1
    return period.first + (6 if period.unit == "week" else 0)


def _working_days_on(today: int, count: int) -> int:
    """The day that is `count` days of Monday to Friday after today."""
    if count == 0:
        return today
    past_friday = max(0, (weekday(today) or 7) - FRIDAY)
    weeks, rest = divmod(count, 5)
    day = today - past_friday + weeks * 7  # from a weekend counts as from its Friday
    if weekday(day) + rest > FRIDAY:
        rest += 2
    return day + rest


def _instants(zone: str, days: Iterable[int]) -> list[Block]:
    return [(part.start, part.end) for day in days for part in day_parts(zone, day)]


def _without(spans: list[Block], holes: list[Block]) -> list[Block]:
    left = []
    upcoming = 0
    for since, until in spans:
        while upcoming < len(holes) and holes[upcoming][1] <= since:
            upcoming += 1
        at, number = since, upcoming
        while number < len(holes) and holes[number][0] < until:
            if at < holes[number][0]:
                left.append((at, holes[number][0]))
            at, number = holes[number][1], number + 1
        if at < until:
            left.append((at, until))
    return left


def joined(spans: Iterable[Block]) -> list[Block]:
    """The same instants as disjoint spans in order."""
    result: list[Block] = []
    for since, until in sorted(spans):
        if result and since <= result[-1][1]:
            result[-1] = (result[-1][0], max(until, result[-1][1]))
        elif since < until:
            result.append((since, until))
    return result
