"""When a host works: make, change, copy and delete schedules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from bookonce.accounts.models import Member
from bookonce.accounts.roles import is_administrator
from bookonce.lib.fields import Fields
from bookonce.lib.tokens import new_public_id
from bookonce.scheduling import host_time, idempotency, limit_counts
from bookonce.scheduling.errors import Conflict, HostsChanged, Invalid, NotFound
from bookonce.scheduling.host_access import check_may_change, read_host
from bookonce.scheduling.hours_input import clock_text, read_overrides, read_weekly
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.models import Calendar, CalendarHost, OverrideHours, Schedule, WeeklyHours
from bookonce.scheduling.opening_hours import Block
from bookonce.scheduling.transaction import one_transaction

WORKING_WEEK = [{"days": [1, 2, 3, 4, 5], "start": "09:00", "end": "17:00"}]
KNOWN = ("name", "timezone", "weekly", "overrides")
LONGEST_NAME = 80
MOST_OF_A_MEMBER = 50

CLOSED: Sequence[tuple[int | None, int | None]] = ((None, None),)  # the one row of a date without hours
_DELETE = """DELETE FROM scheduling_schedule WHERE id = %s
  AND NOT EXISTS (SELECT 1 FROM scheduling_hostschedule WHERE schedule_id = %s)
  AND NOT EXISTS (SELECT 1 FROM scheduling_calendar WHERE schedule_id = %s)
  AND EXISTS (SELECT 1 FROM scheduling_schedule s WHERE s.member_id = %s AND s.id <> %s)"""


@dataclass(frozen=True, slots=True)
class ScheduleInput:
    """Checked hours: blocks in local minutes by weekday (0 = Sunday) and by date (none: closed)."""

    name: str
    timezone: str
    weekly: Mapping[int, Sequence[Block]]
    overrides: Mapping[date, Sequence[Block]]


def parse_schedule(raw: Mapping[str, Any], *, name: str = "Working hours") -> ScheduleInput:
    """Check `{"name", "timezone", "weekly": [{"days", "start", "end"}], "overrides": [{"date", "ranges"}]}`.

    The same shapes as in REST and dry runs.

    Raises:
        Invalid: one sentence per fault, by field.
    """
    fields = Fields(raw)
    checked = _read(fields, name=name)
    if fields.errors:
        raise Invalid(fields.errors)
    return checked


def schedule_rules(schedule: Schedule) -> dict[str, Any]:
    """What parse_schedule would make this schedule of (two statements, none when prefetched)."""
    weekly: dict[tuple[int, int], list[int]] = {}
    for hours in schedule.weekly_hours.all():
        weekly.setdefault((hours.starts, hours.ends), []).append(hours.weekday)
    dates: dict[str, list[dict[str, str]]] = {}
    for row in schedule.override_hours.all():
        ranges = dates.setdefault(row.day.isoformat(), [])
        if row.starts is not None and row.ends is not None:
            ranges.append(_clocks(row.starts, row.ends))
    return {
        "name": schedule.name,
        "timezone": schedule.timezone,
        "weekly": [{"days": days} | _clocks(*block) for block, days in weekly.items()],
        "overrides": [{"date": day, "ranges": ranges} for day, ranges in dates.items()],
    }


@one_transaction
def create_schedule(
    by: Member, raw: Mapping[str, Any], *, now: datetime, retry: Idempotency | None = None
) -> Schedule:
    """A new schedule of the member that `member` names by e-mail address, else of `by`.

    Raises:
        Invalid: by field. NotAllowed: it would be someone else's. Conflict: they have too many.
        NotFound: it was made by an earlier request with the same key, and deleted since.
    """
    fresh = {"schedule": new_public_id("sch")}
    earlier = idempotency.claim(retry, fresh, now=now)
    if earlier is not None:
        return _present(Q(public_id=earlier["schedule"]))
    fields = Fields(raw)
    host = read_host(fields, by)
    given = _read(fields, name=_("Working hours"), known=(*KNOWN, "member"))
    if fields.errors:
        raise Invalid(fields.errors)
    check_may_change(by, host)
    return _insert(host, given, public_id=fresh["schedule"], now=now)


@one_transaction
def update_schedule(schedule: Schedule, raw: Mapping[str, Any], *, by: Member, now: datetime) -> None:
    """Change what was sent, keep the rest; appointments already made stay, calendars on it show new slots.

    Raises:
        Invalid: by field. NotAllowed: it is someone else's. NotFound: it was deleted meanwhile.
    """
    check_may_change(by, schedule.member)
    locked = {*_hosts_by(schedule), schedule.member_id}
    host_time.lock_hosts(sorted(locked), now=now)
    present = _present(Q(pk=schedule.pk))
    if not locked.issuperset(_hosts_by(schedule)):
        raise HostsChanged
    calendars = Calendar.objects.filter(calendar_hosts__host_schedules__schedule=schedule)
    shown = list(calendars.distinct().values_list("pk", flat=True))
    of_zone = list(Calendar.objects.filter(schedule=schedule).order_by("pk").values_list("pk", flat=True))
    # Merged once it is locked: two changes at once must not combine into hours that nobody checked together.
    given = parse_schedule(schedule_rules(present) | dict(raw), name=present.name)
    Schedule.objects.filter(pk=schedule.pk).update(name=given.name, timezone=given.timezone)
    WeeklyHours.objects.filter(schedule=schedule).delete()
    OverrideHours.objects.filter(schedule=schedule).delete()
    insert_hours(schedule, given)
    host_time.raise_calendars(shown)
    if present.timezone != given.timezone:
        limit_counts.count_anew(of_zone, now=now)  # days begin elsewhere


@one_transaction
def duplicate_schedule(schedule: Schedule, *, by: Member, now: datetime) -> Schedule:
    """A copy under another name, which no calendar uses yet; of the same member if `by` may change theirs.

    Raises:
        Conflict: the member has too many. NotFound: it was deleted meanwhile, or is another workspace's.
    """
    host = schedule.member if is_administrator(by) else by
    check_may_change(by, host)
    host_time.lock_hosts([host.pk], now=now)
    rules = schedule_rules(_present(Q(pk=schedule.pk, workspace_id=by.workspace_id)))
    copied = _("Copy of %(name)s") % {"name": rules["name"]}
    given = parse_schedule(rules | {"name": copied[:LONGEST_NAME].strip()})
    return _insert(host, given, public_id=new_public_id("sch"), now=now)


@one_transaction
def delete_schedule(schedule: Schedule, *, by: Member, now: datetime) -> None:
    """Delete a schedule that no calendar uses, for good.

    Raises:
        Conflict: calendars use it (named), or it is the member's only one. NotAllowed: it is someone else's.
        NotFound: it was deleted before.
    """
    check_may_change(by, schedule.member)
    host_time.lock_hosts([schedule.member_id], now=now)
    WeeklyHours.objects.filter(schedule=schedule).delete()
    OverrideHours.objects.filter(schedule=schedule).delete()
    with connection.cursor() as cursor:
        cursor.execute(_DELETE, [schedule.pk, schedule.pk, schedule.pk, schedule.member_id, schedule.pk])
        if cursor.rowcount == 1:
            return
    _present(Q(pk=schedule.pk))
    used_by = calendars_using(schedule)
    if not used_by:
        raise Conflict(_("This is the only schedule of its member. Make another one first."))
    names = ", ".join(
        _("%(name)s (deleted)") % {"name": calendar.name} if calendar.deleted_at else calendar.name
        for calendar in used_by
    )
    raise Conflict(_("Calendars use these hours: %(names)s. Give them other hours first.") % {"names": names})


def calendars_using(schedule: Schedule) -> list[Calendar]:
    """The calendars whose hosts keep these hours, deleted ones too, by name."""
    of_hosts = Q(calendar_hosts__host_schedules__schedule=schedule)
    found = Calendar.objects.filter(of_hosts | Q(schedule=schedule)).distinct()
    return list(found.order_by("name", "pk"))


def insert_schedule(member: Member, given: ScheduleInput, *, public_id: str = "") -> Schedule:
    """Insert a schedule with its hours within the caller's transaction: also a member's first one."""
    schedule = Schedule.objects.create(
        public_id=public_id or new_public_id("sch"),
        workspace_id=member.workspace_id,
        member=member,
        name=given.name,
        timezone=given.timezone,
    )
    insert_hours(schedule, given)
    return schedule


def insert_hours(schedule: Schedule, given: ScheduleInput) -> None:
    """Insert within the caller's transaction."""
    WeeklyHours.objects.bulk_create(
        WeeklyHours(schedule=schedule, weekday=weekday, starts=starts, ends=ends)
        for weekday, blocks in given.weekly.items()
        for starts, ends in blocks
    )
    OverrideHours.objects.bulk_create(
        OverrideHours(schedule=schedule, day=day, starts=starts, ends=ends)
        for day, blocks in given.overrides.items()
        for starts, ends in (blocks or CLOSED)
    )


