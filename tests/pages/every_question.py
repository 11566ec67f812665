"""A question of every kind, and answers to them as a form sends them."""

from __future__ import annotations

from typing import Any

from bookonce.scheduling.questions import create_question, set_calendar_questions
from tests.cast import NOW, Person

TEAS = ["Green", "Black", "Mint"]
GIVEN = {
    "short": "Acme",
    "long": "One\nTwo",
    "number": "1.5",
    "email": "sam@example.org",
    "phone": "+49 30 1234",
    "choice": "Black",
    "several": ["Green", "Mint"],
    "checkbox": "on",
    "date": "2026-12-24",
    "url": "https://example.org/a",
}
ANSWERS: dict[str, Any] = {f"answers.the-{kind}": value for kind, value in GIVEN.items()}


def ask(person: Person, *kinds: str, required: bool = False) -> None:
    """Let the person's calendar ask a question of each kind."""
    made = []
    for kind in kinds:
        choices = {"choices": TEAS} if kind in ("choice", "several") else {}
        raw = {"label": f"The {kind}?", "key": f"the-{kind}", "kind": kind, "help": f"Help of {kind}"}
        made.append(create_question(person.workspace, raw | choices, now=NOW))
    set_calendar_questions(person.calendar, [(question, required) for question in made])
