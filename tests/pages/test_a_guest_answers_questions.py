"""The guest's form with a calendar's own questions, further guests and consent; all without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from bookonce.scheduling.consent import set_consent_text
from bookonce.scheduling.models import Booking, Calendar, CalendarGroup, Consent, GroupCalendar, Question
from bookonce.scheduling.questions import create_question, set_calendar_questions
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, book_through, make_link
from tests.kinds import make_class
from tests.pages.every_question import ANSWERS, GIVEN, TEAS, ask
from tests.pages.guest_pages import at_now, book_page, details, read, send  # noqa: F401 - a fixture

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
PATH = "/atelier/alice-30"


def tag(html: str, name: str, value: str = "") -> str:
    """The control of this name (and value)."""
    pattern = rf'<(?:input|textarea|select)[^>]*name="{re.escape(name)}"[^>]*>'
    found = [one for one in re.findall(pattern, html) if not value or f'value="{value}"' in one]
    assert found, name
    return str(found[0])


def test_every_kind_has_its_control_and_is_booked(alice: Person) -> None:
    ask(alice, *Question.Kind.values, required=True)
    client = Client()
    page = details(PATH, client)
    for kind, control in (
        *(("short", 'type="text"'), ("long", "<textarea"), ("number", 'type="number"')),
        *(("email", 'type="email"'), ("phone", 'type="tel"'), ("choice", 'type="radio"')),
        *(("several", 'type="checkbox"'), ("checkbox", 'type="checkbox"'), ("date", 'type="date"')),
        ("url", 'type="url"'),
    ):
        assert control in tag(page.html, f"answers.the-{kind}")
        assert f"The {kind}?" in page.words
        assert f"Help of {kind}" in page.words
    assert "optional" not in page.words.partition("The short?")[2].partition("The url?")[0]
    form = page.fields | {"name": "Gina", "email": "gina@example.org"} | ANSWERS
    assert send(f"{PATH}/book", client, form).status_code == 303
    kept = {answer.key: answer.plain for answer in Booking.objects.get().answers.all()}
    assert kept == {f"the-{kind}": value for kind, value in GIVEN.items()} | {"the-checkbox": True}


def test_what_is_missing_or_odd_is_told_at_its_field_and_nothing_typed_is_lost(alice: Person) -> None:
    ask(alice, *Question.Kind.values, required=True)
    odd = ANSWERS | {"answers.the-number": "many", "answers.the-short": "", "answers.the-several": ["Mint"]}
    answer = book_page(PATH, Client(), **odd)
    page = read(answer)
    assert answer.status_code == 422
    assert {link for link in page.links if link.startswith("#id")} == {
        "#id_answers.the-number",
        "#id_answers.the-short",
    }
    assert "The number: Enter a number" in page.words
    assert 'aria-invalid="true"' in tag(page.html, "answers.the-number")
    assert 'value="many"' in tag(page.html, "answers.the-number")
    assert "One\nTwo</textarea>" in page.html
    assert "checked" in tag(page.html, "answers.the-choice", "Black")
    assert "checked" in tag(page.html, "answers.the-several", "Mint")
    assert "checked" not in tag(page.html, "answers.the-several", "Green")
    assert "checked" in tag(page.html, "answers.the-checkbox")
    assert 'value="2026-12-24"' in tag(page.html, "answers.the-date")


def test_a_group_of_controls_is_led_to_by_its_first_one(alice: Person) -> None:
    ask(alice, "choice", "several", required=True)
    page = read(book_page(PATH, Client(), **{"answers.the-several": ""}))
    for key in ("choice", "several"):
        assert f"#id_answers.the-{key}_0" in page.links
        assert f'id="id_answers.the-{key}_0"' in page.html


def test_a_taken_time_keeps_the_answers(alice: Person) -> None:
    ask(alice, "short", "several")
    set_consent_text(alice.calendar, "You may call me.", now=NOW)
    client = Client()
    given = {"name": "Gina", "email": "g@example.org", "consent": "on"}
    form = details(PATH, client).fields | given | {"answers.the-short": "Acme", "answers.the-several": TEAS}
    book_through(make_link(alice), consent=True)
    answer = send(f"{PATH}/book", client, form)
    assert answer.status_code == 409
    page = read(answer)
    assert page.fields["answers.the-short"] == "Acme"
    assert page.html.count("checked") >= len(TEAS) + 1
    again = form | {"start": MONDAY_TEN, "key": page.fields["key"]}
    assert send(f"{PATH}/book", client, again).status_code == 303


def test_many_choices_are_a_select_and_an_optional_one_can_be_left(alice: Person) -> None:
    for number, choices in enumerate(([str(n) for n in range(8)], TEAS)):
        raw = {"label": f"Q{number}", "kind": "choice", "choices": choices}
        create_question(alice.workspace, raw, now=NOW)
    set_calendar_questions(alice.calendar, [(one, False) for one in Question.objects.order_by("pk")])
    page = details(PATH, Client())
    assert tag(page.html, "answers.q0").startswith("<select")
    assert "No answer" in page.words
    assert book_page(PATH, Client()).status_code == 303
    assert not Booking.objects.get().answers.exists()


def test_an_address_prefills_the_form_and_a_recipient_wins_over_it(alice: Person) -> None:
    ask(alice, "short", "several", "number")
    query = {
        "name": "Sam",
        "email": "sam@example.org",
        "notes": "By train",
        "guests": "a@example.org, nobody",
        "the-short": "Acme",
        "the-several": ["Mint", "Green"],
        "the-number": "many",
    }
    asked: dict[str, Any] = {"start": MONDAY_NINE, **query}
    page = read(Client().get(PATH, asked))
    assert (page.fields["name"], page.fields["email"]) == ("Sam", "sam@example.org")
    assert "By train</textarea>" in page.html
    rows = re.findall(r'name="guest_email" value="([^"]*)"', page.html)
    assert [row for row in rows if row] == ["a@example.org"]
    assert 'value="Acme"' in tag(page.html, "answers.the-short")
    assert "checked" in tag(page.html, "answers.the-several", "Mint")
    assert "value" not in tag(page.html, "answers.the-number")
    issued = make_link(alice, recipient_name="Olga", recipient_email="olga@example.org")
    known = read(Client().get(f"/o/{issued.token}", asked))
    shown = dict(re.findall(r'name="(name|email)" value="([^"]*)"[^>]*id="id_', known.html))
    assert shown == {"name": "Olga", "email": "olga@example.org"}
    assert 'value="Acme"' in tag(known.html, "answers.the-short")


def test_what_an_address_says_goes_along_from_the_times_to_the_form(alice: Person) -> None:
    ask(alice, "several")
    page = read(Client().get(PATH, {"the-several": ["Mint", "Green"], "name": "Sam"}))
    assert page.html.count('name="the-several"') >= 2
    assert page.fields["name"] == "Sam"


def test_further_guests_are_named_in_rows_or_counted(alice: Person) -> None:
    client = Client()
    page = details(PATH, client)
    assert page.html.count('name="guest_email"') == 10
    given = {"name": "Gina", "email": "g@example.org"}
    rows = {"guest_name": ["Ben", "", ""], "guest_email": ["ben@example.org", "", "c@example.org"]}
    odd = send(f"{PATH}/book", client, page.fields | given | rows | {"guest_email": ["ben", "", ""]})
    assert odd.status_code == 422
    assert 'name="guest_name" value="Ben"' in odd.content.decode()
    assert "#id_guests" in read(odd).links
    assert send(f"{PATH}/book", client, page.fields | given | rows).status_code == 303
    assert Booking.objects.get().guest_words == ["Ben <ben@example.org>", "c@example.org"]
    Calendar.objects.update(further_guests="count", most_guests=4)
    assert 'max="4"' in tag(details(PATH, client, MONDAY_TEN).html, "guest_count")
    assert book_page(PATH, client, MONDAY_TEN, guest_count="3").status_code == 303
    assert Booking.objects.latest("pk").guest_count == 3
    Calendar.objects.update(further_guests="none", asks_notes=False)
    bare = details(PATH, client, "2026-11-30T11:00:00+01:00")
    for name in ("guest_count", "guest_email", "notes"):
        assert f'name="{name}"' not in bare.html


def test_in_a_class_as_many_are_named_as_have_places_beside_the_guest(alice: Person) -> None:
    calendar = make_class(alice, seats=5)
    path, client = f"/c/{calendar.permanent_id}", Client()
    assert 'name="guest_email"' not in details(path, client).html
    page = details(path, client, party="3", guests="a@example.org, b@example.org, c@example.org")
    assert re.findall(r'name="guest_email" value="([^"]*)"', page.html) == ["a@example.org", "b@example.org"]
    given = {"name": "Gina", "email": "g@example.org", "guest_email": ["a@example.org"] * 3}
    refused = send(f"{path}/book", client, page.fields | given | {"guest_name": [""] * 3})
    assert "#id_guests" in read(refused).links
    assert "Give at most 2 guests." in read(refused).words
    assert refused.content.decode().count('name="guest_email"') == 3  # nothing typed is lost
    calendar.further_guests = "count"
    calendar.save()
    assert 'name="guest_count"' not in details(path, client, party="3").html


def test_consent_is_asked_for_and_kept_with_where_it_was_given(alice: Person) -> None:
    text = set_consent_text(alice.calendar, "You may call me.\nAt any time.", now=NOW)
    assert text
    issued, client = make_link(alice), Client()
    path = f"/o/{issued.token}"
    page = details(path, client)
    assert "You may call me. At any time." in page.words
    assert page.fields["consent_version"] == "1"
    given = page.fields | {"name": "G", "email": "g@example.org"}
    refused = send(f"{path}/book", client, given | {"consent": ""})
    assert refused.status_code == 422
    assert "#id_consent" in read(refused).links
    assert "Tick this to go on." in read(refused).words
    assert send(f"{path}/book", client, given | {"consent": "on"}).status_code == 303
    consent = Consent.objects.get()
    assert (consent.text, consent.address) == (text, "127.0.0.1")
    assert consent.page == f"/o/ (link {issued.link.public_id})"
    assert str(issued.token) not in consent.page


def test_a_text_that_changed_while_the_form_was_open_is_shown_anew(alice: Person) -> None:
    set_consent_text(alice.calendar, "You may call me.", now=NOW)
    client = Client()
    form = details(PATH, client).fields | {"name": "G", "email": "g@example.org", "consent": "on"}
    set_consent_text(alice.calendar, "You may write to me.", now=NOW)
    answer = send(f"{PATH}/book", client, form)
    page = read(answer)
    assert answer.status_code == 422
    assert "You may write to me." in page.words
    assert "has changed since you read it" in page.words
    assert page.fields["consent_version"] == "2"
    assert "checked" not in tag(page.html, "consent")  # nobody agreed to this one yet
    assert not Consent.objects.exists()
    again = read(send(f"{PATH}/book", client, page.fields | {"email": "", "consent": "on"}))
    assert "checked" in tag(again.html, "consent")


def test_answers_go_along_to_another_calendar_of_the_group(alice: Person, bob: Person) -> None:
    ask(alice, "short", "several")
    group = CalendarGroup.objects.create(
        public_id="grp_aaaaaaaaaaaaaaaa",
        permanent_id="g" * 16,
        workspace=alice.workspace,
        name="Both",
        slug="both",
        created_at=NOW,
    )
    for place, person in enumerate((alice, bob)):
        GroupCalendar.objects.create(group=group, calendar=person.calendar, position=place)
    path, client = f"/c/{group.permanent_id}", Client()
    form = details(path, client, calendar=alice.calendar.public_id).fields
    GroupCalendar.objects.filter(calendar=alice.calendar).delete()
    given = {
        "name": "Gina",
        "email": "",
        "answers.the-short": "Acme",
        "answers.the-several": ["Mint", "Green"],
    }
    answer = send(f"{path}/book", client, form | given | {"guest_name": ["", "B"], "guest_email": ["", ""]})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert '<input type="hidden" name="answers.the-short" value="Acme">' in html
    assert html.count('name="answers.the-several"') == 2
    assert 'name="guest_name" value="B"' in html
