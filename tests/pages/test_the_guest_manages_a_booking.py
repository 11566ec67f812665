"""The manage page: see, move, cancel, take the file; under a token that stays the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from django.test import Client

from bookonce.lib.instants import iso, to_minutes
from bookonce.scheduling.models import Appointment, Booking, Calendar, LinkRequest, OneTimeLink
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, book_through, make_link
from tests.pages.guest_pages import at_now, read, send, stop_clock  # noqa: F401 - a fixture
from tests.pages.owner import signed_in

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]


def booked(alice: Person, zone: str = "Europe/Berlin") -> str:
    return f"/m/{book_through(make_link(alice), timezone=zone).manage_token}"


def test_see(alice: Person) -> None:
    Calendar.objects.update(location_kind="video", location="https://meet.example.org/a")
    page = read(Client().get(booked(alice, "America/New_York")))
    assert "You are booked with Alice on Monday, 30 November at 03:00 your time" in page.words
    assert "New York time" in page.words
    assert "https://meet.example.org/a" in page.links
    assert "A confirmation is on its way" not in page.words


def test_cancel(alice: Person) -> None:
    path, client = booked(alice), Client()
    assert "Cancel this appointment?" in read(client.get(f"{path}/cancel")).words
    assert Appointment.objects.get().status == "confirmed"
    answer = send(f"{path}/cancel", client, {"reason": "Ill"})
    assert (answer.status_code, answer["Location"]) == (303, f"{path}?cancelled=1")
    page = read(client.get(answer["Location"]))
    assert "This appointment is cancelled" in page.words
    assert "Ask for a new link" in page.words
    assert (Booking.objects.get().cancel_reason, OneTimeLink.objects.get().spent) == ("Ill", 1)
    assert send(f"{path}/cancel", client, {}).status_code == 303
    asked = send(f"{path}/ask", client, {})
    assert "Your request is on its way" in read(client.get(asked["Location"])).words
    assert "already on its way" in read(client.get(send(f"{path}/ask", client, {})["Location"])).words
    assert LinkRequest.objects.get().email == "gina@example.org"


def test_a_reason_too_long(alice: Person) -> None:
    path = booked(alice)
    answer = send(f"{path}/cancel", Client(), {"reason": "r" * 501})
    assert answer.status_code == 422
    assert "At most 500 characters" in read(answer).words
    assert Appointment.objects.get().status == "confirmed"


def test_asking_needs_a_cancelled_booking_of_a_link(alice: Person) -> None:
    assert send(f"{booked(alice)}/ask", Client(), {}).status_code == 409
    assert not LinkRequest.objects.exists()


def test_move(alice: Person) -> None:
    path, client = booked(alice), Client()
    page = read(client.get(f"{path}/reschedule?day=2026-11-30"))
    assert "Choose another time" in page.words
    assert MONDAY_TEN in page.html
    assert f'value="{MONDAY_NINE}"' not in page.html
    confirm = read(client.get(f"{path}/reschedule", {"start": MONDAY_TEN}))
    assert "Move this appointment?" in confirm.words
    answer = send(f"{path}/reschedule", client, confirm.fields)
    assert (answer.status_code, answer["Location"]) == (303, f"{path}?moved=1")
    assert "on Monday, 30 November at 10:00" in read(client.get(answer["Location"])).words
    assert iso(Appointment.objects.get().starts) == "2026-11-30T09:00:00Z"
    assert send(f"{path}/reschedule", client, confirm.fields).status_code == 303


def test_why_it_was_moved_is_read_by_guest_and_host(alice: Person) -> None:
    path, client = booked(alice), Client()
    confirm = read(client.get(f"{path}/reschedule", {"start": MONDAY_TEN}))
    long = send(f"{path}/reschedule", client, {**confirm.fields, "reason": "r" * 501})
    assert long.status_code == 422
    assert "At most 500 characters" in read(long).words
    assert "r" * 501 in long.content.decode()
    assert iso(Appointment.objects.get().starts) == "2026-11-30T08:00:00Z"
    why = "The train\nis late <b>again</b>"
    answer = send(f"{path}/reschedule", client, {**confirm.fields, "reason": why})
    assert answer.status_code == 303
    seen = client.get(path).content.decode()
    told = "The train<br>is late &lt;b&gt;again&lt;/b&gt;"
    assert told in seen
    page = signed_in(alice).get(f"/app/appointments/{Appointment.objects.get().public_id}/")
    assert told in page.content.decode()


def test_a_move_is_chosen_on_another_clock(alice: Person) -> None:
    path, client = booked(alice), Client()
    page = read(client.get(f"{path}/reschedule"))
    [zones] = [link for link in page.links if "zones=1" in link]
    assert "Tokyo, 17:00" in read(client.get(zones)).words
    there = {"timezone": "Asia/Tokyo", "day": "2026-11-30"}
    page = read(client.get(f"{path}/reschedule", there))
    assert "Booked for Monday, 30 November, 17:00" in page.words
    assert "2026-11-30T18:00:00+09:00" in page.html
    confirm = read(client.get(f"{path}/reschedule", there | {"start": "2026-11-30T18:00:00+09:00"}))
    assert "Monday, 30 November 2026, 17:00" in confirm.words
    assert "Monday, 30 November 2026, 18:00" in confirm.words
    assert "Berlin" not in confirm.words
    assert send(f"{path}/reschedule", client, confirm.fields).status_code == 303
    assert iso(Appointment.objects.get().starts) == "2026-11-30T09:00:00Z"
    assert "at 10:00 your time" in read(client.get(path)).words


def test_the_chosen_clock_goes_on_from_page_to_page(alice: Person) -> None:
    path, client = booked(alice), Client()
    page = read(client.get(f"{path}?clock=12"))
    assert {f"{path}/reschedule?clock=12", f"{path}/cancel?clock=12"} <= set(page.links)
    chosen = read(client.get(f"{path}/reschedule?clock=12&start={quote(MONDAY_TEN)}"))
    assert "10:00 am" in chosen.words.lower()
    answer = send(f"{path}/reschedule", client, chosen.fields)
    assert answer["Location"] == f"{path}?moved=1&clock=12"
    assert "at 10:00 am" in read(client.get(answer["Location"])).words.lower()
    asked = read(client.get(f"{path}/cancel?clock=12&lang=de"))
    assert f"{path}?lang=de&amp;clock=12" in asked.html
    answer = send(f"{path}/cancel", client, asked.fields)
    assert answer["Location"] == f"{path}?cancelled=1&clock=12&lang=de"
    assert not [link for link in read(client.get(f"{path}?clock=13")).links if "clock=" in link]


def test_a_move_among_picked_times(alice: Person) -> None:
    picked = [to_minutes(datetime.fromisoformat(start)) for start in (MONDAY_NINE, MONDAY_TEN)]
    issued, client = make_link(alice, slots=tuple(picked)), Client()
    path = f"/m/{book_through(issued, MONDAY_NINE).manage_token}"
    page = client.get(f"{path}/reschedule").content.decode()
    assert page.count('name="start"') == 1
    assert MONDAY_TEN in page
    eleven = {"start": "2026-11-30T11:00:00+01:00"}
    assert send(f"{path}/reschedule", client, eleven).status_code == 409
    assert f"{path}/reschedule" in read(client.get(path)).links
    book_through(make_link(alice), MONDAY_TEN)
    manage = read(client.get(path))
    assert "None of the other times you were offered is free any more. You can still cancel." in manage.words
    assert f"{path}/reschedule" not in manage.links
    left = read(client.get(f"{path}/reschedule"))
    assert "None of the other times you were offered is free any more. Contact Alice" in left.words


def test_a_move_to_a_taken_time(alice: Person) -> None:
    path = booked(alice)
    book_through(make_link(alice), MONDAY_TEN)
    assert "no longer free" in read(Client().get(f"{path}/reschedule", {"start": MONDAY_TEN})).words
    answer = send(f"{path}/reschedule", Client(), {"start": MONDAY_TEN})
    assert answer.status_code == 409
    assert "no longer free" in read(answer).words


@pytest.mark.parametrize("start", ["", "soon", "2026-11-30T10:00:00"])
def test_a_move_to_no_time(alice: Person, start: str) -> None:
    answer = send(f"{booked(alice)}/reschedule", Client(), {"start": start})
    assert answer.status_code == 422
    assert 'class="notice"' in answer.content.decode()


def test_a_paused_or_deleted_calendar_lets_one_cancel_but_not_move(alice: Person) -> None:
    path = booked(alice)
    for changes, status in (({"paused_at": NOW}, 503), ({"deleted_at": NOW}, 410)):
        Calendar.objects.update(**changes)
        page = read(Client().get(path))
        assert f"{path}/cancel" in page.links
        assert f"{path}/reschedule" not in page.links
        assert Client().get(f"{path}/reschedule").status_code == status
        assert send(f"{path}/reschedule", Client(), {"start": MONDAY_TEN}).status_code == status
    assert send(f"{path}/cancel", Client(), {}).status_code == 303


def test_what_has_begun_or_is_over_stays(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    path, begins = booked(alice), NOW + timedelta(days=7)
    for instant, words in (
        (begins, "has begun"),
        (begins + timedelta(minutes=30), "took place on Monday, 30 November"),
    ):
        stop_clock(monkeypatch, instant)
        page = read(Client().get(path))
        assert words in page.words
        assert f"{path}/cancel" not in page.links
        assert send(f"{path}/cancel", Client(), {}).status_code == 409
        assert send(f"{path}/reschedule", Client(), {"start": MONDAY_TEN}).status_code == 409
    assert Booking.objects.get().status == "confirmed"


def test_the_calendar_file(alice: Person) -> None:
    answer = Client().get(f"{booked(alice)}/appointment.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert b"METHOD:PUBLISH" in answer.content
    assert b"DTSTART:20261130T080000Z" in answer.content


def test_strangers_and_other_sites(alice: Person) -> None:
    path = booked(alice)
    for ending in ("", "/cancel", "/reschedule", "/appointment.ics"):
        assert Client().get(f"/m/{'a' * 32}{ending}").status_code == 404
    cross = Client(headers={"Sec-Fetch-Site": "cross-site"})
    assert send(f"{path}/cancel", cross, {}).status_code == 403
    assert send(f"{path}/reschedule", cross, {"start": MONDAY_TEN}).status_code == 403
    assert Appointment.objects.get().status == "confirmed"


def test_only_the_declared_methods(alice: Person) -> None:
    path = booked(alice)
    for address in (path, f"{path}/appointment.ics"):
        assert Client().post(address).status_code == 405
    assert Client().get(f"{path}/ask").status_code == 405
    assert Client().delete(f"{path}/cancel").status_code == 405
