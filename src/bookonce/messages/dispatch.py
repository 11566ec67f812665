"""Who gets which mail of an event: one job per mail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from bookonce.accounts.models import Member
from bookonce.jobs.models import Job
from bookonce.jobs.queue import enqueue
from bookonce.messages.invitations import hosts_of, is_session
from bookonce.messages.readers import present
from bookonce.scheduling.models import Event
from bookonce.scheduling.targets import hosts_of_target
from bookonce.scheduling.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class Owed:
    """A mail of an event: the message's name, and to whom.

    `role` is `guest`, `invited` (number: place in booking.guests), `member` (number: its id), `requester`, or
    `recipient`.
    """

    event: int
    message: str
    role: str
    number: int = 0

    @property
    def key(self) -> str:
        """The same for the same mail, always."""
        return f"mail:{self.event}:{self.message}:{self.role}:{self.number}"


def dispatch(payload: Mapping[str, Any], now: datetime) -> None:
    """The job `event.dispatch`: owe every mail of the event; an unknown kind owes none."""
    _fan_out(int(payload["event"]), now)


@one_transaction
def _fan_out(event_id: int, now: datetime) -> None:
    # Taking the job away in the transaction that owes the mails is what lets this happen once: a second
    # worker that also holds the job finds nothing to take. The mails' keys alone can't tell, since a
    # finished job's key is gone.
    if Job.objects.filter(key=f"event:{event_id}").delete()[0] == 0:
        return
    event = Event.objects.select_related("booking__appointment", "link", "request__link").get(pk=event_id)
    plan = PLANS.get(event.kind)
    for owed in dict.fromkeys(plan(event) if plan else ()):
        enqueue("mail.send", asdict(owed), now=now, key=owed.key)


def _booking_created(event: Event) -> Iterator[Owed]:
    if event.details.get("series") == []:  # told of with the first of its series
        return
    if event.details.get("request"):
        received = "request_asked"
        yield Owed(event.pk, "request_received", "guest")
    else:
        received = "series_received" if event.details.get("series") else "booking_received"
        yield from _guests_confirmed(event)
    yield from _hosts(event, received)
    if event.link:
        for member_id in present([event.link.created_by_id]):
            yield Owed(event.pk, received, "member", member_id)


def _guests_confirmed(event: Event) -> Iterator[Owed]:
    of_series = event.details.get("series")
    yield Owed(event.pk, "series_confirmed" if of_series else "booking_confirmed", "guest")
    yield from _invited(event, "series_invitation" if of_series else "booking_invitation")


def _booking_confirmed(event: Event) -> Iterator[Owed]:
    if (of_series := event.details.get("series")) == []:
        return
    yield from _guests_confirmed(event)
    yield from _hosts(event, "series_received" if of_series else "request_confirmed")


def _booking_cancelled(event: Event) -> Iterator[Owed]:
    if (of_series := event.details.get("series")) == []:
        return
    if event.details.get("request"):
        yield from _request_ended(event)
        return
    cancelled = "series_cancelled" if of_series else "booking_cancelled"
    yield Owed(event.pk, cancelled, "guest")
    yield from _invited(event, cancelled)
    if of_series:
        yield from _hosts(event, "series_withdrawn")
        return
    together = event.details.get("together", 1)  # bookings of a session, told of in one mail
    if together:
        yield from _hosts(event, "booking_withdrawn" if together == 1 else "session_withdrawn")


def _request_ended(event: Event) -> Iterator[Owed]:
    yield Owed(event.pk, "request_ended", "guest")  # further guests have not been asked yet
    together = event.details.get("together", 1)
    if together:
        yield from _hosts(event, "request_over" if together == 1 else "session_withdrawn")


def _booking_rescheduled(event: Event) -> Iterator[Owed]:
    yield Owed(event.pk, "booking_moved", "guest")
    if event.booking and event.booking.answer_by is None:
        yield from _invited(event, "booking_moved")
    joined, left = event.details.get("joined", ()), event.details.get("left", ())
    for owed in _hosts(event, "booking_shifted"):
        yield replace(owed, message="booking_received") if owed.number in joined else owed
    for member_id in left:
        yield Owed(event.pk, "booking_passed_on", "member", member_id)
    if event.booking and is_session(event.booking):
        stayed = [owed.number for owed in _hosts(event, "") if owed.number not in joined]
        for member_id in (*stayed, *left):
            yield Owed(event.pk, "session_withdrawn", "member", member_id)


def _link_requested(event: Event) -> Iterator[Owed]:
    yield from _makers(event, "link_requested")


def _link_without_slots(event: Event) -> Iterator[Owed]:
    yield from _makers(event, "link_without_slots")


def _makers(event: Event, message: str) -> Iterator[Owed]:
    """Who made the link; if they are gone its hosts, else the owners."""
    link = event.link
    if link is None:
        return
    hosts = [host.pk for host in hosts_of_target(link.target)]
    owners = Member.objects.filter(workspace=event.workspace_id, role=Member.Role.OWNER)
    for member_id in (
        present([link.created_by_id]) or present(hosts) or present(owners.values_list("pk", flat=True))
    ):
        yield Owed(event.pk, message, "member", member_id)


def _link_request_answered(event: Event) -> Iterator[Owed]:
    yield Owed(event.pk, "link_answered", "requester")


def _link_renewed(event: Event) -> Iterator[Owed]:
    yield Owed(event.pk, "link_renewed", "guest")


def _link_code_asked(event: Event) -> Iterator[Owed]:
    yield Owed(event.pk, "link_code", "recipient")


def _guest_code_asked(event: Event) -> Iterator[Owed]:
    yield Owed(event.pk, "guest_code", "recipient")


def _invited(event: Event, message: str) -> Iterator[Owed]:
    booking = event.booking
    for number, address in enumerate(booking.guest_addresses if booking else ()):
        if booking and address.lower() != booking.email.lower():
            yield Owed(event.pk, message, "invited", number)


def _hosts(event: Event, message: str) -> Iterator[Owed]:
    if event.booking:
        for host in hosts_of(event.booking):
            yield Owed(event.pk, message, "member", host.pk)


PLANS: Mapping[str, Callable[[Event], Iterator[Owed]]] = {
    Event.Kind.BOOKING_CREATED: _booking_created,
    Event.Kind.BOOKING_CONFIRMED: _booking_confirmed,
    Event.Kind.BOOKING_CANCELLED: _booking_cancelled,
    Event.Kind.BOOKING_RESCHEDULED: _booking_rescheduled,
    Event.Kind.LINK_NO_SLOTS: _link_without_slots,
    Event.Kind.LINK_CODE_ASKED: _link_code_asked,
    Event.Kind.GUEST_CODE_ASKED: _guest_code_asked,
    Event.Kind.LINK_REQUESTED: _link_requested,
    Event.Kind.LINK_REQUEST_ANSWERED: _link_request_answered,
    Event.Kind.LINK_RENEWED: _link_renewed,
}
