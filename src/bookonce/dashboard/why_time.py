"""The answer for one time that was typed in, and for days and addresses that offer nothing at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookonce.dashboard.why_clock import length_words
from bookonce.dashboard.why_rows import Row, row_of
from bookonce.dashboard.why_said import Said
from bookonce.dashboard.why_words import Words
from bookonce.scheduling import errors
from bookonce.scheduling.explain import Explained
from bookonce.scheduling.hours_input import clock_text
from bookonce.scheduling.slots import Rule

MOST_SCHEDULES = 5  # that are named on a day without hours
CLOSED = frozenset({Rule.OVERRIDE, Rule.HOLIDAY, Rule.OUT_OF_OFFICE})
REFUSALS: Mapping[type[Exception], str | Promise] = {
    errors.NotFound: gettext_lazy(
        "Nobody is offered a time here: this calendar is booked by one-time links only."
    ),
    errors.CalendarPaused: gettext_lazy("Nobody is offered a time: this calendar is paused."),
    errors.CalendarDeleted: gettext_lazy("Nobody is offered a time: this calendar is deleted."),
    errors.LinkUsed: gettext_lazy("This link offers no time: it has been used."),
    errors.LinkExpired: gettext_lazy("This link offers no time: it has expired."),
    errors.LinkRevoked: gettext_lazy("This link offers no time: it has been revoked."),
    errors.LinkNotOpen: gettext_lazy("This link offers no time yet: it opens later."),
}

REFUSALS_OF_GROUP: Mapping[type[Exception], str | Promise] = {
    errors.CalendarPaused: gettext_lazy("Nobody is offered a time: this calendar group is paused."),
    errors.CalendarDeleted: gettext_lazy("Nobody is offered a time: this calendar group is deleted."),
}


@dataclass(frozen=True)
class Near:
    """A start near the time that was asked about."""

    time: str
    state: str
    word: str


@dataclass(frozen=True)
class Answer:
    """For a start on the grid its row; for any other time a sentence, and the starts nearby."""

    time: str
    row: Row | None
    said: Said
    near: Sequence[Near] = ()


@dataclass(frozen=True)
class Nothing:
    """Why a whole day has no starts."""

    title: str
    said: Said


def refusal_words(found: Explained) -> str:
    """Why nothing can be booked at all; "" when something can."""
    refused, group = found.refused, found.offer.group
    if refused is None:
        return ""
    closed = group is not None and (group.paused_at is not None or group.deleted_at is not None)
    words = {**REFUSALS, **REFUSALS_OF_GROUP} if closed else REFUSALS
    return str(words.get(type(refused), refused))


def answers_for(words: Words, time: int | None) -> list[Answer]:
    """What is to be said of a time of the day: twice where the clock shows it twice."""
    if time is None or words.explained.query is None:
        return []
    instants = words.explained.instants(time)
    if instants:
        return [_answer(words, at) for at in instants]
    said = Said(_("The clock skips this time on that day: it is set forward."))
    return [Answer(clock_text(time), None, said)]


def why_nothing(words: Words) -> Nothing | None:
    """Why no start of the day is even on the grid, or why the whole day is closed; None otherwise."""
    found = words.explained
    if found.refused is not None:
        return None
    if found.query is None:
        skipped = _("The clocks of %(zone)s skip this day.") % {"zone": found.offer.zone}
        return Nothing(_("There is no such day"), Said(skipped))
    if not found.starts:
        return _no_hours(words)
    if any(start.why is None or start.why.rule not in CLOSED for start in found.starts):
        return None
    said = words.sentence(found.starts[0])
    same = all(words.sentence(start) == said for start in found.starts)
    return Nothing(_("Closed all day"), said) if same else None


def _no_hours(words: Words) -> Nothing:
    found = words.explained
    said = _("The hosts' weekly hours have none on this day, and no date adds some.")
    if len(found.offer.hosts) == 1:
        said = _("%(name)s's weekly hours have none on this day, and no date adds some.") % {
            "name": found.offer.hosts[0].name
        }
    ways = [way for host in found.offer.hosts for way in words.schedules(host.id)]
    title = _("No hours on %(weekday)s") % {"weekday": date_format(found.day, "l")}
    return Nothing(title, Said(said, tuple(dict.fromkeys(ways))[:MOST_SCHEDULES]))


def _answer(words: Words, at: int) -> Answer:
    found, time = words.explained, words.clock.start(at)
    around, start = found.around(at)
    if start is not None:
        return Answer(time, row_of(words, start), Said(""))
    near = [Near(words.clock.start(each.at), *words.pill(each)) for each in around]
    interval = length_words(found.offer.rules.interval)
    if any(found.is_open(host.id, at) for host in found.offer.hosts):
        said = _("No start lies at %(time)s: one comes every %(interval)s, from the beginning of the hours.")
    else:
        said = _("%(time)s lies outside the hours.")
    return Answer(time, None, Said(said % {"time": time, "interval": interval}), near)
