"""Questions of a workspace: make, change, archive and restore them, and let calendars ask them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookonce.accounts.models import Workspace
from bookonce.lib.tokens import new_public_id
from bookonce.scheduling import idempotency
from bookonce.scheduling.errors import Conflict, Invalid
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.models import (
    BookingAnswer,
    Calendar,
    CalendarQuestion,
    Question,
    QuestionChoice,
)
from bookonce.scheduling.models.question import LONGEST_KEY, MOST_QUESTIONS
from bookonce.scheduling.question_settings import MOST_OF_A_WORKSPACE, key_from, parse_question
from bookonce.scheduling.transaction import one_transaction

MOST_ATTEMPTS = 100


@one_transaction
def create_question(
    workspace: Workspace,
    raw: Mapping[str, Any],
    *,
    now: datetime,
    retry: Idempotency | None = None,
    calendar: Calendar | None = None,
    required: bool = False,
) -> Question:
    """A new question of the workspace; without a `key` one is made from its label.

    A `calendar` of the workspace asks it last from now on; `required`: whether it needs an answer there.

    Raises:
        Invalid: by field, among them a key that is taken. Conflict: the workspace has too many, or the
            calendar asks too many.
    """
    fresh = {"question": new_public_id("qst")}
    earlier = idempotency.claim(retry, fresh, now=now)
    if earlier is not None:
        return Question.objects.get(public_id=earlier["question"])
    columns = parse_question(raw, present=None)
    choices, key = columns.pop("choices", ()), columns.pop("key", "")
    _check_room(workspace.pk)
    made = Question(public_id=fresh["question"], workspace=workspace, created_at=now, **columns)
    _insert(made, key)
    _keep_choices(made, choices)
    if calendar:
        _ask_last(calendar, made, required=required)
    return made


@one_transaction
def update_question(question: Question, raw: Mapping[str, Any]) -> Question:
    """Change what was sent, keep the rest; answers keep the label they were given under.

    Raises:
        Invalid: by field; the key never changes, nor does the kind once somebody has answered.
    """
    present = Question.objects.select_for_update().get(pk=question.pk)
    columns = parse_question(raw, present=present)
    columns.pop("key", None)
    choices = columns.pop("choices", None)
    if columns.get("kind", present.kind) != present.kind and is_answered(present):
        raise Invalid({"kind": [_("Guests have answered this question. Make a new one of another kind.")]})
    if columns:
        Question.objects.filter(pk=present.pk).update(**columns)
    if choices is not None:
        _keep_choices(present, choices)
    return Question.objects.get(pk=present.pk)


@one_transaction
def archive_question(question: Question, *, now: datetime) -> bool:
    """Ask it no more; False when it already was so. Answers stay, and where it was asked is remembered."""
    return Question.objects.filter(pk=question.pk, deleted_at=None).update(deleted_at=now) == 1


@one_transaction
def restore_question(question: Question, *, now: datetime, retry: Idempotency | None = None) -> bool:
    """Ask it again where it was asked; False when it was not archived.

    Raises:
        Conflict: the workspace has too many questions by now, or a calendar that asked it asks too many.
    """
    if idempotency.claim(retry, {}, now=now) is not None:
        return False
    archived = Question.objects.filter(pk=question.pk, deleted_at__isnull=False)
    if not archived.exists():
        return False
    _check_room(question.workspace_id)
    for calendar in Calendar.objects.filter(calendar_questions__question=question).order_by("pk"):
        _check_list(calendar)
    return Question.objects.filter(pk=question.pk, deleted_at__isnull=False).update(deleted_at=None) == 1


@one_transaction
def set_calendar_questions(calendar: Calendar, wanted: Sequence[tuple[Question, bool]]) -> None:
    """Let the calendar ask these questions in this order; each with whether an answer is required.

    Raises:
        Invalid: there are too many, one comes twice, is archived, or is another workspace's.
    """
    # The calendar's row is ours first: of two lists at once the later one stays, whole.
    Calendar.objects.filter(pk=calendar.pk).update(version=F("version") + 1)
    keep_calendar_questions(calendar, wanted)


def keep_calendar_questions(calendar: Calendar, wanted: Sequence[tuple[Question, bool]]) -> None:
    """The same within the caller's transaction, in which the calendar's row is locked."""
    rows = [question.pk for question, _required in wanted]
    if len(rows) > MOST_QUESTIONS:
        raise Invalid({"questions": [_("At most %(most)s questions.") % {"most": MOST_QUESTIONS}]})
    if len(set(rows)) < len(rows):
        raise Invalid({"questions": [_("Each question can be asked once.")]})
    own = Question.objects.filter(pk__in=rows, workspace_id=calendar.workspace_id, deleted_at=None)
    if own.count() < len(rows):
        raise Invalid({"questions": [_("There is no such question in this workspace.")]})
    # Where archived ones are asked is remembered; but one of these may just have been archived.
    present = CalendarQuestion.objects.filter(calendar=calendar)
    present.filter(Q(question__deleted_at=None) | Q(question__in=rows)).delete()
    CalendarQuestion.objects.bulk_create(
        CalendarQuestion(calendar=calendar, question_id=row, position=place, required=required)
        for place, (row, (_question, required)) in enumerate(zip(rows, wanted, strict=True))
    )


def questions_of(calendar: Calendar) -> list[CalendarQuestion]:
    """What the calendar asks, in its order, with the questions and their choices."""
    asked = calendar.calendar_questions.filter(question__deleted_at=None).select_related("question")
    return list(asked.prefetch_related("question__choices").order_by("position", "pk"))


def questions_to_ask(workspace_id: int) -> QuerySet[Question]:
    """The workspace's questions that can be asked, in the order they were made, with their choices."""
    live = Question.objects.filter(workspace_id=workspace_id, deleted_at=None)
    return live.prefetch_related("choices").order_by("pk")