def _insert(host: Member, given: ScheduleInput, *, public_id: str, now: datetime) -> Schedule:
    host_time.lock_hosts([host.pk], now=now)  # which makes the count hold
    if Schedule.objects.filter(member=host).count() >= MOST_OF_A_MEMBER:
        raise Conflict(_("A member has at most %(most)s schedules.") % {"most": MOST_OF_A_MEMBER})
    return insert_schedule(host, given, public_id=public_id)


def _hosts_by(schedule: Schedule) -> set[int]:
    """Who hosts the calendars whose days are this schedule's."""
    hosts = CalendarHost.objects.filter(calendar__schedule=schedule)
    return set(hosts.values_list("member", flat=True))


def _present(which: Q) -> Schedule:
    found = Schedule.objects.select_for_update(of=("self",)).select_related("member").filter(which).first()
    if found is None:
        raise NotFound
    return found


def _read(fields: Fields, *, name: str, known: Sequence[str] = KNOWN) -> ScheduleInput:
    fields.only(known)
    return ScheduleInput(
        name=fields.text("name", most=LONGEST_NAME) or name,
        timezone=fields.zone("timezone", required=True),
        weekly=read_weekly(fields),
        overrides=read_overrides(fields),
    )


def _clocks(starts: int, ends: int) -> dict[str, str]:
    return {"start": clock_text(starts), "end": clock_text(ends)}
