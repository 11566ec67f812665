"""A host confirms or declines each request; it holds its time until then, or until its time is up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bookonce.jobs.worker import run_due
from bookonce.lib.instants import from_minutes, to_seconds
from bookonce.scheduling import events
from bookonce.scheduling.answer_booking import confirm, decline, expire_request
from bookonce.scheduling.book import Booked, book
from bookonce.scheduling.cancel import cancel, cancel_appointment
from bookonce.scheduling.cancel_series import cancel_series
from bookonce.scheduling.errors import Conflict, Invalid, LinkUsed, NotFound, SlotTaken, TooLate
from bookonce.scheduling.forget_secrets import forget_secrets
from bookonce.scheduling.issue_link import Issued, shown_token
from bookonce.scheduling.models import (
    Appointment,
    BlockedTime,
    Booking,
    Calendar,
    CalendarHost,
    LimitCount,
    OneTimeLink,
)
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.offer import Door, free_starts, get_calendar_offer
from bookonce.scheduling.reschedule import reschedule
from bookonce.scheduling.revoke_link import revoke_link
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, book_through, guest, make_link
from tests.kinds import book_into, make_calendar, make_class

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)
IN_TIME = NOW + DAY - timedelta(seconds=1)
OVERDUE = NOW + DAY


def ask(person: Person, start: str = MONDAY_NINE, **columns: Any) -> tuple[Issued, Booking]:
    """A request through a one-time link to the person's calendar, which now needs approval."""
    Calendar.objects.filter(pk=person.calendar.pk).update(needs_approval=True, **columns)
    issued = make_link(person)
    return issued, row(book_through(issued, start))


def row(booked: Booked) -> Booking:
    """The booking as it is now, with its appointment and link."""
    return again(Booking.objects.get(public_id=booked.public_id))


def again(booking: Booking) -> Booking:
    return Booking.objects.select_related("appointment", "link").get(pk=booking.pk)


def spent(issued: Issued) -> int:
    return OneTimeLink.objects.get(pk=issued.link.pk).spent


def is_free(calendar: Calendar, booking: Booking, now: Any) -> bool:
    start = int(booking.appointment.starts.timestamp()) // 60
    offer = get_calendar_offer(calendar.pk)
    return free_starts(offer, duration=30, start=start, end=start + 1, now=to_seconds(now)) == [start]


def test_a_request_uses_its_link_and_holds_its_time(alice: Person) -> None:
    issued, booking = ask(alice)
    assert (booking.status, booking.appointment.status) == ("new", "new")
    assert booking.answer_by == OVERDUE
    assert spent(issued) == 1
    with pytest.raises(LinkUsed):
        book_through(issued, MONDAY_TEN)
    with pytest.raises(SlotTaken):
        book_into(alice.calendar)
    assert not is_free(alice.calendar, booking, IN_TIME)


def test_confirming_keeps_it_for_good(alice: Person) -> None:
    issued, booking = ask(alice)
    assert confirm(booking.pk, by=alice.actor, now=IN_TIME)
    kept = again(booking)
    assert (kept.status, kept.appointment.status, kept.answer_by) == ("confirmed", "confirmed", None)
    assert kept.sequence == 1
    assert not BlockedTime.objects.exclude(expires_at=None).exists()
    assert not confirm(booking.pk, by=alice.actor, now=IN_TIME)
    assert not expire_request(booking.pk, now=OVERDUE)
    assert not is_free(alice.calendar, booking, OVERDUE)
    assert Event.objects.filter(kind="booking.confirmed", booking=booking, link=issued.link).count() == 1
    with pytest.raises(Conflict, match="has been confirmed"):
        decline(booking.pk, by=alice.actor, now=IN_TIME)
    assert spent(issued) == 1


