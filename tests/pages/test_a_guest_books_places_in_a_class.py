"""Places in a class: chosen first, kept through every step, told on every page; without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from bookonce.scheduling.models import Appointment, Booking, Calendar
from tests.cast import MONDAY_NINE, MONDAY_TEN, Person, make_link
from tests.kinds import book_into, make_calendar, make_class
from tests.pages.guest_pages import Page, at_now, read, send  # noqa: F401 - a fixture

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
YOGA = "/atelier/yoga"
BERLIN = "timezone=Europe/Berlin"
GINA = {"name": "Gina Guest", "email": "gina@example.org"}


def open_page(query: str = "", path: str = YOGA, client: Client | None = None) -> Page:
    """The page of the class on the cast's Monday."""
    response = (client or Client()).get(f"{path}?{BERLIN}&day=2026-11-30&{query}")
    assert response.status_code == 200
    return read(response)


def offered_places(page: Page) -> list[str]:
    """What can be chosen under Places."""
    listed = re.search(r'<select[^>]*name="party">(.*?)</select>', page.html, re.DOTALL)
    return re.findall(r'<option value="(\d+)"', listed[1]) if listed else []


def form_for(party: int, start: str = MONDAY_NINE, path: str = YOGA) -> Page:
    """The details step for so many places."""
    response = Client().get(path, {"start": start, "timezone": "Europe/Berlin", "party": str(party)})
    assert response.status_code == 200
    return read(response)


def test_places_are_chosen_from_what_is_left(alice: Person) -> None:
    calendar = make_class(alice, seats=4)
    page = open_page()
    assert offered_places(page) == ["1", "2", "3", "4"]
    assert "4 places left" in page.words
    book_into(calendar, party=3)
    assert "1 place left" in open_page().words
    assert MONDAY_NINE in open_page().html


def test_the_choice_filters_the_times_and_stays_in_every_address(alice: Person) -> None:
    book_into(make_class(alice, seats=4), party=3)
    page = open_page("party=2")
    assert MONDAY_NINE not in page.html
    assert MONDAY_TEN in page.html
    assert '<option value="2" selected>' in page.html
    ways = [link for link in page.links if link.startswith(f"{YOGA}?")]
    assert ways
    assert all("party=2" in link for link in ways)
    assert page.html.count('<input type="hidden" name="party" value="2">') == 3  # zone, times, language


def test_many_places_are_typed(alice: Person) -> None:
    make_class(alice, seats=200)
    page = open_page("party=150")
    assert not offered_places(page)
    assert re.search(r'name="party" type="number"[^>]* max="200" value="150"', page.html)


def test_one_seat_leaves_nothing_to_choose(alice: Person) -> None:
    make_class(alice, seats=1)
    assert 'name="party"' not in open_page().html
    assert 'name="party"' not in open_page(path="/atelier/alice-30").html


def test_places_left_are_told_only_where_the_owner_wants_it(alice: Person) -> None:
    make_class(alice, shows_seats_left=False)
    page = open_page()
    assert "left" not in page.words
    assert offered_places(page)


@pytest.mark.parametrize(("party", "sentence"), [("11", "At most 10 places."), ("two", "number")])
def test_a_mistyped_number_says_what_is_wrong(alice: Person, party: str, sentence: str) -> None:
    make_class(alice)
    page = open_page(f"party={party}")
    assert sentence in page.words
    assert MONDAY_NINE in page.html


def test_two_places_are_booked_and_told(alice: Person) -> None:
    make_class(alice)
    form = form_for(2)
    assert "2 places" in form.words
    assert form.fields["party"] == "2"
    client = Client()
    answer = send(f"{YOGA}/book", client, form.fields | GINA)
    assert answer.status_code == 303
    page = read(client.get(answer["Location"]))
    assert "You are booked with Alice" in page.words
    assert "2 places" in page.words
    assert (Appointment.objects.get().seats_taken, Booking.objects.get().party) == (2, 2)


def test_mistakes_keep_the_places(alice: Person) -> None:
    make_class(alice)
    answer = send(f"{YOGA}/book", Client(), form_for(3).fields | GINA | {"email": "gina"})
    assert answer.status_code == 422
    page = read(answer)
    assert page.fields["party"] == "3"
    assert "3 places" in page.words
    assert send(f"{YOGA}/book", Client(), page.fields | GINA).status_code == 303
    assert Booking.objects.get().party == 3


