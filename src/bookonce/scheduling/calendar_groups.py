"""Create, change, pause, delete and restore calendar groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookonce.accounts.models import Member
from bookonce.accounts.slugs import slug_from
from bookonce.lib.tokens import new_opaque_id, new_public_id
from bookonce.scheduling import idempotency
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.group_settings import parse_group
from bookonce.scheduling.host_time import raise_versions
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.models import Calendar, CalendarGroup, GroupCalendar, OneTimeLink
from bookonce.scheduling.slugs import take_slug
from bookonce.scheduling.transaction import one_transaction
from bookonce.scheduling.visitor_holds import let_go_of_links

TAKEN = gettext_lazy("This address is already taken.")


@one_transaction
def create_group(
    member: Member, raw: Mapping[str, Any], *, now: datetime, retry: Idempotency | None = None
) -> CalendarGroup:
    """A new group of the member's workspace; without a slug one is made from the name.

    Raises:
        Invalid: by field, among them a slug that a calendar or another group has.
    """
    fresh = {"group": new_public_id("grp")}
    earlier = idempotency.claim(retry, fresh, now=now)
    if earlier is not None:
        return CalendarGroup.objects.select_related("workspace").get(public_id=earlier["group"])
    settings = parse_group(raw, member.workspace_id, new=True)
    columns = dict(settings.columns)
    given = columns.pop("slug", "")
    group = CalendarGroup(
        public_id=fresh["group"],
        permanent_id=new_opaque_id(),
        workspace=member.workspace,
        created_at=now,
        paused_at=now if settings.paused else None,
        **columns,
    )
    _insert(group, given)
    _keep_calendars(group, settings.calendars or ())
    return group


@one_transaction
def update_group(group: CalendarGroup, raw: Mapping[str, Any], *, now: datetime) -> CalendarGroup:
    """Change what was sent, keep the rest; links already made lead to the group as it is now.

    A calendar that is taken out can no longer be booked through it; what is booked stays.

    Raises:
        Invalid: by field, among them a slug that a calendar or another group has.
    """
    present = CalendarGroup.objects.select_for_update().get(pk=group.pk)  # bookings through it wait
    settings = parse_group(raw, group.workspace_id, new=False)
    columns = dict(settings.columns)
    if settings.paused is not None:
        columns["paused_at"] = (present.paused_at or now) if settings.paused else None
    try:
        with transaction.atomic():
            if columns:
                CalendarGroup.objects.filter(pk=group.pk).update(**columns)
            if "slug" in columns:
                take_slug(present, columns["slug"])
    except IntegrityError:
        raise Invalid({"slug": [str(TAKEN)]}) from None
    if settings.calendars is not None:
        _keep_calendars(present, settings.calendars)
    return CalendarGroup.objects.select_related("workspace").get(pk=group.pk)


@one_transaction
def set_group_paused(group: CalendarGroup, *, paused: bool, now: datetime) -> bool:
    """Pause the group, or let it take bookings again; False when it already was so.

    Its calendars are not concerned: what leads to them alone goes on.
    """
    same = CalendarGroup.objects.filter(pk=group.pk, paused_at__isnull=paused)
    return same.update(paused_at=now if paused else None) == 1


@one_transaction
def set_group_deleted(
    group: CalendarGroup, *, deleted: bool, now: datetime, retry: Idempotency | None = None
) -> bool:
    """Delete the group, or restore it with its links; False when it already was so. Its calendars stay.

    What visitors keep through its links is let go.
    """
    if idempotency.claim(retry, {}, now=now) is not None:
        return False
    if deleted and (freed := let_go_of_links(OneTimeLink.objects.filter(group=group), now=now)):
        raise_versions(sorted(freed))
    same = CalendarGroup.objects.filter(pk=group.pk, deleted_at__isnull=deleted)
    return same.update(deleted_at=now if deleted else None) == 1


def calendars_of(group: CalendarGroup) -> list[Calendar]:
    """Its calendars in the order of the menu, without those that are deleted (one statement)."""
    calendars = Calendar.objects.filter(group_calendars__group=group, deleted_at=None)
    return list(
        calendars.select_related("schedule").order_by("group_calendars__position", "group_calendars__pk")
    )


def _insert(group: CalendarGroup, given: str) -> None:
    wanted = given or slug_from(group.name, "group")
    for attempt in range(1, 100):
        group.slug = wanted if attempt == 1 else f"{wanted[:44]}-{attempt}"
        group.pk = None  # of an attempt whose slug was taken by a calendar
        try:
            with transaction.atomic():
                group.save(force_insert=True)
                take_slug(group, group.slug)
        except IntegrityError:
            if given:
                raise Invalid({"slug": [str(TAKEN)]}) from None
        else:
            return
    raise Invalid({"slug": [_("Choose an address of your own.")]})


def _keep_calendars(group: CalendarGroup, calendars: Sequence[int]) -> None:
    """These calendars, in this order; one that is deleted keeps its place for the day it is restored."""
    GroupCalendar.objects.filter(group=group, calendar__deleted_at=None).exclude(
        calendar__in=calendars
    ).delete()
    for position, calendar_id in enumerate(calendars):
        GroupCalendar.objects.update_or_create(
            group=group, calendar_id=calendar_id, defaults={"position": position}
        )
