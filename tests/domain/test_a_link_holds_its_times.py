"""Held times of a one-time link are its own, until it is booked, expires or is revoked."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection

from bookonce.lib.instants import from_minutes, to_minutes, to_seconds
from bookonce.scheduling import link_holds
from bookonce.scheduling.answer_booking import expire_request
from bookonce.scheduling.book import book
from bookonce.scheduling.calendars import create_calendar, set_deleted, set_paused, update_calendar
from bookonce.scheduling.cancel import cancel
from bookonce.scheduling.errors import Invalid, SlotTaken
from bookonce.scheduling.events import GUEST, Actor
from bookonce.scheduling.issue_link import Issued, issue_link
from bookonce.scheduling.issue_links import issue_links
from bookonce.scheduling.link_options import LinkOptions, parse_link_options
from bookonce.scheduling.models import BlockedTime, Booking, Calendar, Hold, OneTimeLink
from bookonce.scheduling.models.appointment import LONGEST_BLOCK
from bookonce.scheduling.offer import Door, free_starts, get_offer
from bookonce.scheduling.request_link import answer_request, request_link
from bookonce.scheduling.reschedule import reschedule
from bookonce.scheduling.revoke_batch import revoke_batch
from bookonce.scheduling.revoke_link import revoke_link
from bookonce.scheduling.schedules import update_schedule
from bookonce.scheduling.update_link import update_link
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, book_through, guest, make_link

HALF_PAST_NINE, MONDAY_ELEVEN = "2026-11-30T09:30:00+01:00", "2026-11-30T11:00:00+01:00"
NINE, HALF, TEN, ELEVEN = (
    to_minutes(datetime.fromisoformat(start))
    for start in (MONDAY_NINE, HALF_PAST_NINE, MONDAY_TEN, MONDAY_ELEVEN)
)
DAY = 1440


def hold(person: Person, *starts: str, calendar: Calendar | None = None, **raw: Any) -> Issued:
    """A link that holds these times."""
    found = Calendar.objects.select_related("schedule").get(pk=(calendar or person.calendar).pk)
    asked = {"slots": list(starts), "hold_slots": True, **raw}
    return issue_link(
        found, lambda: parse_link_options(asked, found, now=NOW), by=Actor("page", person.member.pk), now=NOW
    )


def public(calendar: Calendar) -> Door:
    return Door.permanent(calendar.permanent_id)


def offered(door: Door, *, now: int = to_seconds(NOW)) -> list[int]:
    """What is offered of Monday's morning until eleven."""
    return free_starts(get_offer(door), duration=30, start=NINE - 60, end=ELEVEN + 1, now=now)


def own(issued: Issued) -> Door:
    return Door("link", issued.link.token_digest)


def held(*, host: str = "") -> list[tuple[int, int]]:
    blocks = BlockedTime.objects.filter(appointment=None).order_by("starts")
    blocks = blocks.filter(host__user__name=host) if host else blocks
    return [(to_minutes(block.starts), to_minutes(block.ends)) for block in blocks]


def team(alice: Person, bob: Person, kind: str, **settings: Any) -> Calendar:
    hosts = [alice.user.email, bob.user.email]
    raw = {
        "name": f"Team {kind}",
        "kind": kind,
        "durations": [30],
        "interval": 30,
        "hosts": hosts,
        **settings,
    }
    return create_calendar(alice.member, raw, now=NOW)


def test_nobody_else_can_book_a_held_time(alice: Person) -> None:
    other = create_calendar(alice.member, {"name": "Other", "durations": [30]}, now=NOW)
    issued = hold(alice, MONDAY_NINE, MONDAY_ELEVEN)
    assert offered(public(alice.calendar)) == offered(public(other)) == [HALF, TEN, TEN + 30]
    assert offered(own(make_link(alice))) == [HALF, TEN, TEN + 30]
    for door in (public(alice.calendar), public(other), own(make_link(alice))):
        with pytest.raises(SlotTaken):
            book(door, guest(MONDAY_NINE), now=NOW)
    assert offered(own(issued)) == [NINE, ELEVEN]
    assert book_through(issued, MONDAY_NINE).start == NINE


