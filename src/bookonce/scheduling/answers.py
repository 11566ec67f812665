"""What a guest may answer: to the questions of a calendar, and in words of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from bookonce.lib.fields import CONTROL, MISSING, Fields
from bookonce.lib.web_addresses import is_web_address
from bookonce.scheduling.models.question import NO, YES

NOTES = "notes"  # the key of what may be said beforehand, which every calendar can ask
NOTES_LABEL = "Notes"
LONGEST_SHORT, LONGEST_LONG, LONGEST_URL = 300, 5000, 2000
MOST_OWN, LONGEST_OWN_KEY = 50, 80  # answers that nobody asked for
MOST_BYTES = 256 * 1024  # of all together: as large as a form may be (settings.py)
ARABIC_POINT = "\u066b"
_ENDS_LINE = re.compile(r"[\r\n]")  # a key is a label, in mails on a line with its answer
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,6})?")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as one calendar asks it."""

    key: str
    kind: str
    label: str
    help: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        """Its name in forms, and in what is found wrong."""
        return f"answers.{self.key}"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to be kept: text whatever its kind (models/question.py), under the label as it is now."""

    key: str
    kind: str
    label: str
    value: str


def parse_answers(fields: Fields, questions: Sequence[Asked]) -> tuple[Answer, ...]:
    """The answers in `answers`: those to the questions first, in their order.

    What no question asks for is kept as a text under its own key. Faults of answers to questions are noted
    in `fields` as `answers.<key>`, all others as `answers`. Empty answers are none.
    """
    given = fields.mapping("answers", most_bytes=MOST_BYTES)
    inner = Fields(given, prefix="answers.")
    answers = [Answer(one.key, one.kind, one.label, _READ[one.kind](inner, one)) for one in questions]
    fields.errors |= inner.errors
    asked = {one.key for one in questions}
    answers += _own(fields, {key: value for key, value in given.items() if key not in asked})
    return tuple(answer for answer in answers if answer.value)


def parse_prefill(raw: Mapping[str, Any], questions: Sequence[Asked]) -> dict[str, str | list[str]]:
    """What a query says of the questions, by key, as their fields show it; what does not fit is left out."""
    found: dict[str, str | list[str]] = {}
    for one in questions:
        fields = Fields({one.key: raw.get(one.key)})
        value = _READ[one.kind](fields, replace(one, required=False))
        if value and value != NO and not fields.errors:
            found[one.key] = value.split("\n") if one.kind == "several" else value
    return found


def _own(fields: Fields, given: Mapping[str, Any]) -> list[Answer]:
    inner = Fields({key: _as_lines(value) for key, value in given.items()})
    texts = {key: inner.text(key, most=LONGEST_LONG, lines=True) for key in given}
    odd = any(len(key) > LONGEST_OWN_KEY or CONTROL.search(key) or _ENDS_LINE.search(key) for key in given)
    if inner.errors or odd or len(given) > MOST_OWN:
        fields.fault("answers", _("Answers are texts of at most 5000 characters, at most 50 of them."))
        return []
    return [Answer(key, "long", NOTES_LABEL if key == NOTES else key, value) for key, value in texts.items()]


def _as_lines(value: Any) -> Any:
    """Texts of a list on a line each: several choices, of a question that was archived meanwhile."""
    is_list = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return "\n".join(value) if is_list else value


def _short(fields: Fields, asked: Asked) -> str:
    return fields.text(asked.key, most=LONGEST_SHORT, required=asked.required)


def _long(fields: Fields, asked: Asked) -> str:
    return fields.text(asked.key, most=LONGEST_LONG, required=asked.required, lines=True)


def _number(fields: Fields, asked: Asked) -> str:
    """In decimal digits, without an exponent or needless zeros: `1.5`."""
    given = fields.raw.get(asked.key)
    if isinstance(given, int | float) and not isinstance(given, bool):
        fields = _with(fields, asked.key, str(given))
    text = fields.text(asked.key, most=40, required=asked.required).replace(ARABIC_POINT, ".")
    if not text:
        return ""
    if not _NUMBER.fullmatch(text):
        fields.fault(asked.key, _("Enter a number, like 12 or 1.5."))
        return ""
    number = Decimal(text.replace(",", ".")).normalize()
    return f"{number:f}" if number else "0"


def _email(fields: Fields, asked: Asked) -> str:
    return fields.email(asked.key, required=asked.required)


def _phone(fields: Fields, asked: Asked) -> str:
    return fields.phone(asked.key, required=asked.required)


def _choice(fields: Fields, asked: Asked) -> str:
    if not fields.has(asked.key):
        return _nothing(fields, asked)
    given = fields.raw[asked.key]
    if given not in asked.choices:
        fields.fault(asked.key, _("Choose one of the answers."))
        return ""
    return str(given)


def _several(fields: Fields, asked: Asked) -> str:
    """The chosen ones on a line each, in the order in which they are offered."""
    if not fields.has(asked.key):
        return _nothing(fields, asked)
    given = fields.raw[asked.key]
    chosen = [given] if isinstance(given, str) else given
    if not isinstance(chosen, list) or not all(one in asked.choices for one in chosen):
        fields.fault(asked.key, _("Choose among the answers."))
        return ""
    return "\n".join(choice for choice in asked.choices if choice in chosen)


def _checkbox(fields: Fields, asked: Asked) -> str:
    """Unticked is an answer, too."""
    ticked = fields.boolean(asked.key, default=False)
    if asked.required and not ticked and not _is_faulty(fields, asked):
        fields.fault(asked.key, _("Tick this to go on."))
    return YES if ticked else NO


def _date(fields: Fields, asked: Asked) -> str:
    day = fields.day(asked.key)
    if day is None and not _is_faulty(fields, asked):
        return _nothing(fields, asked)
    return day.isoformat() if day else ""


def _url(fields: Fields, asked: Asked) -> str:
    text = fields.text(asked.key, most=LONGEST_URL, required=asked.required)
    if text and not is_web_address(text):
        fields.fault(asked.key, _("Enter an address like https://example.com."))
        return ""
    return text


def _nothing(fields: Fields, asked: Asked) -> str:
    if asked.required:
        fields.fault(asked.key, MISSING)
    return ""


def _is_faulty(fields: Fields, asked: Asked) -> bool:
    return fields.prefix + asked.key in fields.errors


def _with(fields: Fields, key: str, value: str) -> Fields:
    """The same fields with another value, which note their faults in the same place."""
    other = Fields({**fields.raw, key: value}, prefix=fields.prefix)
    other.errors = fields.errors
    return other


_READ: Mapping[str, Callable[[Fields, Asked], str]] = {
    "short": _short,
    "long": _long,
    "number": _number,
    "email": _email,
    "phone": _phone,
    "choice": _choice,
    "several": _several,
    "checkbox": _checkbox,
    "date": _date,
    "url": _url,
}
