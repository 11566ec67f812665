"""A link that names its host, its place, or how many places of a class its guest may book."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bookonce.lib.instants import to_minutes, to_seconds
from bookonce.scheduling import errors, events
from bookonce.scheduling.book import Booked, book
from bookonce.scheduling.calendars import update_calendar
from bookonce.scheduling.explain import explain, link_view
from bookonce.scheduling.issue_link import Issued, issue_link
from bookonce.scheduling.link_fit import misfits
from bookonce.scheduling.link_options import parse_link_options
from bookonce.scheduling.models import Appointment, BlockedTime, Calendar
from bookonce.scheduling.offer import Door, ask, get_offer
from bookonce.scheduling.reschedule import reschedule
from bookonce.scheduling.update_link import update_link
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, guest
from tests.kinds import book_into, make_calendar, make_class

BOB = "bob@example.com"


def link_to(calendar: Calendar, by: Person, **raw: Any) -> Issued:
    return issue_link(calendar, parse_link_options(raw, calendar, now=NOW), by=by.actor, now=NOW)


def book_link(issued: Issued, start: str = MONDAY_NINE, **changes: Any) -> Booked:
    assert issued.token
    return book(Door.link(issued.token), guest(start, **changes), now=NOW)


def starts_of(issued: Issued) -> list[int]:
    assert issued.token
    first = to_minutes(datetime.fromisoformat(MONDAY_NINE))
    offer = get_offer(Door.link(issued.token))
    return ask(offer, duration=60, start=first, end=first + 120, now=to_seconds(NOW)).starts()


def hosts() -> list[str]:
    return list(BlockedTime.objects.order_by("pk").values_list("host__user__name", flat=True))


def test_only_the_chosen_host_s_time_is_offered_and_they_host(alice: Person, bob: Person) -> None:
    calendar = make_calendar("round_robin", alice, bob)
    issued, other = link_to(calendar, alice, host=BOB), link_to(calendar, alice, host=BOB)
    assert book_link(issued).owner == "Bob"
    assert hosts() == ["Bob"]
    assert len(starts_of(other)) == 1, "Alice would be free"
    with pytest.raises(errors.SlotTaken):
        book_link(other)
    assert book_link(link_to(calendar, alice)).owner == "Alice"


def test_a_move_stays_with_the_chosen_host(alice: Person, bob: Person) -> None:
    calendar = make_calendar("round_robin", alice, bob, keeps_host=False)
    book_link(link_to(calendar, alice, host=BOB))
    booking = Appointment.objects.get().bookings.get()
    book_link(link_to(calendar, alice, host=BOB), MONDAY_TEN)
    with pytest.raises(errors.SlotTaken):
        reschedule(booking.pk, datetime.fromisoformat(MONDAY_TEN), by=events.GUEST, now=NOW)
    reschedule(booking.pk, datetime.fromisoformat("2026-11-30T11:00:00+01:00"), by=events.GUEST, now=NOW)
    assert hosts() == ["Bob", "Bob"]


def test_a_host_who_left_the_calendar_leaves_the_link_without_times(alice: Person, bob: Person) -> None:
    calendar = make_calendar("round_robin", alice, bob)
    issued = link_to(calendar, alice, host=BOB)
    update_calendar(calendar, {"hosts": ["alice@example.com"]}, by=alice.actor, now=NOW)
    assert starts_of(issued) == []
    with pytest.raises(errors.SlotTaken):
        book_link(issued)
    calendar.refresh_from_db()
    assert [misfit.no_host for misfit in misfits(calendar, now=NOW)] == [True]
    day = datetime.fromisoformat(MONDAY_NINE).date()
    said = explain(link_view(issued.link, calendar), day=day, duration=60, now=to_seconds(NOW)).refused
    assert "no longer hosts" in str(said)


@pytest.mark.parametrize("kind", ["collective", "class"])
def test_where_all_hosts_take_part_none_can_be_chosen(alice: Person, bob: Person, kind: str) -> None:
    calendar = make_calendar(kind, alice, bob, **({"seats": 5} if kind == "class" else {}))
    with pytest.raises(errors.Invalid) as refused:
        link_to(calendar, alice, host=BOB)
    assert set(refused.value.errors) == {"host"}


def test_a_host_of_another_calendar_or_workspace_is_refused_alike(
    alice: Person, bob: Person, charlie: Person
) -> None:
    said = set()
    for host in (bob.user.email, charlie.user.email, "nobody@example.com"):
        with pytest.raises(errors.Invalid) as refused:
            link_to(alice.calendar, alice, host=host)
        said.add(str(refused.value.errors))
    assert len(said) == 1


def test_a_calendar_that_became_collective_asks_for_all_its_hosts(alice: Person, bob: Person) -> None:
    calendar = make_calendar("round_robin", alice, bob)
    issued = link_to(calendar, alice, host=BOB)
    update_calendar(calendar, {"kind": "collective"}, by=alice.actor, now=NOW)
    calendar.refresh_from_db()
    assert [misfit.other_kind for misfit in misfits(calendar, now=NOW)] == [True]
    book_link(issued)
    assert hosts() == ["Alice", "Bob"]


def test_the_link_s_place_takes_that_of_the_calendar_s_place(alice: Person) -> None:
    update_calendar(alice.calendar, {"location": {"kind": "phone"}}, by=alice.actor, now=NOW)
    where = {"kind": "place", "value": "Lindenweg 12"}
    book_link(link_to(alice.calendar, alice, location=where))
    made = Appointment.objects.get()
    assert (made.location_kind, made.location) == ("place", "Lindenweg 12")
    with pytest.raises(errors.Invalid) as refused:
        book_link(link_to(alice.calendar, alice, location={"kind": "ask"}), MONDAY_TEN)
    assert set(refused.value.errors) == {"location"}


@pytest.mark.parametrize(
    ("where", "field"),
    [
        ({"kind": "place"}, "location.value"),
        ({"value": "Lindenweg 12"}, "location.kind"),
        ({"kind": "video", "value": "meet"}, "location.value"),
        ("here", "location"),
    ],
)
def test_a_place_has_a_kind_and_what_it_needs(alice: Person, where: object, field: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        link_to(alice.calendar, alice, location=where)
    assert set(refused.value.errors) == {field}


def test_a_guest_books_at_most_the_link_s_places(alice: Person) -> None:
    calendar = make_class(alice, seats=10)
    issued = link_to(calendar, alice, most_places=2)
    with pytest.raises(errors.Invalid, match="can't be used") as refused:
        book_link(issued, party=3)
    assert refused.value.errors == {"party": ["At most 2 places."]}
    book_link(issued, party=2)
    book_into(calendar, party=8)
    assert Appointment.objects.get().seats_taken == 10


def test_places_and_places_of_a_class_alone(alice: Person) -> None:
    calendar = make_class(alice, seats=3)
    for raw in ({"most_places": 4}, {"most_places": 0}):
        with pytest.raises(errors.Invalid):
            link_to(calendar, alice, **raw)
    with pytest.raises(errors.Invalid) as refused:
        link_to(calendar, alice, location={"kind": "phone"})
    assert set(refused.value.errors) == {"location"}
    with pytest.raises(errors.Invalid) as refused:
        link_to(alice.calendar, alice, most_places=1)
    assert set(refused.value.errors) == {"most_places"}


def test_host_and_place_change_and_null_takes_them_away(alice: Person, bob: Person) -> None:
    calendar = make_calendar("round_robin", alice, bob)
    link = link_to(calendar, alice).link
    update_link(link.pk, {"host": BOB, "location": {"kind": "place", "value": "Here"}}, now=NOW)
    link.refresh_from_db()
    assert (link.host_id, link.location_kind, link.location) == (bob.member.pk, "place", "Here")
    update_link(link.pk, {"location": {"kind": "phone"}}, now=NOW)
    link.refresh_from_db()
    assert (link.host_id, link.location_kind, link.location) == (bob.member.pk, "phone", "")
    update_link(link.pk, {"host": None, "location": None}, now=NOW)
    link.refresh_from_db()
    assert (link.host_id, link.location_kind, link.location) == (None, "", "")