def test_booking_lets_the_other_times_go(alice: Person) -> None:
    issued = hold(alice, MONDAY_NINE, MONDAY_TEN)
    before = Calendar.objects.get(pk=alice.calendar.pk).version
    book_through(issued, MONDAY_NINE)
    assert held() == []
    assert not Hold.objects.exists()
    assert offered(public(alice.calendar)) == [HALF, TEN, TEN + 30, ELEVEN]
    assert Calendar.objects.get(pk=alice.calendar.pk).version > before


def test_a_booking_that_fails_keeps_them(alice: Person) -> None:
    issued = hold(alice, MONDAY_NINE, MONDAY_TEN)
    with pytest.raises(SlotTaken):
        book_through(issued, MONDAY_ELEVEN)
    with pytest.raises(Invalid):
        book_through(issued, MONDAY_NINE, email="nobody")
    assert held() == [(NINE, NINE + 30), (TEN, TEN + 30)]
    assert offered(own(issued)) == [NINE, TEN]


def test_while_uses_are_left_the_rest_is_held(alice: Person) -> None:
    issued = hold(alice, MONDAY_NINE, MONDAY_TEN, MONDAY_ELEVEN, max_bookings=2)
    book_through(issued, MONDAY_TEN)
    assert held() == [(NINE, NINE + 30), (ELEVEN, ELEVEN + 30)]
    assert offered(public(alice.calendar)) == [HALF, TEN + 30]
    book_through(issued, MONDAY_NINE, email="other@example.org")
    assert held() == []


def test_starts_that_overlap_share_one_blocked_time(alice: Person) -> None:
    update_calendar(
        alice.calendar, {"interval": 15, "buffer_before": 10, "buffer_after": 5}, by=alice.actor, now=NOW
    )
    issued = hold(alice, MONDAY_NINE, "2026-11-30T09:15:00+01:00", MONDAY_ELEVEN)
    assert held() == [(NINE - 10, NINE + 15 + 30 + 5), (ELEVEN - 10, ELEVEN + 35)]
    book_through(issued, "2026-11-30T09:15:00+01:00")
    assert BlockedTime.objects.filter(live=True).count() == 1


