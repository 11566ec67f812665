"""Links that open a web calendar with the appointment filled in; they hold no address of ours."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from bookonce.lib.instants import from_minutes


@dataclass(frozen=True)
class WebCalendar:
    """A product's name, which is the same in every language, and the address that opens it."""

    name: str
    address: str


def web_calendars(title: str, start: int, end: int, location: str) -> list[WebCalendar]:
    """Those that can be filled in by a link; instants in minutes since the epoch."""
    outlook = _outlook_query(title, start, end, location)
    return [
        WebCalendar("Google Calendar", _google_url(title, start, end, location)),
        WebCalendar("Outlook.com", f"https://outlook.live.com/calendar/0/deeplink/compose?{outlook}"),
        WebCalendar("Microsoft 365", f"https://outlook.office.com/calendar/0/deeplink/compose?{outlook}"),
    ]


def _google_url(title: str, start: int, end: int, location: str) -> str:
    dates = "/".join(from_minutes(minute).strftime("%Y%m%dT%H%M%SZ") for minute in (start, end))
    query = {"action": "TEMPLATE", "text": title, "dates": dates, "location": location}
    return f"https://calendar.google.com/calendar/render?{urlencode(query)}"


def _outlook_query(title: str, start: int, end: int, location: str) -> str:
    begins, ends = (from_minutes(minute).strftime("%Y-%m-%dT%H:%M:%SZ") for minute in (start, end))
    query = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": title,
        "startdt": begins,
        "enddt": ends,
        "location": location,
    }
    return urlencode(query)
