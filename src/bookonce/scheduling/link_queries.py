"""Lists of one-time links as pages show them, and what hangs on one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import Count, F, OuterRef, QuerySet, Subquery

from bookonce.lib.among import Among
from bookonce.lib.instants import to_seconds
from bookonce.scheduling.errors import NotFound
from bookonce.scheduling.link_filter import LinkFilter, fitting
from bookonce.scheduling.link_list import LinkList, Position
from bookonce.scheduling.link_state import LinkState, state_expression
from bookonce.scheduling.models import Booking, LinkBatch, LinkRequest, OneTimeLink
from bookonce.scheduling.models.link import REQUEST_OPEN
from bookonce.scheduling.queries import MOST_COUNTED, PAGE
from bookonce.scheduling.targets import WITH_TARGET

CURSOR = re.compile(r"(lnk_[a-z0-9]{16})(?:\.(\d{1,10}))?")  # a link, and what the list is ordered by


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link as lists show it; `booking` is the latest one whose use was not returned."""

    link: OneTimeLink
    state: LinkState
    booking: Booking | None


@dataclass(frozen=True, slots=True)
class LinkPage:
    """`next` is the cursor of the following page, None at the end; `stopped`: before the page was full."""

    rows: list[LinkRow]
    next: str | None
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """How many links a list has; `more`: that many were counted, and not all looked at."""

    number: int
    more: bool


def links_page(
    workspace_id: int, wanted: LinkFilter, *, now: datetime, cursor: str = "", limit: int = PAGE
) -> LinkPage:
    """One page of the workspace's links; the statements are few and bounded, whatever there is.

    Raises:
        NotFound: the cursor is not of this list.
    """
    links = LinkList(workspace_id, wanted, now=now)
    after = _position(workspace_id, cursor) if cursor else None
    if after and not links.holds(after):
        raise NotFound
    found = links.page(limit, after=after)
    rows = [LinkRow(link, state_of(link), _booking_of(link)) for link in _shown(found.keys, now)]
    following = _cursor_of(found.next, rows) if found.next else None
    return LinkPage(rows, following, found.stopped)


def count_links(workspace_id: int, wanted: LinkFilter, *, now: datetime, most: int = MOST_COUNTED) -> Counted:
    """How many links the list has, at most `most`."""
    found = LinkList(workspace_id, wanted, now=now).page(most)
    return Counted(len(found.keys), more=found.next is not None)


def load_links(keys: Sequence[int], links: QuerySet[OneTimeLink], *, now: datetime) -> list[OneTimeLink]:
    """The links of these keys in their order, each with its `state`, as the query set loads them."""
    stated = links.annotate(state=state_expression(to_seconds(now))).filter(Among(F("pk"), list(keys)))
    by_key = {link.pk: link for link in stated}
    return [by_key[key] for key in keys if key in by_key]


def state_now(link: OneTimeLink, *, now: datetime) -> LinkState:
    """The state of one link (one statement)."""
    return state_of(OneTimeLink.objects.annotate(state=state_expression(to_seconds(now))).get(pk=link.pk))


def state_of(link: OneTimeLink) -> LinkState:
    """The state that a query noted with the link."""
    return LinkState(cast("Any", link).state)


def states_of_batch(batch: LinkBatch, *, now: datetime) -> dict[str, int]:
    """How many links of the batch are in which state, the living ones first (one statement)."""
    links = fitting(OneTimeLink.objects.filter(batch=batch), LinkFilter(), now=now).order_by()
    counted = {row["state"]: row["n"] for row in cast("Any", links).values("state").annotate(n=Count("pk"))}
    return {state.value: counted[state] for state in reversed(LinkState) if counted.get(state)}


def open_requests(workspace_id: int, *, limit: int = PAGE) -> list[LinkRequest]:
    """Who asked for a new link and waits, newest first, each with the link and its calendar."""
    waiting = LinkRequest.objects.filter(REQUEST_OPEN, workspace_id=workspace_id)
    return list(waiting.select_related("link__calendar", "link__group").order_by("-pk")[:limit])


def bookings_of_link(link: OneTimeLink, *, limit: int = PAGE) -> list[Booking]:
    """All that was booked through the link, cancelled or not, latest first."""
    bookings = Booking.objects.filter(workspace_id=link.workspace_id, link=link)
    return list(bookings.select_related("appointment", "link_use").order_by("-pk")[:limit])


def _shown(keys: Sequence[int], now: datetime) -> list[OneTimeLink]:
    live = Booking.objects.filter(link=OuterRef("pk"), link_use__returned_at=None)
    latest = Subquery(live.order_by("-pk").values("pk")[:1])
    links = OneTimeLink.objects.select_related(*WITH_TARGET, "created_by__user", "revoked_by__user")
    found = load_links(keys, links.annotate(use_booking=latest), now=now)
    wanted = [cast("Any", link).use_booking for link in found]
    bookings = Booking.objects.select_related("appointment").filter(pk__in=[pk for pk in wanted if pk])
    by_key = {booking.pk: booking for booking in bookings}
    for link, pk in zip(found, wanted, strict=True):
        cast("Any", link).latest_booking = by_key.get(pk)
    return found


def _booking_of(link: OneTimeLink) -> Booking | None:
    return cast("Booking | None", cast("Any", link).latest_booking)


def _position(workspace_id: int, cursor: str) -> Position:
    found = CURSOR.fullmatch(cursor)
    links = OneTimeLink.objects.filter(workspace_id=workspace_id, public_id=found[1] if found else "")
    key = links.values_list("pk", flat=True).first()
    if found is None or key is None:
        raise NotFound
    return (int(found[2]), key) if found[2] else (key,)


def _cursor_of(position: Position, rows: Iterable[LinkRow]) -> str:
    *at, key = position
    shown = {row.link.pk: row.link.public_id for row in rows}
    public_id = shown.get(key) or OneTimeLink.objects.values_list("public_id", flat=True).get(pk=key)
    return ".".join([public_id, *map(str, at)])
