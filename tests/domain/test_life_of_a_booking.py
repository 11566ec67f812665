"""Cancel, reschedule, reopen, grace and retries: as docs/one-time-links.md tells."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bookonce.lib.instants import to_minutes, to_seconds
from bookonce.lib.tokens import digest
from bookonce.scheduling import errors, events
from bookonce.scheduling.book import book
from bookonce.scheduling.calendars import set_deleted, set_paused, update_calendar
from bookonce.scheduling.cancel import cancel
from bookonce.scheduling.idempotency import Idempotency, fingerprint
from bookonce.scheduling.issue_link import issue_link
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.models import (
    Appointment,
    BlockedTime,
    Booking,
    Event,
    IdempotencyKey,
    LinkUse,
    OneTimeLink,
)
from bookonce.scheduling.offer import Door
from bookonce.scheduling.request_link import answer_request, request_link
from bookonce.scheduling.reschedule import free_moves, get_move, reschedule
from bookonce.scheduling.revoke_link import revoke_link
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, book_through, guest, make_link


def booking_of(public_id: str) -> Booking:
    return Booking.objects.select_related("appointment", "link").get(public_id=public_id)


def test_a_guest_who_cancels_leaves_the_link_used(alice: Person) -> None:
    issued = make_link(alice)
    booking = booking_of(book_through(issued).public_id)
    assert cancel(booking.pk, by=events.GUEST, now=NOW, reason="ill")
    assert OneTimeLink.objects.get(pk=issued.link.pk).spent == 1
    with pytest.raises(errors.LinkUsed):
        book_through(issued, MONDAY_TEN)
    appointment = Appointment.objects.get(pk=booking.appointment_id)
    booking.refresh_from_db()
    assert (appointment.status, booking.cancel_cause, booking.sequence) == ("cancelled", "guest", 1)


def test_a_host_who_cancels_reopens_the_link_and_frees_the_time(alice: Person) -> None:
    issued = make_link(alice)
    booking = booking_of(book_through(issued).public_id)
    assert cancel(booking.pk, by=alice.actor, now=NOW)
    book_through(issued, MONDAY_NINE)
    assert list(LinkUse.objects.order_by("number").values_list("number", "returned_at")) == [
        (1, NOW),
        (2, None),
    ]


def test_a_host_can_keep_the_link_spent(alice: Person) -> None:
    issued = make_link(alice)
    booking = booking_of(book_through(issued).public_id)
    cancel(booking.pk, by=alice.actor, now=NOW, reopen_link=False)
    with pytest.raises(errors.LinkUsed):
        book_through(issued, MONDAY_TEN)


def test_cancelling_twice_changes_nothing_the_second_time(alice: Person) -> None:
    issued = make_link(alice, max_bookings=2)
    booking = booking_of(book_through(issued).public_id)
    book_through(issued, MONDAY_TEN)
    assert cancel(booking.pk, by=alice.actor, now=NOW)
    assert not cancel(booking.pk, by=alice.actor, now=NOW)
    assert OneTimeLink.objects.get(pk=issued.link.pk).spent == 1
    assert Event.objects.filter(kind="booking.cancelled").count() == 1


def test_an_appointment_that_began_can_not_be_cancelled(alice: Person) -> None:
    booking = booking_of(book_through(make_link(alice)).public_id)
    with pytest.raises(errors.TooLate):
        cancel(booking.pk, by=events.GUEST, now=datetime.fromisoformat(MONDAY_NINE))


def test_a_revoked_link_never_reopens(alice: Person) -> None:
    issued = make_link(alice, max_bookings=2)
    booking = booking_of(book_through(issued).public_id)
    assert revoke_link(issued.link.pk, by=alice.actor, now=NOW)
    cancel(booking.pk, by=alice.actor, now=NOW)
    with pytest.raises(errors.LinkRevoked):
        book_through(issued, MONDAY_TEN)
    assert OneTimeLink.objects.get(pk=issued.link.pk).spent == 1


def test_revoking_a_spent_link_is_refused_and_says_why(alice: Person) -> None:
    issued = make_link(alice)
    book_through(issued)
    with pytest.raises(errors.Conflict, match="already been used"):
        revoke_link(issued.link.pk, by=alice.actor, now=NOW)


def test_revoking_forgets_the_secret(alice: Person) -> None:
    issued = make_link(alice)
    assert revoke_link(issued.link.pk, by=alice.actor, now=NOW)
    assert not revoke_link(issued.link.pk, by=alice.actor, now=NOW)
    assert OneTimeLink.objects.get(pk=issued.link.pk).sealed_token is None


def test_a_move_keeps_the_link_spent_and_frees_the_former_time(alice: Person) -> None:
    issued = make_link(alice)
    booking = booking_of(book_through(issued).public_id)
    reschedule(booking.pk, datetime.fromisoformat(MONDAY_TEN), by=events.GUEST, now=NOW)
    moved = booking_of(booking.public_id)
    assert moved.appointment.starts == datetime.fromisoformat(MONDAY_TEN)
    assert moved.sequence == 1
    assert moved.manage_digest == booking.manage_digest
    assert BlockedTime.objects.get(appointment=moved.appointment).starts == datetime.fromisoformat(MONDAY_TEN)
    assert OneTimeLink.objects.get(pk=issued.link.pk).spent == 1
    book_through(make_link(alice), MONDAY_NINE)


def test_a_move_may_overlap_its_own_former_time(alice: Person) -> None:
    update_calendar(alice.calendar, {"durations": [60], "interval": 30}, by=alice.actor, now=NOW)
    booking = booking_of(book_through(make_link(alice), duration=60).public_id)
    reschedule(booking.pk, datetime.fromisoformat("2026-11-30T09:30:00+01:00"), by=events.GUEST, now=NOW)


@pytest.mark.parametrize(
    "to", [MONDAY_TEN, "2026-11-30T03:00:00+01:00", "2026-11-30T10:07:00+01:00", MONDAY_NINE]
)
def test_a_move_only_goes_where_a_time_is_offered(alice: Person, to: str) -> None:
    booking = booking_of(book_through(make_link(alice)).public_id)
    book_through(make_link(alice), MONDAY_TEN)
    with pytest.raises(errors.SlotTaken):
        reschedule(booking.pk, datetime.fromisoformat(to), by=events.GUEST, now=NOW)
    assert booking_of(booking.public_id).sequence == 0


def test_a_move_keeps_to_the_links_window(alice: Person) -> None:
    monday = datetime.fromisoformat(MONDAY_NINE).date()
    booking = booking_of(book_through(make_link(alice, first_day=monday, last_day=monday)).public_id)
    with pytest.raises(errors.SlotTaken):
        reschedule(booking.pk, datetime.fromisoformat("2026-12-01T09:00:00+01:00"), by=events.GUEST, now=NOW)


def test_buffers_are_frozen_when_booked(alice: Person) -> None:
    book_through(make_link(alice), MONDAY_NINE)
    update_calendar(alice.calendar, {"buffer_before": 30}, by=alice.actor, now=NOW)
    # 09:30 would need 30 free minutes before it: the new setting binds new bookings only.
    with pytest.raises(errors.SlotTaken):
        book_through(make_link(alice), "2026-11-30T09:30:00+01:00")
    book_through(make_link(alice), MONDAY_TEN)
    assert BlockedTime.objects.count() == 2


def test_a_paused_calendar_takes_no_booking_and_revives_its_links(alice: Person) -> None:
    issued = make_link(alice)
    booking = booking_of(book_through(make_link(alice), MONDAY_TEN).public_id)
    set_paused(alice.calendar, paused=True, now=NOW)
    with pytest.raises(errors.CalendarPaused):
        book_through(issued)
    with pytest.raises(errors.CalendarPaused):
        reschedule(booking.pk, datetime.fromisoformat(MONDAY_NINE), by=events.GUEST, now=NOW)
    set_paused(alice.calendar, paused=False, now=NOW)
    book_through(issued)


def test_a_deleted_calendar_kills_its_links_and_restoring_revives_them(alice: Person) -> None:
    issued = make_link(alice)
    booking = booking_of(book_through(make_link(alice), MONDAY_TEN).public_id)
    set_deleted(alice.calendar, deleted=True, now=NOW)
    with pytest.raises(errors.CalendarDeleted):
        book_through(issued)
    with pytest.raises(errors.CalendarDeleted):
        issue_link(alice.calendar, LinkOptions(), by=alice.actor, now=NOW)
    assert cancel(booking.pk, by=events.GUEST, now=NOW)
    set_deleted(alice.calendar, deleted=False, now=NOW)
    book_through(issued)


def test_a_form_opened_before_the_expiry_may_be_sent_within_the_grace(alice: Person) -> None:
    issued = make_link(alice, expires_at=NOW + timedelta(minutes=10))
    late = NOW + timedelta(minutes=20)
    assert issued.token
    with pytest.raises(errors.LinkExpired):
        book(Door.link(issued.token), guest(), now=late)
    with pytest.raises(errors.LinkExpired):
        book(Door.link(issued.token), guest(), now=late, stamp=to_seconds(NOW + timedelta(minutes=11)))
    with pytest.raises(errors.LinkExpired):
        book(Door.link(issued.token), guest(), now=NOW + timedelta(minutes=26), stamp=to_seconds(NOW))
    book(Door.link(issued.token), guest(), now=late, stamp=to_seconds(NOW))


def test_a_used_link_has_no_grace(alice: Person) -> None:
    issued = make_link(alice)
    book_through(issued)
    assert issued.token
    with pytest.raises(errors.LinkUsed):
        book(Door.link(issued.token), guest(MONDAY_TEN), now=NOW, stamp=to_seconds(NOW))


def test_a_retry_with_the_same_key_gets_the_same_booking(alice: Person) -> None:
    issued = make_link(alice)
    assert issued.token
    door, body = Door.link(issued.token), guest()
    key = Idempotency(door.scope, "k1", fingerprint(body))
    first = book(door, body, now=NOW, retry=key)
    again = book(door, body, now=NOW + timedelta(hours=23), retry=key)
    assert (again.public_id, again.manage_token, again.replayed) == (
        first.public_id,
        first.manage_token,
        True,
    )
    assert Booking.objects.count() == 1
    other = guest(MONDAY_TEN)
    with pytest.raises(errors.IdempotencyMismatch):
        book(door, other, now=NOW, retry=Idempotency(door.scope, "k1", fingerprint(other)))


def test_a_failure_is_not_kept_under_its_key(alice: Person) -> None:
    issued = make_link(alice)
    assert issued.token
    book_through(make_link(alice), MONDAY_NINE)
    door = Door.link(issued.token)
    key = Idempotency(door.scope, "k1", fingerprint(guest()))
    with pytest.raises(errors.SlotTaken):
        book(door, guest(), now=NOW, retry=key)
    assert IdempotencyKey.objects.count() == 0


def test_two_creations_with_one_reference_give_one_link(alice: Person) -> None:
    first = make_link(alice, external_ref="order-7", label="first")
    again = make_link(alice, external_ref="order-7", label="second")
    assert (again.made, again.link.pk, again.token) == (False, first.link.pk, first.token)
    assert again.link.label == "first"


def test_a_request_is_answered_once_with_a_child_of_the_dead_link(alice: Person) -> None:
    issued = make_link(alice, label="For Sam", recipient_name="Sam")
    book_through(issued)
    asked = {"name": "Sam", "email": "sam@example.org", "message": "Another one"}
    assert request_link(issued.link.pk, asked, now=NOW)
    assert not request_link(issued.link.pk, asked, now=NOW)
    request = issued.link.requests.get()
    answer = answer_request(request.pk, by=alice.actor, now=NOW)
    assert (answer.link.parent_id, answer.link.label) == (issued.link.pk, "For Sam")
    with pytest.raises(errors.Conflict):
        answer_request(request.pk, by=alice.actor, now=NOW)
    book_through(answer, MONDAY_TEN)


def test_a_calendar_bookable_by_one_time_link_only_has_no_other_door(alice: Person) -> None:
    update_calendar(alice.calendar, {"one_time_only": True}, by=alice.actor, now=NOW)
    for door in (Door.permanent(alice.calendar.permanent_id), Door.slug("atelier", "alice-30")):
        with pytest.raises(errors.NotFound):
            book(door, guest(), now=NOW)
    book_through(make_link(alice))


def test_public_doors_book_without_a_link(alice: Person) -> None:
    book(Door.permanent(alice.calendar.permanent_id), guest(MONDAY_NINE), now=NOW)
    book(Door.slug("atelier", "alice-30"), guest(MONDAY_TEN), now=NOW)
    assert LinkUse.objects.count() == 0
    with pytest.raises(errors.NotFound):
        book(Door.link("no such token"), guest(), now=NOW)


def test_no_token_is_kept_in_clear(alice: Person) -> None:
    issued = make_link(alice)
    booked = book_through(issued)
    assert issued.token
    link, booking = OneTimeLink.objects.get(), booking_of(booked.public_id)
    assert link.token_digest == digest(issued.token)
    assert issued.token not in (link.sealed_token or "")
    assert booked.manage_token not in (booking.sealed_manage_token or "")
    events_text = str(list(Event.objects.values()))
    assert issued.token not in events_text
    assert booked.manage_token not in events_text


def test_look_busy_binds_no_move(alice: Person) -> None:
    update_calendar(alice.calendar, {"look_busy": 100}, by=alice.actor, now=NOW)
    booking = booking_of(book_through(make_link(alice)).public_id)
    at = to_minutes(datetime.fromisoformat(MONDAY_TEN))
    assert list(free_moves(get_move(booking.pk), start=at, end=at + 1, now=to_seconds(NOW))) == [at]
    reschedule(booking.pk, datetime.fromisoformat(MONDAY_TEN), by=events.GUEST, now=NOW)
