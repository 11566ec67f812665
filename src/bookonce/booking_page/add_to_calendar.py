"""Links that open a web calendar with the appointment filled in; they hold no address of ours."""

from __future__ import annotations

from urllib.parse import urlencode

from bookonce.lib.instants import from_minutes


def google_url(title: str, start: int, end: int, location: str) -> str:
    """Google Calendar; instants in minutes since the epoch."""
    dates = "/".join(from_minutes(minute).strftime("%Y%m%dT%H%M%SZ") for minute in (start, end))
    query = {"action": "TEMPLATE", "text": title, "dates": dates, "location": location}
    return f"https://calendar.google.com/calendar/render?{urlencode(query)}"


def outlook_url(title: str, start: int, end: int, location: str) -> str:
    """Outlook.com; instants in minutes since the epoch."""
    begins, ends = (from_minutes(minute).strftime("%Y-%m-%dT%H:%M:%SZ") for minute in (start, end))
    query = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": title,
        "startdt": begins,
        "enddt": ends,
        "location": location,
    }
    return f"https://outlook.live.com/calendar/0/deeplink/compose?{urlencode(query)}"
