"""A guest's mails speak the language in which they booked or asked; members' mails are English."""

from __future__ import annotations

import icalendar
import pytest
from django.test import Client

from bookonce.lib.languages import current
from bookonce.messages.proposal import message_for
from bookonce.scheduling.cancel import cancel
from bookonce.scheduling.events import Actor
from bookonce.scheduling.models import Booking, Calendar, LinkRequest
from bookonce.scheduling.offer import Door
from bookonce.scheduling.request_link import answer_request
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, book_through, guest, make_link
from tests.mailbox import html, mails, part, text, to
from tests.pages.guest_pages import at_now, details, send  # noqa: F401 - a fixture

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
GINA, ALICE = "gina@example.org", "alice@example.com"


def book_in(path: str, language: str, **more: str) -> None:
    """Through the pages, with the language chosen there."""
    client = Client()
    form = details(path, client, lang=language).fields | {"name": "Gina", "email": GINA} | more
    assert send(f"{path}/book", client, form).status_code == 303


def test_the_confirmation_is_in_the_guests_language_and_the_hosts_mail_in_english(alice: Person) -> None:
    book_in(f"/o/{make_link(alice).token}", "de")
    assert Booking.objects.get().language == "de"
    found = mails()
    mail = to(GINA, found)
    assert mail["Subject"] == "Bestätigt: Alice's meeting mit Alice, Mo., 30. Nov. 2026, 09:00"
    assert "Ihr Termin mit Alice ist gebucht: Montag, 30. November 2026, 09:00" in text(mail)
    assert '<html lang="de" dir="ltr">' in html(mail)
    raw = part(mail, "text/calendar").get_payload(decode=True)
    [event] = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    assert event["SUMMARY"] == "Alice's meeting mit Alice"
    assert "Verschieben oder absagen:" in str(event["DESCRIPTION"])
    host = to(ALICE, found)
    assert "booked Alice's meeting, Mon 30 Nov 2026, 09:00" in host["Subject"]
    assert '<html lang="en" dir="ltr">' in html(host)
    assert current() == "en"


def test_later_mails_and_those_of_the_guests_guests_keep_to_it(alice: Person) -> None:
    book_in(f"/o/{make_link(alice).token}", "fr", guests="friend@example.org")
    found = mails()
    assert "Invitation : Alice's meeting avec Alice" in to("friend@example.org", found)["Subject"]
    cancel(Booking.objects.get().pk, by=Actor("page", alice.member.pk), now=NOW)
    found = mails()
    assert to(GINA, found)["Subject"].startswith("Annulé : Alice's meeting avec Alice")
    assert to("friend@example.org", found)["Subject"].startswith("Annulé")


def test_programs_say_the_language_by_query_or_header_else_it_is_the_calendars(alice: Person) -> None:
    Calendar.objects.update(language="ja")
    for start, query, headers, language in (
        (MONDAY_NINE, "?lang=de", {"Accept-Language": "fr"}, "de"),
        (MONDAY_TEN, "", {"Accept-Language": "fr"}, "fr"),
        ("2026-11-30T11:00:00+01:00", "", {}, "ja"),
    ):
        path = f"/o/{make_link(alice).token}/book{query}"
        answer = Client().post(path, guest(start), content_type="application/json", headers=headers)
        assert answer.status_code == 201
        assert Booking.objects.get(public_id=answer.json()["id"]).language == language


def test_without_any_known_language_the_calendars_is_taken_and_then_english(alice: Person) -> None:
    book_through(make_link(alice))
    assert to(GINA, mails())["Subject"].startswith("Confirmed:")
    Calendar.objects.update(language="de")
    Booking.objects.update(language="")
    cancel(Booking.objects.get().pk, by=Actor("page", alice.member.pk), now=NOW)
    assert to(GINA, mails())["Subject"].startswith("Abgesagt:")


def test_whoever_asks_for_a_new_link_gets_it_in_the_language_they_asked_in(alice: Person) -> None:
    issued = make_link(alice)
    book_through(issued)
    mails()
    form = {"name": "Gina", "email": GINA}
    answer = send(f"/o/{issued.token}/ask?lang=fr", Client(), form)
    assert answer.headers["Location"].endswith("asked=sent&lang=fr")
    asked = LinkRequest.objects.get()
    assert asked.language == "fr"
    assert to(ALICE, mails())["Subject"].startswith("Gina ")
    answer_request(asked.pk, by=alice.actor, now=NOW)
    assert to(GINA, mails())["Subject"] == "Votre nouveau lien vers Alice's meeting avec Alice"


def test_the_code_of_a_locked_link_comes_in_the_language_of_its_page(alice: Person) -> None:
    issued = make_link(alice, recipient_email=GINA, email_lock="code")
    send(f"/o/{issued.token}/code?lang=de", Client(), {"start": MONDAY_NINE})
    mail = to(GINA, mails())
    assert mail["Subject"] == "Ihr Code für Alice's meeting mit Alice"
    assert "Ihr Code ist" in html(mail)


def test_a_message_to_hand_out_is_in_the_calendars_language(alice: Person) -> None:
    Calendar.objects.update(language="de")
    token = make_link(alice).token
    assert token
    message = message_for(Door.link(token), "https://book.example/o/x", {"times": 3}, now=NOW)
    assert message.subject == "Alice's meeting mit Alice"
    assert "Welche dieser Zeiten passt Ihnen?" in message.text
    assert "Montag, 23. November, " in message.text
    assert current() == "en"
