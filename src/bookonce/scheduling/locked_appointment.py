"""An appointment as it is once its and its calendar's hosts are locked: what ends or answers it begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from bookonce.scheduling import host_time
from bookonce.scheduling.errors import HostsChanged, NotFound
from bookonce.scheduling.waiting_requests import refuse_overdue

_READ_APPOINTMENT = """SELECT a.workspace_id, a.id, a.calendar_id, a.starts, t.host_id
  FROM scheduling_appointment a JOIN scheduling_blockedtime t ON t.appointment_id = a.id
  WHERE a.id = {appointment} ORDER BY t.id"""
_APPOINTMENT = {
    "appointment_id": "%s",
    "id": "(SELECT appointment_id FROM scheduling_booking WHERE id = %s)",
}

_READ_SERIES = """SELECT a.workspace_id, a.id, a.calendar_id, a.starts, t.host_id
  FROM scheduling_booking b
  JOIN scheduling_booking s ON s.series = b.series{or_alone}
  JOIN scheduling_appointment a ON a.id = s.appointment_id
  JOIN scheduling_blockedtime t ON t.appointment_id = a.id
  WHERE b.id IN ({bookings}) ORDER BY s.series_number, t.id"""
_OF_REQUESTS = """SELECT s.id FROM scheduling_booking b
  JOIN scheduling_booking s ON s.series = b.series OR s.id = b.id WHERE b.id IN ({bookings})"""


@dataclass(frozen=True, slots=True)
class LockedAppointment:
    """As far as cancelling and answering need it; `start` in minutes since the epoch."""

    workspace_id: int
    id: int
    calendar_id: int
    start: int
    host_ids: tuple[int, ...]


def lock_appointment(which: str, row: int, *, now: datetime) -> LockedAppointment:
    """Lock the hosts, then read again: it may have moved meanwhile.

    `which` is `appointment_id`, or `id` of a booking.

    Raises:
        NotFound: there is none. HostsChanged: others have to be locked. RequestsOverdue.
    """
    query = _READ_APPOINTMENT.format(appointment=_APPOINTMENT[which])
    [appointment], overdue = _lock(query, [row], now)
    refuse_overdue(overdue, now)
    return appointment


def lock_series(booking_id: int, *, now: datetime) -> list[LockedAppointment]:
    """The same for all appointments of the series that the booking belongs to, in its order.

    Raises:
        NotFound: it belongs to none. HostsChanged: others have to be locked. RequestsOverdue.
    """
    query = _READ_SERIES.format(or_alone="", bookings="%s")
    appointments, overdue = _lock(query, [booking_id], now)
    refuse_overdue(overdue, now)
    return appointments


def lock_request(booking_id: int, *, now: datetime, overdue: bool = False) -> list[LockedAppointment]:
    """The same for what is answered at once: the booking's appointment, or all of its series.

    `overdue` says that requests nobody answered in time may be among what is locked.

    Raises:
        NotFound: no such booking. HostsChanged: others have to be locked. RequestsOverdue.
    """
    appointments, unanswered = _lock(_of_requests(1), [booking_id], now)
    if not overdue:  # a link that works again would find their times taken
        refuse_overdue(unanswered, now)
    return appointments


def lock_requests(booking_ids: Sequence[int], *, now: datetime) -> tuple[list[LockedAppointment], list[int]]:
    """The same for several requests that end together; and the bookings, by row, of other overdue ones.

    Raises:
        NotFound: no such bookings. HostsChanged: others have to be locked.
    """
    appointments, overdue = _lock(_of_requests(len(booking_ids)), booking_ids, now)
    if overdue:
        with connection.cursor() as cursor:
            cursor.execute(_OF_REQUESTS.format(bookings=_marks(len(booking_ids))), booking_ids)
            own = {row[0] for row in cursor.fetchall()}
        overdue = [booking_id for booking_id in overdue if booking_id not in own]
    return appointments, overdue


def _of_requests(count: int) -> str:
    return _READ_SERIES.format(or_alone=" OR s.id = b.id", bookings=_marks(count))


def _marks(count: int) -> str:
    return ", ".join(["%s"] * count)


def _lock(query: str, rows: Sequence[int], now: datetime) -> tuple[list[LockedAppointment], list[int]]:
    """The appointments, and the overdue bookings that share their hosts."""
    locked = _hosts(_read(query, rows))
    overdue = host_time.lock_hosts(sorted(locked), now=now)
    appointments = _read(query, rows)
    if not locked.issuperset(_hosts(appointments)):
        raise HostsChanged
    return appointments, overdue


def _hosts(appointments: Sequence[LockedAppointment]) -> set[int]:
    """Those who have them, and all of their calendars'."""
    calendars = {appointment.calendar_id for appointment in appointments}
    of_calendars = (host_time.hosts_of(calendar) for calendar in calendars)
    return {host for appointment in appointments for host in appointment.host_ids}.union(*of_calendars)


def _read(query: str, rows: Sequence[int]) -> list[LockedAppointment]:
    with connection.cursor() as cursor:
        cursor.execute(query, rows)
        found = cursor.fetchall()
    if not found:
        raise NotFound
    hosts: dict[tuple[int, int, int, int], list[int]] = {}
    for *appointment, host in found:
        hosts.setdefault(tuple(appointment), []).append(host)
    return [LockedAppointment(*key, tuple(dict.fromkeys(whose))) for key, whose in hosts.items()]
