"""A new one-time link for the guest of an appointment that is over: who did not come, or was cancelled."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from bookonce.lib.tokens import new_public_id
from bookonce.scheduling import events, idempotency, link_queries
from bookonce.scheduling.child_link import issue_child
from bookonce.scheduling.errors import CalendarDeleted, Conflict
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.issue_link import Issued, shown_token
from bookonce.scheduling.link_state import WORKS
from bookonce.scheduling.models import Booking, OneTimeLink
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.targets import is_kept
from bookonce.scheduling.transaction import one_transaction
from bookonce.scheduling.waiting_requests import expiring_overdue

AHEAD = _("This appointment is still ahead. Its guest can reschedule it.")
WORKS_AGAIN = _("The link of this booking can be booked again, so its guest needs no new one.")
WITHOUT_LINK = _("This was not booked through a one-time link.")


@expiring_overdue
@one_transaction
def renew_link(
    booking_id: int, *, by: events.Actor, now: datetime, retry: Idempotency | None = None
) -> Issued:
    """Issue a link with the options of the one that was used, and mail it to who booked; that is its parent.

    Raises:
        Conflict: the appointment is still ahead, was not booked through a one-time link, or was cancelled
            and its link can be booked again.
        CalendarDeleted: the new link would be dead at once.
        IdempotencyMismatch, InProgress: about the key.
    """
    fresh = {"link": new_public_id("lnk")}
    earlier = idempotency.claim(retry, fresh, now=now)
    if earlier is not None:
        made = OneTimeLink.objects.select_related("calendar__schedule").get(public_id=earlier["link"])
        return Issued(made, shown_token(made), made=False)
    booking = Booking.objects.select_related("appointment", "link__calendar__schedule", "link__group").get(
        pk=booking_id
    )
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


def why_not_renewed(booking: Booking, *, now: datetime) -> CalendarDeleted | Conflict | None:
    """Why no new link can be sent to who made this booking; appointment and link are loaded."""
    if booking.link is None:
        return Conflict(WITHOUT_LINK)
    if booking.status in (Booking.Status.NEW, Booking.Status.CONFIRMED) and booking.appointment.ends > now:
        return Conflict(AHEAD)
    if not is_kept(booking.link.target):
        return CalendarDeleted()
    return Conflict(WORKS_AGAIN) if _works_again(booking, booking.link, now) else None


def _works_again(booking: Booking, link: OneTimeLink, now: datetime) -> bool:
    """Whether a cancelled booking gave its link back, or left uses: then its guest has one that works."""
    if booking.status != Booking.Status.CANCELLED:
        return False
    return link_queries.state_now(link, now=now) in WORKS
