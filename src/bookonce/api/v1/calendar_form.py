"""What a calendar's form asks, as replies tell it."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch

from bookonce.scheduling import models
from bookonce.scheduling.form_settings import COLUMNS

_ASKED = models.CalendarQuestion.objects.filter(question__deleted_at=None).select_related("question")
_PRESENT = models.ConsentText.objects.filter(retired_at=None)
PREFETCHED = (Prefetch("calendar_questions", _ASKED), Prefetch("consent_texts", _PRESENT))


def shown_form(calendar: models.Calendar) -> dict[str, Any]:
    """Of a calendar with PREFETCHED."""
    return {name: getattr(calendar, name) for name in COLUMNS} | {
        "questions": [
            {"question": one.question.public_id, "key": one.question.key, "required": one.required}
            for one in calendar.calendar_questions.all()
        ],
        "consent_text": "".join(present.text for present in calendar.consent_texts.all()),
    }
