"""One-time links whose own options no longer fit their calendar: frozen when made, the calendar moved on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from bookonce.lib.instants import to_seconds
from bookonce.scheduling.link_state import LinkState, state_expression
from bookonce.scheduling.models import Calendar, OneTimeLink

MOST_LOOKED_AT = 500  # of a calendar's links with options of their own, newest first


@dataclass(frozen=True, slots=True)
class Misfit:
    """A link that still keeps what it was made with; nothing was changed."""

    link: OneTimeLink
    lengths: tuple[int, ...]  # minutes, that the calendar no longer has
    no_days: bool  # its date window and the calendar's have no day in common


def misfits(calendar: Calendar, *, now: datetime) -> list[Misfit]:
    """The calendar's links that can still be used and no longer fit it, newest first (one statement)."""
    own = ~Q(durations="") | Q(first_day__isnull=False) | Q(last_day__isnull=False)
    live = OneTimeLink.objects.annotate(state=state_expression(to_seconds(now))).filter(
        own, calendar=calendar, state__in=[LinkState.ACTIVE, LinkState.PAUSED, LinkState.NOT_OPEN]
    )
    found = [_misfit(link, calendar) for link in live.order_by("-pk")[:MOST_LOOKED_AT]]
    return [misfit for misfit in found if misfit.lengths or misfit.no_days]


def _misfit(link: OneTimeLink, calendar: Calendar) -> Misfit:
    lengths = tuple(length for length in link.durations if length not in calendar.durations)
    firsts = [day for day in (link.first_day, calendar.first_day) if day]
    lasts = [day for day in (link.last_day, calendar.last_day) if day]
    return Misfit(link, lengths, no_days=bool(firsts and lasts and max(firsts) > min(lasts)))
