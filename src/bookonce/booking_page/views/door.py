"""What happens at a calendar's address: pages for people, JSON for programs."""

from __future__ import annotations

from django.http import HttpResponse

from bookonce.booking_page.doors import Visit
from bookonce.booking_page.submission import FORM, JSON
from bookonce.booking_page.views.guest_json import book_by_json, only
from bookonce.lib.problem import problem


@only("POST")
def take_booking(visit: Visit) -> HttpResponse:
    """Book, answering a program in JSON and a form with a page."""
    if visit.request.content_type == JSON:
        return book_by_json(visit)
    return problem("invalid", "Send JSON or a form.", {"body": [f"Send {JSON} or {FORM}."]})
