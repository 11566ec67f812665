"""What an address offers: its calendar, rules, hosts and link, and the starts that are free.

Listing and booking both decide by `free_starts`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bookonce.lib.tokens import digest
from bookonce.scheduling import slots
from bookonce.scheduling.errors import CalendarDeleted, CalendarPaused, NotFound
from bookonce.scheduling.host_rows import read_counts, read_hosts
from bookonce.scheduling.link_state import REFUSAL, LinkState, link_state
from bookonce.scheduling.offer_rows import LinkOffer, Offer, OfferHost, narrowed, read_day, read_offer

__all__ = [
    "Door",
    "LinkOffer",
    "Offer",
    "OfferHost",
    "ask",
    "free_starts",
    "get_calendar_offer",
    "get_offer",
    "in_grace",
    "is_offered",
    "narrowed",
    "read_day",
    "refusal",
]


@dataclass(frozen=True, slots=True)
class Door:
    """One of the three addresses of a calendar."""

    kind: str  # link, permanent, slug
    key: str  # the link's digest, the permanent id, or `workspace/calendar`

    @classmethod
    def link(cls, token: str) -> Door:
        """The door of a one-time link; keeps the digest alone."""
        return cls("link", digest(token))

    @classmethod
    def permanent(cls, permanent_id: str) -> Door:
        """The door of a permanent link."""
        return cls("permanent", permanent_id)

    @classmethod
    def slug(cls, workspace: str, calendar: str) -> Door:
        """The door of a scheduling link."""
        return cls("slug", f"{workspace}/{calendar}")

    @property
    def scope(self) -> str:
        """Within which an idempotency key and a stamp count; holds no secret, 64 characters at most."""
        return f"{self.kind}:{digest(self.key)[:48]}"


def get_offer(door: Door) -> Offer:
    """Read what stands behind the address, in whatever state it is (one statement).

    Raises:
        NotFound: nothing does.
    """
    parameters: list[Any] = door.key.split("/", 1) if door.kind == "slug" else [door.key]
    return read_offer(door.kind, parameters)


def get_calendar_offer(calendar_id: int) -> Offer:
    """The same for a calendar by its row, as the owner and a reschedule see it.

    Raises:
        NotFound: there is none.
    """
    return read_offer("calendar", [calendar_id])


def refusal(offer: Offer, now: int, *, stamp: int | None = None, grace: int = 0) -> Exception | None:
    """Why nothing can be booked here at `now` (seconds); None when it can.

    A form stamped before the link expired may be sent until expiry + `grace` seconds.
    """
    if offer.link is None:
        if offer.one_time_only:
            return NotFound()
        if offer.deleted_at is not None:
            return CalendarDeleted()
        return CalendarPaused() if offer.paused_at is not None else None
    state = link_state(offer.link, now)
    if state is LinkState.EXPIRED and in_grace(offer.link, now, stamp=stamp, grace=grace):
        state = link_state(replace(offer.link, expires_at=None), now)
    return None if state is LinkState.ACTIVE else REFUSAL[state]()


def in_grace(link: LinkOffer, now: int, *, stamp: int | None, grace: int) -> bool:
    """Whether a form opened before the expiry may still be sent."""
    return (
        link.expires_at is not None
        and stamp is not None
        and stamp < link.expires_at
        and now < link.expires_at + grace
    )


def free_starts(
    offer: Offer, *, duration: int, start: int, end: int, now: int, party: int = 1, besides: int = 0
) -> list[int]:
    """The starts on offer in [start, end), minutes since the epoch, at `now` in seconds.

    `besides` is the row of an appointment that does not count as busy: the one being moved.
    """
    return ask(offer, duration=duration, start=start, end=end, now=now, party=party, besides=besides).starts()


def is_offered(
    offer: Offer, *, start: int, duration: int, now: int, party: int = 1, besides: int = 0
) -> bool:
    """Whether this one start is on offer; the same function as the list."""
    found = free_starts(
        offer, duration=duration, start=start, end=start + 1, now=now, party=party, besides=besides
    )
    return found == [start]


def ask(
    offer: Offer, *, duration: int, start: int, end: int, now: int, party: int = 1, besides: int = 0
) -> slots.SlotQuery:
    """What the engine is to be asked: the offer with its hosts' hours, time and limits as they are now.

    Reads in two statements, three where the calendar has limits, however many hosts and rows there are.
    """
    hosts: tuple[slots.Host, ...] = ()
    if offer.hosts:
        hosts = read_hosts(offer, duration=duration, start=start, end=end, now=now, besides=besides)
    return slots.SlotQuery(
        rules=offer.rules,
        hosts=hosts,
        duration=duration,
        start=start,
        end=end,
        now=now,
        counts=read_counts(offer, start, end, besides=besides),
        party=party,
        public=offer.public,
    )
