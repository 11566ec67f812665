"""The time of hosts: lock it, block it, and tell every calendar that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from bookonce.lib.database_errors import on_postgres, violated_constraint
from bookonce.lib.instants import to_seconds
from bookonce.scheduling.errors import CalendarDeleted, CalendarPaused, HostsChanged, NotFound
from bookonce.scheduling.slots import SlotRules

# Without an order: for it SQLite would go through all bookings there are.
_OVERDUE = """SELECT 0 FROM scheduling_blockedtime t
    WHERE t.host_id IN ({hosts}) AND t.expires_at <= %s AND t.appointment_id IS NULL
  UNION SELECT b.id FROM scheduling_booking b WHERE b.answer_by <= %s AND (b.link_id = %s
    OR EXISTS (SELECT 1 FROM scheduling_appointment a
      WHERE a.id = b.appointment_id AND a.calendar_id = %s)
    OR EXISTS (SELECT 1 FROM scheduling_blockedtime t
      WHERE t.appointment_id = b.appointment_id AND t.host_id IN ({hosts})))"""


def lock_hosts(
    host_ids: Sequence[int], *, now: datetime, calendar_id: int = 0, link_id: int = 0
) -> list[int]:
    """Make bookings of these hosts wait for each other, in id order, and clear their expired holds.

    Returns the bookings, by row, whose hosts did not answer them in time: they keep nobody from a time
    any more, but their rows still stand in the way of whoever takes it (waiting_requests.py). Those of the
    calendar, whose seats and limits they count towards, and of the link that they used are among them,
    though others host them by now.
    Without the lock simultaneous inserts under the exclusion constraint deadlock (measured: one stall of
    a second a round). SQLite has one writer anyway.
    """
    marks, at = _marks(host_ids), to_seconds(now)
    with connection.cursor() as cursor:
        if on_postgres():
            cursor.execute(
                f"SELECT id FROM accounts_member WHERE id IN ({marks}) ORDER BY id FOR NO KEY UPDATE",
                host_ids,
            )
        cursor.execute(_OVERDUE.format(hosts=marks), [*host_ids, at, at, link_id, calendar_id, *host_ids])
        overdue = sorted(row[0] for row in cursor.fetchall())
        if 0 in overdue:
            cursor.execute(
                f"DELETE FROM scheduling_blockedtime WHERE host_id IN ({marks}) "
                "AND expires_at <= %s AND appointment_id IS NULL",
                [*host_ids, at],
            )
    return [booking_id for booking_id in overdue if booking_id]


def lock_hosts_of(calendar_id: int, *, now: datetime) -> tuple[set[int], list[int]]:
    """Lock all who host the calendar, as in `lock_hosts`; returns them, and the overdue bookings.

    Raises:
        HostsChanged: in this very moment.
    """
    hosts = hosts_of(calendar_id)
    overdue = lock_hosts(sorted(hosts), now=now, calendar_id=calendar_id)
    if hosts_of(calendar_id) != hosts:
        raise HostsChanged
    return hosts, overdue


def hosts_of(calendar_id: int) -> set[int]:
    """Who hosts the calendar now. All of them are locked before its appointments, seats or limits change."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT member_id FROM scheduling_calendarhost WHERE calendar_id = %s", [calendar_id])
        return {row[0] for row in cursor.fetchall()}


def block(
    appointment_id: int,
    host_ids: Sequence[int],
    start: int,
    end: int,
    rules: SlotRules,
    *,
    expires_at: int | None = None,
) -> None:
    """Block the hosts' time of an appointment, buffers included; the database refuses an overlap.

    `expires_at` (seconds since the epoch) is when a request that nobody answered frees it again.
    """
    since, until = start - rules.buffer_before, end + rules.buffer_after
    marks = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(host_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scheduling_blockedtime (host_id, appointment_id, starts, ends, live, expires_at) "
            f"VALUES {marks}",
            [
                value
                for host_id in host_ids
                for value in (host_id, appointment_id, since, until, True, expires_at)
            ],
        )


def block_held(
    hold_id: int, pieces: Sequence[tuple[int, int, int]], *, expires_at: int | None
) -> list[tuple[int, int, int]]:
    """Block times for a hold: each a host with from and until, in minutes, buffers included.

    Returns what the database refuses: something stands there, if only a request that nobody answered in time.
    """
    refused = []
    for host, since, until in pieces:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO scheduling_blockedtime (host_id, hold_id, starts, ends, live, expires_at) "
                    "VALUES (%s, %s, %s, %s, %s, %s)",
                    [host, hold_id, since, until, True, expires_at],
                )
        except IntegrityError as error:
            if violated_constraint(error) != "blocked_time_no_overlap":
                raise
            refused.append((host, since, until))
    return refused


def unblock_session(calendar_id: int, start: int) -> None:
    """What visitors' holds block for a session of a class: it opens now, or another hold blocks it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM scheduling_blockedtime WHERE hold_id IN (SELECT id FROM scheduling_hold "
            "WHERE calendar_id = %s AND starts = %s)",
            [calendar_id, start],
        )


def raise_calendars(calendar_ids: Sequence[int]) -> None:
    """Raise the versions of these calendars, in id order: their settings or hours have changed."""
    if not calendar_ids:
        return
    ordered = f"SELECT id FROM scheduling_calendar WHERE id IN ({_marks(calendar_ids)}) ORDER BY id"
    if on_postgres():
        ordered += " FOR NO KEY UPDATE"
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH shown AS ({ordered}) UPDATE scheduling_calendar SET version = version + 1 "
            "WHERE id IN (SELECT id FROM shown)",
            list(calendar_ids),
        )


def raise_versions(
    host_ids: Sequence[int],
    *,
    calendar_id: int | None = None,
    open_calendar: int | None = None,
    public: bool = False,
) -> None:
    """Raise the version of every calendar these hosts serve, in id order: their slots have changed.

    `calendar_id` adds one that they may have left. With `open_calendar`, that one must still take bookings at
    this very moment, else its refusal is raised.
    """
    changed = f"SELECT calendar_id FROM scheduling_calendarhost WHERE member_id IN ({_marks(host_ids)})"
    if calendar_id is not None:
        changed += " UNION ALL SELECT CAST(%s AS bigint)"
    ordered = f"SELECT c.id FROM scheduling_calendar c WHERE c.id IN ({changed}) ORDER BY c.id"
    if on_postgres():
        ordered += " FOR NO KEY UPDATE"
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH shown AS ({ordered}) UPDATE scheduling_calendar SET version = version + 1 "
            "WHERE id IN (SELECT id FROM shown) RETURNING id, paused_at, deleted_at, one_time_only",
            [*host_ids] if calendar_id is None else [*host_ids, calendar_id],
        )
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    if open_calendar is None:
        return
    if open_calendar not in rows:
        raise HostsChanged
    paused_at, deleted_at, one_time_only = rows[open_calendar]
    if deleted_at is not None:
        raise CalendarDeleted
    if paused_at is not None:
        raise CalendarPaused
    if public and one_time_only:
        raise NotFound


def _marks(values: Sequence[int]) -> str:
    return ", ".join(["%s"] * len(values))
