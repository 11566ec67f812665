"""The month and the times of one day, laid out for choosing."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from bookonce.booking_page.habits import first_weekday
from bookonce.booking_page.local_times import LocalClock, LocalTime
from bookonce.lib.date_words import day_words, month_words, short_weekdays, weekday_names
from bookonce.lib.languages import current

# The free starts in [start, end), ascending, in minutes since the epoch; of a class with the places left.
Find = Callable[[int, int], Mapping[int, int | None]]
FIRST_LOOK, LAST_LOOK = 45, 400  # days searched for a free one
MOST_MONTHS = 24
NOON, EVENING = "12:00", "17:00"


@dataclass(frozen=True)
class Day:
    """One cell of the month; `iso` is empty outside of it."""

    number: int = 0
    iso: str = ""
    words: str = ""
    free: bool = False
    chosen: bool = False
    today: bool = False


@dataclass(frozen=True)
class FreeTime:
    """A start that can be chosen, and how many places it has left, when it is a class's.

    `shift`: how many days later it is at the calendar's place: -1, 0 or 1.
    """

    time: LocalTime
    places: int | None = None
    shift: int = 0


@dataclass(frozen=True)
class Part:
    """The times of a part of the day; `name` is empty when there are few."""

    name: str
    times: tuple[FreeTime, ...]


@dataclass(frozen=True)
class Month:
    """A month with its free days, the chosen day's times, and where else to look. Months are `2026-12`."""

    iso: str
    words: str
    weekdays: tuple[tuple[str, str], ...]  # short and full
    weeks: tuple[tuple[Day, ...], ...]
    gone: int  # how many of them have passed: they would only push the times down a phone's screen
    earlier: str
    later: str
    day: str
    day_words: str
    parts: tuple[Part, ...]
    most_places: int  # that any time of the month has left; 0 for all but a class
    next_free: str  # a day, when the month has none
    next_free_words: str
    none_left: bool  # from now on, as far as is searched
    first: date  # the days shown
    last: date

    @property
    def where(self) -> dict[str, str]:
        """What an address says to come back to it."""
        return {"month": self.iso}


def lay_out(find: Find, clock: LocalClock, *, today: date, month: date | None, day: date | None) -> Month:
    """The month asked for, or the one of the chosen or the first free day, which is then chosen.

    Where nothing is free on the chosen day, it is the next free one after it; before it, where none is after.
    """
    shown = month or (day.replace(day=1) if day else None)
    if shown is None or not today.replace(day=1) <= shown <= months_on(today, MOST_MONTHS):
        shown, day = (first_free(find, clock, today) or today).replace(day=1), None
    following = months_on(shown, 1)
    found = find(*clock.window(shown, following - timedelta(days=1)))
    days = clock.by_day(found)
    wanted = day.isoformat() if day else ""
    chosen = next((iso for iso in days if iso >= wanted), "")
    if wanted and month is None and not chosen and (later := first_free(find, clock, following)):
        return lay_out(find, clock, today=today, month=None, day=later)
    chosen = chosen or next(reversed(days), "")
    next_free = None if days else first_free(find, clock, following)
    return Month(
        iso=f"{shown:%Y-%m}",
        words=month_words(shown),
        weekdays=_weekdays(first_weekday()),
        weeks=_weeks(shown, set(days), chosen, today),
        gone=sum(week[-1] < today for week in _whole_weeks(shown)),
        earlier=f"{months_on(shown, -1):%Y-%m}" if shown > today.replace(day=1) else "",
        later=f"{following:%Y-%m}" if following <= months_on(today, MOST_MONTHS) else "",
        day=chosen,
        day_words=day_words(date.fromisoformat(chosen)) if chosen else "",
        parts=_parts(FreeTime(time, found[time.minute]) for time in days.get(chosen, [])),
        most_places=max((places or 0 for places in found.values()), default=0),
        next_free=next_free.isoformat() if next_free else "",
        next_free_words=day_words(next_free) if next_free else "",
        none_left=not days and next_free is None and shown <= today.replace(day=1),
        first=shown,
        last=following - timedelta(days=1),
    )


def nearest(find: Find, clock: LocalClock, *, around: int, count: int) -> list[LocalTime]:
    """The free times nearest to `around` (minutes), in order; none within the search is an empty list."""
    day = 1440
    for reach in (4 * day, FIRST_LOOK * day, LAST_LOOK * day):
        found = sorted(find(around - reach, around + reach), key=lambda start: abs(start - around))
        if len(found) >= count:
            break
    return [clock.read(start) for start in sorted(found[:count])]


def nearest_day(find: Find, clock: LocalClock, *, around: int, now: int) -> date | None:
    """The day of the free time nearest to `around`, or to `now` when that has passed; None without any."""
    found = nearest(find, clock, around=max(around, now), count=1)
    return clock.date_of(found[0]) if found else None


def first_free(find: Find, clock: LocalClock, since: date) -> date | None:
    """The first day with a free time on or after `since`; None when the search finds none."""
    for days in (FIRST_LOOK, LAST_LOOK):
        starts = find(*clock.window(since, since + timedelta(days=days)))
        if starts:
            return date.fromisoformat(clock.read(next(iter(starts))).day)
    return None


def _weekdays(first: int) -> tuple[tuple[str, str], ...]:
    named = tuple(zip(short_weekdays(current()), weekday_names(current()), strict=True))
    return named[first:] + named[:first]


def _weeks(month: date, free: set[str], chosen: str, today: date) -> tuple[tuple[Day, ...], ...]:
    def cell(day: date) -> Day:
        if day.month != month.month:
            return Day()
        iso = day.isoformat()
        return Day(day.day, iso, day_words(day), free=iso in free, chosen=iso == chosen, today=day == today)

    return tuple(tuple(map(cell, week)) for week in _whole_weeks(month))


def _whole_weeks(month: date) -> list[list[date]]:
    return Weeks(first_weekday()).monthdatescalendar(month.year, month.month)


def _parts(offered: Iterable[FreeTime]) -> tuple[Part, ...]:
    times = tuple(offered)
    if len(times) <= 6:
        return (Part("", times),) if times else ()
    groups = {
        _("Morning"): [free for free in times if free.time.clock < NOON],
        _("Afternoon"): [free for free in times if NOON <= free.time.clock < EVENING],
        _("Evening"): [free for free in times if free.time.clock >= EVENING],
    }
    return tuple(Part(name, tuple(found)) for name, found in groups.items() if found)


def months_on(day: date, count: int) -> date:
    """The first day of the month so many months later."""
    months = day.year * 12 + day.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)
