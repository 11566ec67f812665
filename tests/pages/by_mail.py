"""A guest who has nothing but the mails: the addresses in them are opened, and booked through."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from bookonce.scheduling.issue_link import issue_link
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.models import Booking, Calendar
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, make_link
from tests.mailbox import mails, text, to
from tests.pages.guest_pages import MONDAY, Page, book_page, read
from tests.pages.owner import signed_in

GINA = "gina@example.org"
JSON = {"name": "Gina Guest", "email": GINA, "timezone": "Europe/Berlin"}


def path_of(person: Person, **options: Any) -> str:
    """Of a new link to the person's calendar."""
    return f"/o/{make_link(person, **options).token}"


def path_to(calendar: Calendar, person: Person, **options: Any) -> str:
    """Of a new link to this calendar, made by the person."""
    return f"/o/{issue_link(calendar, LinkOptions(**options), by=person.actor, now=NOW).token}"


def addressed(way: str, found: Sequence[EmailMessage]) -> str:
    """The path of the link (o) or of the manage page (m) in the guest's mail."""
    [address] = set(re.findall(rf"http\S+/{way}/[a-z0-9]+", text(to(GINA, found))))
    return str(urlsplit(address).path)


def booked(path: str, start: str = MONDAY_NINE, *, now: datetime = NOW, **changes: str) -> str:
    """Book with a browser of its own; the manage page of the guest's mail."""
    assert book_page(path, Client(), start, **changes).status_code == 303
    return addressed("m", mails(now=now))


def by_program(path: str, start: str = MONDAY_TEN, **more: Any) -> tuple[int, str]:
    """Book without a browser: the status and the stable code."""
    answer = Client().post(f"{path}/book", JSON | {"start": start} | more, content_type="application/json")
    return answer.status_code, answer.json().get("code", "")


def listed(path: str, **query: str) -> list[str]:
    """The starts of the cast's Monday that a program is told."""
    asked = {"from": MONDAY, "to": MONDAY, "timezone": "Europe/Berlin"} | query
    answer = Client().get(f"{path}/slots", asked)
    assert answer.status_code == 200, answer.content
    return list(answer.json()["slots"].get(MONDAY, []))


def cancel_as_host(person: Person, *, start: str = "", **form: str) -> None:
    """Cancel what was booked last, or what starts then, on the page of the appointment."""
    then: dict[str, Any] = {"appointment__starts": datetime.fromisoformat(start)} if start else {}
    found = Booking.objects.filter(status="confirmed", **then).select_related("appointment")
    booking = found.latest("pk")
    path = f"/app/appointments/{booking.appointment.public_id}/cancel/"
    assert signed_in(person).post(path, form).status_code == 302


def click(person: Person, act: str) -> Page:
    """Pause, resume, delete or restore the person's calendar; the page that follows."""
    path = f"/app/calendars/{person.calendar.public_id}/{act}/"
    answer = signed_in(person).post(path, follow=True)
    assert answer.status_code == 200
    return read(answer)
