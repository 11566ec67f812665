"""A mail as values, and as the message that goes out (RFC 5322)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.encoding import punycode
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from bookonce.lib.bidi import closed
from bookonce.messages.ics import Method, Party
from bookonce.messages.when import DASH

LONGEST_SUBJECT = 160
_FROM_TO = re.compile(rf"[\w:.]{{1,8}}{DASH}[\w:.]{{1,8}}")
LONGEST_NAME = 120
SPECIALS = re.compile(
    r'[,;:<>@"\\()\[\]]'
)  # RFC 5322 3.2.3: in a name they would need quoting that folding can lose


class Unsendable(Exception):
    """The address or the state of things leaves nothing to send; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one person; `words` is what its three templates are rendered with.

    `for_admins`: kept in the outbox, it is shown to owners and admins alone.
    """

    to: Party
    words: Mapping[str, Any]
    reply_to: Party | None = None
    calendar: tuple[Method, bytes] | None = None
    file: tuple[str, bytes] | None = None  # of a series: appointments to open, by its name
    workspace_id: int = field(kw_only=True)
    for_admins: bool = field(default=False, kw_only=True)


def render(name: str, letter: Letter, *, message_id: str, now: datetime) -> EmailMessage:
    """The whole message: text first, HTML, the invitation as an alternative and as a file (RFC 6047).

    Raises:
        Unsendable: the address can't stand in a header.
    """
    words = _closed(letter.words)
    subject = one_line(render_to_string(f"messages/{name}-subject.txt", words))[:LONGEST_SUBJECT]
    words["subject"] = subject
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(*parseaddr(settings.DEFAULT_FROM_EMAIL))
    message["To"] = _address(letter.to.name, letter.to.email)
    if letter.reply_to:
        message["Reply-To"] = _address(letter.reply_to.name, letter.reply_to.email)
    message["Subject"] = subject
    message["Date"] = now
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: out-of-office replies keep quiet
    text = re.sub(r"\n{3,}", "\n\n", render_to_string(f"messages/{name}-text.txt", words)).strip() + "\n"
    message.set_content(text, cte="quoted-printable")
    html = render_to_string(f"messages/{name}-html.html", words | _unbroken(words))
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    if letter.calendar:
        _add_calendar(message, *letter.calendar)
    if letter.file:
        name, content = letter.file
        message.add_attachment(content, maintype="application", subtype="ics", filename=name)
    return message


def _closed(words: Mapping[str, Any]) -> dict[str, Any]:
    """The words, none of which turns round what stands beside it in a sentence of ours."""
    kept = {name: closed(value) if isinstance(value, str) else value for name, value in words.items()}
    return kept | {"rows": [(closed(label), closed(value)) for label, value in words.get("rows", ())]}


def one_line(text: str) -> str:
    """The text fit for a header: one line, no control and no direction-changing characters."""
    kept = (c if unicodedata.category(c)[0] not in "CZ" else ("" if is_format(c) else " ") for c in text)
    # The standard library decodes an encoded word that somebody typed, line breaks and all.
    return " ".join("".join(kept).split()).replace("=?", "= ?")


def is_format(character: str) -> bool:
    """Whether it is invisible and changes how others are shown (bidi, joiners, ...)."""
    return unicodedata.category(character) == "Cf"


def _add_calendar(message: EmailMessage, method: Method, calendar: bytes) -> None:
    # Clients show an invitation when the part's method equals the body's.
    message.add_alternative(
        calendar, maintype="text", subtype="calendar", params={"method": method.value, "charset": "utf-8"}
    )
    name = "cancel.ics" if method is Method.CANCEL else "invite.ics"
    message.add_attachment(calendar, maintype="application", subtype="ics", filename=name)


def _address(name: str, email: str) -> Address:
    local, _, domain = email.rpartition("@")
    try:
        address = Address(
            display_name=one_line(SPECIALS.sub(" ", one_line(name)))[:LONGEST_NAME],
            addr_spec=f"{local}@{punycode(domain)}",
        )
    except (ValueError, IndexError, MessageError) as error:  # what the standard parser raises for bad ones
        raise Unsendable("The address can't be used for mail.") from error
    if not address.username or not address.domain:
        raise Unsendable("The address can't be used for mail.")
    return address


def _unbroken(words: Mapping[str, Any]) -> dict[str, SafeString]:
    """The time that the fact tells, for HTML: no line breaks after its dash."""
    when = conditional_escape(words.get("when", ""))
    return {"when": mark_safe(_FROM_TO.sub(r'<span style="white-space:nowrap">\g<0></span>', when))}  # noqa: S308
