"""One appointment of a series is cancelled, or all that are left; the link's use returns with the last."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bookonce.scheduling import errors
from bookonce.scheduling.book import Booked
from bookonce.scheduling.cancel import cancel
from bookonce.scheduling.cancel_series import cancel_series
from bookonce.scheduling.events import GUEST
from bookonce.scheduling.models import (
    Appointment,
    BlockedTime,
    Booking,
    Calendar,
    Event,
    LimitCount,
    LinkUse,
    OneTimeLink,
)
from bookonce.scheduling.revoke_link import revoke_link
from tests.cast import NOW, Person, book_through, make_link
from tests.kinds import book_into, make_calendar

AFTER_THE_FIRST = datetime.fromisoformat("2026-11-30T12:00:00+01:00")


@pytest.fixture
def weekly(alice: Person) -> Person:
    Calendar.objects.filter(pk=alice.calendar.pk).update(repeats="weekly", repeat_count=4, per_day=3)
    return alice


def rows(booked: Booked) -> list[int]:
    return [Booking.objects.get(public_id=one.public_id).pk for one in booked.series]


def spent() -> int:
    return OneTimeLink.objects.get().spent


def live() -> int:
    return Booking.objects.exclude(status="cancelled").count()


def test_the_use_returns_with_the_last_one_that_the_host_cancels(weekly: Person) -> None:
    issued = make_link(weekly)
    bookings = rows(book_through(issued))
    for booking in bookings[:-1]:
        cancel(booking, by=weekly.actor, now=NOW)
        assert spent() == 1
    cancel(bookings[-1], by=weekly.actor, now=NOW)
    assert spent() == 0
    assert LinkUse.objects.get().returned_at == NOW
    assert Event.objects.filter(kind="link.reopened").count() == 1
    assert len(book_through(issued).series) == 4


def test_the_host_cancels_all_that_are_left_and_the_link_works_again(weekly: Person) -> None:
    issued = make_link(weekly)
    bookings = rows(book_through(issued))
    cancel(bookings[2], by=GUEST, now=NOW)
    assert cancel_series(bookings[0], by=weekly.actor, now=NOW, reason="ill") == 3
    assert (live(), spent()) == (0, 0)
    assert not BlockedTime.objects.filter(live=True).exists()
    assert not LimitCount.objects.filter(taken__gt=0).exists()
    assert not Appointment.objects.exclude(status="cancelled").exists()
    assert cancel_series(bookings[0], by=weekly.actor, now=NOW) == 0
    assert len(book_through(issued).series) == 4


def test_the_host_may_keep_the_link_used(weekly: Person) -> None:
    bookings = rows(book_through(make_link(weekly)))
    cancel_series(bookings[0], by=weekly.actor, now=NOW, reopen_link=False)
    assert spent() == 1


def test_a_revoked_link_stays_revoked(weekly: Person) -> None:
    issued = make_link(weekly, max_bookings=2)
    bookings = rows(book_through(issued))
    revoke_link(issued.link.pk, by=weekly.actor, now=NOW)
    cancel_series(bookings[0], by=weekly.actor, now=NOW)
    assert spent() == 1


@pytest.mark.parametrize("reopens", [False, True])
def test_when_the_guest_cancels_all_the_rules_decide(weekly: Person, *, reopens: bool) -> None:
    issued = make_link(weekly, reopens_on_cancel=reopens)
    bookings = rows(book_through(issued))
    assert cancel_series(bookings[0], by=GUEST, now=NOW) == 4
    assert spent() == int(not reopens)


def test_an_appointment_that_took_place_keeps_the_link_used(weekly: Person) -> None:
    bookings = rows(book_through(make_link(weekly)))
    assert cancel_series(bookings[0], by=weekly.actor, now=AFTER_THE_FIRST) == 3
    assert (live(), spent()) == (1, 1)
    with pytest.raises(errors.TooLate):
        cancel_series(bookings[0], by=weekly.actor, now=AFTER_THE_FIRST)


def test_the_guest_cancels_those_that_the_rules_still_let(weekly: Person) -> None:
    Calendar.objects.filter(pk=weekly.calendar.pk).update(cancel_cutoff=10 * 1440, reopens_on_cancel=True)
    bookings = rows(book_through(make_link(weekly)))
    assert cancel_series(bookings[3], by=GUEST, now=NOW) == 3  # the first is seven days off
    assert Booking.objects.get(pk=bookings[0]).status == "confirmed"
    assert spent() == 1
    with pytest.raises(errors.CancellingClosed):
        cancel_series(bookings[0], by=GUEST, now=NOW)


def test_one_told_in_a_mail_for_all(weekly: Person) -> None:
    bookings = rows(book_through(make_link(weekly)))
    cancel_series(bookings[1], by=weekly.actor, now=NOW)
    told = [
        event.details["series"] for event in Event.objects.filter(kind="booking.cancelled").order_by("pk")
    ]
    assert told == [bookings, [], [], []]


def test_a_single_booking_is_no_series(alice: Person) -> None:
    booked = book_through(make_link(alice))
    with pytest.raises(errors.NotFound):
        cancel_series(Booking.objects.get(public_id=booked.public_id).pk, by=alice.actor, now=NOW)


def test_a_series_in_a_class_leaves_the_sessions_to_the_others(alice: Person) -> None:
    calendar = make_calendar("class", alice, seats=5, repeats="weekly", repeat_count=3)
    first, second = book_into(calendar, party=2), book_into(calendar, name="Hans Host")
    cancel_series(rows(first)[0], by=alice.actor, now=NOW)
    assert set(Appointment.objects.values_list("seats_taken", "status")) == {(1, "confirmed")}
    cancel_series(rows(second)[0], by=GUEST, now=NOW + timedelta(hours=1))
    assert set(Appointment.objects.values_list("seats_taken", "status")) == {(0, "cancelled")}
