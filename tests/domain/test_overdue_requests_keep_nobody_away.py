"""A request that nobody answered in time stands in nobody's way, though no worker has ended it yet.

What is listed then can be booked, and what can be booked is listed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from bookonce.lib.instants import to_minutes, to_seconds
from bookonce.scheduling import errors, host_rows, host_time
from bookonce.scheduling.answer_booking import confirm, expire_request
from bookonce.scheduling.book import Booked, book
from bookonce.scheduling.calendars import create_calendar, update_calendar
from bookonce.scheduling.hold_time import hold_time
from bookonce.scheduling.issue_link import Issued, issue_link
from bookonce.scheduling.link_options import parse_link_options
from bookonce.scheduling.models import (
    Appointment,
    BlockedTime,
    Booking,
    Calendar,
    CalendarHost,
    HostSchedule,
    LimitCount,
    OneTimeLink,
)
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.offer import Door, ask, get_open_offer
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, book_through, guest, make_link
from tests.groups import book_in_group, make_group, make_group_link
from tests.kinds import book_into, make_class

pytestmark = pytest.mark.django_db(transaction=True)
OVERDUE = NOW + timedelta(days=1)
IN_TIME = OVERDUE - timedelta(seconds=1)
HALF_PAST_NINE = "2026-11-30T09:30:00+01:00"
NINE, HALF, TEN = (to_minutes(datetime.fromisoformat(at)) for at in (MONDAY_NINE, HALF_PAST_NINE, MONDAY_TEN))


def listed(door: Door, now: datetime = OVERDUE, *, duration: int = 30, until: int = TEN) -> list[int]:
    """What guests are shown of Monday's morning, from nine until then."""
    offer = get_open_offer(door, to_seconds(now))
    return ask(offer, duration=duration, start=NINE, end=until + 1, now=to_seconds(now)).starts()


def seats(calendar: Calendar, now: datetime = OVERDUE) -> int:
    """How many seats of the class at nine the list says are left."""
    offer = get_open_offer(public(calendar), to_seconds(now))
    asked = ask(offer, duration=60, start=NINE, end=NINE + 1, now=to_seconds(now))
    return asked.seats_left([NINE])[NINE]


def public(calendar: Calendar) -> Door:
    return Door.permanent(calendar.permanent_id)


def own(issued: Issued) -> Door:
    return Door("link", issued.link.token_digest)


def asking(person: Person, **columns: Any) -> None:
    """The person's calendar asks its host first."""
    Calendar.objects.filter(pk=person.calendar.pk).update(needs_approval=True, **columns)


def late(door: Door, start: str = MONDAY_NINE, **changes: Any) -> Booked:
    """Somebody else books when the request is overdue."""
    return book(door, guest(start, email="late@example.org", **changes), now=OVERDUE)


def cause_of(booked: Booked) -> str:
    return Booking.objects.get(public_id=booked.public_id).cancel_cause


def test_a_link_works_again_when_its_request_is_overdue(alice: Person) -> None:
    asking(alice)
    issued = make_link(alice)
    asked = book_through(issued)
    with pytest.raises(errors.LinkUsed):
        listed(own(issued), IN_TIME)
    with pytest.raises(errors.LinkUsed):
        book_through(issued, MONDAY_TEN, now=IN_TIME)
    assert listed(own(issued)) == [NINE, HALF, TEN]
    again = book_through(issued, now=OVERDUE)
    assert (again.status, again.start, cause_of(asked)) == ("new", NINE, "expired")
    link = OneTimeLink.objects.get()
    assert [use.returned_at for use in link.uses.order_by("number")] == [OVERDUE, None]
    with pytest.raises(errors.LinkUsed):
        book_through(issued, MONDAY_TEN, now=OVERDUE)


