"""In each language a guest chooses, is told what is missing, and books, without scripts."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.utils.translation import gettext

from bookonce.booking_page.wording import booked_place, places_words
from bookonce.lib.date_words import clock_words, day_words, month_words, short_weekdays
from bookonce.lib.languages import LANGUAGES, is_right_to_left, speaking
from bookonce.lib.time_words import duration_words
from bookonce.scheduling.consent import set_consent_text
from bookonce.scheduling.models import Booking, Question
from tests.cast import MONDAY_NINE, NOW, Person, make_link
from tests.mailbox import html, mails, to
from tests.pages.every_question import ANSWERS, GIVEN, ask
from tests.pages.guest_pages import at_now, read, send  # noqa: F401 - a fixture

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
MONDAY = date(2026, 11, 30)
BEN = "ben@example.org"


def words(html: str) -> str:
    """The text of a page, its white space as one."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", html)))


def called() -> str:
    """What the page of a booking by phone says."""
    place = booked_place("phone", "", "+49 30 1")
    assert place
    return place.words


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_guest_books_in_their_language(alice: Person, language: str) -> None:
    """From the month to the mail, with a question of every kind, a further guest and a text to agree to."""
    ask(alice, *Question.Kind.values, required=True)
    set_consent_text(alice.calendar, "You may call me.", now=NOW)
    path, client = f"/o/{make_link(alice).token}", Client(headers={"Accept-Language": language})
    month = words(client.get(f"{path}?day={MONDAY}").content.decode())
    assert month_words(MONDAY, language).lower() in month.lower()
    assert day_words(MONDAY, language).lower() in month.lower()
    assert all(day in month for day in short_weekdays(language))
    assert clock_words(9 * 60, language) in month
    form = _form(client, path, language) | {"email": "gina@example.org", **ANSWERS}
    with speaking(language):
        missing, untold = gettext("Fill this in."), gettext("Tick this to go on.")
        told = gettext("What you told us")
    refused = send(f"{path}/book", client, form)
    assert refused.status_code == 422
    assert missing in words(refused.content.decode())
    assert untold in words(refused.content.decode())
    given = {"name": "Gina", "notes": "x", "consent": "on", "guest_name": "Ben", "guest_email": BEN}
    answer = send(f"{path}/book", client, form | given)
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).content.decode()
    assert f'lang="{language}" dir="{"rtl" if is_right_to_left(language) else "ltr"}"' in page
    assert told in words(page)
    booking = Booking.objects.get()
    assert booking.language == language
    assert {f"the-{kind}" for kind in GIVEN} | {"notes"} == {kept.key for kept in booking.answers.all()}
    assert booking.consent.text.text == "You may call me."
    found = mails()
    for address in ("gina@example.org", BEN):
        assert f'<html lang="{language}"' in html(to(address, found))


def _form(client: Client, path: str, language: str) -> dict[str, str]:
    """The fields of the details step, in which every question stands."""
    answer = client.get(path, {"start": MONDAY_NINE, "timezone": "Europe/Berlin"})
    assert answer.headers["Content-Language"] == language
    page = read(answer)
    assert all(f"The {kind}?" in page.words for kind in GIVEN)
    return page.fields


def test_a_phone_number_is_read_from_left_to_right_in_every_language() -> None:
    with speaking("he"):
        assert "\u2066+49\u00a030\u00a01\u2069" in called()
    with speaking("de"):
        assert "unter +49 30 1 angerufen" in called()


def test_numbers_take_the_forms_of_the_language() -> None:
    with speaking("pl"):
        assert [places_words(count) for count in (1, 2, 5, 22)] == [
            *("1 miejsce", "2 miejsca", "5 miejsc", "22 miejsca"),
        ]
        assert duration_words(90) == "1 godzina 30 minut"
    with speaking("de"):
        assert [places_words(count) for count in (1, 2)] == ["1 Platz", "2 Plätze"]
    assert [places_words(count) for count in (1, 2)] == ["1 place", "2 places"]
