"""Read a mail that was kept because no mail server is configured."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_string, policy
from email.message import EmailMessage

from bookonce.lib.sealed import Unreadable, unseal
from bookonce.messages.models import OutboxMail


@dataclass(frozen=True, slots=True)
class Part:
    """Something attached: its number within the mail, name, type and bytes."""

    number: int
    name: str
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class KeptMail:
    """What the pages show; `readable` is False for a mail sealed with a key that is gone."""

    readable: bool
    to: str = ""
    sender: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    parts: tuple[Part, ...] = ()


def open_mail(kept: OutboxMail) -> KeptMail:
    """Unseal and take apart."""
    try:
        message = message_from_string(unseal(kept.sealed), policy=policy.default)
    except Unreadable:
        return KeptMail(readable=False)
    return KeptMail(
        readable=True,
        to=str(message["To"] or ""),
        sender=str(message["From"] or ""),
        subject=str(message["Subject"] or ""),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        parts=tuple(_attached(message)),
    )


def _body(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    return str(found.get_content()) if found else ""


def _attached(message: EmailMessage) -> list[Part]:
    """All parts but the text and the HTML; an invitation may be an alternative of these, or attached."""
    bodies = {id(message.get_body((kind,))) for kind in ("plain", "html")}
    parts = []
    for number, part in enumerate(message.walk()):
        if part.is_multipart() or id(part) in bodies:
            continue
        content = part.get_payload(decode=True)
        body = content if isinstance(content, bytes) else b""
        name = part.get_filename() or (
            "invite.ics" if part.get_content_type() == "text/calendar" else f"part-{number}"
        )
        parts.append(Part(number, name, part.get_content_type(), body))
    return parts
