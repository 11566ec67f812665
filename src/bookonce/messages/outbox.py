"""Where mail goes when no mail server is configured: kept, encrypted, and shown to the owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_string
from email.message import EmailMessage
from email.policy import SMTP

from bookonce.lib.sealed import seal, unseal
from bookonce.messages.models import OutboxMail


@dataclass(frozen=True, slots=True)
class KeptMail:
    """A kept mail as a reader sees it; `calendar` is the attached .ics, or ''."""

    sender: str
    to: str
    subject: str
    text: str
    html: str
    calendar: str


def keep(message: EmailMessage, *, workspace_id: int, now: datetime, for_admins: bool = False) -> None:
    """Keep the whole message; once, however often its job runs. Plain members never see one for admins."""
    mail = OutboxMail(
        workspace_id=workspace_id,
        message_id=str(message["Message-ID"])[:120],
        sealed=seal(message.as_string()),
        created_at=now,
        for_admins=for_admins,
    )
    OutboxMail.objects.bulk_create([mail], ignore_conflicts=True)


def open_message(mail: OutboxMail) -> EmailMessage:
    """The message as it would have been sent.

    Raises:
        Unreadable: it was sealed with a key that is gone.
    """
    return message_from_string(unseal(mail.sealed), policy=SMTP)


def read_mail(mail: OutboxMail) -> KeptMail:
    """The parts of a kept mail. Raises Unreadable like `open_message`."""
    message = open_message(mail)
    parts: dict[str, str] = {}
    for part in message.walk():
        if part.get_content_type() in {"text/plain", "text/html", "text/calendar"}:
            parts.setdefault(part.get_content_subtype(), part.get_content())
    return KeptMail(
        sender=str(message["From"]),
        to=str(message["To"]),
        subject=str(message["Subject"]),
        text=parts.get("plain", ""),
        html=parts.get("html", ""),
        calendar=parts.get("calendar", ""),
    )
