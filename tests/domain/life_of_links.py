"""What can happen to one-time links and their calendars, done to the product and to its model alike.

Each rule does one thing, and asks the model first what must come of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
)

from bookonce.lib.instants import to_minutes
from bookonce.scheduling import errors
from bookonce.scheduling.calendar_hosts import CompleteHost
from bookonce.scheduling.calendars import insert_calendar, set_deleted, set_paused
from bookonce.scheduling.forget_secrets import forget_secrets
from bookonce.scheduling.issue_link import Issued, issue_link
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.models import Booking as BookingRow
from bookonce.scheduling.models import LinkRequest
from bookonce.scheduling.opens import Opens, keep_opens
from bookonce.scheduling.request_link import answer_request, request_link
from bookonce.scheduling.revoke_link import revoke_link
from bookonce.scheduling.update_link import update_link
from tests.cast import NOW, guest, make_person, make_workspace
from tests.domain.link_model import Booking, Calendar, Link, World

REFUSED = {
    "revoked": errors.LinkRevoked,
    "used": errors.LinkUsed,
    "expired": errors.LinkExpired,
    "calendar_deleted": errors.CalendarDeleted,
    "paused": errors.CalendarPaused,
    "not_open": errors.LinkNotOpen,
}
# Eight working days from tomorrow on, at 09:00, 09:30, 10:00 and 10:30 in Berlin.
STARTS = [
    to_minutes(NOW) + 60 + day * 1440 + half * 30 for day in (1, 2, 3, 4, 7, 8, 9, 10) for half in range(4)
]
CALENDAR = st.integers(0, 2)
ANSWER_WITHIN = 600  # minutes
WHICH = st.integers(min_value=0, max_value=1000)
LATER = st.sampled_from([None, None, 20, 600, 3000])  # minutes from now
T = TypeVar("T")
seen: Counter[str] = Counter()  # what came up in the runs


class Life(RuleBasedStateMachine):
    """A workspace in a database and its model, and what can happen to links and calendars."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        alice = make_person("Alice", make_workspace("atelier"), interval=15)
        settings_of_second = {"name": "Long", "slug": "long", "durations": (45,), "interval": 15}
        second = insert_calendar(
            [CompleteHost(alice.member, (alice.schedule,))],
            settings_of_second | {"buffer_after": 10},
            public_id="cal_second",
            now=NOW,
        )
        self.by = alice.actor
        third = insert_calendar(
            [CompleteHost(alice.member, (alice.schedule,))],
            {"name": "Asked", "slug": "asked", "durations": (30,), "interval": 30}
            | {"needs_approval": True, "answer_within": ANSWER_WITHIN},
            public_id="cal_third",
            now=NOW,
        )
        models = (Calendar(30), Calendar(45, buffer_after=10), Calendar(30, answer_within=ANSWER_WITHIN))
        self.world = World(to_minutes(NOW), models)
        self.calendars = (alice.calendar, second, third)
        self.number = 0

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    # What the acts stand on

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.world.now * 60, UTC)

    def link(self, which: int, *, state: str = "") -> Link:
        links, now = self.world.links, self.world.now
        return pick(links, [link for link in links if link.state(now) == state], which)

    def booking(self, which: int, *, status: str = "") -> Booking:
        bookings, now = self.world.bookings, self.world.now
        likely = [each for each in bookings if each.status == status or (each.live and each.start > now)]
        return pick(bookings, likely, which)

    def start(self, which: int, calendar: Calendar) -> int:
        return pick(STARTS, [start for start in STARTS if self.world.is_free(calendar, start)], which)

    def row_of(self, calendar: Calendar) -> Any:
        return self.calendars[self.world.calendars.index(calendar)]

    def body(self, start: int) -> dict[str, Any]:
        self.number += 1
        return guest(at(start).isoformat(), email=f"guest{self.number}@example.org")

    def keep(self, public_id: str, calendar: Calendar, link: Link | None, start: int) -> None:
        self.world.booked(BookingRow.objects.get(public_id=public_id).pk, calendar, link, start)

    # The acts

    @initialize(reopens=st.booleans())
    def begin(self, reopens: bool) -> None:  # noqa: FBT001
        self.make(0, 1, None, None, reopens)
        self.make(2, 2, 3000, None, reopens)

    @rule(number=CALENDAR, most=st.integers(1, 3), expires=LATER, opens=LATER, reopens=st.booleans())
    def make(self, number: int, most: int, expires: int | None, opens: int | None, reopens: bool) -> None:  # noqa: FBT001
        calendar = self.world.calendars[number]
        now = self.world.now
        ends = None if expires is None else now + expires
        begins = None if opens is None else now + opens // 20
        options = LinkOptions(
            max_bookings=most,
            expires_at=at(ends),
            not_before=at(begins),
            reopens_on_cancel=reopens,
            external_ref=f"ref-{len(self.world.links)}",
        )

        def issue() -> Any:
            return issue_link(self.row_of(calendar), options, by=self.by, now=self.now)

        if calendar.deleted:
            with pytest.raises(errors.CalendarDeleted):
                issue()
            return
        issued, again = issue(), issue()
        assert (issued.made, again.made, again.link.pk) == (True, False, issued.link.pk)
        assert issued.token
        self.world.links.append(
            Link(issued.link.pk, issued.token, calendar, most, now, ends, begins, reopens=reopens)
        )

    @precondition(lambda self: self.world.links)
    @rule(which=WHICH, people=st.booleans())
    def open(self, which: int, people: bool) -> None:  # noqa: FBT001
        keep_opens({self.link(which).row: Opens(int(people), int(not people), self.now)})

    @precondition(lambda self: self.world.links)
    @rule(which=WHICH)
    def revoke(self, which: int) -> None:
        link = self.link(which)
        if not link.revoked and link.spent >= link.most:
            with pytest.raises(errors.Conflict):
                revoke_link(link.row, by=self.by, now=self.now)
            return
        assert revoke_link(link.row, by=self.by, now=self.now) is not link.revoked
        seen["revoked with live bookings" if link.spent else "revoked"] += 1
        link.revoked = True

    @precondition(lambda self: self.world.links)
    @rule(which=WHICH, expires=LATER, more=st.integers(0, 1))
    def change(self, which: int, expires: int | None, more: int) -> None:
        link = self.link(which)
        ends = None if expires is None else self.world.now + expires
        raw = {"expires_at": at(ends).isoformat() if ends else None, "max_bookings": link.most + more}
        opens_late = ends is not None and link.not_before is not None and link.not_before >= ends
        if link.revoked or link.spent >= link.most or link.expired(self.world.now) or opens_late:
            with pytest.raises((errors.Conflict, errors.Invalid)):
                update_link(link.row, raw, now=self.now)
            return
        update_link(link.row, raw, now=self.now)
        link.expires, link.most = ends, link.most + more

    @rule(number=CALENDAR, paused=st.sampled_from([True, False, False]))
    def pause(self, number: int, paused: bool) -> None:  # noqa: FBT001
        calendar = self.world.calendars[number]
        assert set_paused(self.row_of(calendar), paused=paused, now=self.now) is (calendar.paused != paused)
        calendar.paused = paused

    @rule(number=CALENDAR, deleted=st.sampled_from([True, False, False, False]))
    def delete(self, number: int, deleted: bool) -> None:  # noqa: FBT001
        calendar = self.world.calendars[number]
        changed = set_deleted(self.row_of(calendar), deleted=deleted, now=self.now)
        assert changed is (calendar.deleted != deleted)
        calendar.deleted = deleted

    @precondition(lambda self: self.world.links)
    @rule(which=WHICH)
    def ask_for_a_new_link(self, which: int) -> None:
        link = self.link(which)
        asked = request_link(link.row, {"name": "Gina", "email": "gina@example.org"}, now=self.now)
        assert asked is (link.asked is None)
        if asked:
            link.asked = LinkRequest.objects.get(link_id=link.row, answered_at=None).pk

    @precondition(lambda self: any(link.asked for link in self.world.links))
    @rule(which=WHICH)
    def answer(self, which: int) -> None:
        asking = [link for link in self.world.links if link.asked]
        old = asking[which % len(asking)]
        assert old.asked
        if old.calendar.deleted:
            with pytest.raises(errors.CalendarDeleted):
                answer_request(old.asked, by=self.by, now=self.now)
            return
        self.child(old, answer_request(old.asked, by=self.by, now=self.now))
        old.asked = None
        seen["answered"] += 1

    @rule(minutes=st.sampled_from([1, 10, 20, 30, 300, 1440]))
    def time_passes(self, minutes: int) -> None:
        self.world.now += minutes

    @precondition(lambda self: self.expiring())
    @rule(which=WHICH, after=st.sampled_from([-1, 0, 1, 14, 15]))
    def an_expiry_comes(self, which: int, after: int) -> None:
        ends = self.expiring()
        self.world.now = max(self.world.now, ends[which % len(ends)] + after)

    def expiring(self) -> list[int]:
        return [
            link.expires for link in self.world.links if link.expires and not link.expired(self.world.now)
        ]

    @rule()
    def secrets_are_forgotten(self) -> None:
        forget_secrets(now=self.now)

    def child(self, old: Link, issued: Issued) -> Link:
        assert issued.token
        assert issued.link.parent_id == old.row
        ends = None if old.expired(self.world.now) else old.expires
        made = Link(issued.link.pk, issued.token, old.calendar, 1, self.world.now, ends, reopens=old.reopens)
        self.world.links.append(made)
        return made


def pick(of_all: Sequence[T], likely: Sequence[T], which: int) -> T:
    """One of the likely ones most of the time, if there are any."""
    among = likely if likely and which % 4 < 3 else of_all
    return among[which // 4 % len(among)]


def at(minutes: int | None) -> Any:
    """The instant."""
    return None if minutes is None else datetime.fromtimestamp(0, UTC) + timedelta(minutes=minutes)
