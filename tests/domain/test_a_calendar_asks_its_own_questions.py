"""A workspace has questions, its calendars ask them, and bookings keep the answers in rows."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from bookonce.scheduling import errors, questions
from bookonce.scheduling.book import book
from bookonce.scheduling.models import Booking, BookingAnswer, Calendar, Question
from bookonce.scheduling.offer import Door
from bookonce.scheduling.questions import (
    archive_question,
    create_question,
    questions_of,
    restore_question,
    set_calendar_questions,
    update_question,
)
from tests.cast import MONDAY_TEN, NOW, Person, guest
from tests.refusals import faults_of

pytestmark = pytest.mark.django_db(transaction=True)


def ask(person: Person, *questions: Any, required: bool = False) -> list[Question]:
    """Let the person's calendar ask questions of these kinds or settings."""
    made = [
        create_question(person.workspace, each if isinstance(each, dict) else kind_of(each), now=NOW)
        for each in questions
    ]
    set_calendar_questions(person.calendar, [(question, required) for question in made])
    return made


def kind_of(kind: str) -> dict[str, Any]:
    """A question of the kind."""
    choices = {"choices": ["Tea", "Coffee"]} if kind in ("choice", "several") else {}
    return {"label": f"The {kind}", "kind": kind} | choices


def take(person: Person, start: str = "", **changes: Any) -> Booking:
    """Book by the permanent link."""
    given = guest(**({"start": start} if start else {}), **changes)
    booked = book(Door.permanent(person.calendar.permanent_id), given, now=NOW)
    return Booking.objects.get(public_id=booked.public_id)


def test_keys_are_made_of_labels_and_never_change(alice: Person, charlie: Person) -> None:
    first = create_question(alice.workspace, {"label": "Your company", "kind": "short"}, now=NOW)
    second = create_question(alice.workspace, {"label": "Your company", "kind": "short"}, now=NOW)
    others = create_question(charlie.workspace, {"label": "Your company", "kind": "short"}, now=NOW)
    assert [first.key, second.key, others.key] == ["your-company", "your-company-2", "your-company"]
    assert create_question(alice.workspace, {"label": "名前", "kind": "short"}, now=NOW).key == "question"
    assert (
        create_question(alice.workspace, {"label": "Name", "kind": "short"}, now=NOW).key == "question-name"
    )
    for key in ("your-company", "email", "Ünique"):
        raw = {"label": "X", "kind": "short", "key": key}
        assert list(faults_of(create_question, alice.workspace, raw, now=NOW)) == ["key"]
    assert list(faults_of(update_question, first, {"key": "firm"})) == ["key"]
    assert update_question(first, {"key": "your-company", "label": "Firm"}).label == "Firm"


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({"label": ""}, "label"),
        ({"label": "x" * 201}, "label"),
        ({"help": "x" * 501}, "help"),
        ({"kind": "essay"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"kind": "choice"}, "choices"),
        ({"kind": "choice", "choices": ["One"]}, "choices"),
        ({"kind": "choice", "choices": ["One", "One"]}, "choices"),
        ({"kind": "several", "choices": [str(n) for n in range(51)]}, "choices"),
        ({"kind": "choice", "choices": ["One", 2]}, "choices"),
        ({"choices": ["One", "Two"]}, "choices"),
        ({"size": 3}, "size"),
    ],
)
def test_odd_questions_are_refused_by_field(alice: Person, raw: dict[str, Any], field: str) -> None:
    raw = {"label": "Tea?", "kind": "short"} | raw
    assert list(faults_of(create_question, alice.workspace, raw, now=NOW)) == [field]
    assert not Question.objects.exists()


def test_a_booking_keeps_each_answer_under_its_label(alice: Person) -> None:
    kinds = ("short", "several", "checkbox", "number")
    _, _, _, size = ask(alice, *kinds)
    given = {
        "the-short": "Acme",
        "the-several": ["Tea", "Coffee"],
        "the-checkbox": True,
        "the-number": "1,50",
    }
    booking = take(alice, answers=given | {"ref": "A-7"})
    update_question(size, {"label": "How many?"})
    assert [(a.label, a.words, a.plain) for a in booking.answers.all()] == [
        ("The short", "Acme", "Acme"),
        ("The several", "Tea, Coffee", ["Tea", "Coffee"]),
        ("The checkbox", "Yes", True),
        ("The number", "1.5", "1.5"),
        ("ref", "A-7", "A-7"),
    ]


def test_required_answers_are_asked_for_by_key(alice: Person) -> None:
    ask(alice, "short", "choice", required=True)
    found = faults_of(take, alice, answers={"the-choice": "Milk"})
    assert sorted(found) == ["answers.the-choice", "answers.the-short"]
    assert not Booking.objects.exists()


def test_the_kind_stays_once_somebody_has_answered(alice: Person) -> None:
    (question,) = ask(alice, "short")
    assert update_question(question, {"kind": "long"}).kind == "long"
    assert update_question(question, {"kind": "choice", "choices": ["A", "B"]}).choices.count() == 2
    assert update_question(question, {"kind": "short"}).choices.count() == 0
    take(alice, answers={"the-short": "Acme"})
    assert "have answered" in faults_of(update_question, question, {"kind": "long"})["kind"][0]
    assert update_question(question, {"kind": "short", "label": "Firm"}).label == "Firm"


