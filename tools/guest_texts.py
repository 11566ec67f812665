"""Which files hold texts that guests read; what is in none of them stays English."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "bookonce"
_MAILS = "messages/templates/messages/"
FILES = (
    "booking_page/**/*.py",
    "booking_page/templates/**/*.html",
    *(
        f"design/templates/design/{name}.html"
        for name in (
            "base",
            "busy",
            "error_summary",
            "field",
            "field_error",
            "guest",
            "language_picker",
            "message",
            "too_large",
        )
    ),
    "design/fields.py",
    "dashboard/templates/dashboard/not_found.html",  # they answer at guests' addresses, too
    "dashboard/templates/dashboard/failed.html",
    *(f"lib/{name}.py" for name in ("bodies", "deadline", "fields", "time_words", "zones")),
    *(
        f"messages/{name}.py"
        for name in (
            "booking_words",
            "guest_mails",
            "link_mails",
            "request_mails",
            "invitations",
            "proposal",
            "series_mails",
            "when",
        )
    ),
    *(
        f"{_MAILS}{name}"
        for name in (
            *("appointments.*", "base.html", "base-text.txt"),
            *("booking_cancelled-*", "booking_confirmed-*", "booking_invitation-*", "booking_moved-*"),
            *("link_answered-*", "guest_code-*", "link_code-*", "link_renewed-*", "proposal-*"),
            *("request_ended-*", "request_received-*"),
            *("series_cancelled-*", "series_confirmed-*", "series_invitation-*"),
        )
    ),
    *(
        f"scheduling/{name}.py"
        for name in (
            *("answers", "booking_request", "booking_rows", "errors", "further_guests", "guest_codes"),
            *(
                "hold_time",
                "host_choice",
                "idempotency",
                "link_codes",
                "mail_codes",
                "offer",
                "proofs",
                "request_link",
            ),
        )
    ),
)


def guest_files() -> Iterator[Path]:
    """The files, each once, in the order of their names.

    Raises:
        FileNotFoundError: a name in the list stands for no file.
    """
    found = set()
    for pattern in FILES:
        here = [path for path in PACKAGE.glob(pattern) if path.is_file()]
        if not here:
            raise FileNotFoundError(pattern)
        found.update(here)
    yield from sorted(found)
