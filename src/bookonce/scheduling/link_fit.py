"""One-time links whose own options no longer fit their calendar: frozen when made, the calendar moved on."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from bookonce.lib.instants import to_minutes, to_seconds
from bookonce.scheduling.link_state import WORKS, state_expression
from bookonce.scheduling.models import (
    Booking,
    Calendar,
    CalendarGroup,
    CalendarHost,
    GroupCalendar,
    OneTimeLink,
)
from bookonce.scheduling.offer import Door, get_offer
from bookonce.scheduling.picked_slots import on_offer

MOST_LOOKED_AT = 500  # of a calendar's links with options of their own, newest first


@dataclass(frozen=True, slots=True)
class Misfit:
    """A link that still keeps what it was made with; nothing was changed."""

    link: OneTimeLink
    lengths: tuple[int, ...]  # minutes, that the calendar no longer has
    no_days: bool  # its date window and the calendar's, or any of its group's, have no day in common
    no_host: bool  # the host whom it is for no longer hosts the calendar, so it offers nothing
    other_kind: bool  # it says something that this kind of calendar has no use for
    gone: tuple[int, ...] = ()  # picked times still ahead that are not free any more, minutes

    def __bool__(self) -> bool:
        return bool(self.lengths or self.no_days or self.no_host or self.other_kind or self.gone)


def misfits(calendar: Calendar, *, now: datetime) -> list[Misfit]:
    """The calendar's links that can still be used and no longer fit it, newest first.

    Two statements, and a few for the picked times of all links that have the same host and lengths.
    """
    own = ~Q(durations="") | Q(first_day__isnull=False) | Q(last_day__isnull=False)
    own |= ~Q(slots="") | Q(host__isnull=False) | ~Q(location_kind="") | Q(most_places__isnull=False)
    live = OneTimeLink.objects.annotate(state=state_expression(to_seconds(now))).filter(
        own,
        calendar=calendar,
        state__in=WORKS,
    )
    hosts = set(CalendarHost.objects.filter(calendar=calendar).values_list("member_id", flat=True))
    links = list(live.order_by("-pk")[:MOST_LOOKED_AT])
    gone = _gone([link for link in links if link.slots], calendar, now)
    found = [
        replace(_misfit(link, calendar, hosts), gone=gone[link.pk] if link.slots else ()) for link in links
    ]
    return [misfit for misfit in found if misfit]


def misfits_of_groups(groups: QuerySet[CalendarGroup], *, now: datetime) -> list[Misfit]:
    """Links to these groups that can still be used, but on days of none of their calendars, newest first.

    Days are all that such a link says of its own about when it can be booked. One statement, two if there are
    such links.
    """
    own = Q(first_day__isnull=False) | Q(last_day__isnull=False)
    usable = OneTimeLink.objects.annotate(state=state_expression(to_seconds(now))).filter(
        own, group__in=groups, state__in=WORKS
    )
    links = list(usable.select_related("group").order_by("-pk")[:MOST_LOOKED_AT])
    kept = GroupCalendar.objects.filter(
        group__in={link.group_id for link in links}, calendar__deleted_at=None
    ).select_related("calendar")
    calendars: dict[int | None, list[Calendar]] = {}
    for each in kept if links else ():
        calendars.setdefault(each.group_id, []).append(each.calendar)
    return [
        Misfit(link, (), no_days=True, no_host=False, other_kind=False)
        for link in links
        if all(_no_days(link, calendar) for calendar in calendars.get(link.group_id, ()))
    ]


def _gone(links: Sequence[OneTimeLink], calendar: Calendar, now: datetime) -> Mapping[int, tuple[int, ...]]:
    """The picked times still ahead that the links no longer offer, but for those booked through them."""
    gone: dict[int, tuple[int, ...]] = {}
    alike: dict[object, list[OneTimeLink]] = {}
    for link in links:  # who holds times is asked for alone: they are free for that link only
        alike.setdefault((link.host_id, link.durations, link.pk if link.holds_slots else 0), []).append(link)
    booked = _booked(links)
    for same in alike.values():
        offer = get_offer(Door("link", same[0].token_digest))
        picked = {start for link in same for start in link.slots if start > to_minutes(now)}
        rules = replace(offer.rules, first_day=calendar.first_day, last_day=calendar.last_day, picked=())
        free = on_offer(replace(offer, rules=rules), picked, now=now) if offer.hosts else {}
        for link in same:
            missing = picked.intersection(link.slots).difference(free, booked.get(link.pk, ()))
            gone[link.pk] = tuple(sorted(missing))
    return gone


def _booked(links: Sequence[OneTimeLink]) -> Mapping[int | None, set[int]]:
    """The starts of what was booked through each link and still stands."""
    starts: dict[int | None, set[int]] = {}
    bookings = Booking.objects.filter(link__in=links).exclude(status=Booking.Status.CANCELLED)
    for link_id, start in bookings.values_list("link", "appointment__starts") if links else ():
        starts.setdefault(link_id, set()).add(to_minutes(start))
    return starts


def _misfit(link: OneTimeLink, calendar: Calendar, hosts: Container[int | None]) -> Misfit:
    lengths = tuple(length for length in link.durations if length not in calendar.durations)
    of_class = calendar.kind == Calendar.Kind.CLASS
    together = of_class or calendar.kind == Calendar.Kind.COLLECTIVE
    return Misfit(
        link,
        lengths,
        no_days=_no_days(link, calendar),
        no_host=link.host_id is not None and not together and link.host_id not in hosts,
        other_kind=bool(
            (link.host_id and together)
            or (link.location_kind and of_class)
            or (link.most_places and not of_class)
        ),
    )


def _no_days(link: OneTimeLink, calendar: Calendar) -> bool:
    """Whether the date ranges of the two have no day in common."""
    firsts = [day for day in (link.first_day, calendar.first_day) if day]
    lasts = [day for day in (link.last_day, calendar.last_day) if day]
    return bool(firsts and lasts and max(firsts) > min(lasts))
