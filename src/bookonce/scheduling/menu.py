"""The menu of a calendar group: what a guest can choose, read in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bookonce.lib.names import in_one_line
from bookonce.scheduling.look_rows import Look
from bookonce.scheduling.models.calendar import Calendar, read_durations
from bookonce.scheduling.offer_rows import LINK_COLUMNS, LINK_EXISTS, LinkOffer, read_link, read_rows


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A calendar that can be chosen, as the menu shows it."""

    key: str  # its public id
    name: str
    description: str
    durations: tuple[int, ...]
    kind: str
    location_kind: str
    location: str
    language: str
    owner: str  # whom the guest meets; the workspace where that is decided on booking


@dataclass(frozen=True, slots=True)
class Menu:
    """A group at one of its addresses, before a calendar is chosen; instants in seconds since the epoch."""

    workspace_id: int
    workspace_name: str
    accent: str
    key: str  # its public id
    name: str
    description: str
    one_time_only: bool
    contact_text: str
    deleted_at: int | None
    paused_at: int | None
    zone: str
    items: tuple[MenuItem, ...]
    link: LinkOffer | None

    @property
    def owner(self) -> str:
        """Whose it is, to the guest."""
        return self.workspace_name

    @property
    def language(self) -> str:
        """That of its first calendar which has one."""
        return next((item.language for item in self.items if item.language), "")

    @property
    def look(self) -> Look:
        """The workspace's: a group has none of its own."""
        return Look(self.workspace_name, self.accent)


_GROUP = {
    "workspace_id": "w.id",
    "workspace_name": "w.name",
    "accent": "w.accent",
    "key": "g.public_id",
    "name": "g.name",
    "description": "g.description",
    "one_time_only": "g.one_time_only",
    "contact_text": "CASE WHEN g.contact_text <> '' THEN g.contact_text ELSE w.contact_text END",
    "deleted_at": "g.deleted_at",
    "paused_at": "g.paused_at",
    "zone": """COALESCE((SELECT s.timezone FROM scheduling_groupcalendar z
        JOIN scheduling_calendar k ON k.id = z.calendar_id JOIN scheduling_schedule s ON s.id = k.schedule_id
        WHERE z.group_id = g.id AND k.deleted_at IS NULL ORDER BY z.position, z.id LIMIT 1), w.timezone)""",
}
_ITEM = {
    "key": "c.public_id",
    "name": "c.name",
    "description": "c.description",
    "durations": "c.durations",
    "kind": "c.kind",
    "location_kind": "c.location_kind",
    "location": "c.location",
    "language": "c.language",
}
# What takes no bookings is not on the menu; nor is, for the public, what only one-time links may book.
_ITEMS = """LEFT JOIN (scheduling_groupcalendar gc JOIN scheduling_calendar c ON c.id = gc.calendar_id
      AND c.deleted_at IS NULL AND c.paused_at IS NULL{further}) ON gc.group_id = g.id
  LEFT JOIN scheduling_calendarhost h ON h.calendar_id = c.id
  LEFT JOIN accounts_member m ON m.id = h.member_id LEFT JOIN accounts_user u ON u.id = m.user_id"""
_ORDER = "ORDER BY gc.position, gc.id, h.position, h.id"
_OF_GROUP = ", ".join([*_GROUP.values(), *_ITEM.values(), "u.name"])
_JOINS = "JOIN accounts_workspace w ON w.id = g.workspace_id"
_PUBLIC = f"""FROM scheduling_calendargroup g {_JOINS}
  {_ITEMS.format(further=" AND NOT c.one_time_only")}"""
_BY_DOOR = {
    "link": f"""SELECT {_OF_GROUP}, {LINK_COLUMNS} FROM scheduling_onetimelink l
      JOIN scheduling_calendargroup g ON g.id = l.group_id
      LEFT JOIN scheduling_linkbatch lb ON lb.id = l.batch_id {_JOINS} {_ITEMS.format(further="")}
      WHERE l.token_digest = %s AND {LINK_EXISTS} {_ORDER}""",
    "permanent": f"SELECT {_OF_GROUP} {_PUBLIC} WHERE g.permanent_id = %s {_ORDER}",
    "slug": f"SELECT {_OF_GROUP} {_PUBLIC} WHERE w.slug = %s AND g.slug = %s {_ORDER}",
}
_ITEM_AT = len(_GROUP)
_HOST_AT = _ITEM_AT + len(_ITEM)


def find_menu(kind: str, parameters: Sequence[Any]) -> Menu | None:
    """The group behind the door of this kind, in whatever state; None when none stands there."""
    rows = read_rows(_BY_DOOR[kind], parameters)
    if not rows:
        return None
    first = rows[0]
    found = dict(zip(_GROUP, first, strict=False))
    found["one_time_only"] = bool(found["one_time_only"])
    link = None
    if kind == "link":
        link = read_link(first[_HOST_AT + 1 :], deleted_at=found["deleted_at"], paused_at=found["paused_at"])
        found["contact_text"] = link.contact_text or found["contact_text"]
    return Menu(**found, items=_items(rows, found["workspace_name"]), link=link)


def _items(rows: Sequence[Sequence[Any]], workspace_name: str) -> tuple[MenuItem, ...]:
    """One for each calendar, from a row for each of its hosts; in the group's order."""
    hosts: dict[str, list[str]] = {}
    calendars: dict[str, dict[str, Any]] = {}
    for row in rows:
        calendar = dict(zip(_ITEM, row[_ITEM_AT:_HOST_AT], strict=True))
        if calendar["key"] is None:
            continue
        calendars[calendar["key"]] = calendar
        hosts.setdefault(calendar["key"], []).append(row[_HOST_AT])
    return tuple(
        MenuItem(
            **calendar | {"durations": read_durations(calendar["durations"])},
            owner=_owner(calendar["kind"], hosts[key], workspace_name),
        )
        for key, calendar in calendars.items()
    )


def _owner(kind: str, hosts: Sequence[str], workspace_name: str) -> str:
    undecided = kind == Calendar.Kind.ROUND_ROBIN and len(hosts) > 1
    return workspace_name if undecided else in_one_line(hosts)
