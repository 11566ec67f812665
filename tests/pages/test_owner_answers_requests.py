"""Requests wait on the owner's pages until they are confirmed, declined or over; afterwards: who came."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookonce.lib import clock
from bookonce.scheduling.models import Booking, Calendar, OneTimeLink
from tests.cast import MONDAY_NINE, NOW, Person, book_through, make_link
from tests.kinds import book_into, make_class
from tests.pages.owner import read, signed_in, statements_of
from tests.pages.test_a_calendars_settings import settings

pytestmark = pytest.mark.usefixtures("at_now")
APPOINTMENTS = "/app/appointments/"


def asked(person: Person, start: str = MONDAY_NINE) -> Booking:
    """A request through a one-time link."""
    Calendar.objects.filter(pk=person.calendar.pk).update(needs_approval=True)
    made = book_through(make_link(person, label="Autumn fair"), start)
    return Booking.objects.select_related("appointment").get(public_id=made.public_id)


def page_of(booking: Booking) -> str:
    return f"{APPOINTMENTS}{booking.appointment.public_id}/"


def later(monkeypatch: pytest.MonkeyPatch, **by: int) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(**by))


def test_requests_have_a_list_and_a_count_of_their_own(alice: Person) -> None:
    booking = asked(alice)
    Calendar.objects.update(needs_approval=False)
    book_through(make_link(alice), "2026-12-01T10:00:00+01:00", name="Tom Confirmed")
    client = signed_in(alice)
    page = read(client, APPOINTMENTS, tab="waiting")
    assert booking.appointment.public_id in page
    assert "Tom Confirmed" not in page
    assert page.count('<span class="badge">1</span>') == 2, "in the rail and on the tab"
    client.post(f"/app/bookings/{booking.public_id}/confirm/")
    page = read(client, APPOINTMENTS, tab="waiting")
    assert "Nobody waits for an answer" in page
    assert "badge" not in page


def test_the_count_takes_no_further_statement(alice: Person) -> None:
    client = signed_in(alice)
    read(client, APPOINTMENTS)
    before = statements_of(client, APPOINTMENTS)
    asked(alice)
    asked(alice, "2026-12-01T10:00:00+01:00")
    assert statements_of(client, APPOINTMENTS) <= before + 2  # of the list's own rows


def test_a_series_counts_as_one_request(alice: Person) -> None:
    Calendar.objects.update(repeats="weekly", repeat_count=3)
    booking = asked(alice)
    page = read(signed_in(alice), page_of(booking))
    assert '<span class="badge">1</span>' in page
    assert "Your answer is for all appointments of the series." in page


def test_it_is_confirmed_with_one_click(alice: Person) -> None:
    booking = asked(alice)
    client = signed_in(alice)
    page = read(client, page_of(booking))
    assert "Gina Guest waits for your answer" in page
    assert "Tue 24 Nov 2026, 09:00" in page
    assert "Cancel appointment" not in page
    answer = client.post(f"/app/bookings/{booking.public_id}/confirm/", follow=True)
    told = answer.content.decode()
    assert "Confirmed: Gina Guest is told by mail" in told
    assert "Request of Gina Guest confirmed" in told
    assert "Cancel appointment" in told
    booking.refresh_from_db()
    assert booking.status == "confirmed"
    again = client.post(f"/app/bookings/{booking.public_id}/confirm/", follow=True)
    assert "confirmed before" in again.content.decode()


@pytest.mark.parametrize(("ticked", "spent"), [(True, 0), (False, 1)])
def test_declining_asks_for_a_reason_and_about_the_link(alice: Person, ticked: bool, spent: int) -> None:  # noqa: FBT001
    booking = asked(alice)
    client, path = signed_in(alice), f"/app/bookings/{booking.public_id}/decline/"
    page = read(client, path)
    assert "checked" in page.split('name="reopen"')[1].split(">")[0]
    body = {"reason": "On holiday."} | ({"reopen": "on"} if ticked else {})
    told = client.post(path, body, follow=True).content.decode()
    assert "Declined: Gina Guest is told by mail" in told
    assert "The request was declined" in told
    assert "On holiday." in told
    assert "Request of Gina Guest declined" in told
    assert OneTimeLink.objects.get().spent == spent
    assert "had ended before" in read(client, path)
    assert client.post(f"/app/bookings/{booking.public_id}/confirm/").status_code == 409


def test_a_reason_that_is_too_long_is_told_beside_it(alice: Person) -> None:
    booking = asked(alice)
    answer = signed_in(alice).post(f"/app/bookings/{booking.public_id}/decline/", {"reason": "x" * 501})
    assert answer.status_code == 422
    booking.refresh_from_db()
    assert booking.status == "new"


def test_an_overdue_request_has_no_buttons(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    booking = asked(alice)
    later(monkeypatch, days=1)
    client = signed_in(alice)
    page = read(client, page_of(booking))
    assert "Nobody answered in time" in page
    assert "/confirm/" not in page
    assert client.post(f"/app/bookings/{booking.public_id}/confirm/").status_code == 409


def test_parties_of_a_class_wait_on_their_own_pages(alice: Person) -> None:
    calendar = make_class(alice, needs_approval=True)
    booking = Booking.objects.select_related("appointment").get(public_id=book_into(calendar).public_id)
    client = signed_in(alice)
    assert "1 waits for your answer" in read(client, APPOINTMENTS, tab="waiting")
    page = read(client, f"/app/bookings/{booking.public_id}/")
    assert f"/app/bookings/{booking.public_id}/confirm/" in page
    told = client.post(f"/app/bookings/{booking.public_id}/confirm/", follow=True).content.decode()
    assert "Confirmed: Gina Guest is told by mail" in told


def test_hosts_note_who_came_and_take_it_back(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    made = book_through(make_link(alice))
    booking = Booking.objects.select_related("appointment").get(public_id=made.public_id)
    client, path = signed_in(alice), f"/app/bookings/{made.public_id}/mark/"
    assert "/mark/" not in read(client, page_of(booking)), "not before it begins"
    later(monkeypatch, days=7, minutes=1)
    assert "Did Gina Guest come?" in read(client, page_of(booking))
    for status, said in (
        ("showed", "Noted: Gina Guest came"),
        ("no_show", "Noted: Gina Guest did not come"),
        ("confirmed", "is taken back"),
    ):
        assert said in client.post(path, {"status": status}, follow=True).content.decode()
        booking.refresh_from_db()
        assert booking.status == status
    assert client.post(path, {"status": "nonsense"}).status_code == 302
    page = read(client, page_of(booking))
    for line in ("Gina Guest came", "Gina Guest did not come", "Note about Gina Guest taken back"):
        assert line in page


def test_a_no_show_gets_a_new_link_with_one_click(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    made = book_through(make_link(alice, label="Autumn fair"))
    booking = Booking.objects.select_related("appointment").get(public_id=made.public_id)
    client = signed_in(alice)
    assert "Send a new one-time link" not in read(client, page_of(booking))
    later(monkeypatch, days=7, hours=1)
    client.post(f"/app/bookings/{made.public_id}/mark/", {"status": "no_show"})
    page = read(client, page_of(booking))
    assert "Send a new one-time link" in page
    nonce = page.split('name="nonce" value="')[1].split('"')[0]
    path = f"/app/bookings/{made.public_id}/new-link/"
    told = client.post(path, {"nonce": nonce}, follow=True).content.decode()
    assert "Gina Guest gets a new link by mail, at gina@example.org." in told
    assert "/o/" in told
    client.post(path, {"nonce": nonce})  # a double click
    child = OneTimeLink.objects.get(parent__isnull=False)
    assert child.label == "Autumn fair"
    assert "New link sent to Gina Guest" in told
    assert read(client, f"/app/links/{child.public_id}/")


def test_no_new_link_is_offered_while_the_old_one_works_again(alice: Person) -> None:
    booking = asked(alice)
    client = signed_in(alice)
    client.post(f"/app/bookings/{booking.public_id}/decline/", {"reopen": "on"})
    assert "Send a new one-time link" not in read(client, page_of(booking))


def test_cancelled_appointments_offer_a_new_link_too(alice: Person) -> None:
    made = book_through(make_link(alice))
    booking = Booking.objects.select_related("appointment").get(public_id=made.public_id)
    client = signed_in(alice)
    client.post(f"{page_of(booking)}cancel/", {})
    assert "Send a new one-time link" in read(client, page_of(booking))
    Calendar.objects.update(deleted_at=NOW)
    assert "Send a new one-time link" not in read(client, page_of(booking))
    assert client.post(f"/app/bookings/{made.public_id}/new-link/").status_code == 410


@pytest.mark.parametrize("act", ["confirm", "decline", "mark", "new-link"])
def test_charlie_may_not(alice: Person, charlie: Person, act: str) -> None:
    booking = asked(alice)
    assert signed_in(charlie).post(f"/app/bookings/{booking.public_id}/{act}/").status_code == 404
    booking.refresh_from_db()
    assert booking.status == "new"


def test_the_calendars_page_sets_approval_and_time_to_answer(alice: Person) -> None:
    client, path = signed_in(alice), f"/app/calendars/{alice.calendar.public_id}/"
    page = read(client, path)
    assert "A host confirms each booking" in page
    assert 'value="1"' in page.split('name="answer_number"')[1].split(">")[0]
    sent = settings(alice, needs_approval="on", answer_number="36", answer_unit="hours")
    assert client.post(path, sent).status_code == 302
    alice.calendar.refresh_from_db()
    assert (alice.calendar.needs_approval, alice.calendar.answer_within) == (True, 36 * 60)
    for wrong in ("0", "-3", "soon", "9999"):
        answer = client.post(path, sent | {"answer_number": wrong, "answer_unit": "weeks"})
        assert answer.status_code == 422
        assert "Enter a whole number, at most a year." in answer.content.decode()
    client.post(path, settings(alice))
    alice.calendar.refresh_from_db()
    assert (alice.calendar.needs_approval, alice.calendar.answer_within) == (False, 36 * 60)
