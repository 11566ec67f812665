"""What offers are made of, and the hand-written SQL that reads it: the hot path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

from bookonce.scheduling import slots
from bookonce.scheduling.errors import NotFound
from bookonce.scheduling.models.appointment import LONGEST_BLOCK
from bookonce.scheduling.models.calendar import read_durations


@dataclass(frozen=True, slots=True)
class LinkOffer:
    """The facts and overrides of a one-time link; instants in seconds since the epoch."""

    id: int
    public_id: str
    label: str
    revoked_at: int | None
    spent: int
    max_bookings: int
    expires_at: int | None
    not_before: int | None
    first_day: date | None
    last_day: date | None
    durations: tuple[int, ...]
    recipient_name: str
    recipient_email: str
    recipient_phone: str
    contact_text: str
    calendar_deleted_at: int | None
    calendar_paused_at: int | None


@dataclass(frozen=True, slots=True)
class Offer:
    """Everything a guest's page, the slot list and book() need to know, read in one statement."""

    workspace_id: int
    workspace_name: str
    workspace_slug: str
    accent: str
    calendar_id: int
    calendar_name: str
    description: str
    location_kind: str
    location: str
    one_time_only: bool
    contact_text: str
    deleted_at: int | None
    paused_at: int | None
    version: int
    schedule_id: int
    zone: str
    host_ids: tuple[int, ...]
    host_names: tuple[str, ...]
    rules: slots.SlotRules
    link: LinkOffer | None

    @property
    def owner(self) -> str:
        """Whom the guest meets, by name."""
        return ", ".join(self.host_names)


_CALENDAR = """w.id, w.name, w.slug, w.accent, c.id, c.name, c.description, c.location_kind, c.location,
  c.one_time_only, CASE WHEN c.contact_text <> '' THEN c.contact_text ELSE w.contact_text END,
  c.deleted_at, c.paused_at, c.version, s.id, s.timezone, c.durations, c.interval, c.buffer_before,
  c.buffer_after, c.notice, c.horizon_days, m.id, u.name"""
_LINK = """l.id, l.public_id, l.label, l.revoked_at, l.spent, l.max_bookings, l.expires_at, l.not_before,
  l.first_day, l.last_day, l.durations, l.recipient_name, l.recipient_email, l.recipient_phone,
  l.contact_text"""
_JOINS = """JOIN accounts_workspace w ON w.id = c.workspace_id
  JOIN scheduling_schedule s ON s.id = c.schedule_id
  JOIN scheduling_calendarhost h ON h.calendar_id = c.id
  JOIN accounts_member m ON m.id = h.member_id
  JOIN accounts_user u ON u.id = m.user_id"""
_CALENDAR_COLUMNS = 24
_FROM_LINK = f"FROM scheduling_onetimelink l JOIN scheduling_calendar c ON c.id = l.calendar_id {_JOINS}"
_FROM_CALENDAR = f"FROM scheduling_calendar c {_JOINS}"
_BY_DOOR = {
    "link": f"SELECT {_CALENDAR}, {_LINK} {_FROM_LINK} WHERE l.token_digest = %s ORDER BY m.id",
    "permanent": f"SELECT {_CALENDAR} {_FROM_CALENDAR} WHERE c.permanent_id = %s ORDER BY m.id",
    "slug": f"SELECT {_CALENDAR} {_FROM_CALENDAR} WHERE w.slug = %s AND c.slug = %s ORDER BY m.id",
    "calendar": f"SELECT {_CALENDAR} {_FROM_CALENDAR} WHERE c.id = %s ORDER BY m.id",
}
_HOURS = """SELECT weekday, NULL AS day, starts, ends FROM scheduling_weeklyhours WHERE schedule_id = %s
  UNION ALL SELECT NULL, CAST(day AS text), starts, ends FROM scheduling_overridehours
  WHERE schedule_id = %s AND day >= %s AND day <= %s"""
