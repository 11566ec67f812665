"""What may be said of a question, from any door: its page or REST."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from bookonce.lib.fields import MISSING, Fields
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.models import Question
from bookonce.scheduling.models.question import LONGEST_KEY, MOST_CHOICES

KNOWN = ("label", "help", "kind", "key", "choices")
CHOOSING = ("choice", "several")
MOST_OF_A_WORKSPACE = 500
LEAST_CHOICES = 2
LONGEST_LABEL, LONGEST_HELP, LONGEST_CHOICE = 200, 500, 200
KEY = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,38}[a-z0-9])?")
# Names that mean something else in the address of a guest's page.
RESERVED = frozenset(
    [
        *("name", "email", "phone", "location", "notes", "guests", "guest_name", "guest_email"),
        *("guest_count", "answers", "consent", "consent_version", "code", "key", "form"),
        *("calendar", "timezone", "duration", "party", "host", "hold", "start", "day", "month", "week"),
        *("view", "clock", "lang", "embed", "theme", "another", "asked", "booked", "moved", "cancelled"),
        *("zones", "times", "guess", "page_language", "embed_origin", "embed_theme", "embed_preview"),
        *("altcha", "website", "csrfmiddlewaretoken"),
    ]
)


def parse_question(raw: Mapping[str, Any], *, present: Question | None) -> dict[str, Any]:
    """Check what a new question is, or changes of a `present` one.

    Returns columns by name, only those sent; `choices` is a tuple of texts, given where they change.

    Raises:
        Invalid: one sentence per fault, by field.
    """
    fields = Fields(raw)
    fields.only(KNOWN)
    columns: dict[str, Any] = {}
    if present is None or "label" in raw:
        columns["label"] = fields.text("label", most=LONGEST_LABEL, required=True)
    if "help" in raw:
        columns["help"] = fields.text("help", most=LONGEST_HELP)
    if present is None or "kind" in raw:
        columns["kind"] = fields.choice("kind", Question.Kind.values, default="")
        if not columns["kind"] and "kind" not in fields.errors:
            fields.fault("kind", MISSING)
    _key(fields, columns, present)
    _choices(fields, columns, present)
    if fields.errors:
        raise Invalid(fields.errors)
    return columns


def key_from(label: str) -> str:
    """A key that reads like the label."""
    key = slugify(label)[:LONGEST_KEY].strip("-_")
    return key if KEY.fullmatch(key) and key not in RESERVED else f"question-{key}"[:LONGEST_KEY].strip("-_")


def _key(fields: Fields, columns: dict[str, Any], present: Question | None) -> None:
    key = fields.text("key", most=LONGEST_KEY)
    if not key:
        return
    if present is not None:
        if key != present.key:
            fields.fault("key", _("The key stays: programs and addresses name the question by it."))
    elif not KEY.fullmatch(key):
        fields.fault("key", _("Use lower-case letters, digits, - and _, at most 40."))
    elif key in RESERVED:
        fields.fault("key", _("This key means something else in the address of a page. Choose another one."))
    else:
        columns["key"] = key


def _choices(fields: Fields, columns: dict[str, Any], present: Question | None) -> None:
    kind = columns.get("kind") or (present.kind if present else "")
    if kind not in CHOOSING:
        if fields.has("choices"):
            fields.fault("choices", _("Only a question with a choice has answers to choose from."))
        if present is not None and present.kind in CHOOSING:
            columns["choices"] = ()
        return
    if "choices" not in fields.raw and present is not None and present.kind in CHOOSING:
        return
    given = fields.raw.get("choices") or []
    texts = given.split("\n") if isinstance(given, str) else given
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        fields.fault("choices", _("This must be a list of texts."))
        return
    columns["choices"] = _texts(fields, [text for text in texts if text.strip()])


def _texts(fields: Fields, given: list[str]) -> tuple[str, ...]:
    if not LEAST_CHOICES <= len(given) <= MOST_CHOICES:
        words = _("Give %(least)s to %(most)s answers to choose from.")
        fields.fault("choices", words % {"least": LEAST_CHOICES, "most": MOST_CHOICES})
        return ()
    inner = Fields({str(place): text for place, text in enumerate(given)})
    texts = [inner.text(place, most=LONGEST_CHOICE) for place in inner.raw]
    if inner.errors:
        fields.fault("choices", next(iter(inner.errors.values()))[0])
        return ()
    if len(set(texts)) < len(texts):
        fields.fault("choices", _("Each answer can be there once."))
    return tuple(texts)