def test_no_blocked_time_lasts_longer_than_the_database_lets_it(alice: Person) -> None:
    day_and_night = {"timezone": "UTC", "weekly": [{"days": [*range(7)], "start": "00:00", "end": "24:00"}]}
    update_schedule(alice.schedule, day_and_night, by=alice.member, now=NOW)
    update_calendar(alice.calendar, {"durations": [1440], "interval": 720}, by=alice.actor, now=NOW)
    starts = [from_minutes(NINE // DAY * DAY + 720 * number).isoformat() for number in range(6)]
    issued = hold(alice, *starts)
    blocks = held()
    assert sum(until - since for since, until in blocks) == 5 * 720 + 1440
    assert max(until - since for since, until in blocks) == LONGEST_BLOCK
    assert book_through(issued, starts[3], duration=1440).start == NINE // DAY * DAY + 3 * 720


def test_the_longest_length_that_fits_is_held(alice: Person) -> None:
    update_calendar(alice.calendar, {"durations": [30, 60], "interval": 30}, by=alice.actor, now=NOW)
    hold(alice, MONDAY_NINE, "2026-11-30T16:30:00+01:00")
    last = NINE + 450
    assert held() == [(NINE, NINE + 60), (last, last + 30)]


def test_a_time_that_went_meanwhile_is_named_and_nothing_is_made(alice: Person) -> None:
    calendar = Calendar.objects.select_related("schedule").get(pk=alice.calendar.pk)
    options = parse_link_options({"slots": [MONDAY_NINE, MONDAY_TEN], "hold_slots": True}, calendar, now=NOW)
    book(public(calendar), guest(MONDAY_TEN), now=NOW)
    with pytest.raises(Invalid) as refused:
        issue_link(calendar, options, by=alice.actor, now=NOW)
    assert "2026-11-30 10:00" in refused.value.errors["slots"][0]
    assert "09:00" not in refused.value.errors["slots"][0]
    assert not OneTimeLink.objects.exists()
    assert held() == []


def test_another_link_can_t_hold_them_too(alice: Person) -> None:
    hold(alice, MONDAY_NINE)
    with pytest.raises(Invalid):
        hold(alice, MONDAY_NINE)


def test_revoking_frees_them(alice: Person) -> None:
    issued = hold(alice, MONDAY_NINE)
    before = Calendar.objects.get(pk=alice.calendar.pk).version
    revoke_link(issued.link.pk, by=alice.actor, now=NOW)
    assert held() == []
    assert NINE in offered(public(alice.calendar))
    assert Calendar.objects.get(pk=alice.calendar.pk).version > before


@pytest.mark.django_db(transaction=True)
def test_what_is_revoked_while_its_booking_moves_holds_nothing(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = hold(alice, MONDAY_NINE, MONDAY_TEN, MONDAY_ELEVEN, max_bookings=2)
    booking = Booking.objects.get(public_id=book_through(issued, MONDAY_NINE).public_id)
    over, insert = Event(), link_holds._insert

    def revoke() -> None:
        revoke_link(issued.link.pk, by=alice.actor, now=NOW)
        over.set()
        connection.close()

    revoking = Thread(target=revoke)

    def insert_late(*args: Any) -> Any:
        """The link has been read, and found to be in use."""
        revoking.start()
        over.wait(0.3)
        return insert(*args)

    monkeypatch.setattr(link_holds, "_insert", insert_late)
    reschedule(booking.pk, datetime.fromisoformat(MONDAY_TEN), by=GUEST, now=NOW)
    revoking.join(10)
    assert over.is_set()
    assert held() == []
    assert not Hold.objects.exists()


def test_revoking_a_batch_frees_them(alice: Person) -> None:
    batch = issue_links(alice.calendar, [LinkOptions(slots=(NINE,)), LinkOptions()], by=alice.actor, now=NOW)
    link = OneTimeLink.objects.exclude(slots="").get()
    update_link(link.pk, {"hold_slots": True}, now=NOW)
    assert held() == [(NINE, NINE + 30)]
    assert revoke_batch(batch, by=alice.actor, now=NOW) == 2
    assert held() == []


def test_they_are_free_the_moment_the_link_expires(alice: Person) -> None:
    expiry = NOW + timedelta(hours=2)
    hold(alice, MONDAY_NINE, expires_at=expiry.isoformat())
    assert NINE not in offered(public(alice.calendar), now=to_seconds(expiry) - 1)
    assert NINE in offered(public(alice.calendar), now=to_seconds(expiry))
    book(public(alice.calendar), guest(MONDAY_NINE), now=expiry)
    assert held() == []


def test_a_later_expiry_holds_them_longer(alice: Person) -> None:
    issued = hold(alice, MONDAY_NINE, expires_at=(NOW + timedelta(hours=2)).isoformat())
    update_link(issued.link.pk, {"expires_at": None}, now=NOW)
    assert NINE not in offered(public(alice.calendar), now=to_seconds(NOW) + 3 * 3600)


def test_other_times_are_held_in_place_of_the_earlier_ones(alice: Person) -> None:
    issued = hold(alice, MONDAY_NINE, MONDAY_TEN)
    update_link(issued.link.pk, {"slots": [MONDAY_TEN, MONDAY_ELEVEN]}, now=NOW)
    assert held() == [(TEN, TEN + 30), (ELEVEN, ELEVEN + 30)]


def test_they_can_be_let_go_and_held_again(alice: Person) -> None:
    issued = hold(alice, MONDAY_NINE, MONDAY_TEN)
    update_link(issued.link.pk, {"hold_slots": False}, now=NOW)
    assert held() == []
    assert offered(own(issued)) == [NINE, TEN]
    update_link(issued.link.pk, {"hold_slots": True}, now=NOW)
    assert held() == [(NINE, NINE + 30), (TEN, TEN + 30)]
    update_link(issued.link.pk, {"hold_slots": None, "slots": None}, now=NOW)
    assert held() == []


def test_what_is_not_free_can_t_be_held_later(alice: Person) -> None:
    issued = hold(alice, MONDAY_NINE, hold_slots=False)
    book(public(alice.calendar), guest(MONDAY_NINE), now=NOW)
    with pytest.raises(Invalid):
        update_link(issued.link.pk, {"hold_slots": True}, now=NOW)
    assert not OneTimeLink.objects.get(pk=issued.link.pk).holds_slots
    update_link(issued.link.pk, {"slots": [MONDAY_TEN], "hold_slots": True}, now=NOW)
    assert held() == [(TEN, TEN + 30)]


def test_holding_without_times_is_refused(alice: Person) -> None:
    for raw in ({"hold_slots": True}, {"hold_slots": "maybe"}):
        with pytest.raises(Invalid) as refused:
            parse_link_options(raw, alice.calendar, now=NOW)
        assert list(refused.value.errors) == ["hold_slots"]


def test_a_link_that_reopens_holds_what_is_still_free(alice: Person) -> None:
    issued = hold(alice, MONDAY_NINE, MONDAY_TEN, MONDAY_ELEVEN)
    booked = book_through(issued, MONDAY_NINE)
    book(public(alice.calendar), guest(MONDAY_TEN, email="other@example.org"), now=NOW)
    cancel(Booking.objects.get(public_id=booked.public_id).pk, by=alice.actor, now=NOW)
    assert held() == [(NINE, NINE + 30), (ELEVEN, ELEVEN + 30)]
    assert offered(own(issued)) == [NINE, ELEVEN]


def test_a_link_that_stays_spent_holds_nothing(alice: Person) -> None:
    booked = book_through(hold(alice, MONDAY_NINE, MONDAY_TEN), MONDAY_NINE)
    cancel(Booking.objects.get(public_id=booked.public_id).pk, by=Actor("guest"), now=NOW)
    assert held() == []


def test_pausing_keeps_them(alice: Person) -> None:
    hold(alice, MONDAY_NINE)
    set_paused(alice.calendar, paused=True, now=NOW)
    assert held() == [(NINE, NINE + 30)]


def test_deleting_frees_them_and_restoring_holds_what_is_still_free(alice: Person) -> None:
    other = create_calendar(alice.member, {"name": "Other", "durations": [30]}, now=NOW)
    issued = hold(alice, MONDAY_NINE, MONDAY_TEN)
    set_deleted(alice.calendar, deleted=True, now=NOW)
    assert held() == []
    book(public(other), guest(MONDAY_NINE), now=NOW)
    set_deleted(alice.calendar, deleted=False, now=NOW)
    assert held() == [(TEN, TEN + 30)]
    assert offered(own(issued)) == [TEN]


def test_new_buffers_bind_what_is_held(alice: Person) -> None:
    hold(alice, MONDAY_NINE)
    update_calendar(alice.calendar, {"buffer_after": 20}, by=alice.actor, now=NOW)
    assert held() == [(NINE, NINE + 50)]


def test_all_hosts_of_a_collective_are_held(alice: Person, bob: Person) -> None:
    issued = hold(alice, MONDAY_NINE, calendar=team(alice, bob, "collective"))
    assert held(host="Alice") == held(host="Bob") == [(NINE, NINE + 30)]
    for person in (alice, bob):
        assert NINE not in offered(public(person.calendar))
    book_through(issued, MONDAY_NINE)
    assert held() == []


def test_one_host_of_a_round_robin_is_held_for_all_that_overlaps(alice: Person, bob: Person) -> None:
    calendar = team(alice, bob, "round_robin", interval=15)
    book(public(alice.calendar), guest(HALF_PAST_NINE), now=NOW)  # Alice can't have the second one
    hold(alice, MONDAY_NINE, "2026-11-30T09:15:00+01:00", calendar=calendar)
    assert held(host="Alice") == []
    assert held(host="Bob") == [(NINE, NINE + 45)]


def test_where_no_host_has_time_throughout_they_share(alice: Person, bob: Person) -> None:
    calendar = team(alice, bob, "round_robin", interval=15)
    book(public(alice.calendar), guest(HALF_PAST_NINE), now=NOW)
    update_calendar(bob.calendar, {"interval": 15, "durations": [15]}, by=alice.actor, now=NOW)
    book(public(bob.calendar), guest(MONDAY_NINE, duration=15, email="o@example.org"), now=NOW)
    issued = hold(alice, MONDAY_NINE, "2026-11-30T09:15:00+01:00", calendar=calendar)
    assert held(host="Alice") == [(NINE, NINE + 30)]
    assert held(host="Bob") == [(NINE + 15, NINE + 45)]
    assert book_through(issued, MONDAY_NINE).owner == "Alice"


def test_when_a_host_leaves_another_one_is_held(alice: Person, bob: Person) -> None:
    calendar = team(alice, bob, "round_robin")
    hold(alice, MONDAY_NINE, calendar=calendar)
    holding = BlockedTime.objects.get(appointment=None).host
    stays = bob if holding == alice.member else alice
    update_calendar(calendar, {"hosts": [stays.user.email]}, by=alice.actor, now=NOW)
    assert BlockedTime.objects.get(appointment=None).host == stays.member


def test_a_link_for_one_host_holds_that_one(alice: Person, bob: Person) -> None:
    calendar = team(alice, bob, "round_robin")
    hold(alice, MONDAY_NINE, calendar=calendar, host=bob.user.email)
    assert held(host="Bob") == [(NINE, NINE + 30)]
    update_calendar(calendar, {"hosts": [alice.user.email]}, by=alice.actor, now=NOW)
    assert held() == []  # the link offers nothing any more


def test_times_of_a_class_and_of_a_series_can_t_be_held(alice: Person) -> None:
    issued = hold(alice, MONDAY_NINE)
    update_calendar(alice.calendar, {"kind": "class", "seats": 5}, by=alice.actor, now=NOW)
    assert held() == []
    assert offered(own(issued)) == [NINE]
    with pytest.raises(Invalid) as refused:
        hold(alice, MONDAY_TEN)
    assert list(refused.value.errors) == ["hold_slots"]
    update_calendar(alice.calendar, {"kind": "one_on_one"}, by=alice.actor, now=NOW)
    assert held() == [(NINE, NINE + 30)]
    update_calendar(alice.calendar, {"repeats": "weekly", "repeat_count": 3}, by=alice.actor, now=NOW)
    assert held() == []
    with pytest.raises(Invalid) as refused:
        hold(alice, MONDAY_TEN)
    assert list(refused.value.errors) == ["hold_slots"]


def test_the_answer_to_a_request_holds_what_is_still_free(alice: Person) -> None:
    issued = hold(alice, MONDAY_NINE, MONDAY_TEN, MONDAY_ELEVEN)
    book_through(issued, MONDAY_NINE)
    book(public(alice.calendar), guest(MONDAY_TEN, email="other@example.org"), now=NOW)
    request_link(issued.link.pk, {"name": "Gina", "email": "gina@example.org"}, now=NOW)
    again = answer_request(issued.link.requests.get().pk, by=alice.actor, now=NOW)
    assert held() == [(ELEVEN, ELEVEN + 30)]
    assert offered(own(again)) == [ELEVEN]


def test_others_links_hold_nothing_of_mine(alice: Person, charlie: Person) -> None:
    hold(alice, MONDAY_NINE)
    assert NINE in offered(public(charlie.calendar))
    book(public(charlie.calendar), guest(MONDAY_NINE), now=NOW)


def test_a_request_that_nobody_answered_is_no_reason_not_to_hold(alice: Person) -> None:
    Calendar.objects.filter(pk=alice.calendar.pk).update(needs_approval=True, answer_within=60)
    asked = book(public(alice.calendar), guest(MONDAY_NINE), now=NOW)
    later = NOW + timedelta(hours=1)
    calendar = Calendar.objects.select_related("schedule").get(pk=alice.calendar.pk)
    options = parse_link_options({"slots": [MONDAY_NINE], "hold_slots": True}, calendar, now=later)
    issue_link(calendar, options, by=alice.actor, now=later)
    assert Booking.objects.get(public_id=asked.public_id).status == "cancelled"
    assert held() == [(NINE, NINE + 30)]


def test_when_a_request_ends_unanswered_the_times_are_held_again(alice: Person) -> None:
    issued = hold(alice, MONDAY_NINE, MONDAY_TEN)
    Calendar.objects.filter(pk=alice.calendar.pk).update(needs_approval=True, answer_within=60)
    asked = book_through(issued, MONDAY_NINE)
    assert held() == []
    expire_request(Booking.objects.get(public_id=asked.public_id).pk, now=NOW + timedelta(hours=1))
    assert held() == [(NINE, NINE + 30), (TEN, TEN + 30)]


def overdue_elsewhere(person: Person) -> datetime:
    """A request at ten, through another calendar of the same host; returns when it is overdue."""
    asked = {"name": "Asked", "durations": [30], "needs_approval": True, "answer_within": 60}
    book(public(create_calendar(person.member, asked, now=NOW)), guest(MONDAY_TEN), now=NOW)
    return NOW + timedelta(hours=1)


def test_a_link_that_reopens_holds_what_another_calendar_was_asked_for_in_vain(alice: Person) -> None:
    issued = hold(alice, MONDAY_NINE, MONDAY_TEN)
    booking = Booking.objects.get(public_id=book_through(issued, MONDAY_NINE).public_id)
    later = overdue_elsewhere(alice)
    cancel(booking.pk, by=alice.actor, now=later)
    assert held() == [(NINE, NINE + 30), (TEN, TEN + 30)]


def test_a_restored_calendar_holds_what_another_was_asked_for_in_vain(alice: Person) -> None:
    hold(alice, MONDAY_NINE, MONDAY_TEN)
    set_deleted(alice.calendar, deleted=True, now=NOW)
    later = overdue_elsewhere(alice)
    set_deleted(alice.calendar, deleted=False, now=later)
    assert held() == [(NINE, NINE + 30), (TEN, TEN + 30)]


def test_a_changed_calendar_holds_what_another_was_asked_for_in_vain(alice: Person) -> None:
    hold(alice, MONDAY_NINE, MONDAY_TEN)
    set_deleted(alice.calendar, deleted=True, now=NOW)
    later = overdue_elsewhere(alice)
    set_deleted(alice.calendar, deleted=False, now=NOW)
    assert held() == [(NINE, NINE + 30)]
    update_calendar(alice.calendar, {"buffer_after": 5}, by=alice.actor, now=later)
    assert held() == [(NINE, NINE + 35), (TEN, TEN + 35)]


def test_reopening_raises_the_versions_of_calendars_once(
    alice: Person, django_assert_max_num_queries: Any
) -> None:
    booked = book_through(hold(alice, MONDAY_NINE, MONDAY_TEN), MONDAY_NINE)
    row = Booking.objects.get(public_id=booked.public_id).pk
    with django_assert_max_num_queries(200) as seen:
        cancel(row, by=alice.actor, now=NOW)
    raised = [query["sql"] for query in seen.captured_queries if "version = version + 1" in query["sql"]]
    assert len(raised) == 1
