"""How often a link was opened, people and programs apart."""

from __future__ import annotations

import threading

import pytest
from django.test import Client

from bookonce.booking_page import opens
from bookonce.scheduling.models import OneTimeLink
from tests.cast import NOW, Person, make_link
from tests.pages.guest_pages import at_now  # noqa: F401 - a fixture

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
PERSON = {
    "User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"
}


def test_people_and_programs(alice: Person) -> None:
    issued = make_link(alice)
    path = f"/o/{issued.token}"
    Client(headers=PERSON).get(path)
    Client(headers={"User-Agent": "Mozilla/5.0 (Linux; Android 14; CUBOT NOTE 50) Chrome/120 Mobile"}).get(
        path
    )
    Client(headers=PERSON | {"Sec-Fetch-Site": "same-origin"}).get(f"{path}?month=2026-12")
    Client(headers=PERSON).get(f"{path}?duration=30&month=2026-12")  # plain http says no same-origin
    Client(headers=PERSON).head(path)
    Client(headers=PERSON | {"Sec-Purpose": "prefetch;prerender"}).get(path)
    for agent in (
        "Slackbot-LinkExpanding 1.0",
        "WhatsApp/2.23",
        "facebookexternalhit/1.1",
        "curl/8.0",
        "",
        "Googlebot/2.1",
        "Viber/20",
        "Signal-Android/6",
        "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
    ):
        Client(headers={"User-Agent": agent}).get(path)
    assert OneTimeLink.objects.get(pk=issued.link.pk).opened == 0
    assert opens.flush() == 1
    link = OneTimeLink.objects.get(pk=issued.link.pk)
    assert (link.opened, link.opened_by_bots, link.last_opened_at) == (2, 11, NOW)
    assert opens.flush() == 0


def test_dead_links_are_counted_too_and_other_addresses_not(alice: Person) -> None:
    issued = make_link(alice)
    OneTimeLink.objects.update(revoked_at=NOW)
    Client(headers=PERSON).get(f"/o/{issued.token}")
    Client(headers=PERSON).get("/atelier/alice-30")
    assert {link: found.people for link, found in opens.take().items()} == {issued.link.pk: 1}


def test_many_threads_lose_nothing(alice: Person) -> None:
    request = Client(headers=PERSON).get(f"/o/{make_link(alice).token}").wsgi_request
    opens.take()

    def open_often() -> None:
        for _ in range(200):
            opens.count(7, request, now=NOW)

    threads = [threading.Thread(target=open_often) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opens.take()[7].people == 1600
