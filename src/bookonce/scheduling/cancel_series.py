"""Cancel what is left of a series: all of its appointments that have not begun."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from bookonce.lib.instants import to_minutes, to_seconds
from bookonce.scheduling import events, host_time, idempotency
from bookonce.scheduling.cancel import LONGEST_REASON, Returned, end_or_leave, record_cancelled, return_use
from bookonce.scheduling.change_rules import change_rules
from bookonce.scheduling.errors import CancellingClosed, TooLate
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.locked_appointment import lock_series
from bookonce.scheduling.models import Booking
from bookonce.scheduling.transaction import one_transaction
from bookonce.scheduling.waiting_requests import expiring_overdue

_CANCEL = """UPDATE scheduling_booking
  SET status = 'cancelled', cancelled_at = %s, cancel_cause = %s, cancel_reason = %s, answer_by = NULL,
    sequence = sequence + 1
  WHERE id IN ({marks}) AND status IN ('new', 'confirmed')
    AND EXISTS (SELECT 1 FROM scheduling_appointment a
      WHERE a.id = appointment_id AND a.status <> 'cancelled' AND a.starts > %s)
  RETURNING series_number, id, party, link_id, link_use_id, appointment_id"""


@expiring_overdue
@one_transaction
def cancel_series(
    booking_id: int,
    *,
    by: events.Actor,
    now: datetime,
    reason: str = "",
    reopen_link: bool | None = None,
    retry: Idempotency | None = None,
) -> int:
    """Cancel every booking of this one's series that has not begun; returns how many: 0 when all were before.

    A guest cancels those that the rules still let them cancel; the others stay. When no booking of the series
    is left, `reopen_link` returns its use to the one-time link; unset, as `cancel` does. What was asked for
    and is overdue has expired, and is not cancelled again.

    Raises:
        NotFound: the booking is of no series.
        TooLate: all that are left have begun.
        CancellingClosed: the rules keep the guest from cancelling any.
        IdempotencyMismatch, InProgress: about the key.
    """
    earlier = idempotency.claim(retry, {}, now=now)
    if earlier is not None:
        return 0
    appointments = {appointment.id: appointment for appointment in lock_series(booking_id, now=now)}
    left = _what_is_left(booking_id, by, now)
    if not left.ids:
        return 0
    cancelled = _cancel(left.ids, "guest" if by.via == "guest" else "host", reason, now)
    for _, _, party, _, _, appointment_id in cancelled:
        end_or_leave(appointments[appointment_id], party, now)
    _, _, _, link_id, use_id, _ = cancelled[0]
    reopen = left.reopens if reopen_link is None else reopen_link
    returned = return_use(link_id, use_id, now) if use_id and reopen else Returned()
    concerned = returned.hosts.union(*(appointments[row[5]].host_ids for row in cancelled))
    host_time.raise_versions(sorted(concerned), calendar_id=appointments[cancelled[0][5]].calendar_id)
    ids = [row[1] for row in cancelled]
    for number, row in enumerate(cancelled):
        details = {"reopened": int(returned.works and not number), "series": [] if number else ids}
        details |= {"request": 1} if row[1] in left.requests else {}
        record_cancelled(appointments[row[5]], row[1], link_id, by, now, details)
    return len(cancelled)


@dataclass(frozen=True, slots=True)
class _Left:
    """The bookings to cancel, and whether the link reopens with the last one."""

    ids: list[int]
    reopens: bool
    requests: frozenset[int] = frozenset()  # those of them that wait for an answer


def _what_is_left(booking_id: int, by: events.Actor, now: datetime) -> _Left:
    """Read under the locks.

    Raises:
        TooLate: all that are left have begun. CancellingClosed: the rules allow none.
    """
    series = Booking.objects.filter(pk=booking_id).values("series")
    live = list(
        Booking.objects.select_related("appointment__calendar", "link")
        .filter(series__in=series, status__in=("new", "confirmed"))
        .order_by("series_number")
    )
    minute = to_minutes(now)
    coming = [booking for booking in live if to_minutes(booking.appointment.starts) > minute]
    if live and not coming:
        raise TooLate
    requests = frozenset(booking.pk for booking in coming if booking.status == Booking.Status.NEW)
    if by.via != "guest" or not coming:
        return _Left([booking.pk for booking in coming], reopens=True, requests=requests)
    rules = {booking: change_rules(booking) for booking in coming}
    closed = {booking: rules[booking].cancelling(minute).closed for booking in coming}
    ids = [booking.pk for booking in coming if closed[booking] is None]
    if not ids:
        raise CancellingClosed(next(why for why in closed.values() if why))
    link = coming[0].link
    over = link is not None and link.expires_at is not None and link.expires_at <= now
    return _Left(ids, reopens=rules[coming[0]].reopens_on_cancel and not over, requests=requests)


def _cancel(ids: list[int], cause: str, reason: str, now: datetime) -> list[tuple[int, ...]]:
    """In the order of the series: number, row, party, link, use, appointment."""
    marks = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(
            _CANCEL.format(marks=marks),
            [to_seconds(now), cause, reason[:LONGEST_REASON], *ids, to_minutes(now)],
        )
        return sorted(cursor.fetchall())
