"""The tab "Form" of a calendar: its questions, notes, further guests and the text to agree to."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from bookonce.scheduling.book import book
from bookonce.scheduling.consent import Origin, find_consent_text
from bookonce.scheduling.models import Appointment, BookingAnswer, Calendar, Question
from bookonce.scheduling.offer import Door
from bookonce.scheduling.questions import create_question, questions_of, set_calendar_questions
from tests.cast import NOW, Person, guest
from tests.pages.owner_pages import said_beside, set_up_already, signed_in, text

pytestmark = pytest.mark.django_db(transaction=True)
SETTINGS = {"asks_notes": "on", "further_guests": "details", "most_guests": "10", "consent_text": ""}


@pytest.fixture(autouse=True)
def _set_up(db: None) -> None:
    set_up_already()


def ask(person: Person, *labels: str) -> list[Question]:
    """Questions that the person's calendar asks."""
    made = [create_question(person.workspace, {"label": each, "kind": "short"}, now=NOW) for each in labels]
    set_calendar_questions(person.calendar, [(question, False) for question in made])
    return made


def form_of(person: Person) -> str:
    """The address of the tab."""
    return f"/app/calendars/{person.calendar.public_id}/form/"


def asked(person: Person) -> list[tuple[str, bool]]:
    """What the person's calendar asks."""
    return [(each.question.label, each.required) for each in questions_of(person.calendar)]


def post(client: Client, path: str, **sent: Any) -> Any:
    """Send the tab's form."""
    return client.post(path, SETTINGS | sent)


def test_the_tab_is_there_and_says_when_nothing_is_asked(alice: Person) -> None:
    client = signed_in(alice)
    assert form_of(alice) in text(client.get(f"/app/calendars/{alice.calendar.public_id}/"))
    page = text(client.get(form_of(alice)))
    assert "No questions yet" in page
    assert 'aria-current="page">Form' in page


def test_a_new_question_is_asked_last(alice: Person) -> None:
    ask(alice, "Company")
    client = signed_in(alice)
    sent = {"label": "Which tea?", "kind": "choice", "choices": "Green\r\n\r\nBlack", "help": "We brew it."}
    assert client.post(f"{form_of(alice)}new/", sent).status_code == 302
    assert asked(alice) == [("Company", False), ("Which tea?", False)]
    made = Question.objects.get(key="which-tea")
    assert [choice.text for choice in made.choices.all()] == ["Green", "Black"]
    needed = {"label": "Your phone", "kind": "phone", "required": "on"}
    assert client.post(f"{form_of(alice)}new/", needed).status_code == 302
    assert asked(alice)[2:] == [("Your phone", True)]
    refused = client.post(
        f"{form_of(alice)}new/", sent | {"label": "", "choices": "Green", "key": "which-tea"}
    )
    assert refused.status_code == 422
    page = text(refused)
    assert said_beside(page, "id_label") == "Fill this in."
    assert "2 to 50" in said_beside(page, "id_choices")
    assert Question.objects.count() == 3


def test_questions_are_moved_added_and_removed_before_they_are_saved(alice: Person) -> None:
    one, two = ask(alice, "One", "Two")
    three = create_question(alice.workspace, {"label": "Three", "kind": "date"}, now=NOW)
    client, path = signed_in(alice), form_of(alice)
    rows = {"question": [one.public_id, two.public_id], "required": [two.public_id]}
    moved = text(post(client, path, **rows, change="up-question-1"))
    assert moved.index("Two</a>") < moved.index("One</a>")
    added = text(post(client, path, **rows, change="add-question", **{"question-new": three.public_id}))
    assert added.index("Two</a>") < added.index("Three</a>")
    removed = text(post(client, path, **rows, change="remove-question-0"))
    assert "One</a>" not in removed
    assert f'value="{two.public_id}" checked' in removed
    assert asked(alice) == [("One", False), ("Two", False)], "nothing is saved yet"
    saved = {"question": [three.public_id, two.public_id], "required": [two.public_id]}
    assert post(client, path, **saved).status_code == 302
    assert asked(alice) == [("Three", False), ("Two", True)]


