"""A link that can't be used says what happened, whom to contact, and lets one ask for a new one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client

from bookonce.booking_page import submission
from bookonce.booking_page.views import door
from bookonce.scheduling.cancel import cancel
from bookonce.scheduling.errors import Busy
from bookonce.scheduling.models import Booking, Calendar, LinkRequest, OneTimeLink
from tests.cast import MONDAY_TEN, NOW, Person, book_through, guest, make_link
from tests.pages.guest_pages import at_now, book_page, details, read, send  # noqa: F401 - a fixture

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
ASKING = {"name": "Stranger", "email": "stranger@example.org", "message": "May I?"}


def test_the_used_page_tells_nothing_of_the_booking(alice: Person) -> None:
    issued = make_link(alice, contact_text="Call 030 1234", recipient_name="Sam Okafor", label="VIP")
    book_through(issued)
    answer = Client().get(f"/o/{issued.token}")
    page = read(answer)
    assert answer.status_code == 410
    assert "This link has expired" in page.words
    assert "Contact Alice for a new one" in page.words
    assert "Call 030 1234" in page.words
    assert "Ask for a new link" in page.words
    for secret in ("Gina", "gina@", "Sam", "VIP", "alice@", "meeting", "30 November", "09:00", "/m/"):
        assert secret not in page.html, secret


def test_each_state_has_a_page(alice: Person) -> None:
    revoked, expired = make_link(alice), make_link(alice, expires_at=NOW - timedelta(seconds=1))
    later = make_link(alice, not_before=NOW + timedelta(days=1))
    OneTimeLink.objects.filter(pk=revoked.link.pk).update(revoked_at=NOW)
    for issued, status, words, askable in (
        (revoked, 410, "It was withdrawn by Alice", True),
        (expired, 410, "This link has expired", True),
        (later, 403, "from Tuesday, 24 November 2026 at 09:00 (Berlin time)", False),
    ):
        answer = Client().get(f"/o/{issued.token}")
        assert answer.status_code == status
        assert words in read(answer).words
        assert ("Ask for a new link" in read(answer).words) is askable
        assert send(f"/o/{issued.token}/book", Client(), guest()).status_code == status


def test_paused_and_deleted_calendars(alice: Person) -> None:
    path = f"/o/{make_link(alice).token}"
    Calendar.objects.update(paused_at=NOW)
    for address in (path, "/atelier/alice-30"):
        answer = Client().get(address)
        assert (answer.status_code, answer["Retry-After"]) == (503, "3600")
        assert "No bookings for the moment" in read(answer).words
    Calendar.objects.update(deleted_at=NOW)
    assert Client().get(path).status_code == 410
    assert "takes no more bookings" in read(Client().get(path)).words


def test_one_time_only_calendars_show_no_other_way(alice: Person) -> None:
    Calendar.objects.update(one_time_only=True)
    unknown = Client().get("/atelier/nothing")
    for address in ("/atelier/alice-30", f"/c/{alice.calendar.permanent_id}"):
        answer = Client().get(address)
        assert answer.status_code == 404
        assert answer.content == unknown.content
    path, client = f"/o/{make_link(alice).token}", Client()
    pages = [client.get(path)]
    booked = book_page(path, client)["Location"]
    token = booked.partition("?")[0]
    pages += [client.get(booked), client.get(f"{token}/cancel"), client.get(f"{token}/reschedule")]
    pages += [client.get(f"{token}/appointment.ics"), client.get(path), Client().get(path)]
    for page in pages:
        for secret in (alice.calendar.slug, alice.calendar.permanent_id, alice.calendar.public_id):
            assert secret not in page.content.decode()


def test_asking_reaches_the_owner_once(alice: Person) -> None:
    issued, client = make_link(alice), Client()
    path = f"/o/{issued.token}"
    book_through(issued)
    first = send(f"{path}/ask", client, ASKING)
    assert (first.status_code, first["Location"]) == (303, f"{path}?asked=sent")
    thanks = client.get(first["Location"])
    assert thanks.status_code == 410
    assert "Your request is on its way" in read(thanks).words
    second = send(f"{path}/ask", client, ASKING)
    assert "already on its way" in read(client.get(second["Location"])).words
    request = LinkRequest.objects.get()
    assert (request.name, request.message) == ("Stranger", "May I?")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "N" * 121),
        ("email", "x"),
        ("email", ""),
        ("message", "m" * 501),
        ("name", "\x00"),
    ],
)
def test_a_bad_request_is_named(alice: Person, field: str, value: str) -> None:
    issued = make_link(alice)
    book_through(issued)
    answer = send(f"/o/{issued.token}/ask", Client(), ASKING | {field: value})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not LinkRequest.objects.exists()


def test_asking_where_it_makes_no_sense(alice: Person) -> None:
    later = make_link(alice, not_before=NOW + timedelta(days=1))
    assert send(f"/o/{later.token}/ask", Client(), ASKING).status_code == 403
    assert send("/o/unknown/ask", Client(), ASKING).status_code == 404
    cross = Client(headers={"Sec-Fetch-Site": "cross-site"})
    assert send(f"/o/{make_link(alice).token}/ask", cross, ASKING).status_code == 403
    assert not LinkRequest.objects.exists()


def test_the_browser_that_booked_sees_its_booking(alice: Person) -> None:
    path, client = f"/o/{make_link(alice).token}", Client()
    token = book_page(path, client)["Location"].partition("?")[0]
    again = read(client.get(path))
    assert "You are booked with Alice" in again.words
    assert f"{token}/cancel" in again.links
    assert "This link has expired" in read(Client().get(path)).words


def test_a_forged_cookie_shows_nothing(alice: Person) -> None:
    issued = make_link(alice)
    booked = book_through(issued)
    for value in (booked.public_id, f"{booked.public_id}:forged", ""):
        client = Client()
        client.cookies["booking"] = value
        assert "/m/" not in client.get(f"/o/{issued.token}").content.decode()


def test_a_cookie_of_another_link_shows_nothing(alice: Person) -> None:
    first, second, client = make_link(alice), make_link(alice), Client()
    book_page(f"/o/{first.token}", client)
    book_through(second, MONDAY_TEN)
    other = Client()
    other.cookies["booking"] = client.cookies["booking"].value
    assert "/m/" not in other.get(f"/o/{second.token}").content.decode()


def test_a_link_with_uses_left_offers_another(alice: Person) -> None:
    path, client = f"/o/{make_link(alice, max_bookings=2).token}", Client()
    book_page(path, client)
    page = read(client.get(path))
    assert f"{path}?another=1" in page.links
    assert 'type="radio"' in client.get(f"{path}?another=1").content.decode()
    assert 'type="radio"' in Client().get(path).content.decode()


def test_a_link_that_the_host_reopened_can_be_booked_by_the_same_browser(alice: Person) -> None:
    path, client = f"/o/{make_link(alice).token}", Client()
    book_page(path, client)
    cancel(Booking.objects.get().pk, by=alice.actor, now=NOW)
    assert 'type="radio"' in client.get(path).content.decode()


def test_another_form_of_the_same_browser_is_refused_and_shows_the_booking(alice: Person) -> None:
    path, client = f"/o/{make_link(alice).token}", Client()
    stale = details(path, client, MONDAY_TEN).fields | {"name": "Gina", "email": "gina@example.org"}
    book_page(path, client)
    answer = send(f"{path}/book", client, stale)
    assert answer.status_code == 410
    assert "You are booked with Alice" in read(answer).words
    assert Booking.objects.count() == 1


def test_a_database_that_does_not_answer(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    path, client = f"/o/{make_link(alice).token}", Client()
    form = details(path, client).fields | {"name": "Gina", "email": "gina@example.org"}

    def no_answer(*_: object, **__: object) -> None:
        raise Busy

    monkeypatch.setattr(submission, "book", no_answer)
    answer = send(f"{path}/book", client, form)
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert "you will not be booked twice" in read(answer).words

    def no_connection(*_: object, **__: object) -> None:
        raise OperationalError

    monkeypatch.setattr(door, "read_offered", no_connection)
    page = client.get(path)
    assert (page.status_code, page["Retry-After"]) == (503, "2")
    assert "try again in a moment" in read(page).words
