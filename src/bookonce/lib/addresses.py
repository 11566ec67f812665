"""Every address that leaves the house, built from the configured base URL and never the Host header."""

from datetime import UTC, datetime
from urllib.parse import quote

from django.conf import settings


def one_time_link_url(token: str) -> str:
    """The address of a one-time link."""
    return f"{settings.BOOKONCE.base_url}/o/{token}"


def permanent_link_url(permanent_id: str) -> str:
    """The address that survives renames and moves."""
    return f"{settings.BOOKONCE.base_url}/c/{permanent_id}"


def scheduling_link_url(workspace_slug: str, calendar_slug: str) -> str:
    """The readable address."""
    return f"{settings.BOOKONCE.base_url}/{workspace_slug}/{calendar_slug}"


def at_time(link: str, start: datetime, *, duration: int, timezone: str) -> str:
    """The address of a link, opened at this start (aware, whole minutes) for so many minutes, on this clock.

    In UTC with a Z: mail programs turn the + of an offset into a space.
    """
    return (
        f"{link}?start={start.astimezone(UTC):%Y-%m-%dT%H:%MZ}&duration={duration}&timezone={quote(timezone)}"
    )


def picture_url(path: str) -> str:
    """Where a logo or cover is served."""
    return f"{settings.BOOKONCE.base_url}{path}"


def manage_url(token: str) -> str:
    """Where a guest sees, moves or cancels a booking."""
    return f"{settings.BOOKONCE.base_url}/m/{token}"


def join_url(token: str) -> str:
    """Where an invited person joins a workspace."""
    return f"{settings.BOOKONCE.base_url}/app/join/{token}/"


def dashboard_url(path: str = "") -> str:
    """A page of the owner's."""
    return f"{settings.BOOKONCE.base_url}/app/{path}"
