"""What each kind of job runs: a dotted path, since the work lies above this package.

A handler is `handle(payload, now)`: payload as enqueued (ids and numbers), `now` an aware instant. It may
run twice, so it is idempotent; it raises JobFailed, or anything else, to be tried again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, cast

from django.utils.module_loading import import_string

Handle = Callable[[dict[str, Any], datetime], None]

HANDLERS: dict[str, str] = {
    "batches.purge": "bookonce.scheduling.purge_batches.run",
    "event.dispatch": "bookonce.messages.dispatch.dispatch",
    "holds.clear": "bookonce.scheduling.clear_holds.run",
    "invitation.send": "bookonce.messages.team_mails.send_invitation",
    "link.no_slots": "bookonce.scheduling.no_slots.run",
    "links.issue": "bookonce.scheduling.link_uploads.run",
    "request.expire": "bookonce.scheduling.answer_booking.run",
    "mail.send": "bookonce.messages.send.send",
    "rates.purge": "bookonce.scheduling.rate_limits.run",
    "recipients.forget": "bookonce.scheduling.forget_recipients.run",
    "secrets.forget": "bookonce.scheduling.forget_secrets.run",
}
# Kind -> seconds between two runs; ticks are counted from the epoch.
PERIODIC: Mapping[str, int] = {
    "batches.purge": 600,
    "holds.clear": 600,
    "rates.purge": 3600,
    "recipients.forget": 24 * 3600,
    "secrets.forget": 3600,
}


def get_handler(kind: str) -> Handle:
    """The function that does this kind of work.

    Raises:
        KeyError: no such kind, e.g. a job of a newer version.
    """
    return cast("Handle", import_string(HANDLERS[kind]))
