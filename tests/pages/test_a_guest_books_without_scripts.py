"""The page, the details, the confirmation: plain links and forms do it all."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from bookonce.configuration import MailServer
from bookonce.scheduling.models import Booking, Calendar, OneTimeLink
from tests.api.statements import statements, writes
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, book_through, guest, make_link
from tests.pages.guest_pages import at_now, book_page, details, read, send, stop_clock  # noqa: F401 - a fixture

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]


def test_the_first_free_day_is_chosen_and_its_times_are_there(alice: Person) -> None:
    for path in (f"/o/{make_link(alice).token}", f"/c/{alice.calendar.permanent_id}/", "/atelier/alice-30"):
        page = read(Client().get(path))
        assert "Alice's meeting" in page.words
        assert "Monday, 23 November" in page.words
        assert page.html.count('type="radio"') == 16
        assert "2026-11-23T09:00:00+01:00" in page.html
        assert 'aria-current="true"' in page.html


def test_days_and_months_are_links(alice: Person) -> None:
    path = f"/o/{make_link(alice).token}"
    page = read(Client().get(path))
    later = next(link for link in page.links if link.endswith("month=2026-12"))
    december = read(Client().get(later))
    assert "December 2026" in december.words
    assert "Tuesday, 1 December" in december.words
    second = next(link for link in december.links if "day=2026-12-02" in link)
    assert "Wednesday, 2 December" in read(Client().get(second.partition("#")[0])).words
    assert any(link.endswith("month=2026-11") for link in december.links)


def test_an_empty_month_leads_to_the_next_free_day(alice: Person) -> None:
    issued = make_link(alice, first_day=NOW.date().replace(year=2027, month=2, day=3))
    path = f"/o/{issued.token}"
    assert "Wednesday, 3 February" in read(Client().get(path)).words
    page = read(Client().get(f"{path}?month=2026-12"))
    assert "December 2026 has no free times" in page.words
    assert any("day=2027-02-03" in link for link in page.links)


def test_without_any_free_time_a_new_link_can_be_asked_for(alice: Person) -> None:
    page = read(Client().get(f"/o/{make_link(alice, last_day=NOW.date() - timedelta(days=1)).token}"))
    assert "no free times left" in page.words
    assert "Ask for a new link" in page.words
    Calendar.objects.update(horizon_days=0)
    alone = read(Client().get("/atelier/alice-30?month=2027-01"))
    assert "Contact Alice" in alone.words
    assert "Ask for a new link" not in alone.words


def test_the_zone_moves_times_and_days(alice: Person) -> None:
    page = read(Client().get("/atelier/alice-30?timezone=Pacific/Auckland&month=2026-12"))
    assert "2026-12-01T00:00:00+13:00" in page.html
    assert page.fields["timezone"] == "Pacific/Auckland"


def test_lengths_can_be_chosen(alice: Person) -> None:
    Calendar.objects.update(durations=(30, 90))
    page = read(Client().get("/atelier/alice-30?duration=90"))
    assert "1 hour 30 minutes" in page.words
    assert "T15:30:00" in page.html
    assert "T16:00:00" not in page.html


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("timezone=Mars", "This is not a time zone"),
        ("month=soon", "Enter a month"),
        ("month=2026-99", "Enter a month"),
        ("day=2026-02-31", "Enter a date"),
        ("duration=7", "This length can't be chosen here"),
        ("start=now", "time in this address can't be read"),
        ("start=%00", "time in this address can't be read"),
    ],
)
def test_a_mistyped_address_says_what_is_wrong(alice: Person, query: str, sentence: str) -> None:
    response = Client().get(f"/atelier/alice-30?{query}")
    assert response.status_code == 200
    assert sentence in read(response).words


@pytest.mark.parametrize(
    "query",
    ["month=0001-01", "month=9999-12", "day=9999-12-31", "day=0001-01-01", "start=2199-12-31T23:59:00Z"],
)
def test_far_away_days_are_no_trouble(alice: Person, query: str) -> None:
    assert Client().get(f"/atelier/alice-30?{query}").status_code == 200


def test_booking_leads_to_the_confirmation(alice: Person) -> None:
    path, client = f"/o/{make_link(alice).token}", Client()
    form = details(path, client)
    assert "Monday, 30 November 2026" in form.words
    assert "Change" in form.words
    answer = book_page(path, client, notes="It is about the roof.", guests="a@example.org, b@example.org")
    assert answer.status_code == 303
    assert re.fullmatch(r"/m/[a-z2-7]{32}\?booked=1", answer["Location"])
    page = read(client.get(answer["Location"]))
    assert "You are booked with Alice on Monday, 30 November at 09:00 your time" in page.words
    assert "on its way" not in page.words, "without a mail server it stays in the outbox"
    assert "Keep the address of this page" in page.words
    assert any(link.endswith("/appointment.ics") for link in page.links)
    assert any(
        "calendar.google.com" in link and "20261130T080000Z%2F20261130T083000Z" in link for link in page.links
    )
    assert any("outlook.live.com" in link for link in page.links)
    booking = Booking.objects.get()
    assert booking.answers.get().value == "It is about the roof."
    assert booking.guest_addresses == ["a@example.org", "b@example.org"]


def test_the_confirmation_promises_a_mail_when_one_is_sent(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = MailServer("mx.example.org", 587, "", "", tls=False, starttls=True)
    monkeypatch.setattr(settings, "BOOKONCE", replace(settings.BOOKONCE, mail=server))
    path, client = f"/o/{make_link(alice).token}", Client()
    details(path, client)
    page = read(client.get(book_page(path, client)["Location"]))
    assert "A confirmation is on its way to gina@example.org" in page.words
    assert "Keep the address of this page" not in page.words


def test_what_the_link_knows_is_text_and_one_click_books(alice: Person) -> None:
    issued = make_link(alice, recipient_name="Sam Okafor", recipient_email="sam@example.org")
    path, client = f"/o/{issued.token}", Client()
    form = details(path, client)
    assert form.html.count('class="known"') == 2
    assert send(f"{path}/book", client, form.fields).status_code == 303
    assert Booking.objects.get().email == "sam@example.org"


def test_phone_and_place_are_asked_for_when_needed(alice: Person) -> None:
    path, client = "/atelier/alice-30", Client()
    for kind, name, value in (("phone", "phone", "+49 30 1234"), ("ask", "location", "At the mill")):
        Calendar.objects.update(location_kind=kind)
        start = MONDAY_NINE if kind == "phone" else MONDAY_TEN
        assert name in details(path, client, start).fields
        missing = book_page(path, client, start)
        assert missing.status_code == 422
        assert "Fill this in" in read(missing).words
        booked = book_page(path, client, start, **{name: value})
        assert value in read(client.get(booked["Location"])).words


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "N" * 121),
        ("name", "\x00"),
        ("email", "gina"),
        ("guests", "nobody"),
        ("notes", "n" * 5001),
        ("start", ""),
        ("start", "soon"),
        ("duration", "7"),
        ("timezone", "Mars"),
        ("key", "k" * 256),
    ],
)
def test_mistakes_keep_the_answers(alice: Person, field: str, value: str) -> None:
    issued, client = make_link(alice), Client()
    answer = book_page(f"/o/{issued.token}", client, **({"name": "Gina Kept"} | {field: value}))
    assert answer.status_code == 422
    page = read(answer)
    assert "thing to mend" in page.words
    assert field == "name" or page.fields["name"] == "Gina Kept"
    assert not Booking.objects.exists()
    assert OneTimeLink.objects.get(pk=issued.link.pk).spent == 0
    assert f"/o/{issued.token}/book" in page.actions


def test_a_slot_taken_meanwhile_keeps_answers_and_offers_others(alice: Person) -> None:
    issued, client = make_link(alice), Client()
    path = f"/o/{issued.token}"
    form = details(path, client).fields | {"name": "Gina Kept", "email": "gina@example.org"}
    book_through(make_link(alice))
    answer = send(f"{path}/book", client, form)
    assert answer.status_code == 409
    page = read(answer)
    assert "Someone has just booked this time" in page.words
    assert page.fields["name"] == "Gina Kept"
    assert MONDAY_NINE not in page.html
    assert MONDAY_TEN in page.html
    assert OneTimeLink.objects.get(pk=issued.link.pk).spent == 0
    assert send(f"{path}/book", client, page.fields | {"start": MONDAY_TEN}).status_code == 303


def test_a_time_taken_before_the_details_is_said_on_the_month(alice: Person) -> None:
    book_through(make_link(alice))
    page = read(Client().get(f"/atelier/alice-30?start={MONDAY_NINE}"))
    assert "no longer free" in page.words
    assert "Monday, 30 November" in page.words


def test_a_second_click_shows_the_same_confirmation(alice: Person) -> None:
    path, client = f"/o/{make_link(alice).token}", Client()
    form = details(path, client).fields | {"name": "Gina Guest", "email": "gina@example.org"}
    first, second = send(f"{path}/book", client, form), send(f"{path}/book", client, form)
    assert first["Location"] == second["Location"]
    changed = send(f"{path}/book", client, form | {"start": MONDAY_TEN})
    assert changed.status_code == 303
    assert first["Location"].startswith(changed["Location"])
    assert Booking.objects.count() == 1


def test_a_guessed_key_of_a_program_leads_to_nobodys_booking(alice: Person) -> None:
    path = f"/c/{alice.calendar.permanent_id}"
    booked = Client().post(
        f"{path}/book", guest(), content_type="application/json", headers={"Idempotency-Key": "order-1"}
    )
    assert booked.status_code == 201
    form = guest(MONDAY_TEN, name="Eve", email="eve@example.org") | {"key": "order-1"}
    answer = send(f"{path}/book", Client(), form)
    assert answer.status_code == 303
    assert booked.json()["manage_url"].rpartition("/")[2] not in answer["Location"]


def test_a_form_opened_before_the_expiry_is_taken(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    path, client = f"/o/{make_link(alice, expires_at=NOW + timedelta(minutes=5)).token}", Client()
    form = details(path, client).fields | {"name": "", "email": "gina@example.org"}
    stop_clock(monkeypatch, NOW + timedelta(minutes=10))
    again = send(f"{path}/book", client, form)
    assert again.status_code == 422
    assert send(f"{path}/book", client, read(again).fields | {"name": "Gina"}).status_code == 303


def test_another_site_may_not_send_the_form(alice: Person) -> None:
    form = details("/atelier/alice-30", Client()).fields | {"name": "Gina", "email": "gina@example.org"}
    client = Client(headers={"Sec-Fetch-Site": "cross-site"})
    assert send("/atelier/alice-30/book", client, form).status_code == 403
    assert not Booking.objects.exists()


def test_a_preview_learns_title_and_owner_alone(alice: Person) -> None:
    Calendar.objects.update(description="Secret plans")
    html = Client().get(f"/o/{make_link(alice, recipient_name='Sam Okafor').token}").content.decode()
    assert re.findall(r"<meta (?:property|name)=\"([^\"]+)\"", html) == [
        "viewport",
        "color-scheme",
        "theme-color",
        "theme-color",
        "robots",
        "og:type",
        "og:site_name",
        "twitter:card",
        "og:title",
    ]
    assert 'content="Alice&#x27;s meeting with Alice"' in html
    assert "Sam Okafor" not in html


def test_looking_writes_nothing(alice: Person) -> None:
    issued = make_link(alice)
    path, client = f"/o/{issued.token}", Client()
    manage = book_page(f"/o/{make_link(alice).token}", client)["Location"]
    token = manage.partition("?")[0]
    days = "from=2026-12-01&to=2026-12-02"
    addresses = [path, f"{path}?start={MONDAY_TEN}", f"{path}/slots?{days}", manage]
    addresses += [f"{token}/{ending}" for ending in ("cancel", "reschedule", "appointment.ics")]
    with statements() as found:
        for address in addresses:
            assert client.get(address).status_code == 200
            assert client.head(address).status_code == 200
            assert Client(headers={"Sec-Purpose": "prefetch"}).get(address).status_code == 200
    assert found
    assert not writes(found)
    assert OneTimeLink.objects.get(pk=issued.link.pk).spent == 0


def test_only_the_declared_methods(alice: Person) -> None:
    path = f"/o/{make_link(alice).token}"
    for address, allowed in ((path, "GET, HEAD"), (f"{path}/book", "POST"), (f"{path}/ask", "POST")):
        for method in {"get", "post", "put", "delete", "patch"} - {
            word.lower() for word in allowed.split(", ")
        }:
            refused = getattr(Client(), method)(address)
            assert (refused.status_code, refused["Allow"]) == (405, allowed)
