"""Which upcoming appointments of a host lie on local days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from bookonce.accounts.models import Member
from bookonce.lib.zones import get_zone
from bookonce.scheduling.models import Appointment, HostSchedule

Days = tuple[date, date]  # both inclusive
MOST_LOOKED_AT = 1000


def appointments_on(host: Member, ranges: Sequence[Days], *, now: datetime) -> list[list[Appointment]]:
    """For each range the host's upcoming appointments that touch it, soonest first (two statements at most).

    Days are those of the schedule that the host keeps for the appointment's calendar. Beyond MOST_LOOKED_AT
    appointments nothing is looked at.
    """
    if not ranges:
        return []
    live = Appointment.objects.filter(blocked_times__host=host, blocked_times__live=True, ends__gt=now)
    around = live.filter(
        starts__lt=_midnight(max(last for _, last in ranges)) + timedelta(days=3),
        ends__gt=_midnight(min(first for first, _ in ranges)) - timedelta(days=2),
    )
    found = list(
        around.select_related("calendar__schedule").distinct().order_by("starts", "pk")[:MOST_LOOKED_AT]
    )
    zones = _zones(host) if found else {}
    days = [
        (appointment, *_days(appointment, zones.get(appointment.calendar_id, ""))) for appointment in found
    ]
    return [
        [appointment for appointment, since, until in days if since <= last and until >= first]
        for first, last in ranges
    ]


def _zones(host: Member) -> dict[int, str]:
    kept = HostSchedule.objects.filter(calendar_host__member=host).order_by("-position", "-pk")
    return dict(kept.values_list("calendar_host__calendar", "schedule__timezone"))  # the first one stays


def _days(appointment: Appointment, zone: str) -> Days:
    where = get_zone(zone or appointment.calendar.schedule.timezone)
    last_minute = appointment.ends - timedelta(minutes=1)
    return appointment.starts.astimezone(where).date(), last_minute.astimezone(where).date()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
