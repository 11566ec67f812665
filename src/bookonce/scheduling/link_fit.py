"""One-time links whose own options no longer fit their calendar: frozen when made, the calendar moved on."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from bookonce.lib.instants import to_seconds
from bookonce.scheduling.link_state import LinkState, state_expression
from bookonce.scheduling.models import Calendar, CalendarHost, OneTimeLink

MOST_LOOKED_AT = 500  # of a calendar's links with options of their own, newest first


@dataclass(frozen=True, slots=True)
class Misfit:
    """A link that still keeps what it was made with; nothing was changed."""

    link: OneTimeLink
    lengths: tuple[int, ...]  # minutes, that the calendar no longer has
    no_days: bool  # its date window and the calendar's have no day in common
    no_host: bool  # the host whom it is for no longer hosts the calendar, so it offers nothing
    other_kind: bool  # it says something that this kind of calendar has no use for

    def __bool__(self) -> bool:
        return bool(self.lengths or self.no_days or self.no_host or self.other_kind)


def misfits(calendar: Calendar, *, now: datetime) -> list[Misfit]:
    """The calendar's links that can still be used and no longer fit it, newest first (two statements)."""
    own = ~Q(durations="") | Q(first_day__isnull=False) | Q(last_day__isnull=False)
    own |= Q(host__isnull=False) | ~Q(location_kind="") | Q(most_places__isnull=False)
    live = OneTimeLink.objects.annotate(state=state_expression(to_seconds(now))).filter(
        own, calendar=calendar, state__in=[LinkState.ACTIVE, LinkState.PAUSED, LinkState.NOT_OPEN]
    )
    hosts = set(CalendarHost.objects.filter(calendar=calendar).values_list("member_id", flat=True))
    found = [_misfit(link, calendar, hosts) for link in live.order_by("-pk")[:MOST_LOOKED_AT]]
    return [misfit for misfit in found if misfit]


def _misfit(link: OneTimeLink, calendar: Calendar, hosts: Container[int | None]) -> Misfit:
    lengths = tuple(length for length in link.durations if length not in calendar.durations)
    firsts = [day for day in (link.first_day, calendar.first_day) if day]
    lasts = [day for day in (link.last_day, calendar.last_day) if day]
    of_class = calendar.kind == Calendar.Kind.CLASS
    together = of_class or calendar.kind == Calendar.Kind.COLLECTIVE
    return Misfit(
        link,
        lengths,
        no_days=bool(firsts and lasts and max(firsts) > min(lasts)),
        no_host=link.host_id is not None and not together and link.host_id not in hosts,
        other_kind=bool(
            (link.host_id and together)
            or (link.location_kind and of_class)
            or (link.most_places and not of_class)
        ),
    )
