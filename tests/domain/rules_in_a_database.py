"""A rules file put into a real database: its calendar, hosts, hours and appointments as rows."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from bookonce.accounts.models import Member, User, Workspace
from bookonce.lib.instants import from_minutes
from bookonce.lib.tokens import new_opaque_id, new_public_id
from bookonce.scheduling.limit_counts import count_anew
from bookonce.scheduling.models import (
    Appointment,
    BlockedTime,
    Calendar,
    CalendarHost,
    HolidayRegion,
    HostSchedule,
    Journey,
    Schedule,
    TimeOff,
)
from bookonce.scheduling.models.appointment import LONGEST_BLOCK
from bookonce.scheduling.schedules import insert_hours, parse_schedule
from tests.cast import NOW, make_workspace

Json = dict[str, Any]
SHARED = ("collective", "class")  # kinds whose appointment has all hosts


@dataclass(frozen=True)
class Loaded:
    """The calendar, the members by the file's host ids, and the holidays by their made-up country."""

    calendar: Calendar
    members: dict[Any, Member]
    holidays: dict[str, frozenset[date]]


def minute(text: str) -> int:
    """Minutes since the epoch."""
    return int(datetime.fromisoformat(text).timestamp()) // 60


def storable(case: Json) -> Json:
    """The same file without what a database refuses: times of one host that overlap, or of no length."""
    case = copy.deepcopy(case)
    if "picked" in case:  # by a one-time link
        case["public"] = False
    shared: dict[tuple[int, int], Json] = {}
    for host in case["hosts"]:
        kept: list[tuple[int, int]] = []
        host["appointments"] = [
            one for one in host.get("appointments", []) if _fits(one, kept, case["kind"], shared)
        ]
        host["busy"] = [one for one in host.get("busy", []) if _fits(one, kept, "", {})]
    return case


def load(case: Json, slug: str) -> Loaded:
    """Write a storable file into the database; `slug` names a workspace of its own."""
    workspace = make_workspace(slug)
    workspace.week_start = case.get("week_start", 1)
    workspace.save()
    members = {host["id"]: _member(workspace, number) for number, host in enumerate(case["hosts"])}
    schedules = {host["id"]: _schedules(host, members[host["id"]]) for host in case["hosts"]}
    first = members[case["hosts"][0]["id"]]
    zone_giver = schedules[case["hosts"][0]["id"]][0]
    if case.get("timezone"):
        zone_giver = _schedule(first, {"timezone": case["timezone"]})
    calendar = _calendar(case, workspace, zone_giver)
    other = _calendar({**case, "kind": "one_on_one", "look_busy": {}}, workspace, zone_giver)
    holidays = {}
    for number, host in enumerate(case["hosts"]):
        member = members[host["id"]]
        place = CalendarHost.objects.create(calendar=calendar, member=member, position=number)
        for position, schedule in enumerate(schedules[host["id"]]):
            HostSchedule.objects.create(calendar_host=place, schedule=schedule, position=position)
        holidays[f"{number:02}"] = _days_off(host, member, f"{number:02}")
    _appointments(case, members, calendar, other)
    count_anew([calendar.pk], now=datetime.fromisoformat(case["now"]))
    return Loaded(calendar, members, holidays)


def _fits(one: Json, kept: list[tuple[int, int]], kind: str, shared: dict[tuple[int, int], Json]) -> bool:
    start, end = minute(one["start"]), minute(one["end"])
    since, until = start - one.get("buffer_before", 0), end + one.get("buffer_after", 0)
    if start >= end or until - since > LONGEST_BLOCK:
        return False
    if one.get("status") == "cancelled":
        return True
    if any(since < other_until and other_since < until for other_since, other_until in kept):
        return False
    if kind in SHARED and one.get("same_calendar"):
        if any(key[0] == start and key != (start, end) for key in shared):
            return False  # one session at a time
        first = shared.setdefault((start, end), one)
        if any(first[name] != one[name] for name in ("buffer_before", "buffer_after", "seats_taken")):
            return False
    kept.append((since, until))
    return True


def _member(workspace: Workspace, number: int) -> Member:
    user = User.objects.create(email=f"{workspace.slug}-{number}@example.com", name=f"Host {number}")
    return Member.objects.create(workspace=workspace, user=user, role="member", created_at=NOW)


