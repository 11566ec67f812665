"""Times kept for visitors: look one up, let it go, block again what is kept of a class (docs/decisions/0013).

The places of a class are counted by the holds themselves; its hosts' time, while nobody has opened the
session, is blocked once, by the hold that lasts longest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet

from bookonce.lib.instants import to_minutes, to_seconds
from bookonce.lib.tokens import digest
from bookonce.scheduling import host_time, slots
from bookonce.scheduling.models import Hold, OneTimeLink
from bookonce.scheduling.offer import Offer


@dataclass(frozen=True, slots=True)
class Kept:
    """A time that is kept: minutes since the epoch; until when in seconds."""

    token: str
    start: int
    duration: int
    party: int
    expires_at: int


def find_kept(token: object, offer: Offer) -> Kept | None:
    """The hold of this token at this calendar, lapsed or not (one statement); None when it is gone."""
    if not isinstance(token, str) or not token:
        return None
    row = Hold.objects.filter(token_digest=digest(token), calendar=offer.calendar_id).first()
    if row is None or row.starts is None or row.ends is None or row.expires_at is None:
        return None
    start = to_minutes(row.starts)
    return Kept(token, start, to_minutes(row.ends) - start, row.party, to_seconds(row.expires_at))


def let_go(hold: str, *, now: datetime) -> set[int]:
    """End the hold of this digest within the caller's transaction; returns the hosts whose time it was.

    What it blocked for others, too, who keep places at the same session, stays blocked.
    """
    row = Hold.objects.select_related("calendar").filter(token_digest=hold).first()
    if row is None:
        return set()
    if row.starts and row.calendar.kind == row.calendar.Kind.CLASS:
        _hand_on(row, to_minutes(row.starts), now)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM scheduling_blockedtime WHERE hold_id = %s RETURNING host_id", [row.pk])
        hosts = {found[0] for found in cursor.fetchall()}
        cursor.execute("DELETE FROM scheduling_hold WHERE id = %s", [row.pk])
    return hosts


def _hand_on(row: Hold, start: int, now: datetime) -> None:
    """Let another visitor's hold block the session from now on, where one keeps places of it, too."""
    same = Hold.objects.filter(calendar=row.calendar, starts=start)
    # Locked, in one order: where links are revoked, their hosts are not, and several may end at once.
    locked = same.filter(Q(expires_at__gt=now) | Q(pk=row.pk)).order_by("pk")
    kept = [other for other in locked.select_for_update(no_key=True) if other.pk != row.pk]
    last = max(kept, key=lambda other: other.expires_at or now, default=None)
    if last is not None:
        row.blocked_times.update(hold=last, expires_at=last.expires_at)


def let_go_of_links(links: QuerySet[OneTimeLink], *, now: datetime) -> set[int]:
    """End all that visitors keep through these links, within the caller's transaction; returns the hosts.

    Not what has lapsed: whoever books clears it before they lock the link, and would wait for us here.
    """
    live = Hold.objects.filter(link__in=links, token_digest__isnull=False, expires_at__gt=now)
    kept = live.order_by("pk")
    digests = list(kept.values_list("token_digest", flat=True))
    return {host for hold in digests if hold for host in let_go(hold, now=now)}


def let_go_of_calendar(calendar_id: int) -> set[int]:
    """End all that visitors keep of this calendar, within the caller's transaction; returns the hosts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM scheduling_blockedtime WHERE hold_id IN (SELECT id FROM scheduling_hold "
            "WHERE calendar_id = %s AND token_digest IS NOT NULL) RETURNING host_id",
            [calendar_id],
        )
        hosts = {found[0] for found in cursor.fetchall()}
        cursor.execute(
            "DELETE FROM scheduling_hold WHERE calendar_id = %s AND token_digest IS NOT NULL", [calendar_id]
        )
    return hosts


def block_again(offer: Offer, start: int, *, now: datetime) -> None:
    """A class session has ended for which visitors still keep places: block its hosts' time for them.

    Under the locks of all its hosts. Time that is not free any more can't be.
    """
    if offer.rules.kind is not slots.Kind.CLASS:
        return
    live = Hold.objects.filter(calendar=offer.calendar_id, starts=start, expires_at__gt=now)
    last = live.order_by("-expires_at").first()
    if last is None or last.ends is None or last.expires_at is None:
        return
    hosts = [host.id for host in offer.hosts]
    pieces = pieces_of(offer, hosts, start, to_minutes(last.ends) - start)
    host_time.block_held(last.pk, pieces, expires_at=to_seconds(last.expires_at))


def pieces_of(offer: Offer, hosts: Sequence[int], start: int, duration: int) -> list[tuple[int, int, int]]:
    """Each host with the time to block, buffers included."""
    since, until = start - offer.rules.buffer_before, start + duration + offer.rules.buffer_after
    return [(host, since, until) for host in hosts]
