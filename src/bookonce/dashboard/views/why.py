"""Why is this time not offered? A day of a calendar, start by start, with the rule that took each out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from bookonce.accounts.models import Member
from bookonce.dashboard.access import PUBLIC_ID, link_or_404, member_required
from bookonce.dashboard.show import show
from bookonce.dashboard.views.links import ALIVE
from bookonce.dashboard.why_question import (
    ONE_TIME,
    PUBLIC,
    Question,
    QuestionForm,
    lengths_of,
    parse_question,
)
from bookonce.dashboard.why_rows import parts_of_day
from bookonce.dashboard.why_time import answers_for, refusal_words, why_nothing
from bookonce.dashboard.why_words import Words
from bookonce.lib import clock
from bookonce.lib.instants import to_seconds
from bookonce.scheduling import explain
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.link_filter import LinkFilter, fitting
from bookonce.scheduling.models import Calendar, OneTimeLink
from bookonce.scheduling.offer import Offer
from bookonce.scheduling.slots import Kind

MOST_LINKS = 20  # to choose from; any other by its own page


@dataclass(frozen=True)
class View:
    """In whose eyes the calendar is looked at."""

    name: str
    link: OneTimeLink | None
    offer: Offer


@require_safe
@member_required
def why_not_offered(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """Show the day, and the one time that was asked about; deleted calendars are explained, too."""
    calendars = Calendar.objects.select_related("schedule").filter(workspace_id=member.workspace_id)
    calendar, now = get_object_or_404(calendars, public_id=public_id), clock.now()
    view = _view(request, member, calendar)
    lengths = lengths_of(calendar, view.offer)
    form = partial(
        QuestionForm,
        lengths=lengths,
        links=_links(member, calendar, view.link, now),
        of_class=view.offer.rules.kind is Kind.CLASS,
    )
    context = {
        "rail_active": "calendars",
        "calendar": calendar,
        "zone": view.offer.zone,
        "view": view,
    }
    try:
        question = parse_question(request.GET.dict(), view.offer, lengths, now=now)
    except Invalid as error:
        asked = form({**request.GET.dict(), "view": view.name})
        asked.refuse(error.errors)
        return show(request, member, "why.html", context | {"form": asked}, status=422)
    context["form"] = form(initial=question.fields() | {"view": view.name})
    return show(request, member, "why.html", context | _answer(question, view, member, to_seconds(now)))


def _answer(question: Question, view: View, reader: Member, now: int) -> dict[str, Any]:
    found = explain.explain(
        view.offer, day=question.day, duration=question.duration, now=now, party=question.party
    )
    words = Words(found, reader, view.link.public_id if view.link else "")
    nothing = why_nothing(words)
    return {
        "explained": found,
        "earlier": _on(question, view, -1),
        "later": _on(question, view, 1),
        "refused": refusal_words(found),
        "answers": answers_for(words, question.time),
        "nothing": nothing,
        "parts": [] if nothing else parts_of_day(words),
    }


def _on(question: Question, view: View, step: int) -> str:
    """The same question about a neighbouring day."""
    day = question.day + timedelta(days=step)
    return f"?{urlencode(question.fields(day=day, time=None) | {'view': view.name})}"


def _view(request: HttpRequest, member: Member, calendar: Calendar) -> View:
    name = request.GET.get("view", "") or (ONE_TIME if calendar.one_time_only else PUBLIC)
    if name == PUBLIC:
        return View(name, None, explain.public_view(calendar.pk))
    if name == ONE_TIME:
        return View(name, None, explain.one_time_view(calendar.pk))
    if not PUBLIC_ID.fullmatch(name):
        raise Http404
    link = link_or_404(member, name)
    if link.calendar_id not in (None, calendar.pk):
        raise Http404
    try:
        return View(name, link, explain.link_view(link, calendar))
    except Invalid as not_of_the_group:
        raise Http404 from not_of_the_group


def _links(
    member: Member, calendar: Calendar, present: OneTimeLink | None, now: datetime
) -> list[OneTimeLink]:
    """The newest living links of the calendar, and the one in hand (one statement)."""
    links = OneTimeLink.objects.filter(workspace_id=member.workspace_id, calendar=calendar)
    found = list(fitting(links, LinkFilter(ALIVE), now=now).order_by("-pk")[:MOST_LINKS])
    return found if present is None or present in found else [present, *found]
