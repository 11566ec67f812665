"""A link behind which nothing is free: from the page that says so to the new link in the guest's mail."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from bookonce.booking_page import empty_pages
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.models import Calendar, OneTimeLink
from tests.cast import MONDAY_NINE, NOW, Person
from tests.mailbox import mails, text, to
from tests.pages.by_mail import GINA, addressed, booked, by_program, cancel_as_host, listed, path_of
from tests.pages.guest_pages import Page, at_now, details, read, send  # noqa: F401 - a fixture
from tests.pages.owner import signed_in

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
ALICE, MONDAY = "alice@example.com", date(2026, 11, 30)
TUESDAY_NINE = "2026-12-01T09:00:00+01:00"
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36"}
OPTIONS: dict[str, Any] = {
    "label": "Spring",
    "recipient_name": "Gina Guest",
    "recipient_email": GINA,
    "recipient_phone": "+4930123456",
    "first_day": MONDAY,
    "last_day": MONDAY,
    "expires_at": NOW + timedelta(days=30),
    "contact_text": "Call the front desk.",
    "guests_may_reschedule": False,
    "most_reschedules": 2,
    "cancel_cutoff": 60,
    "reopens_on_cancel": True,
    "location_kind": "place",
    "location": "Room 7",
    "metadata": {"city": "Ulm"},
}


@pytest.fixture
def path(alice: Person) -> str:
    """Of a link for a day on which one appointment fits; somebody else has it."""
    empty_pages.take()
    Calendar.objects.update(durations="480", interval=480)
    path = path_of(alice, **OPTIONS)
    other = {"name": "Otto", "email": "otto@example.org"}
    assert by_program(path_of(alice), MONDAY_NINE, **other) == (201, "")
    mails()
    return path


def visit(path: str) -> Page:
    """Open it in a visitor's browser."""
    answer = Client(headers=BROWSER).get(path)
    assert answer.status_code == 200
    return read(answer)


def told() -> list[Any]:
    """The mails of what was noted outside the requests."""
    empty_pages.flush()
    return mails()


def ask(path: str) -> str:
    """Ask on the page; the page of the request, from the mail that the owner got."""
    asking = {"name": "Gina Guest", "email": GINA, "message": "Any Monday"}
    assert f"{path}/ask" in visit(path).actions
    assert send(f"{path}/ask", Client(headers=BROWSER), asking).status_code == 303
    mail = text(to(ALICE, mails()))
    assert "Any Monday" in mail
    [address] = set(re.findall(r"http\S+(/app/requests/\w+/)", mail))
    return str(address)


def answer(person: Person, page: str) -> str:
    """The one click on the page that the mail leads to; the new link, from the mail that the guest got."""
    client = signed_in(person)
    [click] = [action for action in read(client.get(page)).actions if action.endswith("/answer/")]
    assert client.post(click).status_code == 302
    return addressed("o", mails())


def test_life_of_a_link_no_slots_left_says_so_and_offers_the_request(path: str) -> None:
    page = visit(path)
    assert "No free times left" in page.words
    assert "Ask for a new link" in page.words
    assert listed(path) == []
    assert OneTimeLink.objects.get(label="Spring").spent == 0


def test_life_of_a_link_no_slots_left_its_owner_is_told_once(alice: Person, path: str) -> None:
    visit(path)
    mail = to(ALICE, told())
    assert "The link for Gina Guest has no free time left." in text(mail)
    [history] = set(re.findall(r"http\S+(/app/links/\w+/)", text(mail)))
    assert "A guest found no free time" in read(signed_in(alice).get(history)).words
    visit(path)
    assert told() == [], "the second visitor is no news"


def test_life_of_a_link_no_slots_left_the_request_is_answered_and_the_new_link_books(
    alice: Person, path: str
) -> None:
    request = ask(path)
    cancel_as_host(alice)  # Otto's time is free again
    mails()
    child = answer(alice, request)
    assert child != path
    booked(child)
    assert by_program(child, MONDAY_NINE) == (410, "link_used")
    assert signed_in(alice).post(f"{request}answer/").status_code == 409, "one request, one link"


def test_life_of_a_link_no_slots_left_the_new_link_keeps_options_and_recipient(
    alice: Person, path: str
) -> None:
    request = ask(path)
    cancel_as_host(alice)
    mails()
    child = answer(alice, request)
    assert listed(child) == [MONDAY_NINE]
    assert by_program(child, TUESDAY_NINE) == (409, "slot_taken"), "the window is kept"
    form = details(child, Client())
    assert (form.fields["name"], form.fields["email"]) == ("Gina Guest", GINA)
    assert "Room 7" in form.words
    new = OneTimeLink.objects.select_related("parent").get(parent__isnull=False)
    old = OneTimeLink.objects.get(label="Spring", parent=None)
    assert new.parent == old
    kept = {option.name for option in fields(LinkOptions)} - {"parent_id"}
    assert {name: getattr(new, name) for name in kept} == {name: getattr(old, name) for name in kept}
    booked(child)
