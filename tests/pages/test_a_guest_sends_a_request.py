"""Where a host confirms each booking, the guest's pages speak of a request."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from bookonce.scheduling.answer_booking import confirm, decline, expire_request
from bookonce.scheduling.models import Booking, Calendar, OneTimeLink
from tests.api.guest_client import post
from tests.cast import NOW, Person, book_through, guest, make_link
from tests.pages.guest_pages import at_now, book_page, details, read, send, stop_clock  # noqa: F401 - a fixture

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def needs_approval(alice: Person) -> None:
    Calendar.objects.filter(pk=alice.calendar.pk).update(needs_approval=True)


def asked(alice: Person) -> str:
    """The manage page of a request."""
    return f"/m/{book_through(make_link(alice)).manage_token}"


def test_the_form_says_request_and_the_page_until_when(alice: Person) -> None:
    path, client = f"/o/{make_link(alice).token}", Client()
    form = details(path, client)
    assert "Request this time" in form.words
    assert "Book this time" not in form.words
    assert (
        "Alice confirms each booking. The time is kept for you, and you will hear within 1 day" in form.words
    )
    page = read(client.get(book_page(path, client)["Location"]))
    assert "Your request is with Alice, for Monday, 30 November at 09:00 your time" in page.words
    assert "You will hear by Tuesday, 24 November at 09:00" in page.words
    assert "Add to your calendar" not in page.words
    assert "You are booked" not in page.html
    assert Booking.objects.get().status == "new"
    assert "Your request is with Alice" in read(client.get(path)).words, "in the same browser"
    assert Client().get(path).status_code == 410, "for everyone else the link is used"


def test_an_open_calendar_says_book(alice: Person) -> None:
    Calendar.objects.update(needs_approval=False)
    form = details(f"/o/{make_link(alice).token}", Client())
    assert "Book this time" in form.words
    assert "confirms each booking" not in form.words


def test_the_json_tells_that_it_is_new(alice: Person) -> None:
    path = f"/o/{make_link(alice).token}"
    first = post(path, guest(), **{"Idempotency-Key": "k"})
    again = post(path, guest(), **{"Idempotency-Key": "k"})
    assert (first.status_code, first.json()["status"]) == (201, "new")
    assert again.json() == first.json()
    confirm(Booking.objects.get().pk, by=alice.actor, now=NOW)
    assert post(path, guest(), **{"Idempotency-Key": "k"}).json()["status"] == "confirmed"


def test_it_is_withdrawn(alice: Person) -> None:
    path, client = asked(alice), Client()
    assert "Withdraw request" in read(client.get(path)).words
    assert "Withdraw this request?" in read(client.get(f"{path}/cancel")).words
    assert send(f"{path}/cancel", client, {"reason": "Changed my mind"}).status_code == 303
    assert Booking.objects.get().cancel_cause == "guest"
    assert OneTimeLink.objects.get().spent == 1


def test_it_is_moved_and_stays_a_request(alice: Person) -> None:
    path, client = asked(alice), Client()
    answer = send(f"{path}/reschedule", client, {"start": "2026-11-30T11:00:00+01:00"})
    page = read(client.get(answer["Location"]))
    assert "Your request has been moved." in page.words
    assert "Your request is with Alice, for Monday, 30 November at 11:00" in page.words
    assert Booking.objects.get().status == "new"


def test_confirmed_it_is_an_appointment(alice: Person) -> None:
    path = asked(alice)
    confirm(Booking.objects.get().pk, by=alice.actor, now=NOW)
    page = read(Client().get(path))
    assert "You are booked with Alice" in page.words
    assert "Add to your calendar" in page.words


def test_declined_it_leads_to_another_time(alice: Person) -> None:
    path = asked(alice)
    decline(Booking.objects.get().pk, by=alice.actor, now=NOW)
    page = read(Client().get(path))
    assert "Your request was declined" in page.words
    assert "take this time. Nothing is booked." in page.words
    assert any("/o/" in link for link in page.links)


def test_expired_it_says_so_even_before_the_job_ran(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    path = asked(alice)
    stop_clock(monkeypatch, NOW + timedelta(days=1))
    before = read(Client().get(path))
    assert "Your request has expired" in before.words
    assert "Withdraw" not in before.words
    assert Client().get(f"{path}/reschedule").status_code == 409
    expire_request(Booking.objects.get().pk, now=NOW + timedelta(days=1))
    page = read(Client().get(path))
    assert "Alice could not answer in time. Nothing is booked." in page.words
    assert any("/o/" in link for link in page.links), "the link works again"
