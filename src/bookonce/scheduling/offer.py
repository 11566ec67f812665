"""What an address offers: its calendar, rules, hosts and link, and the starts that are free.

Listing and booking both decide by `free_starts`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

from django.utils.translation import gettext as _

from bookonce.lib.tokens import digest
from bookonce.scheduling import slots
from bookonce.scheduling.errors import CalendarDeleted, CalendarPaused, Invalid, NotFound, SchedulingError
from bookonce.scheduling.host_rows import read_counts, read_hosts
from bookonce.scheduling.link_state import REFUSAL, LinkState, link_state
from bookonce.scheduling.menu import Menu, find_menu
from bookonce.scheduling.offer_rows import (
    LinkOffer,
    Offer,
    OfferHost,
    find_chosen,
    read_day,
    read_offer,
)

__all__ = [
    "Door",
    "LinkOffer",
    "Menu",
    "Offer",
    "OfferHost",
    "Offered",
    "ask",
    "free_starts",
    "get_calendar_offer",
    "get_offer",
    "get_offered",
    "get_open_offer",
    "group_refusal",
    "in_grace",
    "is_offered",
    "not_chosen",
    "read_day",
    "refusal",
]

LONGEST_CHOICE = 48
NO_CALENDAR = "?"  # neither an id nor a slug
Offered = Offer | Menu


@dataclass(frozen=True, slots=True)
class Door:
    """One of the three addresses of a calendar, or of a group with what was chosen there."""

    kind: str  # link, permanent, slug
    key: str  # the link's digest, the permanent id, or `workspace/calendar`
    calendar: str = ""  # chosen from a group: its public id or slug
    hold: str = ""  # digest of the visitor's hold

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

    def choosing(self, calendar: object) -> Door:
        """The same door with this calendar chosen; "" and None: none yet."""
        if calendar in (None, ""):
            return replace(self, calendar="")
        plain = isinstance(calendar, str) and calendar.isascii() and calendar.isprintable()
        return replace(self, calendar=str(calendar)[:LONGEST_CHOICE] if plain else NO_CALENDAR)

    def holding(self, token: object) -> Door:
        """The same door for the visitor with this hold; what is no text is no hold."""
        return replace(self, hold=digest(token)) if isinstance(token, str) and token else self

    @property
    def scope(self) -> str:
        """Within which an idempotency key and a stamp count, whatever was chosen.

        Holds no secret, 64 characters at most.
        """
        return f"{self.kind}:{digest(self.key)[:48]}"


def get_offered(door: Door, *, questions: bool = False) -> Offered:
    """Read what stands behind the address, in whatever state it is: of a group the chosen calendar.

    The menu of a group, where none of its calendars was chosen. One statement for a calendar, and for one
    chosen from a group; two for a menu. With the calendar's `questions` where they are to be answered.

    Raises:
        NotFound: nothing does.
    """
    offered = _read(door, questions=questions)
    if not door.hold:
        return offered
    link = replace(offered.link, own_hold=door.hold) if offered.link else None
    if isinstance(offered, Menu):
        return replace(offered, link=link)
    return replace(offered, link=link, own_hold=door.hold)


def _read(door: Door, *, questions: bool) -> Offered:
    parameters: list[Any] = door.key.split("/", 1) if door.kind == "slug" else [door.key]
    if door.calendar and (chosen := find_chosen(door.kind, parameters, door.calendar, questions=questions)):
        return chosen
    try:
        return read_offer(door.kind, parameters, questions=questions)
    except NotFound:
        menu = find_menu(door.kind, parameters)
        if menu is None:
            raise
        return menu


def get_offer(door: Door, *, questions: bool = False) -> Offer:
    """The calendar behind the address, in whatever state it is.

    Raises:
        NotFound: nothing stands there. Invalid: a group does, and `calendar` names none of its calendars.
    """
    offered = get_offered(door, questions=questions)
    if isinstance(offered, Menu):
        raise not_chosen(door)
    return offered


def get_open_offer(
    door: Door, now: int, *, stamp: int | None = None, grace: int = 0, questions: bool = False
) -> Offer:
    """The calendar behind the address, if it can be booked there at `now` (see `refusal`).

    Raises:
        SchedulingError: why it can't be. Invalid: a group stands there, and `calendar` names none of its.
    """
    offered = get_offered(door, questions=questions)
    refused = refusal(offered, now, stamp=stamp, grace=grace)
    if refused:
        raise refused
    if isinstance(offered, Menu):
        raise not_chosen(door)
    return offered


def not_chosen(door: Door) -> Invalid:
    """The refusal where a calendar has to be chosen first."""
    if door.calendar:
        return Invalid({"calendar": [_("This calendar can't be booked here. Choose another one.")]})
    return Invalid({"calendar": [_("Choose one of the calendars.")]})


def get_calendar_offer(calendar_id: int, *, questions: bool = False) -> Offer:
    """The same for a calendar by its row, as the owner and a reschedule see it.

    Raises:
        NotFound: there is none.
    """
    return read_offer("calendar", [calendar_id], questions=questions)


def refusal(
    offered: Offered, now: int, *, stamp: int | None = None, grace: int = 0
) -> SchedulingError | None:
    """Why nothing can be booked here at `now` (seconds); None when it can, or a calendar can be chosen.

    A form stamped before the link expired may be sent until expiry + `grace` seconds.
    """
    if offered.link is None:
        of_group = group_refusal(offered) if isinstance(offered, Offer) else None
        return of_group or _closed(offered, public=True)
    state = link_state(offered.link, now)
    if state is LinkState.EXPIRED and in_grace(offered.link, now, stamp=stamp, grace=grace):
        state = link_state(replace(offered.link, expires_at=None), now)
    # The link's state follows from its group; a calendar of the group may still be closed itself.
    return REFUSAL[state]() if state is not LinkState.ACTIVE else _closed(offered, public=False)


def group_refusal(offer: Offer) -> SchedulingError | None:
    """Why nothing can be booked through the group by which the calendar was chosen; None when it can."""
    return _closed(offer.group, public=offer.link is None) if offer.group else None


class _Facts(Protocol):
    @property
    def one_time_only(self) -> bool: ...

    @property
    def deleted_at(self) -> int | None: ...

    @property
    def paused_at(self) -> int | None: ...


def _closed(facts: _Facts, *, public: bool) -> SchedulingError | None:
    if public and facts.one_time_only:
        return NotFound()
    if facts.deleted_at is not None:
        return CalendarDeleted()
    return CalendarPaused() if facts.paused_at is not None else None


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
        counts=read_counts(offer, start, end, now=now, besides=besides),
        party=party,
        public=offer.public,
    )
