"""A guest's page with a look that is not kept yet, as its owner sees it beside the form."""

from __future__ import annotations

import secrets
from copy import copy
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, QueryDict

from bookonce.booking_page.choice import parse_choice
from bookonce.booking_page.doors import Visit
from bookonce.booking_page.local_times import LocalClock
from bookonce.booking_page.month import nearest
from bookonce.booking_page.views.choosing import show_month
from bookonce.booking_page.views.details import show_details
from bookonce.booking_page.views.page_words import finder
from bookonce.lib import clock
from bookonce.lib.languages import ENGLISH, speaking
from bookonce.scheduling.look_rows import Look
from bookonce.scheduling.offer import Door, get_calendar_offer


def show_preview(
    request: HttpRequest, calendar_id: int, look: Look, said: object, *, step: str = ""
) -> HttpResponse:
    """The page on which guests choose a time or, for the step `form`, say who they are; it can't be used.

    `said` is what the page says of the look (design/look_said.html).
    """
    offer = replace(get_calendar_offer(calendar_id, questions=True), look=look)
    page = copy(request)
    page.method, page.COOKIES = "GET", {}
    page.GET, page.POST = QueryDict(), QueryDict()
    vars(page)["preview"] = said  # for the templates
    visit = Visit(page, Door.permanent(offer.calendar_key), "", clock.now())
    choice = parse_choice(page.GET, offer)
    with speaking(offer.language or ENGLISH):
        if step == "form":
            found = nearest(
                finder(visit, offer, choice),
                LocalClock(choice.timezone),
                around=visit.seconds // 60,
                count=1,
            )
            choice = parse_choice({"start": found[0].iso} if found else {}, offer)
            return show_details(visit, offer, choice, key=secrets.token_urlsafe(16))
        return show_month(visit, offer, choice)
