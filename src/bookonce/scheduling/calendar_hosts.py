"""Who hosts a calendar, with which hours, and whose turn comes how often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bookonce.accounts.models import Member, Workspace
from bookonce.lib.fields import Fields
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.models import Calendar, CalendarHost, HostSchedule, Schedule
from bookonce.scheduling.models.calendar import MOST_WEIGHT

MOST_HOSTS, MOST_SCHEDULES, MOST_PRIORITY = 200, 10, 100


@dataclass(frozen=True, slots=True)
class HostGiven:
    """A host as set: without schedules in those they have for this calendar, or else in their first.

    Without priority or weight as they have it, or else 0 and 1. Without a member it is whoever creates
    the calendar.
    """

    member: Member | None
    schedules: tuple[Schedule, ...] = ()
    priority: int | None = None
    weight: int | None = None


@dataclass(frozen=True, slots=True)
class CompleteHost:
    """A host to keep; no schedules means: those they have for this calendar."""

    member: Member
    schedules: tuple[Schedule, ...]
    priority: int = 0
    weight: int = 1


def read_hosts(fields: Fields, workspace: Workspace, present: Calendar | None) -> list[HostGiven] | None:
    """The hosts of `hosts`, or of the short forms `host` and `schedule`; None when none of them was sent.

    `hosts` is a list of e-mail addresses or of `{"member", "schedules", "priority", "weight"}`.
    """
    if "hosts" not in fields.raw:
        return _one_host(fields, workspace, present)
    for name in ("host", "schedule"):
        if fields.has(name):
            fields.fault(name, _("Give this within hosts."))
    listed = fields.raw["hosts"]
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_HOSTS:
        fields.fault("hosts", _("Give a list of 1 to %(most)s hosts.") % {"most": MOST_HOSTS})
        return None
    members = {member.user.email: member for member in _members(workspace)}
    schedules = {schedule.public_id: schedule for schedule in Schedule.objects.filter(workspace=workspace)}
    given: list[HostGiven] = []
    for number, raw in enumerate(listed):
        alone = not isinstance(raw, Mapping)  # the e-mail address instead of an object
        inner = Fields({"member": raw} if alone else raw, prefix=f"hosts.{number}.")
        host = _host(inner, members, schedules)
        for name, sentences in inner.errors.items():
            fields.errors[f"hosts.{number}" if alone else name] = sentences
        if host and host.member in [other.member for other in given]:
            fields.fault(f"hosts.{number}", _("This member is already listed."))
        given += [host] if host else []
    return given


def _host(
    fields: Fields, members: Mapping[str, Member], schedules: Mapping[str, Schedule]
) -> HostGiven | None:
    fields.only(("member", "schedules", "priority", "weight"))
    member = members.get(fields.text("member", most=254, required=True).lower())
    if member is None and not fields.errors:
        fields.fault("member", _("There is no member with this e-mail address."))
    wanted = fields.raw.get("schedules")
    if wanted is None:
        wanted = []
    elif wanted == []:
        fields.fault("schedules", _("Choose at least one schedule."))
    if not isinstance(wanted, list) or len(wanted) > MOST_SCHEDULES:
        fields.fault("schedules", _("Give a list of at most %(most)s schedules.") % {"most": MOST_SCHEDULES})
        wanted = []
    found = [schedules.get(name) if isinstance(name, str) else None for name in wanted]
    if None in found:
        fields.fault("schedules", _("There is no such schedule in this workspace."))
    priority = fields.integer("priority", least=-MOST_PRIORITY, most=MOST_PRIORITY)
    weight = fields.integer("weight", least=1, most=MOST_WEIGHT)
    if fields.errors or member is None:
        return None
    hours = tuple(dict.fromkeys(schedule for schedule in found if schedule is not None))
    return HostGiven(member, hours, priority, weight)


def _one_host(fields: Fields, workspace: Workspace, present: Calendar | None) -> list[HostGiven] | None:
    if not (fields.has("host") or fields.has("schedule")):
        return None
    there = list(_members(workspace).filter(calendar_hosts__calendar=present)) if present else []
    member = there[0] if len(there) == 1 else None
    if fields.has("host"):
        wanted = fields.text("host", most=254).lower()
        member = _members(workspace).filter(user__email=wanted).first()
        if member is None and "host" not in fields.errors:
            fields.fault("host", _("There is no member with this e-mail address."))
    elif len(there) > 1:
        fields.fault("schedule", _("This calendar has several hosts: give them as hosts, with schedules."))
    schedule = None
    if fields.has("schedule"):
        wanted = fields.text("schedule", most=24)
        schedule = Schedule.objects.filter(workspace=workspace, public_id=wanted).first()
        if schedule is None and "schedule" not in fields.errors:
            fields.fault("schedule", _("There is no such schedule in this workspace."))
    return [HostGiven(member, (schedule,) if schedule else ())]


def keep_hosts(calendar: Calendar, given: Sequence[CompleteHost]) -> None:
    """Make these the calendar's hosts, in this order, within the caller's transaction and host locks.

    Who stays keeps their turns, in proportion to a changed weight; who joins starts level with who has had
    the fewest, and so gets no flood of appointments.
    """
    present = {host.member_id: host for host in CalendarHost.objects.filter(calendar=calendar)}
    level = min((Fraction(host.turns, host.weight) for host in present.values()), default=Fraction(0))
    CalendarHost.objects.filter(calendar=calendar).exclude(member__in=[g.member for g in given]).delete()
    for position, wanted in enumerate(given):
        host = present.get(wanted.member.pk) or CalendarHost(calendar=calendar, member=wanted.member)
        share = Fraction(host.turns, host.weight) if host.pk else level
        host.position, host.priority, host.weight = position, wanted.priority, wanted.weight
        host.turns = int(share * wanted.weight)
        host.save()
        if wanted.schedules:
            HostSchedule.objects.filter(calendar_host=host).delete()
            HostSchedule.objects.bulk_create(
                HostSchedule(calendar_host=host, schedule=schedule, position=number)
                for number, schedule in enumerate(wanted.schedules)
            )
    first = HostSchedule.objects.filter(calendar_host__calendar=calendar).order_by(
        "calendar_host__position", "calendar_host__pk", "position", "pk"
    )
    Calendar.objects.filter(pk=calendar.pk).update(schedule=first.values_list("schedule", flat=True)[0])


def complete_hosts(
    given: Sequence[HostGiven], *, calendar: Calendar | None, default: Member
) -> list[CompleteHost]:
    """Each with what was given, with what they have for this calendar already, or else with what is usual.

    Raises:
        Invalid: a host has no schedule at all.
    """
    hosts = CalendarHost.objects.filter(calendar=calendar) if calendar else CalendarHost.objects.none()
    hosting = {host.member_id: host for host in hosts}
    complete, faults = [], {}
    for number, host in enumerate(given):
        member = host.member or default
        present = hosting.get(member.pk) or CalendarHost(member=member)
        hours = host.schedules
        if not hours and not present.pk:
            hours = tuple(Schedule.objects.filter(member=member).order_by("pk")[:1])
            if not hours:
                faults[f"hosts.{number}"] = [_("This host has no schedule yet.")]
        priority = present.priority if host.priority is None else host.priority
        weight = present.weight if host.weight is None else host.weight
        complete.append(CompleteHost(member, hours, priority, weight))
    if faults:
        raise Invalid(faults)
    return complete


def _members(workspace: Workspace) -> QuerySet[Member]:
    return Member.objects.filter(workspace=workspace, removed_at=None).select_related("user")
