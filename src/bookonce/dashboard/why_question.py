"""What a member asks of a calendar: which day, at what time, how long, for how many, and in whose eyes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookonce.dashboard.shown_form import ShownForm
from bookonce.dashboard.why_clock import length_words
from bookonce.lib.fields import Fields
from bookonce.lib.zones import get_zone
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.hours_input import clock_text
from bookonce.scheduling.models import Calendar, OneTimeLink
from bookonce.scheduling.offer import Offer

PUBLIC, ONE_TIME = "public", "one-time"
YEARS = range(2000, 2200)
CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Question:
    """Checked; `time` is the minutes of a wall clock after midnight, None when the whole day is meant."""

    day: date
    time: int | None
    duration: int
    party: int

    def fields(self, **changes: Any) -> dict[str, str]:
        """As a form or an address holds it; other values in place of these."""
        asked = replace(self, **changes)
        given = {"day": asked.day.isoformat(), "duration": str(asked.duration), "party": str(asked.party)}
        if asked.time is not None:
            given["time"] = clock_text(asked.time)
        return given


def lengths_of(calendar: Calendar, offer: Offer) -> list[int]:
    """All lengths worth asking about: the calendar's, and those of the link in hand."""
    return list(dict.fromkeys((*offer.rules.durations, *calendar.durations)))


def parse_question(
    raw: Mapping[str, Any], offer: Offer, lengths: Sequence[int], *, now: datetime
) -> Question:
    """Check what is asked; today, all day and the first length unless told otherwise.

    Raises:
        Invalid: by field.
    """
    fields = Fields(raw)
    day = fields.day("day") or now.astimezone(get_zone(offer.zone)).date()
    if day.year not in YEARS:
        fields.fault(
            "day", _("Choose a day from %(first)s to %(last)s.") % {"first": YEARS[0], "last": YEARS[-1]}
        )
    text = fields.text("time", most=8)
    clock = CLOCK.fullmatch(text)
    if text and not clock:
        fields.fault("time", _("Enter a time like 09:30."))
    duration = fields.integer("duration", least=1, most=1440, default=lengths[0]) or lengths[0]
    if duration not in lengths and "duration" not in fields.errors:
        fields.fault("duration", _("Choose one of the lengths of this calendar."))
    party = fields.integer("party", least=1, most=offer.most_places, default=1) or 1
    if fields.errors:
        raise Invalid(fields.errors)
    return Question(day, int(clock[1]) * 60 + int(clock[2]) if clock else None, duration, party)


class QuestionForm(ShownForm):
    """The question above the answers; what has one answer is not asked."""

    day = forms.CharField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    time = forms.CharField(
        label=gettext_lazy("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    duration = forms.ChoiceField(label=gettext_lazy("Length"))
    party = forms.CharField(
        label=gettext_lazy("Seats"), widget=forms.NumberInput(attrs={"min": 1, "inputmode": "numeric"})
    )
    view = forms.ChoiceField(label=gettext_lazy("Seen by"))

    def __init__(
        self, *args: Any, lengths: Sequence[int], links: Sequence[OneTimeLink], of_class: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.order_fields(["view", "day", "time", "duration", "party"])
        self._choose("duration", [(str(each), length_words(each)) for each in lengths])
        named = [(link.public_id, _name_of(link)) for link in links]
        views: list[Any] = [(PUBLIC, _("Anyone with a public link")), (ONE_TIME, _("A new one-time link"))]
        self._choose("view", [*views, (_("One-time links"), named)] if named else views)
        if len(lengths) < 2:
            del self.fields["duration"]
        if not of_class:
            del self.fields["party"]

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


def _name_of(link: OneTimeLink) -> str:
    return link.recipient_name or link.recipient_email or link.label or link.public_id
