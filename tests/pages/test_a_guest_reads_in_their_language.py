"""A guest reads in the language chosen, else the browser's, else the calendar's; owners read English."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from bookonce.lib.languages import LANGUAGES, current
from bookonce.scheduling.models import Calendar
from tests.cast import Person, book_through, make_link
from tests.pages.guest_pages import at_now, book_page, read, send  # noqa: F401 - a fixture

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
READABLE = "/atelier/alice-30"


def html_of(response: Any) -> str:
    """What `<html>` says of the language."""
    found = re.search(r"<html ([^>]*)>", response.content.decode())
    return found[1] if found else ""


def test_the_browser_is_asked_and_the_page_says_what_it_is_in(alice: Person) -> None:
    response = Client().get(READABLE, headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"})
    assert response.headers["Content-Language"] == "de"
    assert "Accept-Language" in response.headers["Vary"]
    assert html_of(response) == 'lang="de" dir="ltr"'
    arabic = Client().get(READABLE, headers={"Accept-Language": "ar"})
    assert html_of(arabic) == 'lang="ar" dir="rtl"'
    assert html_of(Client().get(READABLE)) == 'lang="en" dir="ltr"'


def test_the_calendars_language_is_for_those_who_ask_for_none_of_ours(alice: Person) -> None:
    Calendar.objects.update(language="fr")
    for path in (READABLE, f"/o/{make_link(alice).token}"):
        assert html_of(Client().get(path)) == 'lang="fr" dir="ltr"'
        assert Client().get(path, headers={"Accept-Language": "sv"}).headers["Content-Language"] == "fr"
        assert Client().get(path, headers={"Accept-Language": "en"}).headers["Content-Language"] == "en"
        assert html_of(Client().get(path, {"lang": "ja"}, headers={"Accept-Language": "en"})).startswith(
            'lang="ja"'
        )


def test_every_language_can_be_chosen_and_the_address_keeps_the_rest(alice: Person) -> None:
    page = read(Client().get(READABLE, {"timezone": "Asia/Tokyo", "name": "Gina", "lang": "de"}))
    picker = page.html.partition('<details class="languages">')[2].partition("</details>")[0]
    assert re.findall(r'<button type="submit" name="lang" value="([^"]+)"', picker) == list(LANGUAGES)
    assert all(own_name in picker for own_name in LANGUAGES.values())
    assert '<input type="hidden" name="timezone" value="Asia/Tokyo">' in picker
    assert '<input type="hidden" name="name" value="Gina">' in picker
    assert picker.count('name="lang"') == len(LANGUAGES)
    assert re.findall(r'value="([^"]+)" lang="[^"]+" aria-current="true"', picker) == ["de"]


def test_a_chosen_language_goes_along_to_every_step_and_to_the_booking(alice: Person) -> None:
    path, client = f"/o/{make_link(alice).token}", Client()
    page = read(client.get(path, {"lang": "de"}))
    onward = [link for link in page.links if "day=" in link or "month=" in link]
    assert onward
    assert all("lang=de" in link for link in onward)
    step = read(client.get(path, {"lang": "de", "start": "2026-11-30T09:00:00+01:00"}))
    assert (step.fields["lang"], step.fields["page_language"]) == ("de", "de")
    booked = send(f"{path}/book", client, step.fields | {"name": "Gina", "email": "gina@example.org"})
    assert booked.status_code == 303
    assert booked.headers["Location"].endswith("?booked=1&lang=de")
    manage = read(client.get(booked.headers["Location"]))
    ours = [link for link in manage.links if link.startswith("/m/")]
    assert ours
    assert all(link.endswith("?lang=de") for link in ours)


def test_what_answers_a_form_speaks_as_its_page_did(alice: Person) -> None:
    Calendar.objects.update(language="fr")
    refused = book_page(READABLE, Client(), email="no address")
    assert refused.status_code == 422
    assert html_of(refused) == 'lang="fr" dir="ltr"'
    # To ask again in another language would lose what was typed.
    assert '<details class="languages" data-after-keep hidden>' in refused.content.decode()
    booked = book_page(READABLE, Client())
    assert "lang=" not in booked.headers["Location"]  # nobody chose it


def test_dead_ends_and_unknown_addresses_speak_it_too(alice: Person) -> None:
    issued = make_link(alice)
    book_through(issued)
    for path, status in ((f"/o/{issued.token}", 410), ("/o/unknown", 404), ("/no/where", 404)):
        response = Client().get(path, {"lang": "he"})
        assert response.status_code == status
        assert html_of(response) == 'lang="he" dir="rtl"'
        assert response.headers["Content-Language"] == "he"
        assert 'class="languages"' in response.content.decode()


def test_the_page_of_a_booking_speaks_the_language_it_was_made_in(alice: Person) -> None:
    booked = book_through(make_link(alice))
    from bookonce.scheduling.models import Booking

    Booking.objects.update(language="de")
    path = f"/m/{booked.manage_token}"
    assert html_of(Client().get(path, headers={"Accept-Language": "en"})) == 'lang="de" dir="ltr"'
    assert html_of(Client().get(path, {"lang": "it"})) == 'lang="it" dir="ltr"'
    Booking.objects.update(language="")
    assert html_of(Client().get(path, headers={"Accept-Language": "nl"})) == 'lang="nl" dir="ltr"'


def test_an_owners_page_stays_english_whatever_the_browser_says(alice: Person) -> None:
    client = Client(headers={"Accept-Language": "de"})
    client.force_login(alice.user)
    for path in ("/app/calendars/", "/app/sign-in/", "/app/nothing/"):
        response = client.get(path, {"lang": "de"}, follow=True)
        assert html_of(response) == 'lang="en" dir="ltr"'
        assert 'class="languages"' not in response.content.decode()


def test_the_language_of_one_request_never_leaks_into_the_next(alice: Person) -> None:
    token, spoken = make_link(alice).token, []

    def one_thread(_number: int) -> None:
        for query, status in (({"lang": "ar"}, 200), ({"lang": "de", "start": "x"}, 200)):
            assert Client().get(f"/o/{token}", query).status_code == status
            spoken.append(current())
        assert Client().get("/o/unknown", {"lang": "tr"}).status_code == 404
        spoken.append(current())
        assert html_of(Client().get(READABLE)) == 'lang="en" dir="ltr"'
        assert html_of(Client().get("/app/sign-in/", follow=True)) == 'lang="en" dir="ltr"'
        connection.close()

    one_thread(0)
    with ThreadPoolExecutor(1) as thread:
        list(thread.map(one_thread, range(2)))
    assert set(spoken) == {"en"}