_BUSY = """SELECT starts, ends FROM scheduling_blockedtime WHERE host_id = %s AND live
  AND starts > %s AND starts < %s AND ends > %s
  AND (expires_at IS NULL OR expires_at > %s)
  AND (appointment_id IS NULL OR appointment_id <> %s) ORDER BY starts"""


def read_offer(kind: str, parameters: list[Any]) -> Offer:
    """Read by the door of this kind (or `calendar`: by its row), in one statement.

    Raises:
        NotFound: nothing stands there.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BY_DOOR[kind], parameters)
        rows = cursor.fetchall()
    if not rows:
        raise NotFound
    first = rows[0]
    link = (
        _link(first[_CALENDAR_COLUMNS:], deleted_at=first[11], paused_at=first[12])
        if kind == "link"
        else None
    )
    durations = read_durations(first[16])
    if link and link.durations:
        durations = link.durations
    return Offer(
        workspace_id=first[0],
        workspace_name=first[1],
        workspace_slug=first[2],
        accent=first[3],
        calendar_id=first[4],
        calendar_name=first[5],
        description=first[6],
        location_kind=first[7],
        location=first[8],
        one_time_only=bool(first[9]),
        contact_text=(link.contact_text if link else "") or first[10],
        deleted_at=first[11],
        paused_at=first[12],
        version=first[13],
        schedule_id=first[14],
        zone=first[15],
        host_ids=tuple(row[22] for row in rows),
        host_names=tuple(row[23] for row in rows),
        rules=slots.SlotRules(
            durations=durations,
            interval=first[17],
            buffer_before=first[18],
            buffer_after=first[19],
            notice=first[20],
            horizon_days=first[21],
            first_day=link.first_day if link else None,
            last_day=link.last_day if link else None,
        ),
        link=link,
    )


def read_hours(offer: Offer, start: int, end: int) -> slots.HostHours:
    """The hours that matter to [start, end), minutes since the epoch, in one statement."""
    first = datetime.fromtimestamp(start * 60, UTC).date() - timedelta(days=2)
    last = datetime.fromtimestamp(end * 60, UTC).date() + timedelta(days=2)
    with connection.cursor() as cursor:
        cursor.execute(_HOURS, [offer.schedule_id, offer.schedule_id, first.isoformat(), last.isoformat()])
        rows = cursor.fetchall()
    weekly = []
    overrides: dict[date, list[tuple[int, int]]] = {}
    for weekday, day, starts, ends in rows:
        if day is None:
            weekly.append(slots.Hours(weekday, starts, ends))
            continue
        blocks = overrides.setdefault(date.fromisoformat(day), [])
        if starts is not None:
            blocks.append((starts, ends))
    return slots.HostHours(
        zone=offer.zone,
        weekly=tuple(weekly),
        overrides={day: tuple(sorted(blocks)) for day, blocks in overrides.items()},
    )


def read_busy(offer: Offer, low: int, high: int, *, now: int, besides: int) -> Sequence[tuple[int, int]]:
    """The host's live blocked times that touch (low, high), minutes since the epoch, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_BUSY, [offer.host_ids[0], low - LONGEST_BLOCK, high, low, now, besides])
        busy: Sequence[tuple[int, int]] = cursor.fetchall()
    return busy


def read_day(value: date | str | None) -> date | None:
    """A date column: PostgreSQL gives dates, SQLite text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _link(columns: Sequence[Any], *, deleted_at: int | None, paused_at: int | None) -> LinkOffer:
    return LinkOffer(
        id=columns[0],
        public_id=columns[1],
        label=columns[2],
        revoked_at=columns[3],
        spent=columns[4],
        max_bookings=columns[5],
        expires_at=columns[6],
        not_before=columns[7],
        first_day=read_day(columns[8]),
        last_day=read_day(columns[9]),
        durations=read_durations(columns[10]),
        recipient_name=columns[11],
        recipient_email=columns[12],
        recipient_phone=columns[13],
        contact_text=columns[14],
        calendar_deleted_at=deleted_at,
        calendar_paused_at=paused_at,
    )