def test_places_that_went_meanwhile_keep_answers_and_offer_times_with_room(alice: Person) -> None:
    calendar = make_class(alice, seats=4)
    form = form_for(3).fields | GINA | {"name": "Gina Kept"}
    book_into(calendar, name="Tom", party=2)
    answer = send(f"{YOGA}/book", Client(), form)
    assert answer.status_code == 409
    page = read(answer)
    assert "This time no longer has 3 free places." in page.words
    assert (page.fields["name"], page.fields["party"]) == ("Gina Kept", "3")
    assert MONDAY_NINE not in page.html
    assert any("party=3" in link for link in page.links)
    assert send(f"{YOGA}/book", Client(), page.fields | {"start": MONDAY_TEN}).status_code == 303
    again = open_page(f"party=3&start={MONDAY_NINE.replace('+', '%2B')}")
    assert "The chosen time no longer has 3 free places." in again.words


def test_the_last_place_that_went_meanwhile_is_said(alice: Person) -> None:
    calendar = make_class(alice, seats=1)
    form = form_for(1).fields | GINA
    book_into(calendar, name="Tom")
    page = read(send(f"{YOGA}/book", Client(), form))
    assert "This time has no free place any more." in page.words


def test_a_class_made_smaller_asks_for_the_number_again(alice: Person) -> None:
    calendar = make_class(alice)
    form = form_for(5).fields | GINA
    Calendar.objects.filter(pk=calendar.pk).update(seats=3)
    answer = send(f"{YOGA}/book", Client(), form)
    assert answer.status_code == 422
    page = read(answer)
    assert "At most 3 places." in page.words
    assert page.fields["party"] == "5"
    assert '<input type="number" name="party" value="5"' in page.html
    assert send(f"{YOGA}/book", Client(), page.fields | {"party": "3"}).status_code == 303


def test_places_of_what_is_no_class_are_refused_in_words(alice: Person) -> None:
    form = form_for(1, path="/atelier/alice-30").fields | GINA | {"party": "2"}
    page = read(send("/atelier/alice-30/book", Client(), form))
    assert "Places: One place can be booked here." in page.words
    assert not Booking.objects.exists()


def test_a_month_without_room_says_so(alice: Person) -> None:
    calendar = make_class(alice, seats=4, per_day=1, first_day="2026-11-30", last_day="2026-11-30")
    book_into(calendar, party=2)
    page = open_page("party=4&month=2026-11")
    assert "There is no time with 4 free places in November 2026 or later." in page.words
    assert offered_places(page) == ["1", "2", "3", "4"]


def test_one_booking_for_each_address_is_said_beside_it(alice: Person) -> None:
    calendar = make_class(alice, one_per_email=True)
    book_into(calendar)
    form = form_for(2, MONDAY_TEN).fields | GINA | {"name": "Gina Kept"}
    answer = send(f"{YOGA}/book", Client(), form)
    assert answer.status_code == 422
    page = read(answer)
    assert "There is already an upcoming appointment under this address." in page.words
    assert 'id="id_email_error"' in page.html
    assert (page.fields["name"], page.fields["party"]) == ("Gina Kept", "2")
    other = send(f"{YOGA}/book", Client(), page.fields | {"email": "other@example.org"})
    assert other.status_code == 303


def test_a_known_recipient_sees_it_too_and_can_give_another_address(alice: Person) -> None:
    Calendar.objects.update(one_per_email=True)
    known: dict[str, Any] = {"recipient_name": "Gina Guest", "recipient_email": "gina@example.org"}
    book_into(alice.calendar)
    path = f"/o/{make_link(alice, **known).token}"
    form = form_for(1, MONDAY_TEN, path)
    assert form.html.count('class="known"') == 2
    page = read(send(f"{path}/book", Client(), form.fields))
    assert "Its mail holds the link to move or cancel it." in page.words
    assert 'id="id_email_error"' in page.html
    assert page.html.count('class="known"') == 1
    assert send(f"{path}/book", Client(), page.fields | {"email": "new@example.org"}).status_code == 303


def test_before_booking_a_round_robin_is_the_workspace_after_it_the_host(alice: Person, bob: Person) -> None:
    make_calendar("round_robin", alice, bob)
    page = open_page()
    assert "Yoga with Atelier" in page.words
    assert "Alice" not in page.words
    assert "Bob" not in page.words
    client = Client()
    booked = send(f"{YOGA}/book", client, form_for(1).fields | GINA)
    host = Appointment.objects.get().blocked_times.get().host.user.name
    assert f"You are booked with {host} on" in read(client.get(booked["Location"])).words


def test_everyone_of_a_collective_is_named(alice: Person, bob: Person) -> None:
    make_calendar("collective", alice, bob)
    assert "Yoga with Alice and Bob" in open_page().words
    client = Client()
    booked = send(f"{YOGA}/book", client, form_for(1).fields | GINA)
    assert "You are booked with Alice and Bob on" in read(client.get(booked["Location"])).words
