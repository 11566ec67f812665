"""Create, change, pause, delete and restore calendars."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from bookonce.accounts.models import Member
from bookonce.accounts.slugs import slug_from
from bookonce.lib.tokens import new_opaque_id, new_public_id
from bookonce.scheduling import events, idempotency
from bookonce.scheduling.calendar_settings import parse_calendar
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.models import Calendar, CalendarHost, Schedule
from bookonce.scheduling.transaction import one_transaction

DEFAULT_HORIZON = 365  # days


@one_transaction
def create_calendar(
    member: Member, raw: Mapping[str, Any], *, now: datetime, retry: Idempotency | None = None
) -> Calendar:
    """A new calendar of the member's workspace, hosted by `host` or else by the member.

    Raises:
        Invalid: by field, among them a slug that is taken.
    """
    fresh = {"calendar": new_public_id("cal")}
    earlier = idempotency.claim(retry, fresh, now=now)
    if earlier is not None:
        return Calendar.objects.select_related("schedule", "workspace").get(public_id=earlier["calendar"])
    columns = parse_calendar(raw, member.workspace, present=None)
    host = columns.pop("host", None) or member
    schedule = columns.pop("schedule", None) or Schedule.objects.filter(member=host).order_by("pk").first()
    if schedule is None:
        raise Invalid({"schedule": [_("This host has no schedule yet.")]})
    columns.setdefault("interval", min(columns["durations"]))
    columns.setdefault("horizon_days", DEFAULT_HORIZON)
    if "paused" in raw:
        columns["paused_at"] = now if _is_true(raw["paused"]) else None
    return insert_calendar(host, schedule, columns, public_id=fresh["calendar"], now=now)


def insert_calendar(
    host: Member, schedule: Schedule, columns: dict[str, Any], *, public_id: str, now: datetime
) -> Calendar:
    """Insert within the caller's transaction; without a slug one is made from the name.

    Raises:
        Invalid: the slug is taken.
    """
    given = columns.pop("slug", "")
    calendar = Calendar(
        public_id=public_id,
        permanent_id=new_opaque_id(),
        workspace_id=host.workspace_id,
        schedule=schedule,
        created_at=now,
        **columns,
    )
    wanted = given or slug_from(calendar.name, "calendar")
    for attempt in range(1, 100):
        calendar.slug = wanted if attempt == 1 else f"{wanted[:44]}-{attempt}"
        try:
            with transaction.atomic():
                calendar.save(force_insert=True)
            break
        except IntegrityError:
            if given:
                raise Invalid({"slug": [_("This address is already taken.")]}) from None
    else:
        raise Invalid({"slug": [_("Choose an address of your own.")]})
    CalendarHost.objects.create(calendar=calendar, member=host)
    return calendar


@one_transaction
def update_calendar(
    calendar: Calendar,
    raw: Mapping[str, Any],
    *,
    by: events.Actor,  # noqa: ARG001 - every verb is told who acts; no event of calendars is kept yet
    now: datetime,
) -> Calendar:
    """Change what was sent, keep the rest; appointments and links already made stay as they are.

    Raises:
        Invalid: by field, among them a slug that is taken.
    """
    # Locked first: two changes at once must not combine into settings that nobody checked together.
    present = Calendar.objects.select_for_update().get(pk=calendar.pk)
    columns = parse_calendar(raw, calendar.workspace, present=present)
    host = columns.pop("host", None)
    if "paused" in raw:
        columns["paused_at"] = (present.paused_at or now) if _is_true(raw["paused"]) else None
    try:
        with transaction.atomic():
            Calendar.objects.filter(pk=calendar.pk).update(version=F("version") + 1, **columns)
    except IntegrityError:
        raise Invalid({"slug": [_("This address is already taken.")]}) from None
    if host is not None:
        CalendarHost.objects.filter(calendar=calendar).update(member=host)
    return Calendar.objects.select_related("schedule", "workspace").get(pk=calendar.pk)


@one_transaction
def set_paused(calendar: Calendar, *, paused: bool, now: datetime) -> bool:
    """Pause the calendar, or let it take bookings again; False when it already was so. Appointments stay."""
    same = Calendar.objects.filter(pk=calendar.pk, paused_at__isnull=paused)
    return same.update(paused_at=now if paused else None, version=F("version") + 1) == 1


@one_transaction
def set_deleted(calendar: Calendar, *, deleted: bool, now: datetime) -> bool:
    """Delete the calendar, or restore it with its links; False when it already was so. Appointments stay."""
    same = Calendar.objects.filter(pk=calendar.pk, deleted_at__isnull=deleted)
    return same.update(deleted_at=now if deleted else None, version=F("version") + 1) == 1


def slug_is_free(calendar: Calendar, slug: str) -> bool:
    """Whether the calendar may take this slug now; the unique constraint decides when it is saved."""
    return (
        not Calendar.objects.filter(workspace_id=calendar.workspace_id, slug=slug)
        .exclude(pk=calendar.pk)
        .exists()
    )


def _is_true(value: object) -> bool:
    if not isinstance(value, bool):
        raise Invalid({"paused": [_("This must be true or false.")]})
    return value