def _schedules(host: Json, member: Member) -> list[Schedule]:
    listed = host.get("schedules") or [{name: host[name] for name in ("weekly", "overrides") if name in host}]
    return [_schedule(member, {"timezone": host["timezone"]} | one) for one in listed]


def _schedule(member: Member, hours: Json) -> Schedule:
    schedule = Schedule.objects.create(
        public_id=new_public_id("sch"),
        workspace=member.workspace,
        member=member,
        name="Hours",
        timezone=hours["timezone"],
    )
    insert_hours(schedule, parse_schedule(hours))
    return schedule


def _calendar(case: Json, workspace: Workspace, schedule: Schedule) -> Calendar:
    horizon, working = case.get("horizon", {}), case.get("horizon", {}).get("count") == "working"
    public_id = new_public_id("cal")
    return Calendar.objects.create(
        public_id=public_id,
        permanent_id=new_opaque_id(),
        workspace=workspace,
        schedule=schedule,
        slug=public_id.replace("_", "-"),
        name="Rules",
        kind=case["kind"],
        seats=case.get("seats", 1) if case["kind"] == "class" else None,
        durations=tuple(case.get("durations") or (case["duration"],)),
        repeats=case.get("repeats", ""),
        repeat_count=case.get("repeat_count"),
        interval=case["interval"],
        buffer_before=case["buffer_before"],
        buffer_after=case["buffer_after"],
        notice=case.get("notice", 0),
        horizon_days=None if working else horizon.get("days"),
        horizon_working_days=horizon.get("days") if working else None,
        first_day=horizon.get("from"),
        last_day=horizon.get("to"),
        look_busy=case.get("look_busy", {}).get("percent", 0),
        created_at=NOW,
        **case.get("limits", {}),
    )


def _days_off(host: Json, member: Member, country: str) -> frozenset[date]:
    TimeOff.objects.bulk_create(
        TimeOff(public_id=new_public_id("off"), member=member, first_day=day, last_day=day)
        for day in host.get("out_of_office", [])
    )
    Journey.objects.bulk_create(
        Journey(
            public_id=new_public_id("joy"),
            member=member,
            first_day=stay["from"],
            last_day=stay["to"],
            timezone=stay["timezone"],
        )
        for stay in host.get("travel", [])
    )
    if host.get("holidays"):
        HolidayRegion.objects.create(member=member, country=country)
    return frozenset(date.fromisoformat(day) for day in host.get("holidays", []))


def _appointments(case: Json, members: dict[Any, Member], calendar: Calendar, other: Calendar) -> None:
    shared: dict[tuple[int, int], Appointment] = {}
    for host in case["hosts"]:
        member = members[host["id"]]
        for one in host.get("appointments", []):
            live, own = one["status"] != "cancelled", one["same_calendar"]
            key = (minute(one["start"]), minute(one["end"]))
            again = shared.get(key) if live and own and case["kind"] in SHARED else None
            appointment = again or _appointment(
                one, calendar if own else other, of_class=case["kind"] == "class" and own
            )
            if live and own:
                shared[key] = appointment
            BlockedTime.objects.create(
                host=member,
                appointment=appointment,
                starts=from_minutes(key[0] - one["buffer_before"]),
                ends=from_minutes(key[1] + one["buffer_after"]),
                live=live,
            )
        for one in host.get("busy", []):
            BlockedTime.objects.create(
                host=member,
                starts=from_minutes(minute(one["start"])),
                ends=from_minutes(minute(one["end"])),
                live=True,
                expires_at=datetime(2090, 1, 1, tzinfo=UTC),
            )


def _appointment(one: Json, calendar: Calendar, *, of_class: bool) -> Appointment:
    return Appointment.objects.create(
        public_id=new_public_id("apt"),
        workspace=calendar.workspace,
        calendar=calendar,
        starts=from_minutes(minute(one["start"])),
        ends=from_minutes(minute(one["end"])),
        buffer_before=one["buffer_before"],
        buffer_after=one["buffer_after"],
        status=one["status"],
        location_kind="none",
        seats_taken=one["seats_taken"] if of_class else None,
        created_at=NOW,
        cancelled_at=NOW if one["status"] == "cancelled" else None,
    )
