"""Cut-offs, switches and counts for cancelling and rescheduling: the calendar's, or the link's own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bookonce.scheduling import errors, events
from bookonce.scheduling.calendars import update_calendar
from bookonce.scheduling.cancel import cancel
from bookonce.scheduling.issue_link import Issued
from bookonce.scheduling.models import Booking, Event, LinkUse, OneTimeLink
from bookonce.scheduling.request_link import answer_request, request_link
from bookonce.scheduling.reschedule import reschedule
from bookonce.scheduling.update_link import update_link
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, book_through, make_link

BEGINS = datetime.fromisoformat(MONDAY_NINE)
ELEVEN = "2026-11-30T11:00:00+01:00"


def set_rules(alice: Person, **rules: Any) -> None:
    update_calendar(alice.calendar, rules, by=alice.actor, now=NOW)


def booked(issued: Issued) -> int:
    return Booking.objects.get(public_id=book_through(issued).public_id).pk


def move(booking_id: int, to: str, *, now: datetime = NOW, by: events.Actor = events.GUEST) -> None:
    reschedule(booking_id, datetime.fromisoformat(to), by=by, now=now)


def test_a_guest_cancels_until_the_cut_off_and_the_host_after_it(alice: Person) -> None:
    set_rules(alice, cancel_cutoff=120)
    early, late = booked(make_link(alice)), BEGINS - timedelta(hours=2)
    with pytest.raises(errors.CancellingClosed, match="no longer be cancelled"):
        cancel(early, by=events.GUEST, now=late)
    assert Booking.objects.get().status == "confirmed"
    assert cancel(early, by=alice.actor, now=late)
    other = booked(make_link(alice))
    assert cancel(other, by=events.GUEST, now=late - timedelta(minutes=1))


def test_a_guest_who_may_not_cancel(alice: Person) -> None:
    set_rules(alice, guests_may_cancel=False)
    booking = booked(make_link(alice))
    with pytest.raises(errors.CancellingClosed, match="can't be cancelled"):
        cancel(booking, by=events.GUEST, now=NOW)
    assert cancel(booking, by=alice.actor, now=NOW)
    assert not cancel(booking, by=events.GUEST, now=NOW), "already cancelled: nothing to refuse"


def test_what_has_begun_is_too_late_and_not_against_a_rule(alice: Person) -> None:
    set_rules(alice, guests_may_cancel=False, guests_may_reschedule=False)
    booking = booked(make_link(alice))
    with pytest.raises(errors.TooLate):
        cancel(booking, by=events.GUEST, now=BEGINS)
    with pytest.raises(errors.TooLate):
        move(booking, "2026-12-01T09:00:00+01:00", now=BEGINS)


def test_a_guest_moves_until_the_cut_off_and_the_host_after_it(alice: Person) -> None:
    set_rules(alice, reschedule_cutoff=1440)
    booking, late = booked(make_link(alice)), BEGINS - timedelta(days=1)
    with pytest.raises(errors.ReschedulingClosed, match="no longer be rescheduled"):
        move(booking, MONDAY_TEN, now=late)
    move(booking, MONDAY_TEN, now=late, by=alice.actor)
    set_rules(alice, guests_may_reschedule=False)
    with pytest.raises(errors.ReschedulingClosed, match="can't be rescheduled"):
        move(booking, MONDAY_NINE)


def test_a_guest_moves_so_often_and_the_host_s_moves_do_not_count(alice: Person) -> None:
    set_rules(alice, most_reschedules=1)
    booking = booked(make_link(alice))
    move(booking, MONDAY_TEN, by=alice.actor)
    move(booking, MONDAY_NINE)
    with pytest.raises(errors.ReschedulingClosed, match="as often as allowed"):
        move(booking, ELEVEN)
    assert Booking.objects.get().moves == 1
    move(booking, ELEVEN, by=alice.actor)


def test_what_a_link_leaves_unset_is_the_calendar_s_live(alice: Person) -> None:
    own = booked(make_link(alice, guests_may_cancel=True, cancel_cutoff=0))
    with_switch_alone = booked_at(alice, MONDAY_TEN, guests_may_cancel=True)
    set_rules(alice, guests_may_cancel=False, cancel_cutoff=600, most_reschedules=0)
    with pytest.raises(errors.CancellingClosed, match="no longer"):
        cancel(with_switch_alone, by=events.GUEST, now=BEGINS - timedelta(minutes=60))
    with pytest.raises(errors.ReschedulingClosed):
        move(own, ELEVEN)
    assert cancel(own, by=events.GUEST, now=BEGINS - timedelta(minutes=1))


def booked_at(alice: Person, start: str, **options: Any) -> int:
    return Booking.objects.get(public_id=book_through(make_link(alice, **options), start).public_id).pk


def test_a_link_may_reopen_when_its_guest_cancels(alice: Person) -> None:
    issued = make_link(alice, reopens_on_cancel=True)
    assert cancel(booked(issued), by=events.GUEST, now=NOW)
    assert Event.objects.filter(kind=Event.Kind.LINK_REOPENED).count() == 1
    book_through(issued, MONDAY_TEN)
    assert LinkUse.objects.filter(returned_at=None).count() == 1


def test_a_calendar_may_have_its_links_reopen_and_a_link_may_differ(alice: Person) -> None:
    set_rules(alice, reopens_on_cancel=True)
    assert cancel(booked(make_link(alice)), by=events.GUEST, now=NOW)
    assert cancel(booked(make_link(alice, reopens_on_cancel=False)), by=events.GUEST, now=NOW)
    assert list(OneTimeLink.objects.order_by("pk").values_list("spent", flat=True)) == [0, 1]


def test_a_link_that_has_expired_stays_used(alice: Person) -> None:
    issued = make_link(alice, reopens_on_cancel=True, expires_at=NOW + timedelta(days=1))
    assert cancel(booked(issued), by=events.GUEST, now=NOW + timedelta(days=1))
    assert OneTimeLink.objects.get().spent == 1
    assert not Event.objects.filter(kind=Event.Kind.LINK_REOPENED).exists()


def test_the_use_returns_to_an_expired_link_but_it_is_not_said_to_work_again(alice: Person) -> None:
    issued = make_link(alice, expires_at=NOW + timedelta(days=1))
    assert cancel(booked(issued), by=alice.actor, now=NOW + timedelta(days=1))
    assert OneTimeLink.objects.get().spent == 0
    assert Event.objects.get(kind=Event.Kind.BOOKING_CANCELLED).details["reopened"] == 0
    assert not Event.objects.filter(kind=Event.Kind.LINK_REOPENED).exists()


def test_a_new_link_for_the_old_one_keeps_its_rules(alice: Person) -> None:
    issued = make_link(alice, max_bookings=1, cancel_cutoff=30, most_reschedules=2, external_ref="lead-1")
    book_through(issued)
    request_link(issued.link.pk, {"name": "Gina", "email": "gina@example.org"}, now=NOW)
    child = answer_request(issued.link.requests.get().pk, by=alice.actor, now=NOW).link
    assert (child.cancel_cutoff, child.most_reschedules, child.external_ref) == (30, 2, None)


def test_rules_of_a_link_change_and_null_takes_them_away(alice: Person) -> None:
    issued = make_link(alice, cancel_cutoff=30, guests_may_cancel=True)
    update_link(issued.link.pk, {"cancel_cutoff": None, "reopens_on_cancel": True}, now=NOW)
    link = OneTimeLink.objects.get()
    assert (link.cancel_cutoff, link.guests_may_cancel, link.reopens_on_cancel) == (None, True, True)
    with pytest.raises(errors.Invalid) as refused:
        update_link(issued.link.pk, {"cancel_cutoff": -1, "most_reschedules": 101}, now=NOW)
    assert set(refused.value.errors) == {"cancel_cutoff", "most_reschedules"}
