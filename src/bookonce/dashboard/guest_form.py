"""What a calendar asks its guests, between its page and the domain's rules: the settings and the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookonce.dashboard.listed_rows import change_list
from bookonce.dashboard.shown_form import ShownForm
from bookonce.scheduling.consent import find_consent_text
from bookonce.scheduling.models import Calendar, Question
from bookonce.scheduling.models.calendar import MOST_GUESTS
from bookonce.scheduling.models.question import MOST_QUESTIONS
from bookonce.scheduling.questions import questions_of

KINDS: Mapping[str, str | Promise] = {
    "short": _("Short text"),
    "long": _("Long text"),
    "number": _("Number"),
    "email": _("E-mail address"),
    "phone": _("Phone number"),
    "choice": _("Choice of one answer"),
    "several": _("Choice of several answers"),
    "checkbox": _("Checkbox"),
    "date": _("Date"),
    "url": _("Web address"),
}


@dataclass(frozen=True)
class QuestionRow:
    """A question of the calendar, as its page lists it."""

    question: Question
    required: bool

    @property
    def kind(self) -> str | Promise:
        """What is answered, in words."""
        return KINDS[self.question.kind]


Kept = Mapping[str, Question]  # the workspace's questions by public id


class GuestFormForm(ShownForm):
    """What the form asks besides its own questions."""

    asks_notes = forms.BooleanField(
        label=_("Room for notes"),
        help_text=_("“Anything you would like to say beforehand?”, after the questions."),
        required=False,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
    )
    further_guests = forms.ChoiceField(
        label=_("Further guests"),
        choices=[
            ("none", _("Not asked for")),
            ("count", _("Only how many come along")),
            ("details", _("A name and an e-mail address each; they get the invitation, too")),
        ],
        widget=forms.RadioSelect,
    )
    most_guests = forms.CharField(
        label=_("How many at most"), widget=forms.NumberInput(attrs={"min": 1, "max": MOST_GUESTS})
    )
    consent_text = forms.CharField(
        label=_("Text to agree to"),
        help_text=_(
            "Beside a checkbox that guests have to tick. Plain words, without addresses of web pages. When"
            " empty, guests are asked for nothing."
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @property
    def question_faults(self) -> list[str]:
        """What is wrong with the questions."""
        return getattr(self, "_question_faults", [])

    def settings(self, rows: Sequence[QuestionRow]) -> dict[str, Any]:
        """What was sent, in the words of `parse_calendar`."""
        questions = [{"question": row.question.public_id, "required": row.required} for row in rows]
        return self.given() | {"questions": questions}

    def refuse(self, errors: Mapping[str, Sequence[str]]) -> None:
        """Show what the domain found beside the field it came from, the questions' faults beside those."""
        of_questions = {name: told for name, told in errors.items() if name.partition(".")[0] == "questions"}
        self._question_faults = [str(one) for told in of_questions.values() for one in told]
        super().refuse({name: told for name, told in errors.items() if name not in of_questions})


def present_settings(calendar: Calendar) -> dict[str, object]:
    """The calendar's settings as its form shows them."""
    text = find_consent_text(calendar)
    names = ("asks_notes", "further_guests", "most_guests")
    return {name: getattr(calendar, name) for name in names} | {"consent_text": text.text if text else ""}


def kept_rows(calendar: Calendar) -> list[QuestionRow]:
    """What the calendar asks, in its order."""
    return [QuestionRow(asked.question, asked.required) for asked in questions_of(calendar)]


def sent_rows(sent: Sequence[str], required: Sequence[str], kept: Kept) -> list[QuestionRow]:
    """The rows as they were sent; one that was archived meanwhile is left out."""
    wanted = dict.fromkeys(sent[: MOST_QUESTIONS + 1])
    return [QuestionRow(kept[each], each in required) for each in wanted if each in kept]


def changed_rows(change: str, rows: Sequence[QuestionRow], kept: Kept, chosen: str) -> list[QuestionRow]:
    """The rows after `add-question`, `up-question-1`, `down-question-0` or `remove-question-2`.

    `chosen` is added; what can't be done leaves them as they were.
    """
    is_new = chosen in kept and all(row.question.public_id != chosen for row in rows)
    return change_list(
        change, "question", rows, QuestionRow(kept[chosen], required=False) if is_new else None
    )


class QuestionForm(ShownForm):
    """A question; several calendars may ask it."""

    label = forms.CharField(label=_("Question"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    help = forms.CharField(label=_("Help"), help_text=_("A line below the question."), required=False)
    kind = forms.ChoiceField(label=_("Kind of answer"), choices=list(KINDS.items()))
    choices = forms.CharField(
        label=_("Answers to choose from"),
        help_text=_("One on each line, 2 to 50 of them."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    required = forms.BooleanField(
        label=_("An answer is required"),
        help_text=_("In this calendar; a checkbox then has to be ticked. Its list can change it any time."),
        required=False,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
    )
    key = forms.CharField(
        label=_("Key"),
        help_text=_(
            "Names the answer in the API, and prefills it in an address (?key=answer). It never changes. Made"
            " from the question, when left empty."
        ),
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def settings(self) -> dict[str, str]:
        """What was sent, in the words of `parse_question`; choices only of what is chosen from."""
        given = {name: text for name, text in self.given().items() if name != "key" or text}
        del given["required"]  # of the calendar's list, not of the question
        if given.get("kind") not in ("choice", "several"):
            del given["choices"]
        return given

    @property
    def requires(self) -> bool:
        """Whether the calendar that asks it first needs an answer."""
        return self.given()["required"] == "on"


def present_question(question: Question) -> dict[str, str]:
    """The question as its form shows it."""
    shown = {name: str(getattr(question, name)) for name in ("label", "help", "kind", "key")}
    return shown | {"choices": "\n".join(choice.text for choice in question.choices.all())}