def test_its_times_are_kept_for_a_visitor(alice: Person) -> None:
    asking(alice, hold_minutes=5)
    issued = make_link(alice)
    asked = book_through(issued)
    with pytest.raises(errors.LinkUsed):
        hold_time(own(issued), {"start": MONDAY_NINE}, visitor="", now=IN_TIME)
    kept = hold_time(own(issued), {"start": MONDAY_NINE}, visitor="", now=OVERDUE)
    assert cause_of(asked) == "expired"
    with pytest.raises(errors.LinkHeld):
        book_through(issued, now=OVERDUE)
    assert book_through(issued, now=OVERDUE, hold=kept.token).start == NINE


def test_a_revoked_or_expired_link_stays_dead(alice: Person) -> None:
    asking(alice)
    issued = make_link(alice)
    book_through(issued)
    OneTimeLink.objects.update(expires_at=OVERDUE)
    with pytest.raises(errors.LinkExpired):
        listed(own(issued))
    OneTimeLink.objects.update(revoked_at=OVERDUE)
    with pytest.raises(errors.LinkRevoked):
        listed(own(issued))


def test_of_several_uses_only_the_overdue_ones_come_back(alice: Person) -> None:
    issued = make_link(alice, max_bookings=2)
    book_through(issued, MONDAY_TEN)
    asking(alice)
    book_through(issued)
    assert listed(own(issued)) == [NINE, HALF]
    book_through(issued, now=OVERDUE)
    with pytest.raises(errors.LinkUsed):
        listed(own(issued))


def test_a_series_is_one_use_while_any_of_it_is_wanted(alice: Person) -> None:
    asking(alice, repeats="weekly", repeat_count=3)
    issued = make_link(alice)
    booked = book_through(issued)
    assert listed(own(issued)) == [NINE, HALF, TEN]
    confirm(Booking.objects.get(public_id=booked.public_id).pk, by=alice.actor, now=IN_TIME)
    with pytest.raises(errors.LinkUsed):
        listed(own(issued))


def test_a_link_to_a_group_works_again_for_its_other_calendar(alice: Person, bob: Person) -> None:
    asking(alice)
    issued = make_group_link(alice, make_group(alice, alice.calendar, bob.calendar))
    asked = book_in_group(issued, alice.calendar)
    door = own(issued).choosing(bob.calendar.public_id)
    with pytest.raises(errors.LinkUsed):
        listed(door, IN_TIME)
    assert listed(door) == [NINE, HALF, TEN]
    assert book_in_group(issued, bob.calendar, now=OVERDUE).start == NINE
    assert cause_of(asked) == "expired"


def test_overdue_places_of_a_class_are_listed_as_free(alice: Person) -> None:
    calendar = make_class(alice, seats=3, needs_approval=True)
    gina, hugo = book_into(calendar), book_into(calendar, name="Hugo", party=2)
    confirm(Booking.objects.get(public_id=gina.public_id).pk, by=alice.actor, now=NOW)
    assert (seats(calendar, IN_TIME), listed(public(calendar), IN_TIME, duration=60)) == (0, [TEN])
    assert (seats(calendar), listed(public(calendar), duration=60)) == (2, [NINE, TEN])
    late(public(calendar), party=2)
    assert (seats(calendar), cause_of(hugo)) == (0, "expired")


def test_a_session_of_overdue_requests_alone_keeps_nobody_from_its_hosts(alice: Person) -> None:
    calendar = make_class(alice, needs_approval=True, interval=30)
    asked = [book_into(calendar), book_into(calendar, name="Hugo")]
    assert listed(public(alice.calendar), IN_TIME) == [TEN]
    assert listed(public(alice.calendar)) == [NINE, HALF, TEN]
    assert listed(public(calendar), IN_TIME, duration=60) == [NINE, TEN]
    assert listed(public(calendar), duration=60) == [NINE, HALF, TEN]
    assert late(public(calendar), HALF_PAST_NINE).start == HALF
    assert [cause_of(one) for one in asked] == ["expired", "expired"]


