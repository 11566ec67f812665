"""The times picked for a one-time link that it holds: nobody else can book them (docs/decisions/0013).

All of this runs within the transaction of a verb. Whoever holds has locked the calendar's hosts and the link;
to release needs no lock of hosts, it only frees. Callers raise the versions of the hosts that are returned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from bookonce.lib.instants import from_seconds, to_seconds
from bookonce.scheduling import host_time, slots
from bookonce.scheduling.bookable_days import joined
from bookonce.scheduling.link_state import WORKS, link_state
from bookonce.scheduling.models import Hold, OneTimeLink
from bookonce.scheduling.models.appointment import LONGEST_BLOCK
from bookonce.scheduling.offer import Door, LinkOffer, Offer, get_offer
from bookonce.scheduling.picked_slots import OnOffer, on_offer

_OF_LINKS = "SELECT id FROM scheduling_hold WHERE link_id IN ({marks}) AND token_digest IS NULL"


@dataclass(frozen=True, slots=True)
class Held:
    """Whose time has changed, and which of the link's times are not free, minutes since the epoch."""

    hosts: frozenset[int]
    missing: tuple[int, ...]


def lock_links_of(calendar_id: int) -> list[int]:
    """Lock the links that hold times of this calendar; their rows, in id order."""
    links = OneTimeLink.objects.filter(calendar=calendar_id, holds_slots=True).order_by("pk")
    return list(links.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


def lock(link_id: int) -> None:
    """Lock one; 0 is none."""
    if link_id:
        found = OneTimeLink.objects.filter(pk=link_id).select_for_update(of=("self",), no_key=True)
        list(found.values_list("pk", flat=True))


def hold_all(link_ids: Iterable[int], *, now: datetime) -> set[int]:
    """Hold again, for each of these links that does, what is still free; returns the hosts concerned."""
    hosts: set[int] = set()
    links = OneTimeLink.objects.filter(pk__in=list(link_ids), holds_slots=True).order_by("pk")
    for token_digest in links.values_list("token_digest", flat=True):
        hosts |= hold(token_digest, now=now).hosts
    return hosts


def hold(token_digest: str, *, now: datetime) -> Held:
    """Hold those of the link's times that are free, in place of what it held.

    A link that can't be booked any more, or not while its calendar is deleted, holds nothing.
    """
    offer = get_offer(Door("link", token_digest))
    link = offer.link
    if link is None:
        raise AssertionError
    released = release([link.id])
    alive = link_state(link, to_seconds(now)) in WORKS
    shared = offer.rules.kind is slots.Kind.CLASS or offer.rules.repeat_count > 1  # since the link was made
    if not (link.holds_slots and alive) or shared:
        return Held(frozenset(released), ())
    found = on_offer(offer, link.slots, now=now)
    pieces = list(_pieces(offer, found))
    in_the_way = _insert(offer.calendar_id, link, pieces, now) if pieces else []
    missing = tuple(
        start
        for start in link.slots
        if start not in found or any(since <= start < until for _, since, until in in_the_way)
    )
    return Held(frozenset({*released, *(host for host, _, _ in pieces)}), missing)


def release(link_ids: Sequence[int]) -> set[int]:
    """Let go of all that these links hold; returns the hosts whose time it was."""
    if not link_ids:
        return set()
    which = _OF_LINKS.format(marks=", ".join(["%s"] * len(link_ids)))
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM scheduling_blockedtime WHERE hold_id IN ({which}) RETURNING host_id", link_ids
        )
        hosts = {row[0] for row in cursor.fetchall()}
        cursor.execute(f"DELETE FROM scheduling_hold WHERE id IN ({which})", link_ids)
    return hosts


def _insert(
    calendar_id: int, link: LinkOffer, pieces: Sequence[tuple[int, int, int]], now: datetime
) -> list[tuple[int, int, int]]:
    """Returns what the database refuses."""
    until = None if link.expires_at is None else from_seconds(link.expires_at)
    row = Hold.objects.create(calendar_id=calendar_id, link_id=link.id, created_at=now, expires_at=until)
    return host_time.block_held(row.pk, pieces, expires_at=link.expires_at)


def _pieces(offer: Offer, found: Mapping[int, OnOffer]) -> Iterator[tuple[int, int, int]]:
    """Each host with the times to block, buffers included: starts that overlap share one."""
    before, after = offer.rules.buffer_before, offer.rules.buffer_after
    spans = {at: (at - before, at + found[at].duration + after) for at in sorted(found)}
    of_host: defaultdict[int, list[slots.Block]] = defaultdict(list)
    throughout = _free_throughout(spans, found)
    for at, span in spans.items():
        hosts = found[at].hosts
        if offer.rules.kind is slots.Kind.ROUND_ROBIN:
            hosts = (_one_host(offer, hosts, throughout[at], span, of_host),)
        for host in hosts:
            of_host[host].append(span)
    for host, blocks in of_host.items():
        for since, until in joined(blocks):
            for begin in range(since, until, LONGEST_BLOCK):
                yield host, begin, min(begin + LONGEST_BLOCK, until)


def _free_throughout(
    spans: Mapping[int, slots.Block], found: Mapping[int, OnOffer]
) -> Mapping[int, frozenset[int]]:
    """For each start the hosts who are free for all the starts that it overlaps, directly or by others."""
    throughout: dict[int, frozenset[int]] = {}
    for since, until in joined(spans.values()):
        together = [at for at, span in spans.items() if since <= span[0] < until]
        free = frozenset[int].intersection(*(frozenset(found[at].hosts) for at in together))
        throughout |= dict.fromkeys(together, free)
    return throughout


def _one_host(
    offer: Offer,
    free: Sequence[int],
    throughout: frozenset[int],
    span: slots.Block,
    of_host: Mapping[int, Sequence[slots.Block]],
) -> int:
    """Of a round robin: who holds an overlapping time already, or else whose turn it is."""
    for host in free:
        if any(since < span[1] and span[0] < until for since, until in of_host.get(host, ())):
            return host
    standings = [host.standing for host in offer.hosts]
    return slots.choose_host(
        [host for host in free if host in throughout] or free,
        standings,
        offer.distribution,
        seed=offer.calendar_key,
    )
