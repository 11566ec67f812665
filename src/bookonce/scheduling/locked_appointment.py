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
  WHERE b.id = %s ORDER BY s.series_number, t.id"""


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
    [appointment] = _lock(_READ_APPOINTMENT.format(appointment=_APPOINTMENT[which]), row, now)
    return appointment


def lock_series(booking_id: int, *, now: datetime) -> list[LockedAppointment]:
    """The same for all appointments of the series that the booking belongs to, in its order.

    Raises:
        NotFound: it belongs to none. HostsChanged: others have to be locked. RequestsOverdue.
    """
    return _lock(_READ_SERIES.format(or_alone=""), booking_id, now)


def lock_request(booking_id: int, *, now: datetime, overdue: bool = False) -> list[LockedAppointment]:
    """The same for what is answered at once: the booking's appointment, or all of its series.

    `overdue` says that requests nobody answered in time may be among what is locked.

    Raises:
        NotFound: no such booking. HostsChanged: others have to be locked. RequestsOverdue.
    """
    return _lock(_READ_SERIES.format(or_alone=" OR s.id = b.id"), booking_id, now, overdue=overdue)


def _lock(query: str, row: int, now: datetime, *, overdue: bool = False) -> list[LockedAppointment]:
    locked = _hosts(_read(query, row))
    unanswered = host_time.lock_hosts(sorted(locked), now=now)
    if not overdue:  # a link that works again would find their times taken
        refuse_overdue(unanswered, now)
    appointments = _read(query, row)
    if not locked.issuperset(_hosts(appointments)):
        raise HostsChanged
    return appointments


def _hosts(appointments: Sequence[LockedAppointment]) -> set[int]:
    """Those who have them, and all of their calendars'."""
    calendars = {appointment.calendar_id for appointment in appointments}
    of_calendars = (host_time.hosts_of(calendar) for calendar in calendars)
    return {host for appointment in appointments for host in appointment.host_ids}.union(*of_calendars)


def _read(query: str, row: int) -> list[LockedAppointment]:
    with connection.cursor() as cursor:
        cursor.execute(query, [row])
        rows = cursor.fetchall()
    if not rows:
        raise NotFound
    hosts: dict[tuple[int, int, int, int], list[int]] = {}
    for *appointment, host in rows:
        hosts.setdefault(tuple(appointment), []).append(host)
    return [LockedAppointment(*appointment, tuple(whose)) for appointment, whose in hosts.items()]