def archived_questions(workspace_id: int) -> QuerySet[Question]:
    """Those that are asked no more, the latest first."""
    return Question.objects.filter(workspace_id=workspace_id, deleted_at__isnull=False).order_by(
        "-deleted_at"
    )


def is_answered(question: Question) -> bool:
    """Whether a guest of its workspace has answered it."""
    answers = BookingAnswer.objects.filter(
        booking__workspace_id=question.workspace_id, key=question.key, kind=question.kind
    )
    return answers.exists()


def _check_room(workspace_id: int) -> None:
    """Make sure that the workspace may have one more; its row is locked from here on."""
    Workspace.objects.select_for_update().get(pk=workspace_id)  # which makes the count hold
    if Question.objects.filter(workspace_id=workspace_id, deleted_at=None).count() >= MOST_OF_A_WORKSPACE:
        raise Conflict(_("A workspace has at most %(most)s questions.") % {"most": MOST_OF_A_WORKSPACE})


def _check_list(calendar: Calendar) -> None:
    """Make sure that the calendar may ask one more; its row is locked from here on."""
    Calendar.objects.filter(pk=calendar.pk).update(version=F("version") + 1)  # its list is ours now
    asked = CalendarQuestion.objects.filter(calendar=calendar, question__deleted_at=None)
    if asked.count() >= MOST_QUESTIONS:
        raise Conflict(_("A calendar asks at most %(most)s questions.") % {"most": MOST_QUESTIONS})


def _ask_last(calendar: Calendar, question: Question, *, required: bool) -> None:
    _check_list(calendar)
    last = CalendarQuestion.objects.filter(calendar=calendar).aggregate(last=Max("position"))["last"]
    CalendarQuestion.objects.create(
        calendar=calendar, question=question, position=0 if last is None else last + 1, required=required
    )


def _insert(question: Question, key: str) -> None:
    """Insert under the wanted key, or under one made of its label that is free."""
    wanted = key or key_from(question.label)
    for attempt in range(1, MOST_ATTEMPTS):
        ending = "" if attempt == 1 else f"-{attempt}"
        question.key = wanted[: LONGEST_KEY - len(ending)] + ending
        try:
            with transaction.atomic():
                question.save(force_insert=True)
        except IntegrityError:
            if key:
                raise Invalid({"key": [_("Another question of this workspace has this key.")]}) from None
        else:
            return
    raise Invalid({"key": [_("Choose a key of your own.")]})


def _keep_choices(question: Question, choices: Sequence[str]) -> None:
    question.choices.all().delete()
    QuestionChoice.objects.bulk_create(
        QuestionChoice(question=question, position=place, text=text) for place, text in enumerate(choices)
    )


def asked_elsewhere(question: Question, calendar: Calendar) -> str:
    """Which other calendars ask it, in words; "" when none does."""
    others = Calendar.objects.filter(calendar_questions__question=question, deleted_at=None)
    names = list(others.exclude(pk=calendar.pk).order_by("name", "pk").values_list("name", flat=True))
    words = ngettext(
        "Another calendar asks this, too: %(names)s.",
        "Other calendars ask this, too: %(names)s.",
        len(names),
    )
    return words % {"names": ", ".join(names)} if names else ""
