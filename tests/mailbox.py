"""Do what is owed and read the mails that come of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import icalendar

from bookonce.jobs.models import Job
from bookonce.jobs.worker import run_due
from bookonce.messages import outbox
from bookonce.messages.models import OutboxMail
from tests.cast import NOW


def mails(*, now: datetime = NOW) -> list[EmailMessage]:
    """Do all that is owed; the mails of that, oldest first."""
    before = set(OutboxMail.objects.values_list("pk", flat=True))
    while run_due(now):
        pass
    at_their_time = ("request.expire", "link.no_slots")
    left = Job.objects.exclude(kind__in=at_their_time, run_at__gt=now, attempts=0)
    assert not list(left.values_list("kind", "error"))
    return [outbox.open_message(mail) for mail in OutboxMail.objects.exclude(pk__in=before).order_by("pk")]


def to(address: str, found: Sequence[EmailMessage]) -> EmailMessage:
    [mail] = [mail for mail in found if mail["To"].addresses[0].addr_spec == address]
    return mail


def part(mail: EmailMessage, content_type: str) -> Any:
    [found] = [piece for piece in mail.walk() if piece.get_content_type() == content_type]
    return found


def text(mail: EmailMessage) -> str:
    return str(part(mail, "text/plain").get_content())


def html(mail: EmailMessage) -> str:
    return str(part(mail, "text/html").get_content())


def vevent(mail: EmailMessage) -> Any:
    """The one event of the mail's invitation; checks what clients need to show it as one (RFC 6047)."""
    piece = part(mail, "text/calendar")
    assert mail.get_content_type() == "multipart/mixed"
    assert [p.get_content_type() for p in mail.iter_parts()] == ["multipart/alternative", "application/ics"]
    raw = piece.get_payload(decode=True)
    assert isinstance(raw, bytes)
    assert part(mail, "application/ics").get_payload(decode=True) == raw
    calendar = icalendar.Calendar.from_ical(raw)
    assert calendar["METHOD"] == piece.get_param("method")
    [event] = calendar.walk("VEVENT")
    recipient = f"mailto:{mail['To'].addresses[0].addr_spec}"
    attendees = event["ATTENDEE"] if isinstance(event["ATTENDEE"], list) else [event["ATTENDEE"]]
    assert recipient in [str(attendee) for attendee in attendees]
    assert event["STATUS"] == ("CANCELLED" if calendar["METHOD"] == "CANCEL" else "CONFIRMED")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    return event