def test_an_archived_question_is_asked_no_more_until_it_is_restored(alice: Person) -> None:
    short, _ = ask(alice, "short", "number", required=True)
    assert archive_question(short, now=NOW)
    assert not archive_question(short, now=NOW)
    assert [each.question.key for each in questions_of(alice.calendar)] == ["the-number"]
    take(alice, answers={"the-number": 3, "the-short": "kept as a text"})
    assert restore_question(short, now=NOW)
    assert not restore_question(short, now=NOW)
    assert list(faults_of(take, alice, MONDAY_TEN, answers={"the-number": 3})) == ["answers.the-short"]


def test_restoring_keeps_to_the_limits(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    short, number = ask(alice, "short", "number")
    archive_question(short, now=NOW)
    for limit in ("MOST_QUESTIONS", "MOST_OF_A_WORKSPACE"):
        with monkeypatch.context() as patched:
            patched.setattr(questions, limit, 1)
            with pytest.raises(errors.Conflict):
                restore_question(short, now=NOW)
        assert [each.question for each in questions_of(alice.calendar)] == [number]
    assert restore_question(short, now=NOW)
    assert [each.question for each in questions_of(alice.calendar)] == [short, number]


def test_a_calendar_asks_only_what_its_workspace_has(alice: Person, charlie: Person) -> None:
    (mine,) = ask(alice, "short")
    theirs = create_question(charlie.workspace, kind_of("short"), now=NOW)
    many = [create_question(alice.workspace, kind_of("short"), now=NOW) for _ in range(31)]
    archived = create_question(alice.workspace, kind_of("date"), now=NOW)
    archive_question(archived, now=NOW)
    version = Calendar.objects.get(pk=alice.calendar.pk).version
    for wanted in ([theirs], [mine, mine], many, [archived]):
        pairs = [(question, False) for question in wanted]
        assert list(faults_of(set_calendar_questions, alice.calendar, pairs)) == ["questions"]
    assert [each.question for each in questions_of(alice.calendar)] == [mine]
    set_calendar_questions(alice.calendar, [(many[1], True), (mine, False)])
    assert [(each.question, each.required) for each in questions_of(alice.calendar)] == [
        (many[1], True),
        (mine, False),
    ]
    assert Calendar.objects.get(pk=alice.calendar.pk).version == version + 1


def test_a_question_may_be_archived_while_the_list_is_kept(alice: Person) -> None:
    (short,) = ask(alice, "short")

    def archive_meanwhile(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's
        result = execute(sql, params, many, context)
        if "COUNT(" in sql:
            Question.objects.filter(pk=short.pk, deleted_at=None).update(deleted_at=NOW)
        return result

    with connection.execute_wrapper(archive_meanwhile):
        set_calendar_questions(alice.calendar, [(short, True)])
    assert not questions_of(alice.calendar)
    assert restore_question(short, now=NOW)
    assert [(each.question, each.required) for each in questions_of(alice.calendar)] == [(short, True)]


def test_every_booking_of_a_series_has_the_answers(alice: Person) -> None:
    ask(alice, "short", "checkbox")
    Calendar.objects.update(repeats="weekly", repeat_count=3)
    take(alice, answers={"the-short": "Acme"})
    assert BookingAnswer.objects.count() == 6
    assert {tuple(b.answers.values_list("key", "value")) for b in Booking.objects.all()} == {
        (("the-short", "Acme"), ("the-checkbox", "no"))
    }


def test_further_guests_are_counted_or_named_or_none(alice: Person) -> None:
    named = take(alice, guests=["a@example.org", {"name": "Ben", "email": "b@Example.org"}, "a@example.org"])
    assert named.guests == [{"name": "", "email": "a@example.org"}, {"name": "Ben", "email": "b@example.org"}]
    assert (named.guest_count, named.guest_words) == (2, ["a@example.org", "Ben <b@example.org>"])
    Calendar.objects.update(further_guests="count", most_guests=3)
    assert list(faults_of(take, alice, MONDAY_TEN, guest_count=4)) == ["guest_count"]
    assert list(faults_of(take, alice, MONDAY_TEN, guests=["a@example.org"])) == ["guests"]
    counted = take(alice, MONDAY_TEN, guest_count=3)
    assert (counted.guests, counted.guest_count, counted.guest_words) == ([], 3, ["3"])
    Calendar.objects.update(further_guests="none")
    assert list(faults_of(take, alice, MONDAY_TEN, guest_count=1)) == ["guest_count"]
    assert list(faults_of(take, alice, MONDAY_TEN, guests="a@example.org")) == ["guests"]


def test_in_a_class_the_places_say_how_many_come(alice: Person) -> None:
    Calendar.objects.update(kind="class", seats=5, further_guests="count")
    refused = faults_of(take, alice, party=5, guest_count=3)
    assert refused == {"guest_count": ["This is not asked for here."]}
    assert take(alice, party=5).guest_count == 0
    Calendar.objects.update(further_guests="details")
    people = ["a@example.org", "b@example.org"]
    for party in (1, 2):
        told = faults_of(take, alice, MONDAY_TEN, party=party, guests=people)["guests"]
        assert told == [f"Give at most {party - 1} guest{'' if party == 2 else 's'}."]
    named = take(alice, MONDAY_TEN, party=3, guests=people)
    assert (named.party, named.guest_count) == (3, 2)
