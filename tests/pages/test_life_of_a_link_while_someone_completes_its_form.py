"""A time that is kept while its guest completes the form: not there for others, and the link is held."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bookonce.scheduling.models import Calendar, Hold, OneTimeLink
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person
from tests.mailbox import mails
from tests.pages.by_mail import GINA, addressed, booked, by_program, cancel_as_host, listed, path_of
from tests.pages.guest_pages import MONDAY, Page, at_now, read, send, stop_clock  # noqa: F401 - a fixture

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
MINUTES = 10
GINAS = {"name": "Gina Guest", "email": GINA}
OTTO = {"name": "Otto", "email": "otto@example.org"}


@pytest.fixture
def path(alice: Person) -> str:
    """A link from the guest's mail, to a calendar that keeps times: its host cancelled, and it reopened."""
    Calendar.objects.update(hold_minutes=MINUTES)
    booked(path_of(alice))
    cancel_as_host(alice, reopen="on")
    return addressed("o", mails())


def choose(path: str, client: Client, start: str = MONDAY_NINE) -> Any:
    """Press Continue beside this time."""
    return send(f"{path}/hold", client, {"start": start, "timezone": "Europe/Berlin", "duration": "30"})


def form(path: str, client: Client) -> Page:
    """The form of the time that is kept now."""
    answer = choose(path, client)
    assert answer.status_code == 303
    page = read(client.get(answer["Location"]))
    assert "Kept for you until 09:10" in page.words
    return page


def test_life_of_a_link_completing_its_form_keeps_the_time_and_books_it(path: str) -> None:
    client = Client()
    page = form(path, client)
    assert OneTimeLink.objects.get().spent == 0, "keeping a time uses nothing"
    assert send(f"{path}/book", client, page.fields | GINAS).status_code == 303
    assert read(Client().get(addressed("m", mails()))).words.count("You are booked") == 1
    assert not Hold.objects.exists()
    assert by_program(path) == (410, "link_used")


def test_life_of_a_link_completing_its_form_others_are_not_offered_the_time(alice: Person, path: str) -> None:
    other, visitor = path_of(alice), Client()
    form(path, Client())
    assert MONDAY_NINE not in listed(other)
    assert MONDAY_NINE not in visitor.get(other, {"day": MONDAY}).content.decode()
    assert choose(other, visitor).status_code == 409
    assert by_program(other, MONDAY_NINE, **OTTO) == (409, "slot_taken")
    assert by_program(other, MONDAY_TEN, **OTTO) == (201, ""), "all else is theirs"


def test_life_of_a_link_completing_its_form_it_is_held_for_who_else_opens_it(path: str) -> None:
    form(path, Client())
    stranger = Client()
    week = f"{path}/slots?from={MONDAY}&to={MONDAY}"
    body = GINAS | {"start": MONDAY_TEN}
    answers = {
        "page": stranger.get(path),
        "slots": stranger.get(week),
        "hold": choose(path, stranger, MONDAY_TEN),
        "book": stranger.post(f"{path}/book", body, content_type="application/json"),
        "form": send(f"{path}/book", stranger, body),
    }
    for way, answer in answers.items():
        assert (answer.status_code, answer["Retry-After"]) == (409, "60"), way
    assert {answers[way].json()["code"] for way in ("slots", "book")} == {"link_held"}
    assert "Someone is booking through this link right now" in read(answers["page"]).words
    assert "Gina" not in read(answers["page"]).words


def test_life_of_a_link_completing_its_form_it_is_free_again_when_the_hold_has_run_out(
    alice: Person, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, client = path_of(alice), Client()
    late = form(path, client).fields | GINAS
    stop_clock(monkeypatch, NOW + timedelta(minutes=MINUTES, seconds=-1))
    assert Client().get(path).status_code == 409
    assert MONDAY_NINE not in listed(other)
    stop_clock(monkeypatch, NOW + timedelta(minutes=MINUTES))
    assert Client().get(path).status_code == 200
    assert MONDAY_NINE in listed(path)
    assert by_program(other, MONDAY_NINE, **OTTO) == (201, "")
    answer = send(f"{path}/book", client, late)
    assert answer.status_code == 409
    assert read(answer).fields["name"] == "Gina Guest", "what was typed is kept"
    assert OneTimeLink.objects.filter(spent=0).count() == 1, "and so is the link"
