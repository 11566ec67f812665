"""Withdraw many one-time links: those that were chosen, or all that a filter lets through."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from bookonce.lib.among import Among
from bookonce.scheduling import events, idempotency
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.link_filter import LinkFilter
from bookonce.scheduling.link_list import LinkList
from bookonce.scheduling.link_state import DEAD, EXISTS, LinkState
from bookonce.scheduling.models import OneTimeLink
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.revoke_link import withdraw
from bookonce.scheduling.transaction import one_transaction

MOST_CHOSEN = 1000
AT_ONCE = 500  # links of one transaction, so that bookings never wait long
MOST_MATCHING = 10_000  # of one request; the next one goes on
MOST_TOLD = 20  # faults of one list
_ID = re.compile(r"lnk_[a-z0-9]{16}")


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What became of chosen links, by public id: each is in one of the lists."""

    revoked: list[str] = field(default_factory=list)
    used: list[str] = field(default_factory=list)  # nothing is left to withdraw
    before: list[str] = field(default_factory=list)  # revoked earlier


def parse_chosen(raw: Any) -> list[str]:
    """The ids in a list from outside, each once.

    Raises:
        Invalid: no list of 1 to MOST_CHOSEN ids.
    """
    if not isinstance(raw, list) or not 0 < len(raw) <= MOST_CHOSEN:
        raise Invalid({"ids": [_("Send a list of 1 to %(most)s ids.") % {"most": f"{MOST_CHOSEN:,}"}]})
    _refuse([place for place, each in enumerate(raw) if not isinstance(each, str) or not _ID.fullmatch(each)])
    return list(dict.fromkeys(raw))


def revoke_links(
    workspace_id: int,
    chosen: Sequence[str],
    *,
    by: events.Actor,
    now: datetime,
    retry: Idempotency | None = None,
) -> Withdrawn:
    """Take the chosen links out of use where uses are left, and forget their secrets; live bookings stay.

    All in one transaction; a link that is booked in this moment is among the used, or its booking is refused.

    Raises:
        Invalid: some are not links of this workspace; then nothing is revoked.
        IdempotencyMismatch, InProgress, Busy.
    """
    return _revoke_chosen(workspace_id, list(chosen), by=by, now=now, retry=retry)


def revoke_matching(
    workspace_id: int, wanted: LinkFilter, *, by: events.Actor, now: datetime, most: int = MOST_MATCHING
) -> tuple[int, bool]:
    """The same with links of a list that can be booked, now or later: how many, and whether some are left.

    Some at a time: a booking that comes first keeps its link. At most about `most` in one call.
    """
    left = living(wanted)
    if left is None:
        return 0, False
    links = LinkList(workspace_id, left, now=now)
    count, after, more = 0, None, True
    while more and count < most:
        found = links.page(AT_ONCE, after=after)
        count += _revoke_some(workspace_id, found.keys, by=by, now=now) if found.keys else 0
        after, more = found.next, found.next is not None
    _tell(workspace_id, count, by=by, now=now)
    return count, more


def living(wanted: LinkFilter) -> LinkFilter | None:
    """The same filter without links that are over; None when it lets only such through."""
    states = tuple(state for state in wanted.states or LinkState if state not in DEAD)
    return replace(wanted, states=states) if states else None


@one_transaction
def _revoke_chosen(
    workspace_id: int, chosen: list[str], *, by: events.Actor, now: datetime, retry: Idempotency | None
) -> Withdrawn:
    earlier = idempotency.claim(retry, {}, now=now)
    if earlier is not None:
        return Withdrawn(**earlier)
    links = OneTimeLink.objects.filter(EXISTS, workspace_id=workspace_id, public_id__in=chosen)
    found = list(links.select_for_update(of=("self",), no_key=True).order_by("pk"))
    missing = set(chosen) - {link.public_id for link in found}
    _refuse([place for place, public_id in enumerate(chosen) if public_id in missing])
    done = Withdrawn()
    for link in found:
        over = done.before if link.revoked_at else done.used if link.spent >= link.max_bookings else None
        (done.revoked if over is None else over).append(link.public_id)
    withdraw(OneTimeLink.objects.filter(pk__in=[link.pk for link in found]), by=by, now=now)
    _record(workspace_id, len(done.revoked), by=by, now=now)
    if retry is not None:
        kept = {"revoked": done.revoked, "used": done.used, "before": done.before}
        idempotency.replace(retry, kept)
    return done


@one_transaction
def _revoke_some(workspace_id: int, keys: Sequence[int], *, by: events.Actor, now: datetime) -> int:
    links = OneTimeLink.objects.filter(Among(F("pk"), sorted(keys)), workspace_id=workspace_id)
    locked = list(links.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    return withdraw(OneTimeLink.objects.filter(Among(F("pk"), locked)), by=by, now=now)


@one_transaction
def _tell(workspace_id: int, count: int, *, by: events.Actor, now: datetime) -> None:
    _record(workspace_id, count, by=by, now=now)


def _record(workspace_id: int, count: int, *, by: events.Actor, now: datetime) -> None:
    if count:
        details = {"revoked": count}
        events.record(Event.Kind.LINKS_REVOKED, workspace_id=workspace_id, actor=by, now=now, details=details)


def _refuse(places: Sequence[int]) -> None:
    if places:
        said = [_("There is no such link in this workspace.")]
        raise Invalid({f"ids.{place}": said for place in places[:MOST_TOLD]})
