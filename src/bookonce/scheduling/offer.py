"""What an address offers: its calendar, rules, hosts and link, and the starts that are free.

Listing and booking both decide by `free_starts`. Hand-written SQL: this is the hot path.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

from bookonce.lib.tokens import digest
from bookonce.scheduling import slots
from bookonce.scheduling.errors import CalendarDeleted, CalendarPaused, NotFound
from bookonce.scheduling.link_state import REFUSAL, LinkState, link_state
from bookonce.scheduling.models.appointment import LONGEST_BLOCK
from bookonce.scheduling.models.calendar import read_durations


@dataclass(frozen=True, slots=True)
class Door:
    """One of the three addresses of a calendar."""

    kind: str  # link, permanent, slug
    key: str  # the link's digest, the permanent id, or `workspace/calendar`

    @classmethod
    def link(cls, token: str) -> Door:
        """The door of a one-time link; keeps the digest alone."""
        return cls("link", digest(token))

    @classmethod
    def permanent(cls, permanent_id: str) -> Door:
        """The door of a permanent link."""
        return cls("permanent", permanent_id)

    @classmethod
    def slug(cls, workspace: str, calendar: str) -> Door:
        """The door of a scheduling link."""
        return cls("slug", f"{workspace}/{calendar}")

    @property
    def scope(self) -> str:
        """Within which an idempotency key counts; holds no secret."""
        return f"{self.kind}:{self.key[:70]}"


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


_CALENDAR = """w.id, w.name, w.slug, w.accent, c.id, c.name, c.description, c.location_kind, c.location, c.one_time_only,
  CASE WHEN c.contact_text <> '' THEN c.contact_text ELSE w.contact_text END, c.deleted_at, c.paused_at, c.version,
  s.id, s.timezone, c.durations, c.interval, c.buffer_before, c.buffer_after, c.notice, c.horizon_days, m.id, u.name"""
_LINK = """l.id, l.public_id, l.label, l.revoked_at, l.spent, l.max_bookings, l.expires_at, l.not_before, l.first_day, l.last_day,
  l.durations, l.recipient_name, l.recipient_email, l.recipient_phone, l.contact_text"""
_JOINS = """JOIN accounts_workspace w ON w.id = c.workspace_id
  JOIN scheduling_schedule s ON s.id = c.schedule_id
  JOIN scheduling_calendarhost h ON h.calendar_id = c.id
  JOIN accounts_member m ON m.id = h.member_id
  JOIN accounts_user u ON u.id = m.user_id"""
_CALENDAR_COLUMNS = 24
_BY_DOOR = {
    "link": f"""SELECT {_CALENDAR}, {_LINK} FROM scheduling_onetimelink l JOIN scheduling_calendar c ON c.id = l.calendar_id
  {_JOINS} WHERE l.token_digest = %s ORDER BY m.id""",
    "permanent": f"SELECT {_CALENDAR} FROM scheduling_calendar c {_JOINS} WHERE c.permanent_id = %s ORDER BY m.id",
    "slug": f"SELECT {_CALENDAR} FROM scheduling_calendar c {_JOINS} WHERE w.slug = %s AND c.slug = %s ORDER BY m.id",
    "calendar": f"SELECT {_CALENDAR} FROM scheduling_calendar c {_JOINS} WHERE c.id = %s ORDER BY m.id",
}
_HOURS = """SELECT weekday, NULL AS day, starts, ends FROM scheduling_weeklyhours WHERE schedule_id = %s
  UNION ALL SELECT NULL, CAST(day AS text), starts, ends FROM scheduling_overridehours
  WHERE schedule_id = %s AND day >= %s AND day <= %s"""
_BUSY = """SELECT starts, ends FROM scheduling_blockedtime WHERE host_id = %s AND live
  AND starts > %s AND starts < %s AND ends > %s
  AND (expires_at IS NULL OR expires_at > %s) AND (appointment_id IS NULL OR appointment_id <> %s) ORDER BY starts"""


def get_offer(door: Door) -> Offer:
    """Read what stands behind the address, in whatever state it is (one statement).

    Raises:
        NotFound: nothing does.
    """
    parameters: list[Any] = door.key.split("/", 1) if door.kind == "slug" else [door.key]
    return _read_offer(door.kind, parameters)


def get_calendar_offer(calendar_id: int) -> Offer:
    """The same for a calendar by its row, as the owner and a reschedule see it.

    Raises:
        NotFound: there is none.
    """
    return _read_offer("calendar", [calendar_id])


def refusal(offer: Offer, now: int, *, stamp: int | None = None, grace: int = 0) -> Exception | None:
    """Why nothing can be booked here at `now` (seconds); None when it can.

    A form stamped before the link expired may be sent until expiry + `grace` seconds.
    """
    if offer.link is None:
        if offer.one_time_only:
            return NotFound()
        if offer.deleted_at is not None:
            return CalendarDeleted()
        return CalendarPaused() if offer.paused_at is not None else None
    state = link_state(offer.link, now)
    if state is LinkState.EXPIRED and in_grace(offer.link, now, stamp=stamp, grace=grace):
        state = link_state(replace(offer.link, expires_at=None), now)
    return None if state is LinkState.ACTIVE else REFUSAL[state]()


def in_grace(link: LinkOffer, now: int, *, stamp: int | None, grace: int) -> bool:
    """Whether a form opened before the expiry may still be sent."""
    return (
        link.expires_at is not None
        and stamp is not None
        and stamp < link.expires_at
        and now < link.expires_at + grace
    )


def free_starts(
    offer: Offer, *, duration: int, start: int, end: int, now: int, besides: int = 0
) -> list[int]:
    """The starts on offer in [start, end), minutes since the epoch, at `now` in seconds (two statements).

    `besides` is the row of an appointment that does not count as busy: the one being moved.
    """
    low, high = slots.busy_bounds(offer.rules, duration=duration, start=start, end=end)
    hours = _read_hours(offer, start, end)
    with connection.cursor() as cursor:
        cursor.execute(_BUSY, [offer.host_ids[0], low - LONGEST_BLOCK, high, low, now, besides])
        busy: Sequence[tuple[int, int]] = cursor.fetchall()
    return slots.free_starts(hours, offer.rules, busy, duration=duration, start=start, end=end, now=now)


def is_offered(offer: Offer, *, start: int, duration: int, now: int, besides: int = 0) -> bool:
    """Whether this one start is on offer; the same function as the list."""
    return free_starts(offer, duration=duration, start=start, end=start + 1, now=now, besides=besides) == [
        start
    ]


def _read_offer(kind: str, parameters: list[Any]) -> Offer:
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
        *first[:9],
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


def _link(columns: Sequence[Any], *, deleted_at: int | None, paused_at: int | None) -> LinkOffer:
    first_day, last_day = read_day(columns[8]), read_day(columns[9])
    return LinkOffer(
        *columns[:8],
        first_day,
        last_day,
        read_durations(columns[10]),
        *columns[11:15],
        calendar_deleted_at=deleted_at,
        calendar_paused_at=paused_at,
    )


def _read_hours(offer: Offer, start: int, end: int) -> slots.HostHours:
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


def read_day(value: date | str | None) -> date | None:
    """A date column: PostgreSQL gives dates, SQLite text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
