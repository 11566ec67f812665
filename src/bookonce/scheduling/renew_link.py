"""A new one-time link for the guest of an appointment that is over: who did not come, or was cancelled."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from bookonce.lib.instants import to_seconds
from bookonce.lib.tokens import new_public_id
from bookonce.scheduling import events, host_time, idempotency, link_holds, link_queries
from bookonce.scheduling.child_link import issue_child
from bookonce.scheduling.errors import CalendarDeleted, Conflict, HostsChanged
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.issue_link import Issued, made_before
from bookonce.scheduling.link_state import WORKS, state_expression
from bookonce.scheduling.models import Booking, OneTimeLink
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.targets import is_kept
from bookonce.scheduling.transaction import one_transaction
from bookonce.scheduling.waiting_requests import expiring_overdue, refuse_overdue

AHEAD = _("This appointment is still ahead. Its guest can reschedule it.")
WORKS_AGAIN = _("The link of this booking can be booked again, so its guest needs no new one.")
SENT = _("This guest was already sent a new link, and it can still be booked.")
WITHOUT_LINK = _("This was not booked through a one-time link.")


@expiring_overdue
@one_transaction
def renew_link(
    booking_id: int, *, by: events.Actor, now: datetime, retry: Idempotency | None = None
) -> Issued:
    """Issue a link with the options of the one that was used, and mail it to who booked; that is its parent.

    The old link is locked before anything is decided: of two members at once, the second finds the first's.

    Raises:
        Conflict: the appointment is still ahead, was not booked through a one-time link, or was cancelled
            and its link can be booked again; or the new link of before still can.
        CalendarDeleted: the new link would be dead at once.
        IdempotencyMismatch, InProgress: about the key.
    """
    fresh = {"link": new_public_id("lnk")}
    earlier = idempotency.claim(retry, fresh, now=now)
    if earlier is not None:
        return made_before(earlier["link"])
    booking = _get_locked(booking_id, now=now)
    refused = why_not_renewed(booking, now=now)
    if refused:
        raise refused
    if booking.link is None:
        raise AssertionError
    issued = issue_child(
        booking.link, name=booking.name, email=booking.email, by=by, now=now, public_id=fresh["link"]
    )
    events.record(
        Event.Kind.LINK_RENEWED,
        workspace_id=booking.workspace_id,
        actor=by,
        now=now,
        link_id=issued.link.pk,
        booking_id=booking_id,
    )
    return issued


def _get_locked(booking_id: int, *, now: datetime) -> Booking:
    """The booking as it is once its link is locked; before that all hosts, if the new link is to hold times.

    Raises:
        HostsChanged: the link holds times since this very moment. RequestsOverdue.
    """
    old = OneTimeLink.objects.filter(bookings=booking_id).first()
    if old is not None and old.holds_slots and old.calendar_id is not None:
        _, overdue = host_time.lock_hosts_of(old.calendar_id, now=now)
        refuse_overdue(overdue, now)
    link_holds.lock(old.pk if old else 0)
    with_link = Booking.objects.select_related("appointment", "link__calendar__schedule", "link__group")
    booking = with_link.get(pk=booking_id)
    if old is not None and booking.link is not None and booking.link.holds_slots != old.holds_slots:
        raise HostsChanged
    return booking


def why_not_renewed(booking: Booking, *, now: datetime) -> CalendarDeleted | Conflict | None:
    """Why no new link can be sent to who made this booking; appointment and link are loaded."""
    if booking.link is None:
        return Conflict(WITHOUT_LINK)
    if booking.status in (Booking.Status.NEW, Booking.Status.CONFIRMED) and booking.appointment.ends > now:
        return Conflict(AHEAD)
    if not is_kept(booking.link.target):
        return CalendarDeleted()
    if _works_again(booking, booking.link, now):
        return Conflict(WORKS_AGAIN)
    return Conflict(SENT) if _was_sent(booking, now) else None


def _works_again(booking: Booking, link: OneTimeLink, now: datetime) -> bool:
    """Whether a cancelled booking gave its link back, or left uses: then its guest has one that works."""
    if booking.status != Booking.Status.CANCELLED:
        return False
    return link_queries.state_now(link, now=now) in WORKS


def _was_sent(booking: Booking, now: datetime) -> bool:
    """Whether the guest has a new link for this booking that works."""
    sent = Event.objects.filter(kind=Event.Kind.LINK_RENEWED, booking=booking).values("link")
    stated = OneTimeLink.objects.annotate(state=state_expression(to_seconds(now)))
    return stated.filter(pk__in=sent, state__in=WORKS).exists()
