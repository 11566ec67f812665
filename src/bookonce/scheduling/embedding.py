"""On which sites what stands behind an address may be shown in a frame: the origins that its calendars allow.

A group may be shown where each of its calendars may be, so that no choice leads to an empty frame.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from bookonce.lib.origins import is_among
from bookonce.lib.tokens import digest
from bookonce.scheduling.link_state import EXISTS
from bookonce.scheduling.models import (
    Booking,
    Calendar,
    CalendarGroup,
    EmbedOrigin,
    GroupCalendar,
    OneTimeLink,
)
from bookonce.scheduling.offer import Door


def origins_at(door: Door) -> list[str]:
    """The origins that may show this address, in order; [] too where nothing stands there.

    One statement, two for a group. A one-time link may be shown only where its calendar lets those sites show
    one-time links; what is bookable by one-time link only has no other address that may.
    """
    if door.kind == "link":
        return _of_link(door.key)
    if door.kind == "permanent":
        calendar, group = Q(calendar__permanent_id=door.key), Q(group__permanent_id=door.key)
    else:
        workspace, slug = door.key.split("/", 1)
        calendar = Q(calendar__workspace__slug=workspace, calendar__slug=slug)
        group = Q(group__workspace__slug=workspace, group__slug=slug)
    found = EmbedOrigin.objects.filter(calendar, calendar__one_time_only=False).values_list(
        "origin", flat=True
    )
    return list(found) or _of_all(
        GroupCalendar.objects.filter(group, group__one_time_only=False, calendar__one_time_only=False)
        .filter(calendar__deleted_at=None)
        .values_list("calendar_id", "calendar__embed_origins__origin")
    )


def origins_of_booking(token: str) -> list[str]:
    """The origins that may show the page of the booking with this manage token: those of its calendar.

    One statement. Of a booking through a one-time link only where those sites may show such links.
    """
    shown = Q(link=None) | Q(appointment__calendar__embeds_one_time_links=True)
    found = Booking.objects.filter(shown, manage_digest=digest(token))
    return _told(found.values_list("appointment__calendar__embed_origins__origin", flat=True))


def origins_of(target: Calendar | CalendarGroup) -> list[str]:
    """The origins that may show the public page of the calendar or group, for its owner."""
    if isinstance(target, CalendarGroup):
        return _of_all(
            target.group_calendars.filter(
                calendar__one_time_only=False, calendar__deleted_at=None
            ).values_list("calendar_id", "calendar__embed_origins__origin")
        )
    return list(target.embed_origins.values_list("origin", flat=True))


def _of_link(token_digest: str) -> list[str]:
    links = OneTimeLink.objects.filter(EXISTS, token_digest=token_digest)
    single = Q(calendar__embeds_one_time_links=True)
    found = _told(links.filter(single).values_list("calendar__embed_origins__origin", flat=True))
    if found:
        return found
    calendars = links.exclude(group=None).filter(group__group_calendars__calendar__deleted_at=None)
    each = calendars.values_list(
        "group__group_calendars__calendar_id",
        "group__group_calendars__calendar__embed_origins__origin",
        "group__group_calendars__calendar__embeds_one_time_links",
    )
    return _of_all((calendar, origin if embeds else None) for calendar, origin, embeds in each)


def _told(found: Iterable[str | None]) -> list[str]:
    return sorted(origin for origin in found if origin)


def _of_all(rows: Iterable[tuple[int, str | None]]) -> list[str]:
    """What every calendar allows, by name or by a `*.` above it, of rows of a calendar and one origin."""
    by_calendar: dict[int, set[str]] = {}
    for calendar, origin in rows:
        by_calendar.setdefault(calendar, set()).update([origin] if origin else [])
    each = by_calendar.values()
    return sorted(one for one in set().union(*each) if all(is_among(one, allowed) for allowed in each))
