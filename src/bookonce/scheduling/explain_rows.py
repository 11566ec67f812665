"""What stands in a host's way, and where it was set: what an explanation names, in four statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import F

from bookonce.scheduling import slots
from bookonce.scheduling.local_days import DAY, day_date
from bookonce.scheduling.models import HolidayRegion, HostSchedule, TimeOff
from bookonce.scheduling.models.appointment import LONGEST_BLOCK
from bookonce.scheduling.offer_rows import Offer

_TAKEN = """SELECT t.host_id, t.starts, t.ends, t.expires_at, a.starts, a.ends, a.public_id, c.name,
    a.calendar_id, (SELECT b.name FROM scheduling_booking b
      WHERE b.appointment_id = a.id AND b.status <> 'cancelled' ORDER BY b.id LIMIT 1),
    k.starts, k.ends, l.public_id, COALESCE(NULLIF(l.label, ''), NULLIF(l.recipient_name, ''), l.public_id)
  FROM scheduling_blockedtime t
  LEFT JOIN scheduling_appointment a ON a.id = t.appointment_id
  LEFT JOIN scheduling_hold k ON k.id = t.hold_id
  LEFT JOIN scheduling_onetimelink l ON l.id = k.link_id AND k.token_digest IS NULL
  LEFT JOIN scheduling_calendar c ON c.id = COALESCE(a.calendar_id, k.calendar_id)
  WHERE t.host_id IN ({members}) AND t.live AND t.starts > %s AND t.starts < %s AND t.ends > %s
  AND (t.expires_at IS NULL OR t.expires_at > %s) AND (l.id IS NULL OR l.id <> %s) ORDER BY t.starts"""


@dataclass(frozen=True, slots=True)
class Taken:
    """Time of a host that is not free: an appointment, or a hold (then `appointment` is empty).

    Minutes since the epoch; `since` and `until` include the appointment's own buffers.
    """

    start: int
    end: int
    since: int
    until: int
    expires_at: int | None  # seconds; of a hold
    appointment: str  # its public id
    calendar_id: int | None
    calendar: str
    guest: str
    link: str = ""  # the one-time link that holds it: its public id
    link_name: str = ""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the rules of the hosts' own time were set; the schedules in the host's order."""

    schedules: Mapping[int, Sequence[tuple[str, str]]]  # (public id, name) by member
    times_off: Mapping[int, Sequence[TimeOff]]
    regions: Mapping[int, HolidayRegion]
    addresses: Mapping[int, str]  # e-mail, by member


def read_taken(
    offer: Offer, *, duration: int, start: int, end: int, now: int
) -> Mapping[int, Sequence[Taken]]:
    """What each host has around the slots of this window, by start; `now` in seconds (one statement)."""
    low, high = slots.busy_bounds(offer.rules.alone(), duration=duration, start=start, end=end)
    members = [host.id for host in offer.hosts]
    marks = ", ".join(["%s"] * len(members))
    taken: defaultdict[int, list[Taken]] = defaultdict(list)
    with connection.cursor() as cursor:
        own = offer.link.id if offer.link else 0  # what the link itself holds is free for it
        cursor.execute(_TAKEN.format(members=marks), [*members, low - LONGEST_BLOCK, high, low, now, own])
        for (
            host,
            since,
            until,
            expires,
            starts,
            ends,
            appointment,
            name,
            calendar,
            guest,
            kept_from,
            kept_to,
            link,
            link_name,
        ) in cursor.fetchall():
            taken[host].append(
                Taken(
                    start=next(at for at in (starts, kept_from, since) if at is not None),
                    end=next(at for at in (ends, kept_to, until) if at is not None),
                    since=since,
                    until=until,
                    expires_at=expires,
                    appointment=appointment or "",
                    calendar_id=calendar,
                    calendar=name or "",
                    guest=guest or "",
                    link=link or "",
                    link_name=link_name or "",
                )
            )
    return taken


def read_sources(offer: Offer, *, start: int, end: int) -> Sources:
    """The hosts' schedules, holiday regions, and times off around [start, end) (three statements)."""
    members = [host.id for host in offer.hosts]
    schedules: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    kept = HostSchedule.objects.filter(calendar_host__calendar=offer.calendar_id)
    addresses = {}
    for member, address, public_id, name in kept.order_by("position", "pk").values_list(
        F("calendar_host__member"),
        F("calendar_host__member__user__email"),
        "schedule__public_id",
        "schedule__name",
    ):
        addresses[member] = address
        schedules[member].append((public_id, name))
    first, last = day_date(start // DAY) - timedelta(days=2), day_date(end // DAY) + timedelta(days=2)
    times_off: defaultdict[int, list[TimeOff]] = defaultdict(list)
    for away in TimeOff.objects.filter(member__in=members, last_day__gte=first, first_day__lte=last):
        times_off[away.member_id].append(away)
    regions = {region.member_id: region for region in HolidayRegion.objects.filter(member__in=members)}
    return Sources(schedules, times_off, regions, addresses)
