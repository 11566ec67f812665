"""A calendar's questions as one column of the statement that reads its offer."""

from __future__ import annotations

import json
from typing import Any

from bookonce.scheduling.answers import Asked

_FROM = """FROM scheduling_calendarquestion cq JOIN scheduling_question q ON q.id = cq.question_id
    WHERE cq.calendar_id = c.id AND q.deleted_at IS NULL"""
_OF_QUESTION = "cq.position, cq.id, q.key, q.kind, q.label, q.help, cq.required"
_CHOICES = "FROM scheduling_questionchoice ch WHERE ch.question_id = q.id"
# JSON of a list for each question, in no order.
COLUMN = {
    "sqlite": f"""(SELECT json_group_array(json_array({_OF_QUESTION}, json(
      (SELECT json_group_array(json_array(ch.position, ch.text)) {_CHOICES})))) {_FROM})""",
    "postgresql": f"""(SELECT COALESCE(CAST(json_agg(json_build_array({_OF_QUESTION},
      (SELECT json_agg(json_build_array(ch.position, ch.text)) {_CHOICES}))) AS text), '[]') {_FROM})""",
}


def read_column(column: str | None) -> tuple[Asked, ...] | None:
    """The questions in it, in the calendar's order; None where it was not asked for."""
    if column is None:
        return None
    rows: list[Any] = sorted(json.loads(column), key=lambda row: row[:2])
    return tuple(
        Asked(
            key=key,
            kind=kind,
            label=label,
            help=help_text,
            required=bool(required),
            choices=tuple(text for _, text in sorted(choices or [])),
        )
        for _, _, key, kind, label, help_text, required, choices in rows
    )
