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
from bookonce.scheduling.models import Booking
from tests.cast import MONDAY_NINE, Person, make_link
from tests.pages.guest_pages import at_now, read, send  # noqa: F401 - a fixture

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
MONDAY = date(2026, 11, 30)


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
    path, client = f"/o/{make_link(alice).token}", Client(headers={"Accept-Language": language})
    month = words(client.get(f"{path}?day={MONDAY}").content.decode())
    assert month_words(MONDAY, language).lower() in month.lower()
    assert day_words(MONDAY, language).lower() in month.lower()
    assert all(day in month for day in short_weekdays(language))
    assert clock_words(545 - 5, language) in month
    details = client.get(path, {"start": MONDAY_NINE, "timezone": "Europe/Berlin"})
    assert details.headers["Content-Language"] == language
    form = read(details).fields
    with speaking(language):
        missing, booked = gettext("Fill this in."), gettext("What you told us")
    refused = send(f"{path}/book", client, form | {"email": "gina@example.org"})
    assert refused.status_code == 422
    assert missing in words(refused.content.decode())
    answer = send(f"{path}/book", client, form | {"name": "Gina", "email": "gina@example.org", "notes": "x"})
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).content.decode()
    assert f'lang="{language}" dir="{"rtl" if is_right_to_left(language) else "ltr"}"' in page
    assert booked in words(page)
    assert Booking.objects.get().language == language


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
