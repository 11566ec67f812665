"""Render one owed mail from the database as it is now, and hand it in; or keep it in the outbox."""

from __future__ import annotations

import logging
import re
import smtplib
from collections.abc import Callable, Mapping
from datetime import datetime
from email.message import EmailMessage
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.utils.crypto import salted_hmac

from bookonce.jobs.queue import JobFailed
from bookonce.lib.languages import speaking
from bookonce.lib.sealed import Unreadable
from bookonce.messages import guest_mails, host_mails, link_mails, outbox, request_mails, series_mails
from bookonce.messages.dispatch import Owed
from bookonce.messages.letter import Letter, Unsendable, render
from bookonce.messages.mail_language import mail_language
from bookonce.messages.outdated import Outdated
from bookonce.messages.readers import present
from bookonce.scheduling.mail_codes import OF_GUESTS, OF_LINKS, forget_code
from bookonce.scheduling.models import Event

logger = logging.getLogger(__name__)

MESSAGES = {
    name: message
    for kind in (guest_mails, host_mails, link_mails, request_mails, series_mails)
    for name, message in kind.MESSAGES.items()
}
CODES = {"link_code": OF_LINKS, "guest_code": OF_GUESTS}  # secrets that nobody needs once they are sent
ADDRESS = re.compile(r"\S+@\S+")


def send(payload: Mapping[str, Any], now: datetime) -> None:
    """The job `mail.send`: one mail to one person, with the same Message-ID however often it runs.

    Raises:
        JobFailed: permanent when the recipient's server refused for good, else to be tried again.
    """
    owed = Owed(**payload)
    if owed.role == "member" and not present([owed.number]):
        logger.info("mail %s is not sent: its reader is no longer a member", owed.key)
        return
    event = Event.objects.select_related(
        "workspace",
        "member__user",
        "booking__appointment__calendar__schedule",
        "booking__link",
        "link",
        "request",
    ).get(pk=owed.event)
    with speaking(mail_language(event, owed)):
        deliver(owed.message, lambda: MESSAGES[owed.message](event, owed, now), key=owed.key, now=now)
    if owed.message in CODES:
        forget_code(CODES[owed.message], int(event.details["code"]))


def deliver(name: str, write: Callable[[], Letter], *, key: str, now: datetime) -> None:
    """Write the mail of this name, unless it is outdated, and send or keep it; once for each key.

    Raises:
        JobFailed: as `send`.
    """
    try:
        letter = write()
        message = render(name, letter, message_id=message_id(key), now=now)
    except Outdated as why:
        logger.info("mail %s is not sent: %s", key, why)
        return
    except (Unsendable, Unreadable) as error:
        raise JobFailed(
            str(error) or "A secret was sealed with a key that is gone.", permanent=True
        ) from error
    if settings.BOOKONCE.mail:
        hand_in(message)
    else:
        outbox.keep(message, workspace_id=letter.workspace_id, now=now, for_admins=letter.for_admins)


def message_id(key: str) -> str:
    """A Message-ID for the mail of this key: always the same, and it tells no numbers."""
    name = salted_hmac("bookonce.mail", key, algorithm="sha256").hexdigest()[:32]
    return f"<{name}@{urlsplit(settings.BOOKONCE.base_url).hostname}>"


def hand_in(message: EmailMessage) -> None:
    """Give the message to the configured mail server.

    Raises:
        JobFailed: as `send`.
    """
    sender, recipient = message["From"].addresses[0].addr_spec, message["To"].addresses[0].addr_spec
    backend = get_connection("django.core.mail.backends.smtp.EmailBackend")
    if not isinstance(backend, EmailBackend):
        raise TypeError(backend)
    try:
        backend.open()
        cast("smtplib.SMTP", backend.connection).sendmail(sender, [recipient], message.as_bytes())
    except smtplib.SMTPRecipientsRefused as error:
        code, reason = next(iter(error.recipients.values()))
        raise _refused(code, reason, permanent=500 <= code < 600) from error
    except smtplib.SMTPDataError as error:
        raise _refused(error.smtp_code, error.smtp_error, permanent=error.smtp_code >= 500) from error
    except smtplib.SMTPResponseException as error:  # sender or password refused: the owner can mend that
        raise _refused(error.smtp_code, error.smtp_error, permanent=False) from error
    except (smtplib.SMTPException, OSError) as error:
        raise JobFailed(f"The mail server can't be reached: {type(error).__name__}.") from error
    finally:
        _close(backend)


def _close(backend: EmailBackend) -> None:
    """Say goodbye; what goes wrong now must not send the mail again."""
    try:
        backend.close()
    except (smtplib.SMTPException, OSError) as error:
        logger.info("mail server: %s after the end", type(error).__name__)


def _refused(code: int, reason: bytes | str, *, permanent: bool) -> JobFailed:
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    # A job's row holds no personal data, and servers like to repeat the address.
    return JobFailed(f"The mail server answered {code}: {ADDRESS.sub('…', text)}", permanent=permanent)