@pytest.mark.parametrize(("reopen_link", "left"), [(None, 0), (True, 0), (False, 1)])
def test_declining_frees_the_time_and_reopens_the_link_unless_told_otherwise(
    alice: Person,
    reopen_link: bool | None,  # noqa: FBT001 - of the cases
    left: int,
) -> None:
    issued, booking = ask(alice)
    assert decline(booking.pk, by=alice.actor, now=IN_TIME, reason="Away", reopen_link=reopen_link)
    ended = again(booking)
    assert (ended.status, ended.appointment.status) == ("cancelled", "cancelled")
    assert (ended.cancel_cause, ended.cancel_reason, ended.answer_by) == ("declined", "Away", None)
    assert spent(issued) == left
    assert is_free(alice.calendar, booking, IN_TIME)
    assert not decline(booking.pk, by=alice.actor, now=IN_TIME)
    with pytest.raises(Conflict, match="withdrawn or declined"):
        confirm(booking.pk, by=alice.actor, now=IN_TIME)


def test_a_revoked_link_never_reopens(alice: Person) -> None:
    issued = make_link(alice, max_bookings=2)
    Calendar.objects.update(needs_approval=True)
    first, second = row(book_through(issued)), row(book_through(issued, MONDAY_TEN))
    OneTimeLink.objects.update(max_bookings=3)
    revoke_link(issued.link.pk, by=alice.actor, now=NOW)
    decline(first.pk, by=alice.actor, now=NOW)
    expire_request(second.pk, now=OVERDUE)
    assert spent(issued) == 2
    assert not Event.objects.filter(kind="link.reopened").exists()


def test_unanswered_it_expires_by_the_job(alice: Person) -> None:
    issued, booking = ask(alice)
    while run_due(IN_TIME):
        pass
    assert again(booking).status == "new"
    while run_due(OVERDUE):
        pass
    ended = again(booking)
    assert (ended.status, ended.appointment.status) == ("cancelled", "cancelled")
    assert (ended.cancel_cause, ended.answer_by) == ("expired", None)
    assert spent(issued) == 0
    told = Event.objects.get(kind="booking.cancelled")
    assert (told.actor, told.member_id, told.details) == ("system", None, {"reopened": 1, "request": 1})
    with pytest.raises(Conflict, match="in time"):
        confirm(booking.pk, by=alice.actor, now=OVERDUE)


def test_once_overdue_it_can_no_longer_be_confirmed(alice: Person) -> None:
    _, booking = ask(alice)
    with pytest.raises(Conflict, match="in time"):
        confirm(booking.pk, by=alice.actor, now=OVERDUE)
    assert again(booking).status == "new"


def test_without_a_worker_an_overdue_request_keeps_nobody_from_its_time(alice: Person) -> None:
    issued, booking = ask(alice)
    assert is_free(alice.calendar, booking, OVERDUE)
    other = book(Door.link(make_link(alice).token or ""), guest(email="other@example.org"), now=OVERDUE)
    assert row(other).status == "new"
    ended = again(booking)
    assert (ended.status, ended.cancel_cause) == ("cancelled", "expired")
    assert spent(issued) == 0


def test_a_booking_moves_to_the_time_of_an_overdue_request(alice: Person) -> None:
    _, booking = ask(alice)
    Calendar.objects.update(needs_approval=False)
    other = row(book_through(make_link(alice), MONDAY_TEN))
    reschedule(other.pk, booking.appointment.starts, by=events.GUEST, now=OVERDUE)
    assert again(booking).cancel_cause == "expired"
    assert again(other).appointment.starts == booking.appointment.starts


def test_an_overdue_request_counts_towards_no_limit_and_no_address(alice: Person) -> None:
    _, booking = ask(alice, per_day=1, one_per_email=True)
    assert LimitCount.objects.get().taken == 1
    with pytest.raises(SlotTaken):
        book(Door.link(make_link(alice).token or ""), guest(MONDAY_TEN, email="b@example.org"), now=IN_TIME)
    book(Door.link(make_link(alice).token or ""), guest(MONDAY_TEN), now=OVERDUE)
    assert again(booking).cancel_cause == "expired"
    assert LimitCount.objects.get().taken == 1


