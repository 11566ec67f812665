"""What a message proposes: how many times, on whose clock, of which length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bookonce.dashboard.shown_form import ShownForm
from bookonce.lib.time_words import duration_words
from bookonce.lib.zones import zone_names, zones_by_area
from bookonce.scheduling.propose import COUNTS, USUAL


class MessageForm(ShownForm):
    """Always bound: what is not asked for is shown as it stands."""

    times = forms.ChoiceField(label=_("Proposed times"))
    timezone = forms.ChoiceField(label=_("Recipient's time zone"))
    duration = forms.ChoiceField(label=_("Length"))

    def __init__(self, asked: Mapping[str, str], *, zone: str, durations: Sequence[int]) -> None:
        usual = {"times": str(USUAL), "timezone": zone, "duration": str(durations[0])}
        shown = usual | {name: value for name, value in asked.items() if name in usual and value}
        super().__init__(shown, auto_id="message_%s")
        self._choices("times", [(str(count), _count_words(count)) for count in COUNTS])
        present = shown["timezone"] if shown["timezone"] not in zone_names() else ""
        self._choices("timezone", [*([(present, present)] if present else []), *zones_by_area()])
        self._choices("duration", [(str(length), duration_words(length)) for length in durations])
        if len(durations) == 1 and "duration" not in asked:
            del self.fields["duration"]

    def _choices(self, name: str, choices: Sequence[Any]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices


def _count_words(count: int) -> Any:
    return ngettext("%(count)d time", "%(count)d times", count) % {"count": count} if count else _("None")
