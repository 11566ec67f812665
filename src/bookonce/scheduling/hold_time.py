"""Keep a visitor's time for minutes while they complete the form (docs/decisions/0013)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from bookonce.lib.fields import Fields
from bookonce.lib.instants import from_minutes, from_seconds, to_minutes, to_seconds
from bookonce.lib.tokens import digest, new_token
from bookonce.scheduling import host_time, link_holds, slots
from bookonce.scheduling.booking_request import LONGEST_DURATION, read_party
from bookonce.scheduling.errors import Conflict, HostsChanged, Invalid, SlotTaken, TooManyHolds
from bookonce.scheduling.host_choice import read_host, with_host
from bookonce.scheduling.models import Appointment, Hold
from bookonce.scheduling.offer import Door, Offer, get_open_offer
from bookonce.scheduling.reserve import Place, choose_hosts, lock_for_guest
from bookonce.scheduling.transaction import one_transaction
from bookonce.scheduling.visitor_holds import Kept, let_go, pieces_of
from bookonce.scheduling.waiting_requests import expiring_overdue, refuse_overdue

MOST_HOLDS = 2  # of one visitor at one calendar
KNOWN = ("start", "duration", "party", "timezone", "calendar", "host", "hold", "form")


@dataclass(frozen=True, slots=True)
class HoldRequest:
    """Checked input of hold_time(); minutes."""

    start: int
    duration: int
    party: int
    host_id: int | None


def parse_hold(raw: Mapping[str, Any], offer: Offer) -> HoldRequest:
    """Check which time a visitor wants to be kept.

    Raises:
        Invalid: one sentence per fault, by field.
    """
    fields = Fields(raw)
    fields.only(KNOWN)
    start = fields.instant("start", required=True)
    if start is not None and start.second:
        fields.fault("start", _("Appointments start on a whole minute."))
    lengths = offer.rules.durations
    duration = fields.integer("duration", least=1, most=LONGEST_DURATION, default=lengths[0]) or 0
    if duration not in lengths and "duration" not in fields.errors:
        fields.fault(
            "duration",
            _("Choose one of these lengths: %(lengths)s minutes.")
            % {"lengths": ", ".join(map(str, lengths))},
        )
    fields.zone("timezone", default=offer.zone)
    fields.text("hold", most=64)
    party = read_party(fields, offer)
    host_id = read_host(fields, offer)
    if fields.errors or start is None:
        raise Invalid(fields.errors)
    return HoldRequest(to_minutes(start), duration, party, host_id)


@expiring_overdue
@one_transaction
def hold_time(
    door: Door, raw: Mapping[str, Any], *, visitor: str, now: datetime, stamp: int | None = None
) -> Kept:
    """Keep a time for whoever goes on to book it; what this visitor kept before (`hold`) is let go.

    `visitor` tells where they come from; "" where visitors can't be told apart. No use of a link is claimed:
    but while all its uses are kept for visitors, it is held. `stamp` (seconds) says since when their form is
    open, as in book().

    Raises:
        Invalid; SlotTaken; TooManyHolds; Conflict: no times are kept here; Link..., Calendar...: as book().
    """
    door, at = door.choosing(raw.get("calendar")).holding(raw.get("hold")), to_seconds(now)
    read = partial(get_open_offer, door, at, stamp=stamp, grace=settings.BOOKONCE.grace_seconds)
    seen = read()
    wanted = parse_hold(raw, seen)
    refuse_overdue(lock_for_guest(seen, now=now), now)
    link_holds.lock(seen.link.id if seen.link else 0)  # visitors of one link wait for each other
    offer = read()  # as it is now that hosts and link are ours
    if offer.host_ids != seen.host_ids:
        raise HostsChanged
    if not offer.keeps_minutes:
        raise Conflict(_("No times are kept here. Book at once."))
    freed = let_go(door.hold, now=now) if door.hold else set()
    _check_count(offer, visitor, at)
    place = Place(wanted.start, wanted.duration, party=wanted.party)
    hosts = choose_hosts(with_host(offer, wanted.host_id), place, now=now)
    token = new_token()
    row = Hold.objects.create(
        calendar_id=offer.calendar_id,
        link_id=offer.link.id if offer.link else None,
        token_digest=digest(token),
        visitor=visitor[:64],
        starts=from_minutes(wanted.start),
        ends=from_minutes(wanted.start + wanted.duration),
        party=wanted.party,
        created_at=now,
        expires_at=now + timedelta(minutes=offer.keeps_minutes),
    )
    _block(offer, row.pk, wanted, hosts, now)
    concerned = sorted({*hosts, *freed})
    host_time.raise_versions(concerned, open_calendar=offer.calendar_id, public=offer.link is None)
    return Kept(token, wanted.start, wanted.duration, wanted.party, at + offer.keeps_minutes * 60)


def _check_count(offer: Offer, visitor: str, at: int) -> None:
    """Under the hosts' locks, so that two at once are counted."""
    mine = Hold.objects.filter(visitor=visitor, calendar=offer.calendar_id, expires_at__gt=from_seconds(at))
    if visitor and mine.count() >= MOST_HOLDS:
        raise TooManyHolds


def _block(offer: Offer, row: int, wanted: HoldRequest, hosts: Sequence[int], now: datetime) -> None:
    """Block the hosts' time, of a series all of it; of a class once for all who keep places then.

    Raises:
        SlotTaken: the database refuses it.
    """
    expires_at = to_seconds(now) + offer.keeps_minutes * 60
    if offer.rules.kind is slots.Kind.CLASS:
        kept = Hold.objects.filter(calendar=offer.calendar_id, starts=wanted.start, expires_at__gt=now)
        last = kept.order_by("-expires_at").values_list("expires_at", flat=True)[0]
        expires_at = max(expires_at, to_seconds(last) if last else 0)
        host_time.unblock_session(offer.calendar_id, wanted.start)
        standing = Appointment.objects.filter(calendar=offer.calendar_id, starts=wanted.start).exclude(
            status=Appointment.Status.CANCELLED
        )
        if standing.exists():
            return  # the session itself keeps its hosts
    rules = offer.rules
    starts = slots.occurrences(offer.zone, wanted.start, rules.repeats, rules.repeat_count)
    pieces = [piece for start in starts for piece in pieces_of(offer, hosts, start, wanted.duration)]
    if host_time.block_held(row, pieces, expires_at=expires_at):
        raise SlotTaken
