"""One calendar's settings, of a new one or of one that is there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookonce.accounts.models import Member
from bookonce.dashboard import host_rows
from bookonce.dashboard.access import acting, calendar_or_404, member_required
from bookonce.dashboard.calendar_form import NEW, CalendarForm, present_settings
from bookonce.dashboard.host_rows import HostRow, Team
from bookonce.dashboard.show import show
from bookonce.design.fields import Problem, problems
from bookonce.lib import addresses, clock
from bookonce.scheduling.calendars import create_calendar, update_calendar
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.link_fit import Misfit, misfits, misfits_of_groups
from bookonce.scheduling.models import Calendar, CalendarGroup
from bookonce.scheduling.redirect_origins import find_redirect


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def new_calendar(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Make a calendar; on POST add or remove a host (`change`), or make it."""
    team = host_rows.team_of(member.workspace)
    if request.method != "POST":
        rows = [host_rows.row_of(team[member.user.email])]
        return _page(request, member, CalendarForm(initial=NEW), rows, team)
    form, rows = CalendarForm(request.POST, initial=NEW), host_rows.sent_rows(request.POST, team)
    if "change" in request.POST:
        return _changed(request, member, form, rows, team)
    try:
        calendar = create_calendar(member, _settings(form, rows), now=clock.now())
    except Invalid as error:
        return _refused(request, member, form, rows, team, error)
    messages.success(request, _("%(name)s can be booked. Share it.") % {"name": calendar.name})
    return redirect("dashboard:calendar", calendar.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def edit_calendar(request: HttpRequest, member: Member, public_id: str) -> HttpResponseBase:
    """Show a calendar; on POST add or remove a host (`change`), or save it. Appointments and links stay."""
    calendar = calendar_or_404(member, public_id)
    team = host_rows.team_of(member.workspace)
    present = present_settings(calendar)
    if request.method != "POST":
        rows = host_rows.kept_rows(calendar, team)
        return _page(request, member, CalendarForm(initial=present), rows, team, calendar)
    form, rows = CalendarForm(request.POST, initial=present), host_rows.sent_rows(request.POST, team)
    if "change" in request.POST:
        return _changed(request, member, form, rows, team, calendar)
    try:
        update_calendar(calendar, _settings(form, rows), by=acting(member), now=clock.now())
    except Invalid as error:
        return _refused(request, member, form, rows, team, error, calendar)
    messages.success(request, _("Saved."))
    return redirect("dashboard:calendar", calendar.public_id)


def _settings(form: CalendarForm, rows: list[HostRow]) -> dict[str, Any]:
    return form.settings() | ({"hosts": host_rows.host_settings(rows, turns=form.turns)} if rows else {})


def _changed(
    request: HttpRequest,
    member: Member,
    form: CalendarForm,
    rows: list[HostRow],
    team: Team,
    calendar: Calendar | None = None,
) -> HttpResponse:
    """The form as it was sent, with the hosts changed; nothing is saved and nothing judged yet."""
    form.refuse({})
    chosen = request.POST.get("host-new", "")
    rows = host_rows.changed_hosts(request.POST.get("change", ""), rows, team, chosen)
    return _page(request, member, form, rows, team, calendar)


def _refused(
    request: HttpRequest,
    member: Member,
    form: CalendarForm,
    rows: list[HostRow],
    team: Team,
    refused: Invalid,
    calendar: Calendar | None = None,
) -> HttpResponse:
    form.refuse(host_rows.place_host_errors(refused.errors, rows))
    return _page(request, member, form, rows, team, calendar, status=422)


def _page(
    request: HttpRequest,
    member: Member,
    form: CalendarForm,
    rows: list[HostRow],
    team: Team,
    calendar: Calendar | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    of_hosts = [Problem(str(sentence), "id_hosts", _("Hosts")) for sentence in form.host_faults]
    context = {
        "rail_active": "calendars",
        "form": form,
        "problems": [*problems(form), *of_hosts, *host_rows.host_problems(rows)],
        "calendar": calendar,
        "hosts": rows,
        "others": host_rows.not_hosting(team, rows),
        "alone": len(team) == 1,
        "redirect_off": bool(calendar and calendar.redirect_url and not find_redirect(calendar)),
        "misfits": _misfits(calendar) if calendar else [],
        "slug_prefix": addresses.scheduling_link_url(member.workspace.slug, "").partition("://")[2],
    }
    return show(request, member, "calendar.html", context, status=status)


def _misfits(calendar: Calendar) -> list[Misfit]:
    """Its own links, and those to groups that it is in."""
    now, groups = clock.now(), CalendarGroup.objects.filter(group_calendars__calendar=calendar)
    return [*misfits(calendar, now=now), *misfits_of_groups(groups, now=now)]
