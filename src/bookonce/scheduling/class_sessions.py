"""The sessions of a class: appointments with seats, which others may join. Pure.

A session blocks everything else of its host, other sessions of the same class too, but not itself. It keeps
the buffers with which it was booked: joining it makes nothing longer.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import merge

from bookonce.scheduling.opening_hours import Block
from bookonce.scheduling.slot_rules import SlotRules


@dataclass(frozen=True, slots=True)
class Session:
    """A live appointment of the class; `since` and `until` include its buffers."""

    start: int
    end: int
    since: int
    until: int
    seats_taken: int


def blocked_by_sessions(busy: Sequence[Block], sessions: Sequence[Session]) -> list[Block]:
    """What a new session must keep clear of, sorted by from."""
    return list(merge(busy, sorted((session.since, session.until) for session in sessions)))


def seats_taken(sessions: Sequence[Session], start: int, duration: int) -> int:
    """How many seats of the session at this time are taken; 0 also when there is none."""
    return sum(s.seats_taken for s in sessions if s.start == start and s.end == start + duration)


def taken_by_start(sessions_by_host: Iterable[Sequence[Session]], duration: int) -> dict[int, int]:
    """The seats taken of each standing session of this length; of several hosts the most."""
    taken: dict[int, int] = {}
    for sessions in sessions_by_host:
        own: dict[int, int] = {}
        for session in sessions:
            if session.end - session.start == duration:
                own[session.start] = own.get(session.start, 0) + session.seats_taken
        for start, seats in own.items():
            taken[start] = max(taken.get(start, 0), seats)
    return taken


def seats_left(
    sessions_by_host: Sequence[Sequence[Session]], starts: Iterable[int], *, seats: int, duration: int
) -> dict[int, int]:
    """How many of the seats each start still has, less what its standing session has taken; never below 0.

    With several hosts a session's seats are those of the host where most are taken.
    """
    taken = taken_by_start(sessions_by_host, duration)
    return {start: max(seats - taken.get(start, 0), 0) for start in starts}


def open_sessions(
    hosts: Sequence[tuple[Sequence[Block], Sequence[Session]]], rules: SlotRules, duration: int, party: int
) -> list[int]:
    """The starts of standing sessions of this length with seats for the party, which nothing else disturbs.

    `hosts` are the busy time and the sessions of each. With several hosts a session counts where any of them
    has it, and all the others must be free for it.
    """
    taken = taken_by_start([sessions for _, sessions in hosts], duration)
    found = [start for start, seats in taken.items() if seats + party <= rules.seats]
    for busy, sessions in hosts if found else ():
        found = _undisturbed(found, busy, sessions, rules, duration)
    return sorted(found)


def _undisturbed(
    starts: list[int], busy: Sequence[Block], sessions: Sequence[Session], rules: SlotRules, duration: int
) -> list[int]:
    """Those of the starts whose session meets nothing of this host but itself."""
    blocks = [block for block in blocked_by_sessions(busy, sessions) if block[0] < block[1]]
    begins, ends = [since for since, _ in blocks], sorted(until for _, until in blocks)
    itself: dict[int, list[Session]] = {}
    for session in sessions:
        if session.end - session.start == duration:
            itself.setdefault(session.start, []).append(session)
    found = []
    for start in starts:
        own = itself.get(start, ())
        since = min((s.since for s in own), default=start - rules.buffer_before)
        until = max((s.until for s in own), default=start + duration + rules.buffer_after)
        if bisect_left(begins, until) - bisect_right(ends, since) == len(own):
            found.append(start)
    return found
