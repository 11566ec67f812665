"""The hours, time and limits that a list of slots is made from, read in one or two statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

from bookonce.scheduling import slots
from bookonce.scheduling.local_days import DAY
from bookonce.scheduling.models.appointment import LONGEST_BLOCK
from bookonce.scheduling.offer_rows import Offer, OfferHost
from bookonce.scheduling.public_holidays import holidays_between

# Each row: what it is, whose (a schedule's or a member's row), three numbers, two dates, a word, two numbers.
_HOURS = """SELECT 'week', schedule_id, starts, ends, weekday, NULL, NULL, NULL,
      CAST(NULL AS integer), CAST(NULL AS integer)
    FROM scheduling_weeklyhours WHERE schedule_id IN ({schedules})
  UNION ALL SELECT 'override', schedule_id, starts, ends, NULL, CAST(day AS text), NULL, NULL, NULL, NULL
    FROM scheduling_overridehours WHERE schedule_id IN ({schedules}) AND day >= %s AND day <= %s
  UNION ALL SELECT 'away', member_id, NULL, NULL, NULL, CAST(first_day AS text), CAST(last_day AS text), NULL,
      NULL, NULL FROM scheduling_timeoff WHERE member_id IN ({members}) AND last_day >= %s AND first_day <= %s
  UNION ALL SELECT 'journey', member_id, NULL, NULL, NULL, CAST(first_day AS text), CAST(last_day AS text),
      timezone, NULL, NULL FROM scheduling_journey
    WHERE member_id IN ({members}) AND last_day >= %s AND first_day <= %s
  UNION ALL SELECT 'holidays', member_id, NULL, NULL, NULL, country, subdivision, NULL, NULL, NULL
    FROM scheduling_holidayregion WHERE member_id IN ({members})"""
# What the asking visitor or link keeps is no busy time for them.
_NOT_OWN = """(t.hold_id IS NULL OR t.hold_id NOT IN (SELECT k.id FROM scheduling_hold k
    WHERE k.token_digest = %s OR (k.link_id = %s AND k.token_digest IS NULL)))"""
# Appointments that nobody has any more at `now`: all who asked for them waited in vain, and their requests
# have not been ended yet (waiting_requests.py). A session goes on for whoever keeps a place in it.
_ENDED = """(SELECT b.appointment_id FROM scheduling_booking b WHERE b.answer_by <= %s
  AND NOT EXISTS (SELECT 1 FROM scheduling_booking o WHERE o.appointment_id = b.appointment_id
    AND o.status <> 'cancelled' AND (o.answer_by IS NULL OR o.answer_by > %s))
  AND NOT EXISTS (SELECT 1 FROM scheduling_appointment s JOIN scheduling_hold k
      ON k.calendar_id = s.calendar_id AND k.starts = s.starts AND k.expires_at > %s
    WHERE s.id = b.appointment_id AND s.seats_taken IS NOT NULL))"""
_SEATS_TAKEN = """a.seats_taken - (SELECT CAST(COALESCE(SUM(b.party), 0) AS bigint)
    FROM scheduling_booking b WHERE b.appointment_id = a.id AND b.answer_by <= %s)"""
_KEPT = """FROM scheduling_hold k WHERE k.calendar_id = %s AND k.starts > %s AND k.starts < %s
  AND k.expires_at > %s AND k.token_digest <> %s"""
_BUSY = f"""SELECT 'busy', t.host_id, t.starts, t.ends, NULL, NULL, NULL, NULL, NULL, NULL
  FROM scheduling_blockedtime t WHERE t.host_id IN ({{members}})
  AND t.live AND t.starts > %s AND t.starts < %s AND t.ends > %s
  AND (t.expires_at IS NULL OR t.expires_at > %s)
  AND (t.appointment_id IS NULL OR t.appointment_id <> %s AND t.appointment_id NOT IN {_ENDED})
  AND {_NOT_OWN}"""
_BUSY_OF_CLASS = f"""SELECT 'busy', t.host_id, t.starts, t.ends, a.starts, NULL, NULL, NULL, a.ends,
    {_SEATS_TAKEN}
  FROM scheduling_blockedtime t LEFT JOIN scheduling_appointment a
    ON a.id = t.appointment_id AND a.calendar_id = %s AND a.seats_taken IS NOT NULL
  LEFT JOIN scheduling_hold h ON h.id = t.hold_id AND h.calendar_id = %s
  WHERE t.host_id IN ({{members}}) AND t.live AND t.starts > %s AND t.starts < %s AND t.ends > %s
  AND (t.expires_at IS NULL OR t.expires_at > %s)
  AND (t.appointment_id IS NULL OR t.appointment_id <> %s AND t.appointment_id NOT IN {_ENDED})
  AND {_NOT_OWN} AND h.id IS NULL
  UNION ALL SELECT 'busy', 0, a.starts - a.buffer_before, a.ends + a.buffer_after, a.starts, NULL, NULL, NULL,
    a.ends, {_SEATS_TAKEN}
  FROM scheduling_appointment a
  WHERE a.calendar_id = %s AND a.seats_taken IS NOT NULL AND a.status <> 'cancelled' AND a.starts > %s
    AND a.starts < %s AND a.id <> %s AND a.id NOT IN {_ENDED}
    AND NOT EXISTS (SELECT 1 FROM scheduling_blockedtime other
      WHERE other.appointment_id = a.id AND other.host_id IN ({{members}}))
  UNION ALL SELECT 'busy', 0, k.starts - %s, k.ends + %s, k.starts, NULL, NULL, NULL, k.ends, k.party
    {_KEPT}"""
# All appointments of a kept series: what it blocks tells them, though the calendar repeats otherwise by now.
_COUNTS = f"""SELECT unit, first_day, taken FROM scheduling_limitcount
  WHERE calendar_id = %s AND first_day > %s AND first_day < %s
  UNION ALL SELECT DISTINCT 'kept', kept.starts + COALESCE(t.starts - kept.since, 0), kept.id
  FROM (SELECT k.id, k.starts,
      (SELECT MIN(b.starts) FROM scheduling_blockedtime b WHERE b.hold_id = k.id) AS since
    {_KEPT} AND NOT EXISTS (SELECT 1 FROM scheduling_appointment a
    WHERE a.calendar_id = k.calendar_id AND a.starts = k.starts AND a.seats_taken IS NOT NULL
      AND a.status <> 'cancelled')) AS kept
  LEFT JOIN scheduling_blockedtime t ON t.hold_id = kept.id
  UNION ALL SELECT 'ended', a.starts, a.id FROM scheduling_appointment a
  WHERE a.calendar_id = %s AND a.status <> 'cancelled' AND a.id <> %s AND a.id IN {_ENDED}"""
_COUNTED = """SELECT starts FROM scheduling_appointment
  WHERE id = %s AND calendar_id = %s AND status <> 'cancelled'"""
_LONGEST_PERIOD = 31  # days


@dataclass(slots=True)
class _Facts:
    """What the rows say of one schedule, or of one member."""

    weekly: list[slots.Hours] = field(default_factory=list)
    overrides: dict[date, list[slots.Block]] = field(default_factory=dict)
    away: set[date] = field(default_factory=set)
    stays: list[slots.Stay] = field(default_factory=list)
    holidays: frozenset[date] = frozenset()


def read_hosts(
    offer: Offer, *, duration: int, start: int, end: int, now: int, besides: int
) -> tuple[slots.Host, ...]:
    """The calendar's hosts as far as [start, end) needs them: minutes since the epoch, `now` in seconds.

    That is as far as the appointments of a series reach that begins then.
    """
    days = _days_around(start, end + _reach(offer))
    low, high = slots.busy_bounds(offer.rules, duration=duration, start=start, end=end)
    rows = _read_rows(offer, days, low, high, now=now, besides=besides)
    hours = _hours_of(offer.hosts, rows, days)
    busy, sessions = _busy_of(offer, sorted((row for row in rows if row[0] == "busy"), key=_starts))
    return tuple(
        slots.Host(host.id, hours[host.id], busy[host.id], sessions[host.id]) for host in offer.hosts
    )


def read_counts(
    offer: Offer, start: int, end: int, *, now: int, besides: int = 0
) -> Mapping[slots.Period, int]:
    """How much of each limit is taken around [start, end); no statement where there is no limit.

    Times kept for other visitors count as the appointments that they may become; overdue requests do not.
    """
    if not offer.rules.limits:
        return {}
    first, last = start // DAY - _LONGEST_PERIOD - 2, (end + _reach(offer)) // DAY + 2
    kept: list[Any] = [offer.calendar_id, 0, last * DAY, now, offer.own_hold]  # a series began before
    with connection.cursor() as cursor:
        ended = [offer.calendar_id, besides, *_at(now)]
        cursor.execute(_COUNTS, [offer.calendar_id, first, last, *kept, *ended])
        rows = cursor.fetchall()
        counts = {slots.Period(row[0], row[1]): row[2] for row in rows if row[0] not in ("kept", "ended")}
        gone = [row[1] for row in rows if row[0] == "ended"]
        if besides:
            cursor.execute(_COUNTED, [besides, offer.calendar_id])
            gone += [starts for (starts,) in cursor.fetchall()]
    held = [row[1] for row in rows if row[0] == "kept"]
    if offer.rules.kind is slots.Kind.CLASS:
        held = [*set(held)]  # all who keep a place at one time share its session
    for period, more in slots.count_periods(offer.rules, offer.zone, held).items():
        counts[period] = counts.get(period, 0) + more
    for period, fewer in slots.count_periods(offer.rules, offer.zone, gone).items():
        counts[period] = counts.get(period, fewer) - fewer
    return counts


def _days_around(start: int, end: int) -> tuple[date, date]:
    """The days of any zone that the time from start to end lies in."""
    first, last = (datetime.fromtimestamp(minute * 60, UTC).date() for minute in (start, end))
    return first - timedelta(days=2), last + timedelta(days=2)


def _read_rows(
    offer: Offer, days: tuple[date, date], low: int, high: int, *, now: int, besides: int
) -> Sequence[Any]:
    """Hours and busy times of all hosts, in one statement."""
    schedules = sorted({schedule for host in offer.hosts for schedule, _ in host.schedules})
    members = [host.id for host in offer.hosts]
    around = [day.isoformat() for day in days]
    of_hours: list[Any] = [*schedules, *schedules, *around, *members, *around, *members, *around, *members]
    busy, of_busy = _busy_query(offer, low, high, now=now, besides=besides)
    query = f"{_HOURS} UNION ALL {busy}".format(schedules=_marks(schedules), members=_marks(members))
    with connection.cursor() as cursor:
        cursor.execute(query, [*of_hours, *of_busy])
        rows: Sequence[Any] = cursor.fetchall()
        return rows


def _hours_of(
    hosts: Sequence[OfferHost], rows: Sequence[Any], days: tuple[date, date]
) -> dict[int, tuple[slots.HostHours, ...]]:
    of_schedule: defaultdict[int, _Facts] = defaultdict(_Facts)
    of_member: defaultdict[int, _Facts] = defaultdict(_Facts)
    for row in rows:
        if row[0] != "busy":
            _note((of_schedule if row[0] in ("week", "override") else of_member)[row[1]], row, *days)
    return {
        host.id: tuple(
            _hours(zone, of_schedule[schedule], of_member[host.id]) for schedule, zone in host.schedules
        )
        for host in hosts
    }


def _note(facts: _Facts, row: Sequence[Any], first: date, last: date) -> None:
    what, _, starts, ends, weekday, one, other, zone, *_ = row
    if what == "week":
        facts.weekly.append(slots.Hours(weekday, starts, ends))
    elif what == "override":
        blocks = facts.overrides.setdefault(date.fromisoformat(one), [])
        if starts is not None:
            blocks.append((starts, ends))
    elif what == "away":
        since, until = max(date.fromisoformat(one), first), min(date.fromisoformat(other), last)
        facts.away.update(since + timedelta(days=number) for number in range((until - since).days + 1))
    elif what == "journey":
        facts.stays.append(slots.Stay(date.fromisoformat(one), date.fromisoformat(other), zone))
    else:
        facts.holidays = holidays_between(one, other, first, last)


def _hours(zone: str, schedule: _Facts, member: _Facts) -> slots.HostHours:
    return slots.HostHours(
        zone=zone,
        weekly=tuple(schedule.weekly),
        overrides={day: tuple(sorted(blocks)) for day, blocks in schedule.overrides.items()},
        away=member.away,
        holidays=member.holidays,
        travel=tuple(member.stays),
    )


def _busy_query(offer: Offer, low: int, high: int, *, now: int, besides: int) -> tuple[str, list[Any]]:
    """For live blocked times of each host that touch (low, high), with its parameters."""
    members = [host.id for host in offer.hosts]
    own: list[Any] = [offer.own_hold, offer.link.id if offer.link else offer.came_by]
    bounds: list[Any] = [*members, low - LONGEST_BLOCK, high, low, now, besides, *_at(now), *own]
    if offer.rules.kind is not slots.Kind.CLASS:
        return _BUSY, bounds
    around = [offer.calendar_id, low - LONGEST_BLOCK, high + LONGEST_BLOCK]
    buffers = [offer.rules.buffer_before, offer.rules.buffer_after]
    kept: list[Any] = [*buffers, *around, now, offer.own_hold]
    of_this = [offer.calendar_id, offer.calendar_id]
    standing = [now, *around, besides, *_at(now), *members]
    return _BUSY_OF_CLASS, [now, *of_this, *bounds, *standing, *kept]


def _busy_of(
    offer: Offer, rows: Sequence[Any]
) -> tuple[Mapping[int, Sequence[slots.Block]], Mapping[int, Sequence[slots.Session]]]:
    """By host, from rows in the order of their starts; a class's own sessions apart.

    A session whose hosts no longer host the class counts as its first host's: it can still be joined. So do
    the places kept for visitors.
    """
    busy: defaultdict[int, list[slots.Block]] = defaultdict(list)
    sessions: defaultdict[int, list[slots.Session]] = defaultdict(list)
    for _, host, starts, ends, begins, _, _, _, over, taken in rows:
        if taken is None:
            busy[host].append((starts, ends))
        else:
            of_host = sessions[host or offer.hosts[0].id]
            of_host.append(slots.Session(begins, over, starts, ends, taken))
    return busy, sessions


def _starts(row: Sequence[Any]) -> int:
    return int(row[2])


def _at(now: int) -> list[int]:
    """The parameters of _ENDED."""
    return [now, now, now]


def _reach(offer: Offer) -> int:
    return slots.reach(offer.rules.repeats, offer.rules.repeat_count)


def _marks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))
