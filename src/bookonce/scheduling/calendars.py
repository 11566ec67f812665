"""Create, change, pause, delete and restore calendars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from bookonce.accounts.models import Member
from bookonce.accounts.slugs import slug_from
from bookonce.lib.tokens import new_opaque_id, new_public_id
from bookonce.scheduling import events, host_time, idempotency, limit_counts, link_holds, visitor_holds
from bookonce.scheduling.calendar_hosts import CompleteHost, HostGiven, complete_hosts, keep_hosts
from bookonce.scheduling.calendar_settings import LIMITS, parse_calendar
from bookonce.scheduling.embed_origins import keep_embed_origins
from bookonce.scheduling.errors import Conflict, HostsChanged, Invalid
from bookonce.scheduling.form_settings import keep_form, take_form
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.look import change_look
from bookonce.scheduling.models import Calendar
from bookonce.scheduling.slugs import take_slug
from bookonce.scheduling.transaction import one_transaction
from bookonce.scheduling.waiting_requests import expiring_overdue, refuse_overdue

DEFAULT_HORIZON = 365  # days
KEPT: dict[str, Any] = {}  # not sent: it stays


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
    given = columns.pop("hosts", None) or [HostGiven(None)]
    hosts = complete_hosts(given, calendar=None, default=member)
    host_time.lock_hosts(sorted({host.member.pk for host in hosts}), now=now)
    if gone := _names_of_former([host.member.pk for host in hosts]):
        raise Invalid({"hosts": [_("%(names)s left the workspace.") % {"names": gone}]})
    columns.setdefault("interval", min(columns["durations"]))
    columns.setdefault("horizon_days", DEFAULT_HORIZON)
    if "paused" in raw:
        columns["paused_at"] = now if _is_true(raw["paused"]) else None
    return insert_calendar(hosts, columns, public_id=fresh["calendar"], now=now)


def insert_calendar(
    hosts: Sequence[CompleteHost], columns: dict[str, Any], *, public_id: str, now: datetime
) -> Calendar:
    """Insert within the caller's transaction; without a slug one is made from the name.

    Raises:
        Invalid: the slug is taken.
    """
    given, origins, look = (
        columns.pop("slug", ""),
        columns.pop("embed_origins", []),
        columns.pop("look", None),
    )
    form = take_form(columns)
    calendar = Calendar(
        public_id=public_id,
        permanent_id=new_opaque_id(),
        workspace_id=hosts[0].member.workspace_id,
        schedule=hosts[0].schedules[0],
        created_at=now,
        **columns,
    )
    wanted = given or slug_from(calendar.name, "calendar")
    for attempt in range(1, 100):
        calendar.slug = wanted if attempt == 1 else f"{wanted[:44]}-{attempt}"
        calendar.pk = None  # of an attempt whose slug was taken by a group
        try:
            with transaction.atomic():
                calendar.save(force_insert=True)
                take_slug(calendar, calendar.slug)
            break
        except IntegrityError:
            if given:
                raise Invalid({"slug": [_("This address is already taken.")]}) from None
    else:
        raise Invalid({"slug": [_("Choose an address of your own.")]})
    keep_hosts(calendar, hosts)
    if origins:
        keep_embed_origins(calendar, origins)
    if look is not None:
        change_look(calendar, look, now=now)
    keep_form(calendar, form, now=now)
    return calendar


@expiring_overdue
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
    seen = Calendar.objects.get(pk=calendar.pk)
    joining = parse_calendar(raw, calendar.workspace, present=seen).get("hosts") or ()
    # Locked first: two changes at once must not combine into settings that nobody checked together.
    present = lock_calendar(
        calendar.pk, now=now, joining=[host.member.pk for host in joining if host.member is not None]
    )
    columns = parse_calendar(raw, calendar.workspace, present=present)
    given, origins = columns.pop("hosts", None), columns.pop("embed_origins", None)
    look, form = columns.pop("look", KEPT), take_form(columns)
    if "paused" in raw:
        columns["paused_at"] = (present.paused_at or now) if _is_true(raw["paused"]) else None
    try:
        with transaction.atomic():
            Calendar.objects.filter(pk=calendar.pk).update(version=F("version") + 1, **columns)
            if "slug" in columns:
                take_slug(present, columns["slug"])
    except IntegrityError:
        raise Invalid({"slug": [_("This address is already taken.")]}) from None
    if given is not None:
        keep_hosts(present, complete_hosts(given, calendar=present, default=present.schedule.member))
    if origins is not None:
        keep_embed_origins(present, origins)
    if look is not KEPT:
        change_look(present, look, now=now)
    keep_form(present, form, now=now)
    if given is not None or any(name in columns for name in LIMITS):
        limit_counts.count_anew([calendar.pk], now=now)
    link_holds.hold_all(link_holds.lock_links_of(calendar.pk), now=now)  # with other hosts, buffers, lengths
    return Calendar.objects.select_related("schedule", "workspace").get(pk=calendar.pk)


def lock_calendar(calendar_id: int, *, now: datetime, joining: Sequence[int] = ()) -> Calendar:
    """The calendar as it is, with its hosts locked before it: nothing is booked while it changes.

    Nor is anything of the members who are `joining`, whose time it shows from now on.

    Raises:
        HostsChanged: in this very moment. RequestsOverdue.
    """
    hosts = host_time.hosts_of(calendar_id)
    locked = sorted(hosts.union(joining))
    refuse_overdue(host_time.lock_hosts(locked, now=now, calendar_id=calendar_id), now)
    if link_holds.lock_links_of(calendar_id):  # what they hold may change with it
        host_time.raise_versions(locked, calendar_id=calendar_id)
    calendar = Calendar.objects.select_for_update(of=("self",)).select_related("schedule").get(pk=calendar_id)
    if host_time.hosts_of(calendar_id) != hosts:
        raise HostsChanged
    return calendar


@one_transaction
def set_paused(calendar: Calendar, *, paused: bool, now: datetime) -> bool:
    """Pause the calendar, or let it take bookings again; False when it already was so. Appointments stay."""
    same = Calendar.objects.filter(pk=calendar.pk, paused_at__isnull=paused)
    return same.update(paused_at=now if paused else None, version=F("version") + 1) == 1


@expiring_overdue
@one_transaction
def set_deleted(
    calendar: Calendar, *, deleted: bool, now: datetime, retry: Idempotency | None = None
) -> bool:
    """Delete the calendar, or restore it with its links; False when it already was so. Appointments stay.

    Times held for its links are free meanwhile; restoring holds again those that still are. What visitors
    keep of it is let go.

    Raises:
        Conflict: one of its hosts has left the workspace meanwhile.
    """
    if idempotency.claim(retry, {}, now=now) is not None:
        return False
    hosts = sorted(host_time.hosts_of(calendar.pk))
    refuse_overdue(host_time.lock_hosts(hosts, now=now, calendar_id=calendar.pk), now)
    if not deleted and (gone := _names_of_former(hosts)):
        raise Conflict(
            _("%(names)s hosted this calendar and left the workspace. Invite them again to restore it.")
            % {"names": gone}
        )
    holding = link_holds.lock_links_of(calendar.pk)
    freed = visitor_holds.let_go_of_calendar(calendar.pk) if deleted else set()
    if holding or freed:
        host_time.raise_versions(sorted({*hosts, *freed}), calendar_id=calendar.pk)
    same = Calendar.objects.filter(pk=calendar.pk, deleted_at__isnull=deleted)
    changed = same.update(deleted_at=now if deleted else None, version=F("version") + 1) == 1
    if changed:
        link_holds.hold_all(holding, now=now)
    return changed


def _names_of_former(members: Sequence[int]) -> str:
    """The names of those who are no longer of the team; their rows are locked, so they can't leave now."""
    former = Member.objects.filter(pk__in=members, removed_at__isnull=False).order_by("pk")
    return ", ".join(former.values_list("user__name", flat=True))


def _is_true(value: object) -> bool:
    if not isinstance(value, bool):
        raise Invalid({"paused": [_("This must be true or false.")]})
    return value
