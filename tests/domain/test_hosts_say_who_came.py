"""Hosts mark who came; a no-show leaves the link used, and a new one can be sent."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bookonce.scheduling.book import Booked
from bookonce.scheduling.cancel import cancel
from bookonce.scheduling.errors import CalendarDeleted, Conflict, Invalid, LinkUsed, NotFound, TooLate
from bookonce.scheduling.hold_time import hold_time
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.mark import mark, parse_mark
from bookonce.scheduling.models import Booking, Calendar, OneTimeLink
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.offer import Door
from bookonce.scheduling.renew_link import renew_link
from tests.cast import MONDAY_TEN, NOW, Person, book_through, make_link
from tests.kinds import book_into, make_class

pytestmark = pytest.mark.django_db(transaction=True)
SHOWED, NO_SHOW, CONFIRMED = Booking.Status.SHOWED, Booking.Status.NO_SHOW, Booking.Status.CONFIRMED
BEGUN = NOW + timedelta(days=7)  # Monday, 09:00 in Berlin


def row(booked: Booked) -> Booking:
    return Booking.objects.select_related("appointment", "link").get(public_id=booked.public_id)


def test_a_no_show_leaves_the_link_used(alice: Person) -> None:
    issued = make_link(alice)
    booking = row(book_through(issued))
    assert mark(booking.pk, NO_SHOW, by=alice.actor, now=BEGUN)
    booking.refresh_from_db()
    assert (booking.status, booking.sequence, booking.appointment.status) == ("no_show", 0, "confirmed")
    assert OneTimeLink.objects.get(pk=issued.link.pk).spent == 1
    with pytest.raises(LinkUsed):
        book_through(issued, MONDAY_TEN)
    told = Event.objects.get(kind="booking.marked")
    assert (told.booking, told.link, told.member_id) == (booking, issued.link, alice.member.pk)
    assert told.details == {"status": "no_show"}


def test_a_mark_can_be_changed_and_taken_back(alice: Person) -> None:
    booking = row(book_through(make_link(alice)))
    for status, changed in ((SHOWED, True), (SHOWED, False), (NO_SHOW, True), (CONFIRMED, True)):
        assert mark(booking.pk, status, by=alice.actor, now=BEGUN) is changed
        booking.refresh_from_db()
        assert booking.status == status
    assert Event.objects.filter(kind="booking.marked").count() == 3
    assert not mark(booking.pk, CONFIRMED, by=alice.actor, now=BEGUN)


def test_nobody_is_marked_before_the_start(alice: Person) -> None:
    booking = row(book_through(make_link(alice)))
    for status in (SHOWED, NO_SHOW, CONFIRMED):
        with pytest.raises(Conflict, match="not begun"):
            mark(booking.pk, status, by=alice.actor, now=BEGUN - timedelta(seconds=1))


def test_requests_and_cancelled_bookings_are_not_marked(alice: Person) -> None:
    cancelled = row(book_through(make_link(alice)))
    cancel(cancelled.pk, by=alice.actor, now=NOW)
    Calendar.objects.update(needs_approval=True)
    request = row(book_through(make_link(alice)))
    for booking in (cancelled, request):
        with pytest.raises(Conflict, match="Only a confirmed"):
            mark(booking.pk, SHOWED, by=alice.actor, now=BEGUN)
    with pytest.raises(NotFound):
        mark(0, SHOWED, by=alice.actor, now=BEGUN)


def test_what_is_marked_is_not_cancelled(alice: Person) -> None:
    booking = row(book_through(make_link(alice)))
    mark(booking.pk, SHOWED, by=alice.actor, now=BEGUN)
    with pytest.raises(TooLate):
        cancel(booking.pk, by=alice.actor, now=BEGUN)


def test_parties_of_a_class_are_marked_one_by_one(alice: Person) -> None:
    calendar = make_class(alice)
    gina, hugo = row(book_into(calendar)), row(book_into(calendar, name="Hugo"))
    mark(gina.pk, SHOWED, by=alice.actor, now=BEGUN)
    mark(hugo.pk, NO_SHOW, by=alice.actor, now=BEGUN)
    assert [row_.status for row_ in Booking.objects.order_by("pk")] == ["showed", "no_show"]


@pytest.mark.parametrize("sent", [{}, {"status": "cancelled"}, {"status": ""}, {"status": 1}, {"state": "x"}])
def test_only_known_marks_are_taken(sent: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        parse_mark(sent)
    assert parse_mark({"status": "no_show"}) is NO_SHOW


def test_a_new_link_keeps_options_and_recipient_and_knows_its_parent(alice: Person) -> None:
    issued = make_link(
        alice,
        label="Intake",
        recipient_name="Sam",
        recipient_email="sam@example.org",
        durations=(30,),
        expires_at=NOW + timedelta(days=1),
        external_ref="crm-1",
        max_bookings=3,
    )
    booking = row(book_through(issued))
    mark(booking.pk, NO_SHOW, by=alice.actor, now=BEGUN)
    renewed = renew_link(booking.pk, by=alice.actor, now=BEGUN)
    child = OneTimeLink.objects.get(pk=renewed.link.pk)
    assert (child.parent, child.label, child.recipient_email) == (issued.link, "Intake", "sam@example.org")
    assert (child.durations, child.expires_at, child.external_ref, child.max_bookings) == (
        (30,),
        None,
        None,
        1,
    )
    event = Event.objects.get(kind="link.renewed")
    assert (event.link, event.booking) == (child, booking)
    assert renewed.made


def test_a_new_link_is_for_who_booked_when_the_old_one_named_nobody(alice: Person) -> None:
    booking = row(book_through(make_link(alice)))
    child = renew_link(booking.pk, by=alice.actor, now=BEGUN + timedelta(days=1)).link
    assert (child.recipient_name, child.recipient_email) == ("Gina Guest", "gina@example.org")


@pytest.mark.parametrize(
    ("hour", "kept"),
    [("2026-11-30T23:59:00+01:00", date(2026, 11, 30)), ("2026-12-01T00:01:00+01:00", None)],
)
def test_a_last_day_passes_at_the_calendar_s_midnight(alice: Person, hour: str, kept: date | None) -> None:
    booking = row(book_through(make_link(alice, last_day=date(2026, 11, 30))))
    child = renew_link(booking.pk, by=alice.actor, now=datetime.fromisoformat(hour).astimezone(UTC)).link
    assert child.last_day == kept


def test_a_repeated_click_makes_one_link(alice: Person) -> None:
    booking = row(book_through(make_link(alice)))
    cancel(booking.pk, by=alice.actor, now=NOW, reopen_link=False)
    made = [
        renew_link(booking.pk, by=alice.actor, now=NOW, retry=Idempotency("page", "nonce", "same"))
        for _ in range(2)
    ]
    assert made[0].link == made[1].link
    assert [one.made for one in made] == [True, False]
    assert OneTimeLink.objects.exclude(parent=None).count() == 1


def test_no_new_link_while_the_appointment_is_ahead(alice: Person) -> None:
    booking = row(book_through(make_link(alice)))
    with pytest.raises(Conflict, match="still ahead"):
        renew_link(booking.pk, by=alice.actor, now=NOW)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"not_before": NOW + timedelta(days=1)},
        {"paused": True},
        {"held": True},
    ],
    ids=["active", "not open", "paused", "held"],
)
def test_no_new_link_while_the_old_one_can_be_booked_again(alice: Person, facts: dict[str, Any]) -> None:
    issued = make_link(alice)
    booking = row(book_through(issued))
    cancel(booking.pk, by=alice.actor, now=NOW, reopen_link=True)
    OneTimeLink.objects.update(not_before=facts.get("not_before"))
    Calendar.objects.update(paused_at=NOW if facts.get("paused") else None)
    if facts.get("held"):
        Calendar.objects.update(hold_minutes=10)
        hold_time(Door.link(issued.token or ""), {"start": MONDAY_TEN}, visitor="", now=NOW)
    with pytest.raises(Conflict, match="booked again"):
        renew_link(booking.pk, by=alice.actor, now=NOW)
    assert OneTimeLink.objects.count() == 1
    OneTimeLink.objects.update(revoked_at=NOW)
    assert renew_link(booking.pk, by=alice.actor, now=NOW).made


def test_no_other_new_link_while_the_one_that_was_sent_can_be_booked(alice: Person) -> None:
    booking = row(book_through(make_link(alice)))
    mark(booking.pk, NO_SHOW, by=alice.actor, now=BEGUN)
    sent = renew_link(booking.pk, by=alice.actor, now=BEGUN)
    with pytest.raises(Conflict, match="already sent"):
        renew_link(booking.pk, by=alice.actor, now=BEGUN)
    OneTimeLink.objects.filter(pk=sent.link.pk).update(expires_at=BEGUN)
    assert renew_link(booking.pk, by=alice.actor, now=BEGUN).made


def test_no_new_link_to_a_deleted_calendar(alice: Person) -> None:
    booking = row(book_through(make_link(alice)))
    Calendar.objects.update(deleted_at=NOW)
    with pytest.raises(CalendarDeleted):
        renew_link(booking.pk, by=alice.actor, now=BEGUN + timedelta(days=1))
    assert OneTimeLink.objects.count() == 1


def test_no_new_link_where_there_was_none(alice: Person) -> None:
    booking = row(book_into(alice.calendar))
    with pytest.raises(Conflict, match="one-time link"):
        renew_link(booking.pk, by=alice.actor, now=BEGUN + timedelta(days=1))
