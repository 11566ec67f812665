"""What can happen to bookings: to the product and to its model alike."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    precondition,
    rule,
)

from bookonce.scheduling import errors, events
from bookonce.scheduling.answer_booking import confirm, decline, expire_request
from bookonce.scheduling.book import book
from bookonce.scheduling.cancel import cancel
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.mark import mark
from bookonce.scheduling.models import Booking as BookingRow
from bookonce.scheduling.offer import Door
from bookonce.scheduling.renew_link import renew_link
from bookonce.scheduling.reschedule import reschedule
from tests.domain.life_of_links import CALENDAR, REFUSED, WHICH, Life, at, seen


class LifeWithBookings(Life):
    """Guests book, hosts answer."""

    @precondition(lambda self: self.world.links)
    @rule(which=WHICH, time=WHICH, form=st.sampled_from(["none", "now", "long open"]))
    def book(self, which: int, time: int, form: str) -> None:
        link = self.link(which, state="expired" if form == "long open" else "active")
        start = self.start(time, link.calendar)
        opened = {"none": None, "now": self.world.now, "long open": link.made}[form]
        stamp = None if opened is None else opened * 60
        key = Idempotency("any", f"key-{self.number}", "print")
        body = self.body(start)

        def send() -> Any:
            return book(Door.link(link.token), body, now=self.now, stamp=stamp, retry=key)

        taken = link.takes(self.world.now, opened)
        seen[f"booked when {link.state(self.world.now)}: {taken}"] += 1
        if taken != "active":
            with pytest.raises(REFUSED[taken]):
                send()
        elif not self.world.is_free(link.calendar, start):
            with pytest.raises(errors.SlotTaken):
                send()
        else:
            booked = send()
            self.keep(booked.public_id, link.calendar, link, start)
            again = send()
            assert (again.replayed, again.public_id) == (True, booked.public_id)

    book_again = precondition(lambda self: self.world.links)(
        rule(which=WHICH, time=WHICH)(lambda self, which, time: self.book(which, time, "now"))
    )

    @rule(number=CALENDAR, time=WHICH)
    def book_as_anyone(self, number: int, time: int) -> None:
        calendar = self.world.calendars[number]
        start = self.start(time, calendar)
        door = Door.permanent(self.row_of(calendar).permanent_id)
        if calendar.deleted or calendar.paused or not self.world.is_free(calendar, start):
            with pytest.raises((errors.CalendarDeleted, errors.CalendarPaused, errors.SlotTaken)):
                book(door, self.body(start), now=self.now)
        else:
            self.keep(book(door, self.body(start), now=self.now).public_id, calendar, None, start)

    @precondition(lambda self: self.world.bookings)
    @rule(which=WHICH, by_host=st.booleans(), reopen=st.sampled_from([None, None, True, False]))
    def cancel(self, which: int, by_host: bool, reopen: bool | None) -> None:  # noqa: FBT001
        booking = self.booking(which)
        asked = reopen if by_host else None  # a guest is not asked
        by = self.by if by_host else events.GUEST

        def ask() -> bool:
            return cancel(booking.row, by=by, now=self.now, reopen_link=asked)

        going = booking.live and not booking.overdue(self.world.now)
        if going and booking.start <= self.world.now:
            with pytest.raises(errors.TooLate):
                ask()
            return
        assert ask() is going
        if going:
            self.world.cancelled(booking, by_host=by_host, reopen=asked)
            seen["reopened" if booking.link and not booking.holds else "cancelled"] += 1

    @precondition(lambda self: self.world.bookings)
    @rule(which=WHICH, time=WHICH, by_host=st.booleans())
    def move(self, which: int, time: int, by_host: bool) -> None:  # noqa: FBT001
        booking, calendar = self.booking(which), self.booking(which).calendar
        start = self.start(time, calendar)
        by = self.by if by_host else events.GUEST
        now = self.world.now
        over = booking.status not in {"new", "confirmed"} or booking.start <= now or booking.overdue(now)
        if (
            over
            or calendar.deleted
            or calendar.paused
            or start == booking.start
            or not self.world.is_free(calendar, start, besides=booking)
        ):
            refusals = (errors.CalendarDeleted, errors.CalendarPaused, errors.TooLate, errors.SlotTaken)
            with pytest.raises(refusals):
                reschedule(booking.row, at(start), by=by, now=self.now)
        else:
            reschedule(booking.row, at(start), by=by, now=self.now)
            booking.start = start
            if booking.answer_by is not None:
                booking.answer_by = min(booking.answer_by, max(start, self.world.now + 1))
            seen["moved"] += 1

    @precondition(lambda self: self.world.bookings)
    @rule(which=WHICH)
    def confirm(self, which: int) -> None:
        booking = self.booking(which, status="new")
        if not booking.live or booking.overdue(self.world.now):
            with pytest.raises(errors.Conflict):
                confirm(booking.row, by=self.by, now=self.now)
            return
        assert confirm(booking.row, by=self.by, now=self.now) is (booking.status == "new")
        seen[f"confirmed when {booking.status}"] += 1
        if booking.status == "new":
            booking.status, booking.answer_by = "confirmed", None

    @precondition(lambda self: self.world.bookings)
    @rule(which=WHICH, reopen=st.sampled_from([None, None, False]))
    def decline(self, which: int, reopen: bool | None) -> None:  # noqa: FBT001
        booking = self.booking(which, status="new")
        if booking.live and booking.status != "new":
            with pytest.raises(errors.Conflict):
                decline(booking.row, by=self.by, now=self.now)
            return
        waiting = booking.live and not booking.overdue(self.world.now)
        assert decline(booking.row, by=self.by, now=self.now, reopen_link=reopen) is waiting
        seen[f"declined when {booking.status}"] += 1
        if waiting:
            self.world.cancelled(booking, reopen=reopen)

    @precondition(lambda self: self.world.bookings)
    @rule(which=WHICH)
    def nobody_answers(self, which: int) -> None:
        booking = self.booking(which, status="new")
        overdue = booking.overdue(self.world.now)
        assert expire_request(booking.row, now=self.now) is overdue
        if overdue:
            seen["expired by its job"] += 1
            self.world.cancelled(booking)

    @precondition(lambda self: self.world.bookings)
    @rule(which=WHICH)
    def does_not_come(self, which: int) -> None:
        booking = self.booking(which, status="confirmed")
        if booking.status not in {"confirmed", "no_show"} or booking.start > self.world.now:
            with pytest.raises(errors.Conflict):
                mark(booking.row, BookingRow.Status.NO_SHOW, by=self.by, now=self.now)
            return
        marked = mark(booking.row, BookingRow.Status.NO_SHOW, by=self.by, now=self.now)
        assert marked is (booking.status == "confirmed")
        booking.status = "no_show"

    @precondition(lambda self: self.world.bookings)
    @rule(which=WHICH)
    def send_a_new_link(self, which: int) -> None:
        booking, now = self.booking(which, status="no_show"), self.world.now
        ahead = booking.status in {"new", "confirmed"} and booking.start + booking.calendar.length > now
        works = {"active", "not_open", "held", "paused"}
        again = booking.status == "cancelled" and booking.link and booking.link.state(now) in works
        sent = any(link.state(now) in works for link in booking.sent)
        if ahead or again or sent or booking.link is None or booking.calendar.deleted:
            with pytest.raises((errors.Conflict, errors.CalendarDeleted)):
                renew_link(booking.row, by=self.by, now=self.now)
            return
        seen[f"new link after {booking.status}"] += 1
        booking.sent.append(self.child(booking.link, renew_link(booking.row, by=self.by, now=self.now)))