def test_such_a_session_stays_for_whoever_keeps_a_place(alice: Person) -> None:
    calendar = make_class(alice, seats=2, needs_approval=True, hold_minutes=5)
    asked = book_into(calendar)
    kept = hold_time(public(calendar), {"start": MONDAY_NINE}, visitor="", now=IN_TIME)
    assert (listed(public(alice.calendar)), seats(calendar)) == ([TEN], 1)
    with pytest.raises(errors.SlotTaken):
        late(public(alice.calendar))
    assert late(public(calendar), hold=kept.token).start == NINE
    assert cause_of(asked) == "expired"


def test_overdue_places_are_free_though_their_hosts_have_left_the_class(alice: Person, bob: Person) -> None:
    calendar = make_class(alice, seats=2, needs_approval=True)
    gina, hugo = book_into(calendar), book_into(calendar, name="Hugo")
    confirm(Booking.objects.get(public_id=gina.public_id).pk, by=alice.actor, now=NOW)
    CalendarHost.objects.filter(calendar=calendar).update(member=bob.member)
    HostSchedule.objects.filter(calendar_host__calendar=calendar).update(schedule=bob.schedule)
    assert (seats(calendar, IN_TIME), seats(calendar)) == (0, 1)
    late(public(calendar))
    assert cause_of(hugo) == "expired"
    assert Appointment.objects.get().seats_taken == 2


@pytest.mark.parametrize("limit", ["per_day", "per_week", "per_month"])
def test_overdue_requests_are_listed_as_no_part_of_a_limit(alice: Person, limit: str) -> None:
    asking(alice, **{limit: 1})
    asked = book_into(alice.calendar)
    assert listed(public(alice.calendar), IN_TIME) == []
    assert listed(public(alice.calendar)) == [NINE, HALF, TEN]
    late(public(alice.calendar), MONDAY_TEN)
    assert cause_of(asked) == "expired"
    assert listed(public(alice.calendar)) == []
    assert LimitCount.objects.get(taken__gt=0).taken == 1


def test_a_limit_counts_a_session_that_somebody_still_wants(alice: Person) -> None:
    calendar = make_class(alice, needs_approval=True, per_day=1)
    gina = book_into(calendar)
    book_into(calendar, name="Hugo")
    assert listed(public(calendar), duration=60) == [NINE, TEN]
    confirm(Booking.objects.get(public_id=gina.public_id).pk, by=alice.actor, now=IN_TIME)
    assert listed(public(calendar), duration=60) == [NINE]


def test_it_takes_no_further_statements(alice: Person) -> None:
    asking(alice, per_day=1)
    issued = make_link(alice)
    book_through(issued)
    with CaptureQueriesContext(connection) as listing:
        assert listed(own(issued)) == [NINE, HALF, TEN]
    assert len(listing) <= 4


@pytest.mark.parametrize("statement", [host_time._OVERDUE, host_rows._BUSY, host_rows._BUSY_OF_CLASS])
def test_to_find_them_nobody_goes_through_all_bookings(alice: Person, statement: str) -> None:
    query = statement.format(hosts=alice.member.pk, members=alice.member.pk)
    on_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if not on_sqlite:
            cursor.execute("SET enable_seqscan = off")  # else it depends on how many rows there are
        cursor.execute(f"EXPLAIN {'QUERY PLAN' * on_sqlite} {query}", ["0"] * query.count("%s"))
        plan = [str(row[-1]) for row in cursor.fetchall()]
        if not on_sqlite:
            cursor.execute("RESET enable_seqscan")
    if on_sqlite:  # PostgreSQL chooses among its indexes by how many rows there are
        assert any("booking_waits_for_answer" in step for step in plan), plan
    assert not [step for step in plan if step.startswith("SCAN") or "Seq Scan" in step], plan


