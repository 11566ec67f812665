"""What is wrong with hours that someone typed, in plain language. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from operator import itemgetter

from bookonce.scheduling.local_days import DAY
from bookonce.scheduling.opening_hours import Block

WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


def hours_problems(blocks: Sequence[Block]) -> list[str]:
    """What is wrong with the blocks of one day; an empty list when all is well.

    Blocks may touch and come in any order. One may end on the next day: past 1440, less than 24 hours after
    its start.
    """
    problems = []
    good = []
    for start, end in blocks:
        if not (0 <= start < DAY and 0 < end <= max(DAY, start + DAY - 1)):
            problems.append(f"{_span(start, end)} does not lie within one day, 00:00 to 24:00.")
        elif end <= start:
            problems.append(f"{_span(start, end)} must end after it starts.")
        else:
            good.append((start, end))
    longest = (0, 0)  # of the blocks so far, the one that ends last
    for start, end in sorted(good):
        if start < longest[1]:
            problems.append(f"{_night(*longest)} and {_night(start, end)} overlap.")
        longest = max(longest, (start, end), key=itemgetter(1))
    return problems


def night_problems(week: Mapping[int, Sequence[Block]]) -> list[str]:
    """Which nights of the week (blocks by weekday, 0 = Sunday) run into the hours of the next day."""
    begins = [(day * DAY + start, day, start, end) for day in week for start, end in week[day]]
    begins.sort()
    problems = []
    for (_, day, start, end), (_, next_day, next_start, next_end) in pairwise([*begins, *begins[:1]]):
        if end > DAY and next_day == (day + 1) % 7 and next_start < end - DAY:
            problems.append(
                f"{WEEKDAYS[day]} {_night(start, end)} and "
                f"{WEEKDAYS[next_day]} {_night(next_start, next_end)} overlap."
            )
    return problems


def _night(start: int, end: int) -> str:
    return _span(start, end - DAY if end > DAY else end)


def _span(start: int, end: int) -> str:
    return f"{_clock(start)} to {_clock(end)}"


def _clock(minutes: int) -> str:
    sign = "-" if minutes < 0 else ""
    return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
