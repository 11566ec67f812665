"""A link to a class: one use is one booking of one party; by the addresses in the mails of its guest."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from bookonce.lib.instants import to_minutes
from bookonce.scheduling.models import Appointment, Booking, Calendar, OneTimeLink
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person
from tests.kinds import make_class
from tests.mailbox import mails, text, to
from tests.pages.by_mail import GINA, addressed, booked, by_program, cancel_as_host, listed, path_to
from tests.pages.guest_pages import at_now, book_page, read, send, stop_clock  # noqa: F401 - a fixture
from tests.pages.owner import signed_in

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
SEATS = 4
OTTO = {"name": "Otto", "email": "otto@example.org"}


@pytest.fixture
def yoga(alice: Person) -> Calendar:
    """A class with four seats."""
    return make_class(alice, seats=SEATS)


def reopened(person: Person, calendar: Calendar) -> str:
    """A link that was booked through and reopened: its address is that of the guest's mail."""
    booked(path_to(calendar, person))
    cancel_as_host(person, reopen="on")
    return addressed("o", mails())


def room_for(calendar: Calendar, party: int) -> bool:
    """Whether others are offered so many places at nine."""
    return MONDAY_NINE in listed(f"/c/{calendar.permanent_id}", party=str(party))


def test_life_of_a_link_class_one_use_is_one_booking_of_one_party(alice: Person, yoga: Calendar) -> None:
    path = reopened(alice, yoga)
    manage = booked(path, party="3")
    assert "3 places" in read(Client().get(manage)).words
    assert (room_for(yoga, 1), room_for(yoga, 2)) == (True, False)
    assert OneTimeLink.objects.get().spent == 1, "three places are one use"
    assert by_program(path, MONDAY_NINE) == (410, "link_used"), "the place that is left is for another link"


def test_life_of_a_link_class_its_seats_are_checked_together(alice: Person, yoga: Calendar) -> None:
    path = reopened(alice, yoga)
    booked(path_to(yoga, alice), party="3")
    late = book_page(path, Client(), party="2", name="Gina Kept")
    assert late.status_code == 409
    page = read(late)
    assert "This time no longer has 2 free places." in page.words
    assert page.fields["name"] == "Gina Kept"
    assert by_program(path, MONDAY_NINE, party=2) == (409, "slot_taken")
    assert OneTimeLink.objects.filter(spent=0).count() == 1, "the link is not used up"
    booked(path, party="1")
    assert Appointment.objects.get(status="confirmed").seats_taken == SEATS
    assert by_program(path_to(yoga, alice), MONDAY_NINE) == (409, "slot_taken")


def test_life_of_a_link_class_a_link_pinned_to_one_session(alice: Person, yoga: Calendar) -> None:
    path = path_to(yoga, alice, slots=(to_minutes(datetime.fromisoformat(MONDAY_NINE)),))
    assert listed(path) == [MONDAY_NINE]
    assert by_program(path, MONDAY_TEN) == (409, "slot_taken")
    booked(path, party="2")
    cancel_as_host(alice, reopen="on")
    again = addressed("o", mails())
    assert (again, listed(again)) == (path, [MONDAY_NINE])
    manage = booked(again)
    assert send(f"{manage}/reschedule", Client(), {"start": MONDAY_TEN}).status_code == 409
    assert by_program(path_to(yoga, alice), MONDAY_TEN) == (201, ""), "another link is free to"


def test_life_of_a_link_class_its_guest_cancels(alice: Person, yoga: Calendar) -> None:
    path = path_to(yoga, alice)
    manage = booked(path, party=str(SEATS))
    assert not room_for(yoga, 1)
    assert send(f"{manage}/cancel", Client(), {}).status_code == 303
    assert "/o/" not in text(to(GINA, mails()))
    assert by_program(path, MONDAY_NINE) == (410, "link_used"), "the link stays used"
    assert room_for(yoga, SEATS), "its seats are free"
    booked(path_to(yoga, alice), party=str(SEATS))


@pytest.mark.parametrize("whom", ["this guest", "everyone"])
def test_life_of_a_link_class_its_host_cancels(alice: Person, yoga: Calendar, whom: str) -> None:
    path, other = path_to(yoga, alice), path_to(yoga, alice)
    booked(path, party="3")
    assert by_program(other, MONDAY_NINE, **OTTO) == (201, "")
    mails()
    if whom == "everyone":
        cancel_as_host(alice, reopen="on")
    else:
        one = Booking.objects.get(email=GINA).public_id
        assert signed_in(alice).post(f"/app/bookings/{one}/cancel/", {"reopen": "on"}).status_code == 302
    assert addressed("o", mails()) == path
    booked(path, party="3")
    assert by_program(path) == (410, "link_used")
    assert by_program(other, **OTTO) == ((201, "") if whom == "everyone" else (410, "link_used"))


@pytest.mark.parametrize("end", ["declined", "unanswered"])
def test_life_of_a_link_class_its_request_ends(
    alice: Person, yoga: Calendar, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Calendar.objects.filter(pk=yoga.pk).update(needs_approval=True, answer_within=60)
    path = path_to(yoga, alice)
    booked(path, party="3")
    assert not room_for(yoga, 2), "a request holds its seats"
    assert by_program(path, MONDAY_NINE) == (410, "link_used")
    later = NOW + timedelta(hours=1)
    if end == "declined":
        one = Booking.objects.get().public_id
        assert signed_in(alice).post(f"/app/bookings/{one}/decline/", {"reopen": "on"}).status_code == 302
    else:
        stop_clock(monkeypatch, later)
    assert addressed("o", mails(now=NOW if end == "declined" else later)) == path
    assert room_for(yoga, SEATS)
    assert by_program(path, MONDAY_NINE, party=SEATS) == (201, "")


def test_life_of_a_link_class_places_are_kept_while_its_form_is_completed(
    alice: Person, yoga: Calendar
) -> None:
    Calendar.objects.filter(pk=yoga.pk).update(hold_minutes=10)
    path, other, client = path_to(yoga, alice), path_to(yoga, alice), Client()
    chosen = {"start": MONDAY_NINE, "timezone": "Europe/Berlin", "party": "3"}
    kept = send(f"{path}/hold", client, chosen)
    assert (room_for(yoga, 1), room_for(yoga, 2)) == (True, False)
    assert by_program(other, MONDAY_NINE, party=2, **OTTO) == (409, "slot_taken")
    assert by_program(path, MONDAY_NINE) == (409, "link_held")
    form = read(client.get(kept["Location"]))
    assert "3 places" in form.words
    assert by_program(other, MONDAY_NINE, **OTTO) == (201, ""), "one place is left"
    assert send(f"{path}/book", client, form.fields | {"name": "Gina", "email": GINA}).status_code == 303
    assert Appointment.objects.get().seats_taken == SEATS
    assert by_program(path, MONDAY_TEN) == (410, "link_used")
