"""The page of a host's time off: out of office, journeys, public holidays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language

from bookonce.accounts.models import Member
from bookonce.accounts.roles import is_administrator
from bookonce.dashboard.access import host_or_404
from bookonce.dashboard.show import show
from bookonce.dashboard.shown_form import ShownForm
from bookonce.dashboard.time_off_forms import HolidayForm, JourneyForm, TimeOffForm
from bookonce.design.fields import problems
from bookonce.lib import clock
from bookonce.lib.zones import get_zone
from bookonce.scheduling.appointments_on import appointments_on
from bookonce.scheduling.holiday_region import next_holidays
from bookonce.scheduling.host_access import check_may_change
from bookonce.scheduling.models import (
    Appointment,
    HolidayRegion,
    Journey,
    OverrideHours,
    Schedule,
    TimeOff,
)

MOST_NAMED = 5  # appointments beside a range; the others are counted
MOST_HOLIDAYS = 10


@dataclass(frozen=True, slots=True)
class Row:
    """Some days and the appointments already made on them."""

    noun: TimeOff | Journey
    appointments: Sequence[Appointment] = ()

    @property
    def days(self) -> int:
        """How many."""
        return (self.noun.last_day - self.noun.first_day).days + 1

    @property
    def named(self) -> Sequence[Appointment]:
        """Those that the page names."""
        return self.appointments[:MOST_NAMED]

    @property
    def more(self) -> int:
        """How many it does not name."""
        return len(self.appointments) - len(self.named)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A coming public holiday; open in the schedules that have hours of their own for it."""

    day: date
    name: str
    open_in: Sequence[Schedule]


def chosen_host(request: HttpRequest, member: Member) -> Member:
    """Whose time off it is: `?host=`, an e-mail address, else the member's own. 404 for strangers.

    Raises:
        NotAllowed: someone else's, and the member is no owner or admin.
    """
    host = host_or_404(member, request.GET.get("host", ""))
    check_may_change(member, host)
    return host


def host_query(member: Member, host: Member) -> str:
    """`?host=...` for someone else's page."""
    return "" if host.pk == member.pk else "?" + urlencode({"host": host.user.email})


def back_to(member: Member, host: Member) -> HttpResponse:
    """Lead to the page."""
    return redirect(reverse("dashboard:time_off") + host_query(member, host))


def today_of(member: Member, now: datetime) -> date:
    """The present day in the workspace's zone."""
    return now.astimezone(get_zone(member.workspace.timezone)).date()


def page(
    request: HttpRequest,
    member: Member,
    host: Member,
    refused: Mapping[str, ShownForm] = MappingProxyType({}),
) -> HttpResponse:
    """The page; a form that was refused (`away`, `journey`, `holidays`) is shown with its faults (422)."""
    now = clock.now()
    today = today_of(member, now)
    region = HolidayRegion.objects.filter(member=host).first()
    context = {
        "rail_active": "calendars",
        "section": "time_off",
        "host": host,
        "host_query": host_query(member, host),
        "hosts": _hosts(member),
        "problems": [problem for form in refused.values() for problem in problems(form)],
        "away_form": refused.get("away") or TimeOffForm(),
        "journey_form": refused.get("journey") or JourneyForm(),
        "holiday_form": refused.get("holidays") or HolidayForm(region=region),
        "region": region,
        "holidays": _holidays(host, region, today),
        **_out_of_office(host, today, now),
        **_journeys(host, today),
    }
    return show(request, member, "time_off.html", context, status=422 if refused else 200)


def _hosts(member: Member) -> list[Member]:
    """Whom the member may choose from; nobody for a plain member."""
    if not is_administrator(member):
        return []
    hosts = Member.objects.filter(workspace_id=member.workspace_id, removed_at=None).select_related("user")
    return list(hosts.order_by("user__name", "pk"))


def _out_of_office(host: Member, today: date, now: datetime) -> dict[str, Any]:
    every = list(TimeOff.objects.filter(member=host))
    coming = [each for each in every if each.last_day >= today]
    on_days = appointments_on(host, [(each.first_day, each.last_day) for each in coming], now=now)
    rows = [Row(each, appointments) for each, appointments in zip(coming, on_days, strict=True)]
    prefetch_related_objects([one for row in rows for one in row.named], "bookings")
    past = [Row(each) for each in reversed(every) if each.last_day < today]
    return {"away": rows, "away_past": past}


def _journeys(host: Member, today: date) -> dict[str, Any]:
    every = [Row(each) for each in Journey.objects.filter(member=host)]
    return {
        "journeys": [row for row in every if row.noun.last_day >= today],
        "journeys_past": [row for row in reversed(every) if row.noun.last_day < today],
    }


def _holidays(host: Member, region: HolidayRegion | None, today: date) -> list[Holiday]:
    if region is None:
        return []
    found = next_holidays(region, today=today, most=MOST_HOLIDAYS, language=get_language() or "")
    opened: dict[date, list[Schedule]] = {}
    hours = OverrideHours.objects.filter(
        schedule__member=host, day__in=[each.day for each in found], starts__isnull=False
    )
    for row in hours.select_related("schedule"):
        schedules = opened.setdefault(row.day, [])
        schedules += [] if row.schedule in schedules else [row.schedule]
    return [Holiday(each.day, each.name, opened.get(each.day, ())) for each in found]
