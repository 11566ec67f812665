"""A question to the engine: rules and hosts of a calendar, and what someone wants to know of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bookonce.scheduling.bookable_days import Period
from bookonce.scheduling.class_sessions import seats_left
from bookonce.scheduling.offered import Host, hosts_by_start, offered_starts
from bookonce.scheduling.opening_hours import Block
from bookonce.scheduling.slot_rules import Kind, SlotRules
from bookonce.scheduling.why_not_offered import Verdict, why_not

if TYPE_CHECKING:
    from bookonce.scheduling.start_masks import StartMasks


@dataclass(frozen=True, slots=True)
class SlotQuery:
    """What is asked of the engine: the starts s with start <= s < end for one slot of this length.

    Instants are minutes since the epoch, `now` is in seconds; all fields are those of offered_starts.
    """

    rules: SlotRules
    hosts: Sequence[Host]
    duration: int  # minutes
    start: int
    end: int
    now: int
    counts: Mapping[Period, int] = field(default_factory=dict)  # live appointments in each limit_periods
    party: int = 1  # seats of a class
    public: bool = True  # look busy hides starts from the public only

    def starts(self, masks: StartMasks | None = None) -> list[int]:
        """The starts that are offered, ascending; see offered_starts.

        Raises:
            UnknownZone: a zone has no such name.
            WindowTooWide: nothing bounds the window to WIDEST_WINDOW days.
        """
        return offered_starts(
            self.rules,
            self.hosts,
            duration=self.duration,
            start=self.start,
            end=self.end,
            now=self.now,
            counts=self.counts,
            party=self.party,
            public=self.public,
            masks=masks,
        )

    def hosts_by_start(self, starts: Sequence[int]) -> dict[int, list[int | str]]:
        """Who could host each of these offered starts, in the hosts' order."""
        return hosts_by_start(self.rules, self.hosts, starts, duration=self.duration)

    def seats_left(self, starts: Sequence[int]) -> dict[int, int]:
        """How many seats each of these starts of a class still has; nothing for the other kinds."""
        if self.rules.kind is not Kind.CLASS:
            return {}
        sessions = [host.sessions for host in self.hosts]
        return seats_left(sessions, starts, seats=self.rules.seats, duration=self.duration)

    def why_not(self, bare: Mapping[int | str, Sequence[Block]]) -> dict[int, Verdict]:
        """The verdict for each grid start that is not offered; `bare` is busy time without buffers.

        Raises:
            UnknownZone: a zone has no such name.
            WindowTooWide: the window has more than WIDEST_WINDOW days.
        """
        return why_not(
            self.rules,
            self.hosts,
            bare,
            duration=self.duration,
            start=self.start,
            end=self.end,
            now=self.now,
            counts=self.counts,
            party=self.party,
            public=self.public,
        )
