"""What a calendar asks its guests, and what they answered."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from bookonce.accounts.models import Workspace
from bookonce.lib.date_words import day_and_year
from bookonce.lib.instants import SecondsField
from bookonce.scheduling.models.booking import Booking
from bookonce.scheduling.models.calendar import Calendar

MOST_CHOICES = 50
MOST_QUESTIONS = 30  # of one calendar
LONGEST_KEY = 40
YES, NO = "yes", "no"  # the values of a checkbox


class Question(models.Model):
    """A question of the workspace, to be asked by as many of its calendars as like."""

    class Kind(models.TextChoices):
        """What an answer looks like."""

        SHORT = "short"
        LONG = "long"
        NUMBER = "number"
        EMAIL = "email"
        PHONE = "phone"
        CHOICE = "choice"  # one of its choices
        SEVERAL = "several"  # any of its choices
        CHECKBOX = "checkbox"
        DATE = "date"
        URL = "url"

    public_id = models.CharField(max_length=24, unique=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="questions")
    key = models.CharField(max_length=LONGEST_KEY)  # by which programs and addresses name it; stays
    kind = models.CharField(max_length=8, choices=Kind.choices)
    label = models.CharField(max_length=200)
    help = models.CharField(max_length=500, blank=True)
    created_at = SecondsField()
    deleted_at = SecondsField(null=True, blank=True)  # asked no more; answers keep their own label

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "key"], name="question_key_unique"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        *("short", "long", "number", "email", "phone"),
                        *("choice", "several", "checkbox", "date", "url"),
                    ]
                ),
                name="question_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class QuestionChoice(models.Model):
    """One of the answers to choose from, in the order of `position`."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="choices")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["question", "text"], name="question_choice_once"),
        ]

    def __str__(self) -> str:
        return self.text


class CalendarQuestion(models.Model):
    """That a calendar asks the question, in the order of `position`."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="calendar_questions")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="calendar_questions")
    position = models.PositiveSmallIntegerField(default=0)
    required = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["calendar", "question"], name="calendar_question_once"),
        ]


class BookingAnswer(models.Model):
    """An answer as it was given, under the label as it was then.

    `value` is text whatever the kind: several choices stand on a line each, a ticked checkbox is `yes`, a
    date `2026-12-01`.
    """

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="answers")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=Question.Kind.choices)
    label = models.CharField(max_length=200)
    value = models.TextField(max_length=12_000)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["booking", "key"], name="booking_answer_once"),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """As a person reads it."""
        if self.kind == Question.Kind.CHECKBOX:
            return _("Yes") if self.value == YES else _("No")
        if self.kind == Question.Kind.DATE:
            with suppress(ValueError):  # kept by an earlier version
                return day_and_year(date.fromisoformat(self.value))
        return self.value.replace("\n", ", ") if self.kind == Question.Kind.SEVERAL else self.value

    @property
    def plain(self) -> str | bool | list[str]:
        """As programs read it: a list of several choices, true or false of a checkbox, else text."""
        if self.kind == Question.Kind.CHECKBOX:
            return self.value == YES
        return self.value.split("\n") if self.kind == Question.Kind.SEVERAL else self.value
