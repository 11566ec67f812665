"""The starts of a day as the page lists them: those with the same answer in one row, by part of the day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from bookonce.dashboard.why_said import Said
from bookonce.dashboard.why_words import HostSaid, Words
from bookonce.scheduling.explain import Start

MORNING_ENDS, AFTERNOON_ENDS = 12, 17  # o'clock
MOST_TIMES = 48  # that one row lists
MOST_SENTENCES = 5_000  # of hosts, on one page


@dataclass(frozen=True)
class Row:
    """Starts that follow each other and have the same answer."""

    title: str
    state: str
    word: str
    said: Said
    hosts: Sequence[HostSaid]
    times: Sequence[str]  # of each start, where there are several but not too many
    count: int


@dataclass(frozen=True)
class Part:
    """The rows of the morning, the afternoon or the evening."""

    name: str
    rows: Sequence[Row]


def parts_of_day(words: Words) -> list[Part]:
    """All starts of the explained day."""
    found = words.explained
    detailed = len(found.starts) * len(found.offer.hosts) <= MOST_SENTENCES
    by_part = groupby(found.starts, key=lambda start: _part(words.clock.local(start.at).hour))
    return [Part(name, _rows(words, starts, detailed=detailed)) for name, starts in by_part]


def row_of(words: Words, start: Start) -> Row:
    """The answer for one start, host by host."""
    return _row(words, [start], words.sentence(start), words.by_host(start))


def _rows(words: Words, starts: Iterable[Start], *, detailed: bool) -> list[Row]:
    rows: list[Row] = []
    answered = [
        (start, words.pill(start), words.sentence(start), words.by_host(start) if detailed else [])
        for start in starts
    ]
    for (_pill, said, hosts), group in groupby(answered, key=lambda one: one[1:]):
        rows.append(_row(words, [start for start, *_answer in group], said, hosts))
    return rows


def _row(words: Words, starts: Sequence[Start], said: Said, hosts: Sequence[HostSaid]) -> Row:
    state, word = words.pill(starts[0])
    times = [words.clock.start(start.at) for start in starts]
    title = times[0]
    if len(starts) > 1:
        title = _("%(start)s to %(end)s") % {"start": times[0], "end": times[-1]}
    listed = times if 1 < len(starts) <= MOST_TIMES else []
    return Row(title, state, word, said, hosts, listed, len(starts))


def _part(hour: int) -> str:
    if hour < MORNING_ENDS:
        return _("Morning")
    return _("Afternoon") if hour < AFTERNOON_ENDS else _("Evening")
