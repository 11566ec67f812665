"""An appointment as it is once its and its calendar's hosts are locked: what ends or answers it begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from bookonce.scheduling import host_time
from bookonce.scheduling.errors import HostsChanged, NotFound

_READ_APPOINTMENT = """SELECT a.workspace_id, a.id, a.calendar_id, a.starts, t.host_id
  FROM scheduling_appointment a JOIN scheduling_blockedtime t ON t.appointment_id = a.id
  WHERE a.id = {appointment} ORDER BY t.id"""
_APPOINTMENT = {
    "appointment_id": "%s",
    "id": "(SELECT appointment_id FROM scheduling_booking WHERE id = %s)",
}


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
        NotFound: there is none. HostsChanged: others have to be locked.
    """
    seen = _read(which, row)
    locked = {*seen.host_ids, *host_time.hosts_of(seen.calendar_id)}
    host_time.lock_hosts(sorted(locked), now=now)
    appointment = _read(which, row)
    if not locked.issuperset((*appointment.host_ids, *host_time.hosts_of(appointment.calendar_id))):
        raise HostsChanged
    return appointment


def _read(which: str, row: int) -> LockedAppointment:
    with connection.cursor() as cursor:
        cursor.execute(_READ_APPOINTMENT.format(appointment=_APPOINTMENT[which]), [row])
        rows = cursor.fetchall()
    if not rows:
        raise NotFound
    workspace_id, appointment_id, calendar_id, start = rows[0][:4]
    hosts = tuple(found[4] for found in rows)
    return LockedAppointment(workspace_id, appointment_id, calendar_id, start, hosts)
