"""A guest of a class moves and cancels their own places; nobody else's change."""

from __future__ import annotations

import pytest
from django.test import Client

from bookonce.booking_page.views import moving
from bookonce.lib.tokens import digest
from bookonce.scheduling.cancel import cancel_appointment
from bookonce.scheduling.models import Appointment, Booking
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person
from tests.kinds import book_into, make_class
from tests.pages.guest_pages import Page, at_now, read, send  # noqa: F401 - a fixture

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]


def page_of(token: str, ending: str = "", **query: str) -> Page:
    return read(Client().get(f"/m/{token}{ending}", query))


def sessions() -> list[tuple[int, int | None]]:
    """Hour in UTC and seats taken of each live session."""
    found = Appointment.objects.exclude(status="cancelled").order_by("starts")
    return [(session.starts.hour, session.seats_taken) for session in found if session.starts]


def test_moving_takes_this_party_along_and_leaves_the_others(alice: Person) -> None:
    calendar = make_class(alice, seats=6)
    gina = book_into(calendar, party=2).manage_token
    tom = book_into(calendar, name="Tom", party=3).manage_token
    assert "2 places" in page_of(gina).words
    assert MONDAY_TEN in page_of(gina, "/reschedule", day="2026-11-30").html
    step = page_of(gina, "/reschedule", start=MONDAY_TEN)
    assert "The 2 places you leave become free for others." in step.words
    assert send(f"/m/{gina}/reschedule", Client(), step.fields).status_code == 303
    assert sessions() == [(8, 3), (9, 2)]
    assert "at 10:00" in page_of(gina).words
    assert "at 09:00" in page_of(tom).words


def test_only_sessions_with_room_for_the_whole_party_are_listed(alice: Person) -> None:
    calendar = make_class(alice, seats=4)
    gina = book_into(calendar, party=2).manage_token
    book_into(calendar, MONDAY_TEN, name="Tom", party=3)
    page = page_of(gina, "/reschedule", day="2026-11-30", party="1")
    assert MONDAY_TEN not in page.html
    assert "2026-11-30T11:00:00+01:00" in page.html
    assert "4 places left" in page.words
    refused = send(f"/m/{gina}/reschedule", Client(), {"start": MONDAY_TEN, "party": "1"})
    assert refused.status_code == 409
    assert sessions() == [(8, 2), (9, 3)]


def test_joining_a_session_leaves_an_empty_one_behind_for_nobody(alice: Person) -> None:
    calendar = make_class(alice, seats=4)
    gina = book_into(calendar).manage_token
    book_into(calendar, MONDAY_TEN, name="Tom")
    assert send(f"/m/{gina}/reschedule", Client(), {"start": MONDAY_TEN}).status_code == 303
    assert sessions() == [(9, 2)]


def test_who_cancelled_keeps_their_page_when_the_last_one_moves(alice: Person) -> None:
    calendar = make_class(alice, seats=4)
    gina, tom = book_into(calendar).manage_token, book_into(calendar, name="Tom").manage_token
    send(f"/m/{tom}/cancel", Client(), {})
    for start in (MONDAY_TEN, MONDAY_NINE, "2026-11-30T11:00:00+01:00"):
        assert send(f"/m/{gina}/reschedule", Client(), {"start": start}).status_code == 303
    assert "09:00" in page_of(tom).words
    assert "This appointment is cancelled" in page_of(tom).words
    assert sessions() == [(10, 1)]


def test_cancelling_frees_these_places_alone(alice: Person) -> None:
    calendar = make_class(alice, seats=6)
    gina = book_into(calendar, party=2).manage_token
    tom = book_into(calendar, name="Tom", party=3).manage_token
    assert "your 2 places become free for others" in page_of(gina, "/cancel").words
    assert send(f"/m/{gina}/cancel", Client(), {"reason": "ill"}).status_code == 303
    assert "This appointment is cancelled" in page_of(gina).words
    assert "You are booked with Alice" in page_of(tom).words
    assert sessions() == [(8, 3)]
    booking = Booking.objects.get(manage_digest=digest(gina))
    assert (booking.status, booking.cancel_cause, booking.cancel_reason) == ("cancelled", "guest", "ill")


def test_a_session_that_its_host_cancels_is_cancelled_on_every_page(alice: Person) -> None:
    calendar = make_class(alice)
    tokens = [book_into(calendar, name=name).manage_token for name in ("Gina", "Tom")]
    cancel_appointment(Appointment.objects.get().pk, by=alice.actor, now=NOW)
    for token in tokens:
        page = page_of(token)
        assert "This appointment is cancelled" in page.words
        assert "It was cancelled by Alice." in page.words


def test_others_are_never_shown(alice: Person) -> None:
    calendar = make_class(alice)
    gina = book_into(calendar).manage_token
    book_into(calendar, name="Tom Secret")
    for ending in ("", "/cancel", "/reschedule", "/appointment.ics"):
        answer = Client().get(f"/m/{gina}{ending}").content.decode()
        assert "Tom" not in answer
        assert "tom@" not in answer


def test_moving_without_a_time_asks_for_one_in_the_pages_language(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    gina = book_into(make_class(alice, seats=4)).manage_token
    monkeypatch.setattr(moving, "_", {"Choose a time.": "Zeit wählen."}.__getitem__)
    refused = send(f"/m/{gina}/reschedule", Client(), {})
    assert refused.status_code == 422
    assert "Zeit wählen." in read(refused).words
    assert sessions() == [(8, 1)]
