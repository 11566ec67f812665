"""The controls by which guests answer the questions of a calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from bookonce.design.templatetags.design import stand_apart
from bookonce.scheduling.answers import Asked

MOST_RADIOS = 7  # more are a <select>


def question_field(asked: Asked) -> forms.Field:
    """The field of a question; what is wrong with its answer the domain finds."""
    made = _FIELDS.get(asked.kind, _text)(asked)
    made.label, made.help_text, made.required = asked.label, asked.help, asked.required
    return made


def _text(asked: Asked) -> forms.Field:
    return forms.CharField(widget=_TEXTS[asked.kind]())


def _choice(asked: Asked) -> forms.Field:
    if len(asked.choices) > MOST_RADIOS:
        options = [(text, text) for text in asked.choices]
        return forms.ChoiceField(choices=[("", _("Choose an answer")), *options])
    choices: list[tuple[str, str]] = [(text, stand_apart(text)) for text in asked.choices]
    if not asked.required:  # a radio button can't be unticked
        choices.append(("", _("No answer")))
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect)


def _several(asked: Asked) -> forms.Field:
    return forms.MultipleChoiceField(
        choices=[(text, stand_apart(text)) for text in asked.choices], widget=forms.CheckboxSelectMultiple
    )


def _checkbox(_asked: Asked) -> forms.Field:
    return forms.BooleanField()


_FIELDS: Mapping[str, Callable[[Asked], forms.Field]] = {
    "choice": _choice,
    "several": _several,
    "checkbox": _checkbox,
}
_TEXTS: Mapping[str, Callable[[], forms.Widget]] = {
    "short": forms.TextInput,
    "long": lambda: forms.Textarea({"rows": 3}),
    "number": lambda: forms.NumberInput({"step": "any", "inputmode": "decimal"}),
    "email": forms.EmailInput,
    "phone": lambda: forms.TextInput({"type": "tel"}),
    "date": lambda: forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    "url": lambda: forms.URLInput({"placeholder": "https://"}),
}


def shown_answers(values: Mapping[str, Any]) -> dict[str, Any]:
    """Answers by key as the values of their fields."""
    return {f"answers.{key}": value for key, value in values.items()}
