"""A one-time link to a group: the guest chooses the calendar, and the link is spent for all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bookonce.lib.instants import to_seconds
from bookonce.scheduling import errors
from bookonce.scheduling.book import book
from bookonce.scheduling.calendar_groups import set_group_deleted, set_group_paused, update_group
from bookonce.scheduling.calendars import set_deleted, set_paused, update_calendar
from bookonce.scheduling.cancel import cancel
from bookonce.scheduling.events import GUEST
from bookonce.scheduling.issue_link import Issued
from bookonce.scheduling.link_options import parse_link_options
from bookonce.scheduling.link_queries import state_now
from bookonce.scheduling.link_state import LinkState
from bookonce.scheduling.models import Booking, CalendarGroup, OneTimeLink
from bookonce.scheduling.offer import Door, Menu, get_offer, get_offered, get_open_offer, refusal
from bookonce.scheduling.request_link import answer_request, request_link
from bookonce.scheduling.reschedule import get_move, reschedule
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, guest, make_link
from tests.groups import book_in_group, make_group, make_group_link

AT = to_seconds(NOW)


@dataclass(frozen=True)
class Team:
    alice: Person
    bob: Person
    group: CalendarGroup
    issued: Issued

    @property
    def door(self) -> Door:
        assert self.issued.token
        return Door.link(self.issued.token)


@pytest.fixture
def team(alice: Person, bob: Person) -> Team:
    group = make_group(alice, alice.calendar, bob.calendar)
    return Team(alice, bob, group, make_group_link(alice, group))


def state(issued: Issued) -> LinkState:
    return state_now(OneTimeLink.objects.get(pk=issued.link.pk), now=NOW)


def menu_of(door: Door) -> list[str]:
    offered = get_offered(door)
    assert isinstance(offered, Menu)
    return [item.key for item in offered.items]


def test_the_guest_chooses_a_calendar_and_the_link_is_spent_for_all(team: Team) -> None:
    booked = book_in_group(team.issued, team.bob.calendar)
    booking = Booking.objects.select_related("appointment").get(public_id=booked.public_id)
    assert booking.appointment.calendar_id == team.bob.calendar.pk
    assert booking.link_id == team.issued.link.pk
    assert booked.owner == "Bob"
    for calendar in (team.alice.calendar, team.bob.calendar):
        with pytest.raises(errors.LinkUsed):
            book_in_group(team.issued, calendar, MONDAY_TEN)
    assert Booking.objects.count() == 1


def test_a_calendar_can_be_named_by_its_slug(team: Team) -> None:
    book(team.door, guest(calendar=team.alice.calendar.slug), now=NOW)
    assert Booking.objects.get().appointment.calendar_id == team.alice.calendar.pk


@pytest.mark.parametrize("chosen", [None, "", "cal_aaaaaaaaaaaaaaaa", "nowhere", "a\0b", "ü", 7, ["x"], {}])
def test_without_a_calendar_of_the_group_nothing_is_booked(team: Team, chosen: object) -> None:
    raw = guest() | ({} if chosen is None else {"calendar": chosen})
    with pytest.raises(errors.Invalid) as refused:
        book(team.door, raw, now=NOW)
    assert list(refused.value.errors) == ["calendar"]
    assert state(team.issued) is LinkState.ACTIVE


def test_a_calendar_outside_the_group_can_not_be_chosen(team: Team, charlie: Person) -> None:
    update_group(team.group, {"calendars": [team.alice.calendar.public_id]}, now=NOW)
    for other in (team.bob.calendar, charlie.calendar):
        with pytest.raises(errors.Invalid):
            book_in_group(team.issued, other)
    assert not Booking.objects.exists()


def test_an_ordinary_link_takes_no_calendar(alice: Person) -> None:
    with pytest.raises(errors.Invalid) as refused:
        book_in_group(make_link(alice), alice.calendar)
    assert list(refused.value.errors) == ["calendar"]


def test_a_link_that_is_dead_says_so_before_it_asks_for_a_calendar(team: Team) -> None:
    book_in_group(team.issued, team.alice.calendar)
    with pytest.raises(errors.LinkUsed):
        book(team.door, guest(MONDAY_TEN), now=NOW)


def test_a_link_leads_to_a_calendar_or_to_a_group(team: Team) -> None:
    row = OneTimeLink.objects.filter(pk=team.issued.link.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(calendar=team.alice.calendar)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(group=None)


def test_the_calendar_is_read_in_one_statement_and_the_menu_in_two(team: Team) -> None:
    with CaptureQueriesContext(connection) as captured:
        offer = get_offer(team.door.choosing(team.bob.calendar.public_id))
    assert len(captured) == 1
    assert (offer.calendar_id, offer.host_ids) == (team.bob.calendar.pk, (team.bob.member.pk,))
    assert offer.link
    assert offer.link.id == team.issued.link.pk
    with CaptureQueriesContext(connection) as captured:
        get_offered(team.door)
    assert len(captured) == 2
    with CaptureQueriesContext(connection) as captured:
        book_in_group(team.issued, team.bob.calendar)
    assert len([each for each in captured if not each["sql"].startswith(("BEGIN", "SAVEPOINT"))]) <= 16


def test_the_menu_keeps_the_order_and_leaves_out_what_takes_no_bookings(team: Team) -> None:
    alice, bob = team.alice.calendar, team.bob.calendar
    assert menu_of(team.door) == [alice.public_id, bob.public_id]
    update_group(team.group, {"calendars": [bob.public_id, alice.public_id]}, now=NOW)
    assert menu_of(team.door) == [bob.public_id, alice.public_id]
    set_paused(bob, paused=True, now=NOW)
    assert menu_of(team.door) == [alice.public_id]
    set_deleted(alice, deleted=True, now=NOW)
    assert menu_of(team.door) == []
    assert refusal(get_offered(team.door), AT) is None
    set_deleted(alice, deleted=False, now=NOW)
    assert menu_of(team.door) == [alice.public_id]


def test_a_chosen_calendar_that_is_closed_answers_as_it_would_itself(team: Team) -> None:
    set_paused(team.bob.calendar, paused=True, now=NOW)
    with pytest.raises(errors.CalendarPaused):
        book_in_group(team.issued, team.bob.calendar)
    set_deleted(team.bob.calendar, deleted=True, now=NOW)
    with pytest.raises(errors.CalendarDeleted):
        book_in_group(team.issued, team.bob.calendar)
    assert state(team.issued) is LinkState.ACTIVE
    book_in_group(team.issued, team.alice.calendar)


@pytest.mark.parametrize(
    ("close", "reopen", "refused", "state_then"),
    [
        (set_group_paused, "paused", errors.CalendarPaused, LinkState.PAUSED),
        (set_group_deleted, "deleted", errors.CalendarDeleted, LinkState.CALENDAR_DELETED),
    ],
)
def test_a_paused_or_deleted_group_closes_its_links_and_revives_them(
    team: Team,
    close: Callable[..., bool],
    reopen: str,
    refused: type[errors.SchedulingError],
    state_then: LinkState,
) -> None:
    switch: dict[str, Any] = {reopen: True}
    assert close(team.group, now=NOW, **switch)
    assert not close(team.group, now=NOW, **switch)
    assert state(team.issued) is state_then
    for door in (team.door, Door.permanent(team.group.permanent_id), Door.slug("atelier", "meet-us")):
        assert isinstance(refusal(get_offered(door), AT), refused)
        with pytest.raises(refused):
            book(door, guest(calendar=team.alice.calendar.public_id), now=NOW)
    book(Door.permanent(team.alice.calendar.permanent_id), guest(MONDAY_TEN), now=NOW)
    assert close(team.group, now=NOW, **{reopen: False})
    assert state(team.issued) is LinkState.ACTIVE
    book_in_group(team.issued, team.alice.calendar)


def test_a_calendar_for_one_time_links_alone_is_offered_by_the_groups_links_only(team: Team) -> None:
    bob = team.bob.calendar
    update_calendar(bob, {"one_time_only": True}, by=team.bob.actor, now=NOW)
    public = Door.permanent(team.group.permanent_id)
    assert menu_of(public) == [team.alice.calendar.public_id]
    with pytest.raises(errors.Invalid):
        book(public, guest(calendar=bob.public_id), now=NOW)
    assert menu_of(team.door) == [team.alice.calendar.public_id, bob.public_id]
    book_in_group(team.issued, bob)


def test_a_group_for_one_time_links_alone_has_no_public_address(team: Team) -> None:
    update_group(team.group, {"one_time_only": True}, now=NOW)
    for door in (Door.permanent(team.group.permanent_id), Door.slug("atelier", "meet-us")):
        for chosen in ("", team.alice.calendar.public_id):
            with pytest.raises(errors.NotFound):
                get_open_offer(door.choosing(chosen), AT)
    book_in_group(team.issued, team.alice.calendar)


def test_the_public_addresses_of_a_group_book_again_and_again(team: Team) -> None:
    chosen = team.alice.calendar.public_id
    for start, door in (
        (MONDAY_NINE, Door.permanent(team.group.permanent_id)),
        (MONDAY_TEN, Door.slug("atelier", "meet-us")),
    ):
        book(door, guest(start, calendar=chosen), now=NOW)
    assert Booking.objects.filter(link=None).count() == 2


def test_what_a_link_to_a_group_may_say(team: Team) -> None:
    sent = {
        "label": "Autumn",
        "recipient": {"email": "gina@example.org"},
        "email_lock": "match",
        "expires_at": "2026-12-01",
        "max_bookings": 2,
        "window": {"from": "2026-11-30"},
        "cancel_cutoff": 60,
        "contact_text": "Call us.",
    }
    options = parse_link_options(sent, team.group, now=NOW)
    assert options.expires_at
    assert options.expires_at.isoformat() == "2026-12-02T00:00:00+01:00"  # the first calendar is in Berlin
    refused = {
        "durations": [30],
        "host": "bob@example.com",
        "location": {"kind": "phone"},
        "most_places": 2,
        "slots": [MONDAY_NINE],
    }
    with pytest.raises(errors.Invalid) as invalid:
        parse_link_options(sent | refused, team.group, now=NOW)
    assert set(invalid.value.errors) == set(refused)


def test_the_window_of_the_link_holds_for_each_calendar(team: Team) -> None:
    issued = make_group_link(team.alice, team.group, first_day=NOW.date() + timedelta(days=8))
    with pytest.raises(errors.SlotTaken):
        book_in_group(issued, team.alice.calendar, MONDAY_NINE)
    book_in_group(issued, team.alice.calendar, "2026-12-01T09:00:00+01:00")


def test_a_cancelled_booking_reopens_the_link_for_the_whole_group(team: Team) -> None:
    booked = book_in_group(team.issued, team.alice.calendar)
    booking = Booking.objects.get(public_id=booked.public_id)
    cancel(booking.pk, by=team.alice.actor, now=NOW, reopen_link=True)
    assert state(team.issued) is LinkState.ACTIVE
    book_in_group(team.issued, team.bob.calendar)
    assert state(team.issued) is LinkState.USED


def test_rescheduling_stays_within_the_booked_calendar(team: Team) -> None:
    booked = book_in_group(team.issued, team.bob.calendar)
    booking = Booking.objects.get(public_id=booked.public_id)
    assert get_move(booking.pk).offer.calendar_id == team.bob.calendar.pk
    reschedule(booking.pk, NOW + timedelta(days=7, hours=1), by=GUEST, now=NOW)
    booking.refresh_from_db()
    assert booking.appointment.calendar_id == team.bob.calendar.pk


def test_a_request_for_a_new_link_is_answered_with_one_to_the_group(team: Team) -> None:
    book_in_group(team.issued, team.alice.calendar)
    request_link(team.issued.link.pk, {"name": "Gina", "email": "gina@example.org"}, now=NOW)
    asked = team.issued.link.requests.get()
    answer = answer_request(asked.pk, by=team.alice.actor, now=NOW)
    assert answer.link.target == team.group
    assert answer.link.parent_id == team.issued.link.pk
    book_in_group(answer, team.bob.calendar)


def test_no_new_link_to_a_group_that_is_deleted(team: Team) -> None:
    set_group_deleted(team.group, deleted=True, now=NOW)
    with pytest.raises(errors.CalendarDeleted):
        make_group_link(team.alice, team.group)