def test_notes_guests_and_consent_are_saved(alice: Person) -> None:
    client, path = signed_in(alice), form_of(alice)
    given = {"further_guests": "count", "most_guests": "3", "consent_text": "You may call me."}
    answer = client.post(path, given)
    assert answer.status_code == 302
    calendar = Calendar.objects.get(pk=alice.calendar.pk)
    assert (calendar.asks_notes, calendar.further_guests, calendar.most_guests) == (False, "count", 3)
    consent = find_consent_text(calendar)
    assert consent
    assert consent.text == "You may call me."
    assert "This is version 1." in text(client.get(path))
    odd = post(client, path, most_guests="0", consent_text="See www.example.org")
    assert odd.status_code == 422
    assert "1 to 20" in said_beside(text(odd), "id_most_guests")
    assert "without addresses" in said_beside(text(odd), "id_consent_text")
    assert "See www.example.org" in text(odd)


def test_a_question_is_changed_and_says_who_else_asks_it(alice: Person, bob: Person) -> None:
    (company,) = ask(alice, "Company")
    set_calendar_questions(bob.calendar, [(company, True)])
    client, path = signed_in(alice), f"{form_of(alice)}{company.public_id}/"
    assert "Another calendar asks this, too: Bob's meeting." in text(client.get(path))
    assert client.post(path, {"label": "Firm", "kind": "long", "help": ""}).status_code == 302
    assert asked(bob) == [("Firm", True)]
    book(Door.permanent(bob.calendar.permanent_id), guest(answers={"company": "Acme"}), now=NOW)
    refused = client.post(path, {"label": "Firm", "kind": "date"})
    assert refused.status_code == 422
    assert "have answered" in said_beside(text(refused), "id_kind")


def test_a_question_is_archived_and_comes_back(alice: Person) -> None:
    (company,) = ask(alice, "Company")
    client, path = signed_in(alice), f"{form_of(alice)}{company.public_id}/"
    assert client.post(f"{path}archive/").status_code == 302
    page = text(client.get(form_of(alice)))
    assert "Archived questions" in page
    assert asked(alice) == []
    assert client.post(f"{path}restore/").status_code == 302
    assert asked(alice) == [("Company", False)]


def test_the_page_of_a_booking_shows_answers_guests_and_consent(alice: Person) -> None:
    ask(alice, "Company")
    post(signed_in(alice), form_of(alice), consent_text="You may call me.", question=[])
    set_calendar_questions(alice.calendar, [(one, False) for one in Question.objects.all()])
    guests = [{"name": "Ben", "email": "ben@example.org"}]
    given: dict[str, Any] = {"answers": {"company": "<b>Acme</b>"}, "guests": guests}
    origin = Origin("/atelier/alice-30", "192.0.2.7")
    book(Door.permanent(alice.calendar.permanent_id), guest(consent=True, **given), now=NOW, origin=origin)
    answer = signed_in(alice).get(f"/app/appointments/{Appointment.objects.get().public_id}/")
    raw, page = answer.content.decode(), text(answer)
    assert "<dt>Company</dt><dd>&lt;b&gt;Acme&lt;/b&gt;" in raw
    for words in ("Ben <ben@example.org>", "You may call me.", "Version 1", "192.0.2.7", "/atelier/alice-30"):
        assert words in page


def test_a_date_is_read_as_people_write_it(alice: Person) -> None:
    raw = {"label": "Born on", "kind": "date", "key": "born-on"}
    set_calendar_questions(alice.calendar, [(create_question(alice.workspace, raw, now=NOW), False)])
    given = guest(answers={"born-on": "1990-12-24"})
    book(Door.permanent(alice.calendar.permanent_id), given, now=NOW)
    answer = signed_in(alice).get(f"/app/appointments/{Appointment.objects.get().public_id}/")
    assert "Monday, 24 December 1990" in text(answer)
    BookingAnswer.objects.update(value="soon")
    answer = signed_in(alice).get(f"/app/appointments/{Appointment.objects.get().public_id}/")
    assert "soon" in text(answer)


def test_charlie_sees_and_changes_nothing(alice: Person, charlie: Person) -> None:
    (company,) = ask(alice, "Company")
    client, path = signed_in(charlie), form_of(alice)
    own = form_of(charlie)
    for address in (path, f"{path}new/", f"{path}{company.public_id}/", f"{own}{company.public_id}/"):
        assert client.get(address).status_code == 404
        assert client.post(address, SETTINGS | {"label": "Mine", "kind": "short"}).status_code == 404
    for act in ("archive", "restore"):
        assert client.post(f"{own}{company.public_id}/{act}/").status_code == 404
    assert "Company" not in text(client.get(own))
    stolen = post(client, own, question=[company.public_id])
    assert stolen.status_code == 302
    assert asked(charlie) == []
    assert asked(alice) == [("Company", False)]
