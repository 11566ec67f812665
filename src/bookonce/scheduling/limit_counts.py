"""The counters behind a calendar's limits: one row for each local day, week or month that has one.

Host locks do not serialize bookings of several hosts, so a limit is kept by a conditional UPDATE of its
counter, within the transaction of whoever books, moves or cancels (docs/decisions/0011).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from bookonce.lib.database_errors import on_postgres
from bookonce.lib.instants import to_minutes
from bookonce.scheduling import slots
from bookonce.scheduling.errors import SlotTaken
from bookonce.scheduling.offer import get_calendar_offer
from bookonce.scheduling.offer_rows import Offer

_TAKE = """INSERT INTO scheduling_limitcount (calendar_id, unit, first_day, taken) VALUES {rows}
  ON CONFLICT (calendar_id, unit, first_day) DO UPDATE
  SET taken = scheduling_limitcount.taken + excluded.taken
  WHERE scheduling_limitcount.taken + excluded.taken
    <= CASE excluded.unit WHEN 'day' THEN %s WHEN 'week' THEN %s ELSE %s END"""
_IN_ORDER = """SELECT id FROM scheduling_limitcount
  WHERE calendar_id = %s AND taken > 0 AND ({periods}) ORDER BY unit, first_day"""
_LIVE_STARTS = """SELECT starts FROM scheduling_appointment
  WHERE calendar_id = %s AND status <> 'cancelled' AND starts > %s"""
_OLDEST_COUNTED = 62 * 1440  # minutes: further back no day, week or month reaches today


def take(offer: Offer, starts: Sequence[int]) -> None:
    """Count appointments that start then, minutes since the epoch: one, or those of a series, all or none.

    Raises:
        SlotTaken: a day, week or month of theirs is full.
    """
    periods = sorted(slots.count_periods(offer.rules, offer.zone, starts).items())
    if not periods:
        return
    most = dict(offer.rules.limits)
    if any(taken > most[period.unit] for period, taken in periods):  # a first row meets no condition
        raise SlotTaken
    rows = ", ".join(["(%s, %s, %s, %s)"] * len(periods))
    values = [value for period, taken in periods for value in (offer.calendar_id, *period, taken)]
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE.format(rows=rows), [*values, *(most.get(u, 0) for u in ("day", "week", "month"))]
        )
        if cursor.rowcount != len(periods):
            raise SlotTaken


def give_back(offer: Offer, start: int) -> None:
    """One appointment less that would have started then."""
    periods = _periods(offer, start)
    if not periods:
        return
    # Locked in the order in which `take` locks them.
    which = _IN_ORDER.format(periods=" OR ".join(["unit = %s AND first_day = %s"] * len(periods)))
    if on_postgres():
        which += " FOR UPDATE"
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH mine AS ({which}) UPDATE scheduling_limitcount SET taken = taken - 1 "
            "WHERE id IN (SELECT id FROM mine)",
            [offer.calendar_id, *(value for period in periods for value in period)],
        )


def count_anew(calendar_ids: Sequence[int], *, now: datetime) -> None:
    """Count again from the appointments: limits, zone or week of these calendars have changed.

    Whoever calls this has locked the calendars' hosts, so that no booking counts meanwhile.
    """
    for calendar_id in calendar_ids:
        offer = get_calendar_offer(calendar_id)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM scheduling_limitcount WHERE calendar_id = %s", [calendar_id])
            cursor.execute(_LIVE_STARTS, [calendar_id, to_minutes(now) - _OLDEST_COUNTED])
            starts = [row[0] for row in cursor.fetchall()]
            counts = slots.count_periods(offer.rules, offer.zone, starts)
            cursor.executemany(
                "INSERT INTO scheduling_limitcount (calendar_id, unit, first_day, taken) "
                "VALUES (%s, %s, %s, %s)",
                [(calendar_id, *period, taken) for period, taken in sorted(counts.items())],
            )


def _periods(offer: Offer, start: int) -> list[slots.Period]:
    return sorted(slots.limit_periods(offer.rules, offer.zone, start))
