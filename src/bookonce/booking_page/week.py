"""A week with the times of each of its days, laid out for choosing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from babel.dates import format_interval

from bookonce.booking_page.habits import first_weekday
from bookonce.booking_page.local_times import LocalClock
from bookonce.booking_page.month import MOST_MONTHS, Find, FreeTime, first_free, months_on
from bookonce.lib.date_words import day_words, locale, short_weekdays
from bookonce.lib.languages import current

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class WeekDay:
    """A column of the week."""

    iso: str
    weekday: str  # short
    number: int
    words: str
    times: tuple[FreeTime, ...]
    today: bool
    past: bool


@dataclass(frozen=True)
class Week:
    """A week with its free times, and where else to look; weeks are named by a day of theirs."""

    iso: str  # its month
    words: str
    days: tuple[WeekDay, ...]
    earlier: str
    later: str
    day: str  # the chosen, else the first free one
    day_words: str
    most_places: int
    next_free: str  # a day, when the week has none
    next_free_words: str
    none_left: bool  # from now on, as far as is searched
    first: date
    last: date
    is_week: bool = True

    @property
    def where(self) -> dict[str, str]:
        """What an address says to come back to it."""
        return {"week": self.first.isoformat()}


def lay_out_week(find: Find, clock: LocalClock, *, today: date, week: date | None, day: date | None) -> Week:
    """The week of the day asked for, or that of the chosen or the first free day."""
    first, now = _begin(week or day or today), _begin(today)
    if not (week or day) or not now <= first <= months_on(today, MOST_MONTHS):
        first = _begin(first_free(find, clock, today) or today)
    following, last = first + WEEK, first + timedelta(days=6)
    found = find(*clock.window(first, last))
    days = {
        iso: tuple(FreeTime(time, found[time.minute]) for time in times)
        for iso, times in clock.by_day(found).items()
    }
    chosen = day.isoformat() if day and day.isoformat() in days else next(iter(days), "")
    next_free = None if days else first_free(find, clock, following)
    return Week(
        iso=f"{max(first, today):%Y-%m}",
        words=_span_words(first, last, current()),
        days=tuple(_day(first + timedelta(days=number), days, today) for number in range(7)),
        earlier=(first - WEEK).isoformat() if first > now else "",
        later=following.isoformat() if following <= months_on(today, MOST_MONTHS) else "",
        day=chosen,
        day_words=day_words(date.fromisoformat(chosen)) if chosen else "",
        most_places=max((places or 0 for places in found.values()), default=0),
        next_free=next_free.isoformat() if next_free else "",
        next_free_words=day_words(next_free) if next_free else "",
        none_left=not days and next_free is None and first <= now,
        first=first,
        last=last,
    )


def _begin(day: date) -> date:
    """The first day of its week, as the page's reader counts."""
    return day - timedelta(days=(day.weekday() - first_weekday()) % 7)


def _day(day: date, free: dict[str, tuple[FreeTime, ...]], today: date) -> WeekDay:
    iso = day.isoformat()
    return WeekDay(
        iso=iso,
        weekday=short_weekdays(current())[day.weekday()],
        number=day.day,
        words=day_words(day),
        times=free.get(iso, ()),
        today=day == today,
        past=day < today,
    )


@lru_cache(maxsize=2000)
def _span_words(first: date, last: date, language: str) -> str:
    """`30 Nov - 6 Dec 2026`, with the dash of the language."""
    return str(format_interval(first, last, "yMMMd", locale=locale(language)))
