"""A link behind which nothing is free any more: who made it is told, once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from bookonce.jobs.queue import enqueue
from bookonce.lib.instants import to_seconds
from bookonce.scheduling import events
from bookonce.scheduling.models import Hold, OneTimeLink
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.offer import Door, Menu, Offer, free_starts, get_offer, get_offered, refusal
from bookonce.scheduling.transaction import one_transaction

LOOKS = (45, 400)  # days ahead: as far as the guest's page looks
DAY = 1440


@one_transaction
def look_later(link_ids: Collection[int], *, now: datetime) -> None:
    """Owe a look at these links, whose guests found no time; not where that has been told."""
    for pk in OneTimeLink.objects.filter(_untold(now), pk__in=link_ids).values_list("pk", flat=True):
        enqueue("link.no_slots", {"link": pk}, now=now, key=f"no_slots:{pk}")


def run(payload: Mapping[str, Any], now: datetime) -> None:
    """The job `link.no_slots`."""
    tell_no_slots(int(payload["link"]), now=now)


def tell_no_slots(link_id: int, *, now: datetime) -> bool:
    """Tell who made the link that nothing is free behind it.

    False when that was told before, when the link is dead, or when something is free after all: perhaps only
    once visitors let go what they keep, so that is looked at again when the last of it lapses.
    """
    link = OneTimeLink.objects.filter(_untold(now), pk=link_id).first()
    if link is None or not nothing_is_free(link, now=now):
        return False
    lapsed = _last_lapse(link, now)
    if lapsed and not nothing_is_free(link, now=lapsed):
        _look_again(link.pk, at=lapsed, now=now)
        return False
    return _tell(link, now)


def nothing_is_free(link: OneTimeLink, *, now: datetime) -> bool:
    """Whether the link could be booked through, had it any free time: of no length, in no calendar.

    A group is looked at calendar by calendar, as its guests see it.
    """
    door, seconds = Door("link", link.token_digest), to_seconds(now)
    offered = get_offered(door)
    if refusal(offered, seconds):
        return False
    if isinstance(offered, Menu):
        return not any(_is_free(get_offer(door.choosing(item.key)), seconds) for item in offered.items)
    return not _is_free(offered, seconds)


def _is_free(offer: Offer, now: int) -> bool:
    minute = now // 60
    return any(
        free_starts(offer, duration=duration, start=minute, end=minute + days * DAY, now=now)
        for days in LOOKS
        for duration in offer.rules.durations
    )


def _last_lapse(link: OneTimeLink, now: datetime) -> datetime | None:
    """When nothing is kept any more that visitors of the workspace keep now; None when they keep nothing."""
    kept = Hold.objects.filter(
        calendar__workspace=link.workspace_id, token_digest__isnull=False, expires_at__gt=now
    )
    last = kept.order_by("-expires_at").first()
    return last.expires_at if last else None


@one_transaction
def _look_again(link_id: int, *, at: datetime, now: datetime) -> None:
    # The job that looks now still has the other key.
    key = f"no_slots:{link_id}:{to_seconds(at)}"
    enqueue("link.no_slots", {"link": link_id}, now=now, key=key, delay=at - now)


@one_transaction
def _tell(link: OneTimeLink, now: datetime) -> bool:
    if OneTimeLink.objects.filter(_untold(now), pk=link.pk).update(no_slots_told_at=now) == 0:
        return False
    events.record(
        Event.Kind.LINK_NO_SLOTS,
        workspace_id=link.workspace_id,
        actor=events.GUEST,
        now=now,
        link_id=link.pk,
    )
    return True


def _untold(now: datetime) -> Q:
    alive = Q(revoked_at=None, spent__lt=F("max_bookings")) & (Q(expires_at=None) | Q(expires_at__gt=now))
    return alive & Q(no_slots_told_at=None)
