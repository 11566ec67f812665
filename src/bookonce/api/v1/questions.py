"""Questions: make, list, show, change, archive, restore."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from bookonce.accounts.models import ApiKey
from bookonce.api.v1.access import caller, get_noun
from bookonce.api.v1.openapi import describe
from bookonce.api.v1.pages import PAGING, read_page
from bookonce.api.v1.question_schemas import Question, QuestionChanges, QuestionPage, QuestionSettings
from bookonce.api.v1.requests import mark_replay, read_body, read_query, read_retry, refuse_fields
from bookonce.lib import clock
from bookonce.lib.instants import iso
from bookonce.scheduling import models
from bookonce.scheduling import questions as verbs

router = Router(tags=["Questions"], by_alias=True)


@router.post(
    "/questions",
    response={201: Question},
    summary="Make a question",
    openapi_extra=describe(body=QuestionSettings, retries=True),
)
def create_question(request: HttpRequest, response: HttpResponse) -> Status[dict[str, Any]]:
    """No calendar asks it until it is told to."""
    key = caller(request)
    body = read_body(request)
    retry = read_retry(request, body)
    made = verbs.create_question(key.workspace, body, now=clock.now(), retry=retry)
    mark_replay(response, retry)
    return Status(201, _shown(get_noun(_questions(key), made.public_id)))


@router.get(
    "/questions", response=QuestionPage, summary="List questions", openapi_extra=describe(query=PAGING)
)
def list_questions(request: HttpRequest) -> dict[str, Any]:
    """In the order they were made; archived ones are left out."""
    key = caller(request)
    page = read_page(read_query(request, PAGING), key.workspace_id, "questions")
    questions = _questions(key).filter(deleted_at=None).order_by("pk")
    if page.after:
        questions = questions.filter(pk__gt=page.after[0])
    return page.of(questions, lambda question: (question.pk,), _shown)


@router.get("/questions/{question_id}", response=Question, summary="Show a question")
def show_question(request: HttpRequest, question_id: str) -> dict[str, Any]:
    """With its choices."""
    return _shown(_get(caller(request), question_id))


@router.patch(
    "/questions/{question_id}",
    response=Question,
    summary="Change a question",
    openapi_extra=describe(body=QuestionChanges),
)
def update_question(request: HttpRequest, question_id: str) -> dict[str, Any]:
    """Only what is sent is changed, wherever it is asked. Answers keep the label they were given under."""
    key = caller(request)
    verbs.update_question(_get(key, question_id), read_body(request))
    return _shown(_get(key, question_id))


@router.delete("/questions/{question_id}", response={204: None}, summary="Archive a question")
def archive_question(request: HttpRequest, question_id: str) -> Status[None]:
    """No calendar asks it until it is restored; its answers stay."""
    question = _get(caller(request), question_id)
    refuse_fields(read_body(request))
    verbs.archive_question(question, now=clock.now())
    return Status(204, None)


@router.post(
    "/questions/{question_id}/restore",
    response=Question,
    summary="Restore a question",
    openapi_extra=describe(retries=True),
)
def restore_question(request: HttpRequest, response: HttpResponse, question_id: str) -> dict[str, Any]:
    """The calendars that asked it ask it again. Restoring one that is not archived changes nothing."""
    key = caller(request)
    question = get_noun(_questions(key), question_id)
    body = read_body(request)
    retry = read_retry(request, body)
    refuse_fields(body)
    verbs.restore_question(question, now=clock.now(), retry=retry)
    mark_replay(response, retry)
    return _shown(_get(key, question_id))


def _get(key: ApiKey, public_id: str) -> models.Question:
    return get_noun(_questions(key).filter(deleted_at=None), public_id)


def _questions(key: ApiKey) -> QuerySet[models.Question]:
    return models.Question.objects.filter(workspace_id=key.workspace_id).prefetch_related("choices")


def _shown(question: models.Question) -> dict[str, Any]:
    return {
        "id": question.public_id,
        "key": question.key,
        "kind": question.kind,
        "label": question.label,
        "help": question.help,
        "choices": [choice.text for choice in question.choices.all()],
        "created_at": iso(cast("Any", question.created_at)),
    }