def test_an_address_with_a_request_has_its_one_booking(alice: Person) -> None:
    ask(alice, one_per_email=True)
    with pytest.raises(Invalid):
        book_through(make_link(alice), MONDAY_TEN)


def test_the_answer_is_owed_before_the_start(alice: Person) -> None:
    _, booking = ask(alice, answer_within=60 * 24 * 30)
    assert booking.answer_by == booking.appointment.starts


def test_a_request_for_now_waits_a_minute_at_least(alice: Person) -> None:
    Calendar.objects.update(needs_approval=True)
    late = from_minutes(int(NOW.timestamp()) // 60) - timedelta(seconds=5)
    booked = book(Door.link(make_link(alice).token or ""), guest("2026-11-23T09:00:00+01:00"), now=late)
    booking = row(booked)
    assert booking.answer_by == late + timedelta(seconds=60)
    assert confirm(booking.pk, by=alice.actor, now=late + timedelta(seconds=30))


def test_a_moved_request_stays_one_to_be_answered_before_its_new_start(alice: Person) -> None:
    _, booking = ask(alice, answer_within=60 * 24 * 30)
    sooner = booking.appointment.starts - timedelta(days=3)
    reschedule(booking.pk, sooner, by=events.GUEST, now=NOW)
    moved = again(booking)
    assert (moved.status, moved.appointment.status, moved.answer_by) == ("new", "new", sooner)
    assert [time.expires_at for time in BlockedTime.objects.all()] == [sooner]
    reschedule(booking.pk, booking.appointment.starts, by=events.GUEST, now=NOW)
    assert again(booking).answer_by == sooner
    while run_due(sooner):
        pass
    assert again(booking).cancel_cause == "expired"


def test_what_is_confirmed_stays_so_when_its_guest_moves_it(alice: Person) -> None:
    _, booking = ask(alice)
    confirm(booking.pk, by=alice.actor, now=NOW)
    reschedule(booking.pk, booking.appointment.starts + timedelta(hours=1), by=events.GUEST, now=NOW)
    moved = again(booking)
    assert (moved.status, moved.appointment.status, moved.answer_by) == ("confirmed", "confirmed", None)
    assert not BlockedTime.objects.exclude(expires_at=None).exists()


def test_an_overdue_request_is_not_moved(alice: Person) -> None:
    _, booking = ask(alice)
    with pytest.raises(TooLate):
        reschedule(booking.pk, booking.appointment.starts + timedelta(hours=1), by=events.GUEST, now=OVERDUE)
    assert again(booking).cancel_cause == "expired"


def test_its_guest_withdraws_it_and_the_link_stays_used(alice: Person) -> None:
    issued, booking = ask(alice)
    assert cancel(booking.pk, by=events.GUEST, now=IN_TIME)
    ended = again(booking)
    assert (ended.status, ended.cancel_cause, ended.answer_by) == ("cancelled", "guest", None)
    assert spent(issued) == 1
    assert not expire_request(booking.pk, now=OVERDUE)
    assert not decline(booking.pk, by=alice.actor, now=IN_TIME)
    assert spent(issued) == 1


def test_a_change_of_the_setting_changes_no_request(alice: Person) -> None:
    _, booking = ask(alice)
    Calendar.objects.update(needs_approval=False, answer_within=1)
    assert row(book_through(make_link(alice), MONDAY_TEN)).status == "confirmed"
    assert again(booking).answer_by == OVERDUE
    assert confirm(booking.pk, by=alice.actor, now=IN_TIME)


def test_each_party_of_a_class_waits_on_its_own(alice: Person) -> None:
    calendar = make_class(alice, needs_approval=True, answer_within=1440)
    gina, hugo = row(book_into(calendar)), row(book_into(calendar, name="Hugo", party=2))
    session = hugo.appointment
    assert gina.appointment == session
    assert (session.status, session.seats_taken) == ("new", 3)
    assert not BlockedTime.objects.exclude(expires_at=None).exists()
    confirm(gina.pk, by=alice.actor, now=IN_TIME)
    assert [again(gina).status, again(hugo).status] == ["confirmed", "new"]
    assert again(hugo).appointment.status == "confirmed"
    assert expire_request(hugo.pk, now=OVERDUE)
    session.refresh_from_db()
    assert (session.status, session.seats_taken) == ("confirmed", 1)


def test_a_session_of_requests_alone_ends_with_the_last_of_them(alice: Person) -> None:
    calendar = make_class(alice, needs_approval=True)
    gina, hugo = row(book_into(calendar)), row(book_into(calendar, name="Hugo"))
    decline(gina.pk, by=alice.actor, now=IN_TIME)
    assert Appointment.objects.get().status == "new"
    assert expire_request(hugo.pk, now=OVERDUE)
    assert (Appointment.objects.get().status, Appointment.objects.get().seats_taken) == ("cancelled", 0)


def test_a_confirmed_party_confirms_the_session_it_joins(alice: Person) -> None:
    calendar = make_class(alice, needs_approval=True)
    book_into(calendar)
    Calendar.objects.filter(pk=calendar.pk).update(needs_approval=False)
    assert row(book_into(calendar, name="Hugo")).status == "confirmed"
    assert Appointment.objects.get().status == "confirmed"


def test_overdue_seats_of_a_class_can_be_booked(alice: Person) -> None:
    calendar = make_class(alice, seats=2, needs_approval=True)
    gina = row(book_into(calendar, party=1))
    door = Door.permanent(calendar.permanent_id)
    late = row(book(door, guest(email="late@example.org"), now=OVERDUE))
    assert again(gina).cancel_cause == "expired"
    assert late.appointment.seats_taken == 1


def test_a_party_that_moves_takes_its_request_along(alice: Person) -> None:
    calendar = make_class(alice, needs_approval=True)
    gina, hugo = row(book_into(calendar)), row(book_into(calendar, name="Hugo"))
    confirm(hugo.pk, by=alice.actor, now=NOW)
    to = gina.appointment.starts + timedelta(hours=1)
    reschedule(gina.pk, to, by=events.GUEST, now=NOW)
    moved = again(gina)
    assert (moved.status, moved.appointment.status, moved.appointment.starts) == ("new", "new", to)
    reschedule(hugo.pk, to, by=events.GUEST, now=NOW)
    assert again(gina).appointment.status == "confirmed"


def test_a_round_robin_gives_the_turn_back(alice: Person, bob: Person) -> None:
    calendar = make_calendar("round_robin", alice, bob, needs_approval=True, distribution="equal")
    first = row(book_into(calendar))
    turns = CalendarHost.objects.filter(calendar=calendar).values_list("turns", flat=True)
    assert sum(turns.all()) == 1
    expire_request(first.pk, now=OVERDUE)
    assert sum(turns.all()) == 0


def test_both_hosts_of_a_collective_are_free_again(alice: Person, bob: Person) -> None:
    calendar = make_calendar("collective", alice, bob, needs_approval=True)
    booking = row(book_into(calendar))
    assert {time.expires_at for time in booking.appointment.blocked_times.all()} == {OVERDUE}
    own = book(
        Door.permanent(bob.calendar.permanent_id), guest(email="other@example.org"), now=OVERDUE
    )  # of Bob alone; the request is Alice's as well
    assert row(own).status == "confirmed"
    assert again(booking).cancel_cause == "expired"


def test_cancelling_a_session_ends_requests_and_bookings(alice: Person) -> None:
    calendar = make_class(alice, needs_approval=True)
    gina, hugo = row(book_into(calendar)), row(book_into(calendar, name="Hugo"))
    confirm(gina.pk, by=alice.actor, now=NOW)
    cancel_appointment(gina.appointment.pk, by=alice.actor, now=NOW)
    assert {again(gina).cancel_cause, again(hugo).cancel_cause} == {"host"}
    told = {e.booking_id: e.details for e in Event.objects.filter(kind="booking.cancelled")}
    assert "request" not in told[gina.pk]
    assert told[hugo.pk]["request"] == 1


def test_the_secret_of_a_link_is_kept_while_its_request_waits(alice: Person) -> None:
    issued, booking = ask(alice, answer_within=60 * 24 * 30)
    after = booking.appointment.ends + DAY  # the worker stood still meanwhile
    forget_secrets(now=after)
    assert OneTimeLink.objects.get(pk=issued.link.pk).sealed_token
    expire_request(booking.pk, now=after)
    assert spent(issued) == 0


def test_what_is_not_there_is_not_answered(alice: Person) -> None:
    for verb in (confirm, decline):
        with pytest.raises(NotFound):
            verb(0, by=alice.actor, now=NOW)
    with pytest.raises(NotFound):
        expire_request(0, now=NOW)


def test_on_an_open_calendar_nothing_expires(alice: Person) -> None:
    booking = row(book_through(make_link(alice)))
    assert (booking.status, booking.answer_by) == ("confirmed", None)
    assert not expire_request(booking.pk, now=OVERDUE)
    assert not confirm(booking.pk, by=alice.actor, now=NOW)


def series(person: Person) -> list[Booking]:
    """Three weekly appointments, asked for through one link."""
    _, first = ask(person, repeats="weekly", repeat_count=3)
    return list(Booking.objects.filter(series=first.series).order_by("series_number"))


def test_a_series_is_one_request(alice: Person) -> None:
    bookings = series(alice)
    assert [(one.status, one.answer_by) for one in bookings] == [("new", OVERDUE)] * 3
    assert confirm(bookings[1].pk, by=alice.actor, now=IN_TIME)
    assert [again(one).status for one in bookings] == ["confirmed"] * 3
    assert [again(one).appointment.status for one in bookings] == ["confirmed"] * 3
    assert not BlockedTime.objects.exclude(expires_at=None).exists()
    told = Event.objects.filter(kind="booking.confirmed").order_by("pk")
    assert [event.details for event in told] == [
        {"series": [one.pk for one in bookings]},
        {"series": []},
        {"series": []},
    ]
    assert not confirm(bookings[0].pk, by=alice.actor, now=IN_TIME)


def test_a_series_that_is_declined_gives_its_one_use_back(alice: Person) -> None:
    bookings = series(alice)
    assert decline(bookings[2].pk, by=alice.actor, now=IN_TIME)
    assert {again(one).cancel_cause for one in bookings} == {"declined"}
    link = OneTimeLink.objects.get()
    assert (link.spent, link.uses.get().returned_at) == (0, IN_TIME)
    assert Event.objects.filter(kind="link.reopened").count() == 1
    book_through(Issued(link, shown_token(link), made=False))


def test_a_series_expires_as_a_whole(alice: Person) -> None:
    bookings = series(alice)
    cancel(bookings[0].pk, by=events.GUEST, now=NOW)
    while run_due(OVERDUE):
        pass
    assert [again(one).cancel_cause for one in bookings] == ["guest", "expired", "expired"]
    assert OneTimeLink.objects.get().spent == 0


def test_an_overdue_request_is_not_withdrawn_but_has_expired(alice: Person) -> None:
    issued, booking = ask(alice)
    assert not cancel(booking.pk, by=events.GUEST, now=OVERDUE)
    assert again(booking).cancel_cause == "expired"
    assert spent(issued) == 0


def test_an_overdue_series_is_not_withdrawn_but_has_expired(alice: Person) -> None:
    bookings = series(alice)
    assert cancel_series(bookings[0].pk, by=events.GUEST, now=OVERDUE) == 0
    assert {again(one).cancel_cause for one in bookings} == {"expired"}
    assert OneTimeLink.objects.get().spent == 0


def test_an_overdue_request_is_not_declined_any_more(alice: Person) -> None:
    issued, booking = ask(alice)
    assert not decline(booking.pk, by=alice.actor, now=OVERDUE, reopen_link=False)
    assert again(booking).cancel_cause == "expired"
    assert spent(issued) == 0
