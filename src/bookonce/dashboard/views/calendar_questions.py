"""What one calendar asks its guests: its questions, notes, further guests and the text to agree to."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bookonce.accounts.models import Member
from bookonce.dashboard import guest_form
from bookonce.dashboard.access import acting, calendar_or_404, member_required, question_or_404
from bookonce.dashboard.guest_form import GuestFormForm, Kept, QuestionForm, QuestionRow
from bookonce.dashboard.show import show
from bookonce.design.fields import Problem, problems
from bookonce.lib import clock
from bookonce.scheduling.calendars import update_calendar
from bookonce.scheduling.consent import find_consent_text
from bookonce.scheduling.errors import Conflict, Invalid
from bookonce.scheduling.models import Calendar, Question
from bookonce.scheduling.questions import (
    archive_question,
    archived_questions,
    asked_elsewhere,
    create_question,
    questions_to_ask,
    restore_question,
    update_question,
)

RAIL = {"rail_active": "calendars"}


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def edit_form(request: HttpRequest, member: Member, public_id: str) -> HttpResponseBase:
    """Show what is asked; on POST change the list of questions (`change`), or save all of it."""
    calendar = calendar_or_404(member, public_id)
    kept = {question.public_id: question for question in questions_to_ask(member.workspace_id)}
    present = guest_form.present_settings(calendar)
    if request.method != "POST":
        return _page(
            request, member, calendar, GuestFormForm(initial=present), guest_form.kept_rows(calendar), kept
        )
    form = GuestFormForm(request.POST, initial=present)
    rows = guest_form.sent_rows(request.POST.getlist("question"), request.POST.getlist("required"), kept)
    if "change" in request.POST:
        form.refuse({})
        chosen = request.POST.get("question-new", "")
        rows = guest_form.changed_rows(request.POST.get("change", ""), rows, kept, chosen)
        return _page(request, member, calendar, form, rows, kept)
    try:
        update_calendar(calendar, form.settings(rows), by=acting(member), now=clock.now())
    except Invalid as error:
        form.refuse(error.errors)
        return _page(request, member, calendar, form, rows, kept, status=422)
    messages.success(request, _("Saved."))
    return redirect("dashboard:calendar_form", calendar.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def new_question(request: HttpRequest, member: Member, public_id: str) -> HttpResponseBase:
    """Make a question of the workspace that the calendar asks last."""
    calendar = calendar_or_404(member, public_id)
    if request.method != "POST":
        return _question_page(request, member, calendar, QuestionForm(initial={"kind": "short"}))
    form = QuestionForm(request.POST)
    try:
        create_question(
            member.workspace, form.settings(), now=clock.now(), calendar=calendar, required=form.requires
        )
    except Invalid as error:
        form.refuse(error.errors)
        return _question_page(request, member, calendar, form, status=422)
    except Conflict as full:
        form.refuse({"": [str(full)]})
        return _question_page(request, member, calendar, form, status=422)
    messages.success(request, _("Guests are asked this from now on."))
    return redirect("dashboard:calendar_form", calendar.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def edit_question(request: HttpRequest, member: Member, public_id: str, question_id: str) -> HttpResponseBase:
    """Change a question wherever it is asked; answers keep the words they were given to."""
    calendar, question = calendar_or_404(member, public_id), question_or_404(member, question_id)
    present = guest_form.present_question(question)
    if request.method != "POST":
        return _question_page(request, member, calendar, QuestionForm(initial=present), question)
    form = QuestionForm(request.POST, initial=present)
    try:
        update_question(question, form.settings())
    except Invalid as error:
        form.refuse(error.errors)
        return _question_page(request, member, calendar, form, question, status=422)
    messages.success(request, _("Saved."))
    return redirect("dashboard:calendar_form", calendar.public_id)


@require_POST
@member_required
def archive(request: HttpRequest, member: Member, public_id: str, question_id: str) -> HttpResponseBase:
    """Ask it no more, in any calendar; its answers stay."""
    calendar, question = calendar_or_404(member, public_id), question_or_404(member, question_id)
    archive_question(question, now=clock.now())
    undo = reverse("dashboard:question_restore", args=[public_id, question_id])
    messages.success(request, _("The question is asked no more."), extra_tags=f"undo:{undo}")
    return redirect("dashboard:calendar_form", calendar.public_id)


@require_POST
@member_required
def restore(request: HttpRequest, member: Member, public_id: str, question_id: str) -> HttpResponseBase:
    """Ask an archived question again where it was asked."""
    calendar, question = calendar_or_404(member, public_id), question_or_404(member, question_id)
    try:
        restore_question(question, now=clock.now())
    except Conflict as full:
        messages.error(request, str(full))
    else:
        messages.success(request, _("The question is back, where it was asked."))
    return redirect("dashboard:calendar_form", calendar.public_id)


def _page(
    request: HttpRequest,
    member: Member,
    calendar: Calendar,
    form: GuestFormForm,
    rows: list[QuestionRow],
    kept: Kept,
    *,
    status: int = 200,
) -> HttpResponse:
    of_questions = [Problem(told, "id_questions", _("Questions")) for told in form.question_faults]
    there = {row.question.public_id for row in rows}
    context = {
        "calendar": calendar,
        "form": form,
        "problems": [*of_questions, *problems(form)],
        "rows": rows,
        "others": [question for public_id, question in kept.items() if public_id not in there],
        "archived": archived_questions(member.workspace_id),
        "consent": find_consent_text(calendar),
    }
    return show(request, member, "calendar_form.html", RAIL | context, status=status)


def _question_page(
    request: HttpRequest,
    member: Member,
    calendar: Calendar,
    form: QuestionForm,
    question: Question | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "calendar": calendar,
        "form": form,
        "problems": problems(form),
        "question": question,
        "elsewhere": asked_elsewhere(question, calendar) if question else "",
    }
    return show(request, member, "question.html", RAIL | context, status=status)
