"""How a calendar's pages look to its guests, as read beside what is offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from bookonce.scheduling.models import CalendarLook

EXTENSIONS = {"image/png": "png", "image/webp": "webp"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by its address, or one that is not kept yet by its bytes; width and height in pixels."""

    digest: str
    content_type: str
    width: int
    height: int
    inline: str = ""  # its bytes as a data: URL

    @property
    def path(self) -> str:
        """Where it is served, for as long as a look shows it."""
        return self.inline or f"/assets/image/{self.digest}.{EXTENSIONS[self.content_type]}"

    def shown_within(self, width: int, height: int) -> tuple[int, int]:
        """Its size on a page within these CSS pixels; never larger than it is."""
        share = min(1.0, width / self.width, height / self.height)
        return max(1, round(self.width * share)), max(1, round(self.height * share))


@dataclass(frozen=True, slots=True)
class Look:
    """The colours (rrggbb, or ""), words and pictures of the guests' pages."""

    workspace_name: str = ""
    primary: str = ""  # the workspace's accent where the calendar has none of its own
    background: str = ""
    button_text: str = ""  # "": the usual words
    radius: int | None = None  # px
    theme: str = CalendarLook.Theme.AUTO.value
    hides_name: bool = False
    hides_description: bool = False
    hides_details: bool = False
    logo: Picture | None = None
    cover: Picture | None = None

    @property
    def logo_size(self) -> tuple[int, int]:
        """Of the logo on the page, in CSS pixels: half of what is kept, for screens of twice the density."""
        return self.logo.shown_within(160, 64) if self.logo else (0, 0)


NO_LOOK = Look()
_OWN = ("background", "button_text", "radius", "theme", "hides_name", "hides_description", "hides_details")
_PICTURE = ("digest", "content_type", "width", "height")
LOOK_JOINS = """LEFT JOIN scheduling_calendarlook look ON look.calendar_id = c.id
  LEFT JOIN scheduling_image logo ON logo.id = look.logo_id
  LEFT JOIN scheduling_image cover ON cover.id = look.cover_id"""  # of calendar c
_COLUMNS = (
    "w.name",
    """CASE WHEN look."primary" <> '' THEN look."primary" ELSE w.accent END""",
    *(f"look.{name}" for name in _OWN),
    *(f"logo.{name}" for name in _PICTURE),
    *(f"cover.{name}" for name in _PICTURE),
)
LOOK_WIDTH = len(_COLUMNS)
LOOK_COLUMNS = ", ".join(_COLUMNS)  # to be read by `read_look`; w is the calendar's workspace
_BY_CALENDAR = f"""SELECT {LOOK_COLUMNS} FROM scheduling_calendar c
  JOIN accounts_workspace w ON w.id = c.workspace_id {LOOK_JOINS} WHERE c.id = %s"""
_LOGO_AT = 2 + len(_OWN)
_COVER_AT = _LOGO_AT + len(_PICTURE)


def read_look(columns: Sequence[Any]) -> Look:
    """The look from its LOOK_COLUMNS; of a calendar without one, the workspace's colour and name."""
    workspace_name, primary = columns[:2]
    own = dict(zip(_OWN, columns[2:_LOGO_AT], strict=True))
    if own["theme"] is None:
        return Look(workspace_name, primary)
    for switch in ("hides_name", "hides_description", "hides_details"):
        own[switch] = bool(own[switch])
    return Look(
        workspace_name,
        primary,
        **own,
        logo=_picture(columns[_LOGO_AT:_COVER_AT]),
        cover=_picture(columns[_COVER_AT:]),
    )


def get_look(calendar_id: int) -> Look:
    """The look of a calendar that is there, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_CALENDAR, [calendar_id])
        return read_look(cursor.fetchone())


def _picture(columns: Sequence[Any]) -> Picture | None:
    return Picture(*columns) if columns[0] else None
