"""Days and times of day as a reader's language writes them (CLDR, by Babel).

In the language that is spoken (lib/languages.py) unless another one is named. What a guest reads often is
kept: a month of days is written once per language, not once per page.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from enum import StrEnum
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_date, format_time

from bookonce.lib.languages import ENGLISH, current

# English as Europe writes it: 24 hours, the day before the month.
_LOCALES = {ENGLISH: "en_GB"}
_ENGLISH_PATTERNS = {
    "day": "EEEE, d MMMM",
    "dated": "EEEE, d MMMM y",
    "short": "E d MMMM",
    "subject": "E d MMM y",
    "month": "MMMM y",
}
# Where CLDR has no pattern for a weekday, day and month in full, one for their short forms is widened.
_SKELETONS = {
    "day": ("MMMMEEEEd", "MMMEEEEd", "MMMMEd", "MMMEd"),
    "short": ("MMMMEd", "MMMEd"),
    "subject": ("yMMMEd",),
    "month": ("yMMMM",),
}
_QUOTED = re.compile(r"('[^']*')")
_SPACES = str.maketrans("\u202f\u2009", "\u00a0\u00a0")  # narrow spaces are missing in some fonts


class Hours(StrEnum):
    """How a clock counts: to 12, twice, or to 24."""

    TWELVE = "12"
    TWENTY_FOUR = "24"


def day_words(day: date, language: str = "") -> str:
    """`Tuesday, 1 December`."""
    return _written("day", _bare(day), language or current())


def day_and_year(day: date, language: str = "") -> str:
    """`Tuesday, 1 December 2026`."""
    return _written("dated", _bare(day), language or current())


def short_day(day: date, language: str = "") -> str:
    """`Tue 1 December`."""
    return _written("short", _bare(day), language or current())


def subject_day(day: date, language: str = "") -> str:
    """`Tue 1 Dec 2026`: for a mail's subject."""
    return _written("subject", _bare(day), language or current())


def month_words(day: date, language: str = "") -> str:
    """`December 2026`; in small letters where months are written so. A heading makes its first one large."""
    return _written("month", _bare(day.replace(day=1)), language or current())


@cache
def weekday_names(language: str) -> tuple[str, ...]:
    """`Monday` to `Sunday`."""
    return tuple(locale(language).days["format"]["wide"][day] for day in range(7))


@cache
def short_weekdays(language: str) -> tuple[str, ...]:
    """`Mo` to `Su`: for the head of a month."""
    return tuple(locale(language).days["format"]["short"][day] for day in range(7))


@cache
def usual_hours(language: str) -> Hours:
    """As which of the two most readers of this language know a clock."""
    return Hours.TWELVE if "a" in locale(language).time_formats["short"].pattern else Hours.TWENTY_FOUR


@lru_cache(maxsize=20_000)
def clock_words(minute_of_day: int, language: str, hours: Hours | str = "") -> str:
    """`14:05` or `2:05 pm`; without `hours` as is usual in the language. 0 <= minute_of_day < 1440."""
    skeleton = "hm" if (hours or usual_hours(language)) == Hours.TWELVE else "Hm"
    pattern = locale(language).datetime_skeletons[skeleton].pattern
    shown = format_time(time(*divmod(minute_of_day, 60)), pattern, locale=locale(language))
    return shown.translate(_SPACES)


def time_words(local: datetime, hours: Hours | str = "") -> str:
    """The same of a local time, in the language that is spoken."""
    return clock_words(local.hour * 60 + local.minute, current(), hours)


@cache
def city_name(zone: str, language: str = "") -> str:
    """`New York` of America/New_York, in the language where it has a word of its own for it."""
    own = locale(language).time_zones.get(zone, {}).get("city") if language not in {"", ENGLISH} else None
    return str(own) if own else zone.rpartition("/")[2].replace("_", " ")


@cache
def locale(language: str) -> Locale:
    """CLDR's data of one of our languages."""
    return Locale.parse(_LOCALES.get(language, language), sep="-" if "-" in language else "_")


def _bare(day: date) -> date:
    """Without its time, so that a day is written once."""
    return day.date() if isinstance(day, datetime) else day


@lru_cache(maxsize=20_000)
def _written(kind: str, day: date, language: str) -> str:
    return format_date(day, _pattern(kind, language), locale(language))


@cache
def _pattern(kind: str, language: str) -> str:
    if language == ENGLISH:
        return _ENGLISH_PATTERNS[kind]
    known = locale(language)
    if kind == "dated":
        return str(known.date_formats["full"].pattern)
    name = next(name for name in _SKELETONS[kind] if name in known.datetime_skeletons)
    pattern = str(known.datetime_skeletons[name].pattern)
    if kind in {"subject", "month"}:
        return pattern
    parts = _QUOTED.split(pattern)
    for number in range(0, len(parts), 2):  # what is quoted stands between
        parts[number] = re.sub(r"(?<!M)MMM(?!M)", "MMMM", parts[number])
        if kind == "day":
            parts[number] = re.sub(r"E+", "EEEE", parts[number])
    return "".join(parts)