def holding(person: Person, *starts: str, calendar: Calendar | None = None) -> Issued:
    """A link that holds these times."""
    found = Calendar.objects.select_related("schedule").get(pk=(calendar or person.calendar).pk)
    asked = {"slots": list(starts), "hold_slots": True}
    return issue_link(found, parse_link_options(asked, found, now=NOW), by=person.actor, now=NOW)


def held(issued: Issued) -> list[int]:
    times = BlockedTime.objects.filter(hold__link=issued.link.pk).order_by("starts")
    return [to_minutes(time.starts) for time in times]


def requested_of(alice: Person) -> tuple[Issued, Issued, list[Booking]]:
    """Two links with requests of one host in two calendars, which want each other's time, too."""
    settings = {"name": "Other", "durations": [30], "interval": 30}
    other = create_calendar(alice.member, settings, now=NOW)
    first = holding(alice, MONDAY_NINE)
    second = holding(alice, MONDAY_TEN, calendar=other)
    Calendar.objects.update(needs_approval=True)
    book_through(first)
    book_through(second, MONDAY_TEN)
    picked = f"{NINE},{HALF},{TEN}"
    OneTimeLink.objects.filter(pk=first.link.pk).update(slots=picked)
    OneTimeLink.objects.filter(pk=second.link.pk).update(slots=picked)
    return first, second, list(Booking.objects.order_by("pk"))


def test_two_overdue_requests_give_their_links_all_that_is_free(alice: Person) -> None:
    first, second, bookings = requested_of(alice)
    assert expire_request(bookings[0].pk, now=OVERDUE)
    assert {booking.cancel_cause for booking in Booking.objects.all()} == {"expired"}
    # One of them holds it all: they want the same times, and nothing stands in the way of either.
    assert held(first) == [NINE]
    block = BlockedTime.objects.get(hold__link=first.link.pk)
    assert (to_minutes(block.starts), to_minutes(block.ends)) == (NINE, TEN + 30)
    assert held(second) == []
    assert Event.objects.filter(kind="link.reopened").count() == 2
    assert not expire_request(bookings[1].pk, now=OVERDUE)


def test_a_link_holds_again_the_time_of_another_overdue_request(alice: Person) -> None:
    first, _, bookings = requested_of(alice)
    OneTimeLink.objects.exclude(pk=first.link.pk).update(holds_slots=False, slots="")
    assert expire_request(bookings[0].pk, now=OVERDUE)
    block = BlockedTime.objects.get(hold__link=first.link.pk)
    assert (to_minutes(block.starts), to_minutes(block.ends)) == (NINE, TEN + 30)
    assert {booking.cancel_cause for booking in Booking.objects.all()} == {"expired"}


def test_a_link_that_holds_nothing_ends_its_own_request_alone(alice: Person) -> None:
    first, _, bookings = requested_of(alice)
    OneTimeLink.objects.filter(pk=first.link.pk).update(holds_slots=False)
    assert expire_request(bookings[0].pk, now=OVERDUE)
    assert [booking.cancel_cause for booking in Booking.objects.order_by("pk")] == ["expired", ""]


def test_its_calendar_changes_though_its_host_has_left(alice: Person, bob: Person) -> None:
    asked = book_through(holding(alice, MONDAY_NINE))
    assert asked.status == "confirmed"
    asking(alice)
    request = book_through(holding(alice, MONDAY_TEN), MONDAY_TEN)
    CalendarHost.objects.filter(calendar=alice.calendar).update(member=bob.member)
    HostSchedule.objects.filter(calendar_host__calendar=alice.calendar).update(schedule=bob.schedule)
    update_calendar(alice.calendar, {"name": "Other"}, by=alice.actor, now=OVERDUE)
    assert cause_of(request) == "expired"
    full = OneTimeLink.objects.filter(spent__gte=F("max_bookings"))
    assert not BlockedTime.objects.filter(hold__link__in=full).exists()
    assert BlockedTime.objects.filter(hold__isnull=False).count() == 1
