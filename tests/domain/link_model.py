"""What the table of docs/life-of-a-link.md says, as a few lines of arithmetic: no code of the product's.

Instants are minutes since the epoch. A model is asked first what an act must come to, and told afterwards
that it has come to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

GRACE = 15  # minutes after its expiry in which a form that was opened before is taken


@dataclass
class Calendar:
    """One host's, who hosts all calendars of a model. `answer_within`: a host confirms each request."""

    length: int
    buffer_after: int = 0
    answer_within: int | None = None
    paused: bool = False
    deleted: bool = False


@dataclass
class Booking:
    """Of a link, or of the public when `link` is none. `holds` a use of it until that is returned."""

    row: int
    calendar: Calendar
    link: Link | None
    start: int
    status: str = "confirmed"
    answer_by: int | None = None
    holds: bool = True
    sent: list[Link] = field(default_factory=list)  # new links for its guest

    @property
    def live(self) -> bool:
        """Whether it counts against its link."""
        return self.status != "cancelled"

    def overdue(self, now: int) -> bool:
        """A request that nobody answered in time: whoever comes by may end it."""
        return self.answer_by is not None and self.answer_by <= now

    @property
    def blocked(self) -> range:
        """With its buffers, as they were when it was booked."""
        return range(self.start, self.start + self.calendar.length + self.calendar.buffer_after)


@dataclass
class Link:
    """As its owner made it, and what has come of it."""

    row: int
    token: str
    calendar: Calendar
    most: int
    made: int
    expires: int | None = None
    not_before: int | None = None
    reopens: bool = False  # when a guest cancels
    revoked: bool = False
    asked: int | None = None  # the row of a request that waits for an answer
    bookings: list[Booking] = field(default_factory=list)

    @property
    def spent(self) -> int:
        """Uses that were not returned."""
        return sum(booking.holds for booking in self.bookings)

    def expired(self, now: int) -> bool:
        """By its date alone."""
        return self.expires is not None and self.expires <= now

    def state(self, now: int, *, spent: int | None = None) -> str:
        """The first that applies."""
        facts = {
            "revoked": self.revoked,
            "used": (self.spent if spent is None else spent) >= self.most,
            "expired": self.expired(now),
            "calendar_deleted": self.calendar.deleted,
            "paused": self.calendar.paused,
            "not_open": self.not_before is not None and self.not_before > now,
        }
        return next((state for state, applies in facts.items() if applies), "active")

    def takes(self, now: int, opened: int | None) -> str:
        """`active`, or the state that refuses a form opened at that minute; none: opened by no browser.

        An overdue request keeps no use from whoever comes by.
        """
        spent = self.spent - sum(booking.holds and booking.overdue(now) for booking in self.bookings)
        state = self.state(now, spent=spent)
        if state != "expired" or opened is None or self.expires is None:
            return state
        if opened < self.expires and now < self.expires + GRACE:
            return replace(self, expires=None).state(now, spent=spent)
        return state

    def is_over(self, now: int) -> bool:
        """Nothing can bring it back: nobody needs its secret any more."""
        ahead = any(
            booking.live and (booking.start + booking.calendar.length > now or booking.status == "new")
            for booking in self.bookings
        )
        gone = self.spent >= self.most or (self.expires is not None and self.expires + GRACE <= now)
        return self.revoked or (gone and not ahead)


@dataclass
class World:
    """One host, some calendars, any number of links, and the time."""

    now: int
    calendars: tuple[Calendar, ...]
    links: list[Link] = field(default_factory=list)
    bookings: list[Booking] = field(default_factory=list)

    def is_free(self, calendar: Calendar, start: int, besides: Booking | None = None) -> bool:
        """Whether the host has this time for the calendar."""
        wanted = Booking(0, calendar, None, start).blocked
        others = [booking for booking in self.bookings if booking.live and booking is not besides]
        busy = [booking.blocked for booking in others if not booking.overdue(self.now)]
        apart = all(wanted.stop <= other.start or other.stop <= wanted.start for other in busy)
        return start >= self.now and apart

    def booked(self, row: int, calendar: Calendar, link: Link | None, start: int) -> Booking:
        """A request where a host has to confirm, to be answered before it starts."""
        made = Booking(row, calendar, link, start)
        if calendar.answer_within is not None:
            made.status = "new"
            made.answer_by = min(self.now + calendar.answer_within, max(start, self.now + 1))
        self.bookings.append(made)
        if link:
            link.bookings.append(made)
        return made

    def cancelled(self, booking: Booking, *, by_host: bool = True, reopen: bool | None = None) -> None:
        """Its time is free again, and its use is returned if that is what the table says.

        A request that is declined, or expires, is cancelled as by its host.
        """
        booking.status, booking.answer_by = "cancelled", None
        if booking.link is None or booking.link.revoked:
            return
        by_itself = by_host or (booking.link.reopens and not booking.link.expired(self.now))
        if by_itself if reopen is None else reopen:
            booking.holds = False
