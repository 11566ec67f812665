"""Hosts between the calendar's page and the domain's rules (`hosts`).

A row is what one host's line of the form shows, right or wrong; what is allowed is the domain's to say.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookonce.accounts.models import Member, Workspace
from bookonce.design.fields import Problem
from bookonce.scheduling.calendar_hosts import MOST_HOSTS
from bookonce.scheduling.models import Calendar, CalendarHost, HostSchedule, Schedule

CHANGE = re.compile(r"(add|replace|up|remove)-host(?:-(\d{1,3}))?")
ROW_FAULT = re.compile(r"hosts\.(\d+)(?:\.(\w+))?$")
SHOWN_NAMES = {"priority": gettext_lazy("Priority"), "weight": gettext_lazy("Weight")}


@dataclass(frozen=True, slots=True)
class Teammate:
    """Someone who may host, with their schedules in the order in which they were made."""

    email: str
    name: str
    schedules: tuple[Schedule, ...]


@dataclass(frozen=True, slots=True)
class HostRow:
    """One host: `chosen` are public ids of schedules, `schedules` those to choose from."""

    email: str
    name: str
    schedules: tuple[Schedule, ...]
    chosen: tuple[str, ...]
    priority: str = "0"
    weight: str = "1"
    errors: list[str] = field(default_factory=list)


Team = Mapping[str, Teammate]


def team_of(workspace: Workspace) -> Team:
    """Everyone of the workspace by e-mail address, by name (two statements)."""
    hours: dict[int, list[Schedule]] = {}
    for schedule in Schedule.objects.filter(workspace=workspace).order_by("pk"):
        hours.setdefault(schedule.member_id, []).append(schedule)
    members = (
        Member.objects.filter(workspace=workspace, removed_at=None)
        .select_related("user")
        .order_by("user__name", "pk")
    )
    return {
        member.user.email: Teammate(member.user.email, member.user.name, tuple(hours.get(member.pk, ())))
        for member in members
    }


def row_of(mate: Teammate) -> HostRow:
    """A new host, in their first schedule."""
    chosen = tuple(schedule.public_id for schedule in mate.schedules[:1])
    return HostRow(mate.email, mate.name, mate.schedules, chosen)


def kept_rows(calendar: Calendar, team: Team) -> list[HostRow]:
    """The rows of a kept calendar, in its order (two statements)."""
    chosen: dict[int, list[Schedule]] = {}
    hours = HostSchedule.objects.filter(calendar_host__calendar=calendar).select_related("schedule")
    for each in hours:
        chosen.setdefault(each.calendar_host_id, []).append(each.schedule)
    hosts = CalendarHost.objects.filter(calendar=calendar).select_related("member__user")
    return [
        HostRow(
            host.member.user.email,
            host.member.user.name,
            _to_choose(team.get(host.member.user.email), chosen.get(host.pk, [])),
            tuple(schedule.public_id for schedule in chosen.get(host.pk, [])),
            str(host.priority),
            str(host.weight),
        )
        for host in hosts
    ]


def sent_rows(sent: QueryDict, team: Team) -> list[HostRow]:
    """The rows as they were sent: `host` once for each, and `hours-0`, `priority-0`, `weight-0` by place."""
    every = {schedule.public_id: schedule for mate in team.values() for schedule in mate.schedules}
    rows = []
    for number, email in enumerate(sent.getlist("host")[: MOST_HOSTS + 1]):
        mate, chosen = team.get(email), sent.getlist(f"hours-{number}")
        known = [every[public_id] for public_id in chosen if public_id in every]
        row = HostRow(
            email,
            mate.name if mate else email,
            _to_choose(mate, known),
            tuple(chosen),
            sent.get(f"priority-{number}", "0"),
            sent.get(f"weight-{number}", "1"),
        )
        rows.append(row)
    return rows


def changed_hosts(change: str, rows: Sequence[HostRow], team: Team, chosen: str) -> list[HostRow]:
    """The rows after `add-host`, `replace-host` (both by the address chosen), `up-host-1`, `remove-host-2`.

    What can't be done leaves them as they were.
    """
    found = CHANGE.fullmatch(change)
    if not found:
        return list(rows)
    act, place = found[1], int(found[2] or 0)
    if act in ("add", "replace"):
        joins = [row_of(team[chosen])] if chosen in team else []
        if act == "replace":
            return joins or list(rows)
        return [*rows, *(row for row in joins if row.email not in [other.email for other in rows])]
    if act == "remove":
        return [row for number, row in enumerate(rows) if number != place or len(rows) == 1]
    if 0 < place < len(rows):
        return [*rows[: place - 1], rows[place], rows[place - 1], *rows[place + 1 :]]
    return list(rows)


def not_hosting(team: Team, rows: Iterable[HostRow]) -> list[Teammate]:
    """Who could be added."""
    hosting = {row.email for row in rows}
    return [mate for mate in team.values() if mate.email not in hosting]


def host_settings(rows: Iterable[HostRow], *, turns: Collection[str]) -> list[dict[str, Any]]:
    """The rows in the words of `read_hosts`; of priority and weight those in `turns`, the rest is kept.

    Who has no schedule to choose from is the domain's to judge.
    """
    return [
        {"member": row.email}
        | {name: getattr(row, name) for name in turns}
        | ({"schedules": list(row.chosen)} if row.schedules or row.chosen else {})
        for row in rows
    ]


def place_host_errors(errors: Mapping[str, Sequence[str]], rows: list[HostRow]) -> dict[str, Sequence[str]]:
    """Put what belongs to one host into its row; returns the rest."""
    rest = {}
    for name, sentences in errors.items():
        found = ROW_FAULT.match(name)
        if found and int(found[1]) < len(rows):
            number, part = int(found[1]), SHOWN_NAMES.get(found[2] or "")
            said = [f"{part}: {sentence}" if part else str(sentence) for sentence in sentences]
            rows[number] = replace(rows[number], errors=[*rows[number].errors, *said])
        else:
            rest[name] = sentences
    return rest


def host_problems(rows: Iterable[HostRow]) -> list[Problem]:
    """What is wrong with the rows, for the summary."""
    return [
        Problem(sentence, f"id_host_{number}", _("Host %(name)s") % {"name": row.name})
        for number, row in enumerate(rows)
        for sentence in row.errors
    ]


def _to_choose(mate: Teammate | None, chosen: Iterable[Schedule]) -> tuple[Schedule, ...]:
    own = mate.schedules if mate else ()
    return tuple({schedule.public_id: schedule for schedule in (*own, *chosen)}.values())
