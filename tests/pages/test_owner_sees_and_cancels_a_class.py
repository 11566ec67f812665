"""A class on the owner's pages: how full it is, who comes, one guest called off, or all of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookonce.lib import clock
from bookonce.scheduling import events
from bookonce.scheduling.cancel import cancel
from bookonce.scheduling.issue_link import issue_link
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.models import Appointment, Booking, Calendar, OneTimeLink
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.reschedule import reschedule
from tests.cast import NOW, Person, book_through
from tests.kinds import book_into, make_calendar, make_class
from tests.pages.owner import read, signed_in, statements_of

pytestmark = pytest.mark.usefixtures("at_now")
APPOINTMENTS, BOOKINGS = "/app/appointments/", "/app/bookings/"


@pytest.fixture
def yoga(alice: Person) -> Calendar:
    """A class with Gina (2 places), Tom (1) and Vera (2), on Monday at nine."""
    calendar = make_class(alice)
    for name, party in (("Gina", 2), ("Tom", 1), ("Vera", 2)):
        book_into(calendar, name=name, party=party)
    return calendar


def page_of_session() -> str:
    return f"{APPOINTMENTS}{Appointment.objects.get().public_id}/"


def page_of(name: str) -> str:
    return f"{BOOKINGS}{Booking.objects.get(name=name).public_id}/"


def test_the_list_says_how_full_it_is(alice: Person, yoga: Calendar) -> None:
    page = read(signed_in(alice), APPOINTMENTS)
    assert "Yoga" in page
    assert "3 guests (5 of 10 seats)" in page
    cancel(Booking.objects.get(name="Gina").pk, by=events.GUEST, now=NOW)
    assert "2 guests (3 of 10 seats)" in read(signed_in(alice), APPOINTMENTS)


def test_hosts_stand_where_there_are_several(alice: Person, bob: Person) -> None:
    book_into(alice.calendar, "2026-12-01T09:00:00+01:00", name="Zoe")
    client = signed_in(alice)
    assert "Bob" not in read(client, APPOINTMENTS)
    book_into(make_calendar("collective", alice, bob))
    assert "Alice and Bob" in read(client, APPOINTMENTS)
    found = Appointment.objects.get(calendar__kind="collective")
    assert "With Alice and Bob" in read(client, f"{APPOINTMENTS}{found.public_id}/")


def test_the_chosen_host_of_a_round_robin_is_told(alice: Person, bob: Person) -> None:
    book_into(make_calendar("round_robin", alice, bob))
    host = Appointment.objects.get().blocked_times.get().host.user.name
    assert f"With {host}" in read(signed_in(alice), page_of_session())


def test_a_long_list_of_guests_costs_no_more(alice: Person, yoga: Calendar) -> None:
    client = signed_in(alice)
    few, few_on_page = statements_of(client, APPOINTMENTS), statements_of(client, page_of_session())
    Calendar.objects.filter(pk=yoga.pk).update(seats=100)
    for number in range(8):
        book_into(yoga, name=f"Guest{number}")
    assert statements_of(client, APPOINTMENTS) == few
    assert statements_of(client, page_of_session()) == few_on_page


def test_guests_are_paged(alice: Person) -> None:
    calendar = make_class(alice, seats=100)
    for number in range(52):
        book_into(calendar, name=f"Guest{number}")
    client, path = signed_in(alice), page_of_session()
    first = read(client, path)
    assert (first.count(f'href="{BOOKINGS}') // 2, "52 guests (52 of 100 seats)" in first) == (50, True)
    second = read(client, path, after=first.split("after=")[1].split('"')[0])
    assert "Guest51" in second
    assert second.count(f'href="{BOOKINGS}') // 2 == 2
    assert client.get(path, {"after": "bkg_" + "a" * 16}).status_code == 404


def test_the_page_lists_every_guest_with_places(alice: Person, yoga: Calendar) -> None:
    cancel(Booking.objects.get(name="Tom").pk, by=events.GUEST, now=NOW, reason="ill")
    page = read(signed_in(alice), page_of_session())
    assert "2 guests (4 of 10 seats)" in page
    for told in ("Gina", "Tom", "Vera", "2 places", "1 place", "tom@example.org", "Cancelled"):
        assert told in page
    assert "Gina booked 2 places" in page
    assert "Tom cancelled" in page


def test_each_guest_has_a_page_with_a_history_of_their_own(alice: Person, yoga: Calendar) -> None:
    later = NOW + timedelta(days=7, hours=2)
    reschedule(Booking.objects.get(name="Gina").pk, later, by=events.GUEST, now=NOW)
    page = read(signed_in(alice), page_of("Gina"))
    assert "Gina: moved from Mon 30 Nov 2026, 09:00 to Mon 30 Nov 2026, 11:00" in page
    assert "Gina booked 2 places" in page
    assert "gina@example.org" in page
    assert "Tom" not in page


def test_a_guest_without_others_has_it_all_on_the_appointment(alice: Person) -> None:
    book_into(alice.calendar, name="Gina")
    answer = signed_in(alice).get(page_of("Gina"))
    assert answer["Location"] == page_of_session()


def test_one_guest_is_cancelled_and_the_others_stay(alice: Person, yoga: Calendar) -> None:
    client = signed_in(alice)
    asked = read(client, f"{page_of('Gina')}cancel/")
    assert "2 places are free again, and Gina is told by mail." in asked
    assert "The 2 other guests stay booked." in asked
    answer = client.post(f"{page_of('Gina')}cancel/", {"reason": "Too many"}, follow=True)
    assert "The booking of Gina is cancelled" in answer.content.decode()
    booking = Booking.objects.get(name="Gina")
    assert (booking.status, booking.cancel_cause, booking.cancel_reason) == ("cancelled", "host", "Too many")
    session = Appointment.objects.get()
    assert (session.status, session.seats_taken) == ("confirmed", 3)
    assert "Too many" in read(client, page_of("Gina"))
    assert "was cancelled before" in read(client, f"{page_of('Gina')}cancel/")
    client.post(f"{page_of('Gina')}cancel/")
    assert Event.objects.filter(kind=Event.Kind.BOOKING_CANCELLED).count() == 1


def test_the_last_guest_ends_the_session(alice: Person) -> None:
    book_into(make_class(alice), name="Gina")
    client = signed_in(alice)
    assert "Nobody else is booked" in read(client, f"{page_of('Gina')}cancel/")
    client.post(f"{page_of('Gina')}cancel/")
    assert Appointment.objects.get().status == "cancelled"
    assert "This session is cancelled" in read(client, page_of_session())


def test_a_session_is_cancelled_for_all_told_in_numbers(alice: Person, yoga: Calendar) -> None:
    client, path = signed_in(alice), f"{page_of_session()}cancel/"
    asked = read(client, path)
    assert "for all 3 guests, who are told by mail" in asked
    assert 'name="reopen"' not in asked
    answer = client.post(path, {"reason": "Burst pipe"}, follow=True)
    assert "Yoga is cancelled, and 3 guests are told" in answer.content.decode()
    assert set(Booking.objects.values_list("status", "cancel_reason")) == {("cancelled", "Burst pipe")}
    again = client.post(path, {"reason": "Twice"}, follow=True).content.decode()
    assert "Yoga is cancelled" in again
    assert "guests are told" not in again
    assert Appointment.objects.get().status == "cancelled"


@pytest.mark.parametrize(("ticked", "spent"), [(True, 0), (False, 1)])
def test_the_links_of_all_reopen_unless_unticked(
    alice: Person,
    yoga: Calendar,
    ticked: bool,  # noqa: FBT001 - of the cases
    spent: int,
) -> None:
    book_through(issue_link(yoga, LinkOptions(), by=alice.actor, now=NOW))
    client, path = signed_in(alice), f"{page_of_session()}cancel/"
    assert "Reopen their one-time links" in read(client, path)
    client.post(path, {"reopen": "on"} if ticked else {})
    assert OneTimeLink.objects.get().spent == spent


def test_bad_input_is_told_and_changes_nothing(alice: Person, yoga: Calendar) -> None:
    client = signed_in(alice)
    answer = client.post(f"{page_of('Gina')}cancel/", {"reason": "x" * 501})
    assert answer.status_code == 422
    assert "At most 500 characters" in answer.content.decode()
    assert Booking.objects.get(name="Gina").status == "confirmed"


def test_what_has_begun_is_not_cancelled(
    alice: Person, yoga: Calendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, path = signed_in(alice), f"{page_of('Gina')}cancel/"
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=7, minutes=1))
    assert "has begun" in read(client, path)
    assert client.post(path).status_code == 409
    assert Booking.objects.get(name="Gina").status == "confirmed"


def test_charlie_sees_and_cancels_nothing(alice: Person, charlie: Person, yoga: Calendar) -> None:
    client, facts = signed_in(charlie), list(Booking.objects.values())
    for path in (page_of("Gina"), f"{page_of('Gina')}cancel/", f"{BOOKINGS}bkg_x/", page_of_session()):
        assert client.get(path).status_code == 404
    assert client.post(f"{page_of('Gina')}cancel/").status_code == 404
    assert Client().get(page_of("Gina"))["Location"].startswith("/app/sign-in/")
    assert list(Booking.objects.values()) == facts


def test_looking_changes_nothing(alice: Person, yoga: Calendar) -> None:
    client = signed_in(alice)
    with CaptureQueriesContext(connection) as captured:
        for path in (page_of("Gina"), f"{page_of('Gina')}cancel/", f"{page_of_session()}cancel/"):
            read(client, path)
    assert not [q for q in captured.captured_queries if q["sql"].startswith(("UPDATE s", "INSERT"))]
