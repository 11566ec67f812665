"""The free days in the layout that was chosen, and what is to be said of their clocks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from bookonce.booking_page.choice import Choice
from bookonce.booking_page.clock_notes import change_notes, city_of, day_notes, shift_of
from bookonce.booking_page.habits import hours
from bookonce.booking_page.local_times import LocalClock
from bookonce.booking_page.month import Find, Month, lay_out
from bookonce.booking_page.week import Week, lay_out_week
from bookonce.lib.date_words import day_words


def shown_days(
    find: Find, clock: LocalClock, choice: Choice, *, layout: str, today: date, day: date | None
) -> Month | Week:
    """A month or a week: as was chosen, else as the calendar has it; around `day` where there is one."""
    if (choice.view or layout) == "week":
        return lay_out_week(find, clock, today=today, week=choice.week or choice.month, day=day)
    month = choice.month or (choice.week.replace(day=1) if choice.week and day is None else None)
    return lay_out(find, clock, today=today, month=month, day=day)


def not_free(choice: Choice, shown: Month | Week) -> list[str]:
    """That nothing is free on the day which was asked for; a week shows that by itself."""
    if choice.day is None or isinstance(shown, Week) or shown.day in ("", choice.day.isoformat()):
        return []
    if choice.month and choice.month != choice.day.replace(day=1):  # another month was asked for as well
        return []
    return [_("There are no free times on %(day)s.") % {"day": day_words(choice.day)}]


def with_notes(shown: Month | Week, clock: LocalClock, host: LocalClock, *, today: date) -> dict[str, object]:
    """What a page of days says: the days, and what differs on the calendar's clock (`host`)."""
    changes = change_notes(clock, host, first=max(shown.first, today), last=shown.last)
    if isinstance(shown, Week):
        days = tuple(
            replace(day, times=tuple(replace(free, shift=shift_of(free.time, host)) for free in day.times))
            for day in shown.days
        )
        shifts = {free.shift for day in days for free in day.times} - {0}
        return {
            "month": replace(shown, days=days),
            "changes": changes,
            "shifts": sorted(shifts),
            "city": city_of(host),
        }
    times = [free.time for part in shown.parts for free in part.times]
    return {"month": shown, "changes": changes, "day_notes": day_notes(times, host)}


@dataclass(frozen=True)
class Switch:
    """One way to show the days or their times, and its address."""

    name: str
    words: str
    query: str
    chosen: bool


def switches(choice: Choice, shown: Month | Week) -> dict[str, list[Switch]]:
    """Month or week, 12 or 24 hours; what is chosen stays."""
    day = {"day": shown.day} if choice.day and shown.day else {}
    view = "week" if isinstance(shown, Week) else "month"
    counted = hours().value
    where = {"month": {"month": shown.iso}, "week": {"week": (shown.day or shown.first.isoformat())}}
    return {
        "views": [
            Switch(name, words, choice.query(view=name, **(day or where[name])), chosen=name == view)
            for name, words in (("month", _("Month")), ("week", _("Week")))
        ],
        "clocks": [
            Switch(name, words, choice.query(clock=name, **shown.where, **day), chosen=name == counted)
            for name, words in (("12", _("12-hour clock")), ("24", _("24-hour clock")))
        ],
    }
