"""What a calendar's form asks its guests, as it may be set from any door."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from bookonce.accounts.models import Workspace
from bookonce.lib.fields import MISSING, Fields
from bookonce.scheduling.consent import keep_consent_text, read_consent_text
from bookonce.scheduling.models import Calendar, Question
from bookonce.scheduling.models.calendar import MOST_GUESTS, USUAL_GUESTS
from bookonce.scheduling.models.question import MOST_QUESTIONS
from bookonce.scheduling.questions import keep_calendar_questions

COLUMNS = ("asks_notes", "further_guests", "most_guests")
ROWS = ("questions", "consent_text")  # kept in tables of their own
NAMES = (*COLUMNS, *ROWS)


def read_form(fields: Fields, columns: dict[str, Any], workspace: Workspace) -> None:
    """What was sent of it: columns, and `questions` (with whether each is required) and `consent_text`."""
    if "asks_notes" in fields.raw:
        columns["asks_notes"] = fields.boolean("asks_notes", default=True)
    if "further_guests" in fields.raw:
        kinds = Calendar.FurtherGuests
        columns["further_guests"] = fields.choice("further_guests", kinds.values, default=kinds.DETAILS)
    if "most_guests" in fields.raw:
        columns["most_guests"] = fields.integer(
            "most_guests", least=1, most=MOST_GUESTS, default=USUAL_GUESTS
        )
    if "consent_text" in fields.raw:
        columns["consent_text"] = read_consent_text(fields)
    if "questions" in fields.raw:
        columns["questions"] = _questions(fields, workspace)


def take_form(columns: dict[str, Any]) -> dict[str, Any]:
    """Those of the settings that are no columns, taken out of them."""
    return {name: columns.pop(name) for name in ROWS if name in columns}


def keep_form(calendar: Calendar, settings: Mapping[str, Any], *, now: datetime) -> None:
    """Keep what `take_form` gave, within the caller's transaction, in which the calendar is locked."""
    if "questions" in settings:
        keep_calendar_questions(calendar, settings["questions"])
    if "consent_text" in settings:
        keep_consent_text(calendar.pk, settings["consent_text"], now=now)


def _questions(fields: Fields, workspace: Workspace) -> list[tuple[Question, bool]]:
    given = fields.raw["questions"] or []
    if not isinstance(given, list) or not all(isinstance(one, Mapping) for one in given):
        fields.fault("questions", _("This must be a list of objects with question and required."))
        return []
    if len(given) > MOST_QUESTIONS:
        fields.fault("questions", _("At most %(most)s questions.") % {"most": MOST_QUESTIONS})
        return []
    wanted = [_wanted(fields, place, one) for place, one in enumerate(given)]
    names = [name for name, _required in wanted]
    found: dict[str, Question] = {}
    for question in _named(workspace, names):
        found |= {question.public_id: question, question.key: question}
    missing = [name for name in names if name and name not in found]
    if missing:
        fields.fault("questions", _("There is no such question in this workspace."))
    return [(found[name], required) for name, required in wanted if name in found]


def _wanted(fields: Fields, place: int, given: Mapping[str, Any]) -> tuple[str, bool]:
    """The id or key, and whether an answer is required."""
    inner = Fields(given, prefix=f"questions.{place}.")
    inner.only(("question", "required"))
    name = inner.text("question", most=40)
    if not name and not inner.errors:
        inner.fault("question", MISSING)
    required = inner.boolean("required", default=False)
    fields.errors |= inner.errors
    return name, required


def _named(workspace: Workspace, names: list[str]) -> list[Question]:
    plain = [name for name in names if name.isascii() and name.isprintable()]
    live = Question.objects.filter(workspace=workspace, deleted_at=None)
    return list(live.filter(Q(public_id__in=plain) | Q(key__in=plain)))
