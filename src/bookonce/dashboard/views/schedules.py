"""When hosts work: the list of schedules; zone, weekly hours and dates with other hours of one."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from bookonce.accounts.models import Member
from bookonce.accounts.roles import is_administrator
from bookonce.dashboard import hours
from bookonce.dashboard.access import host_or_404, member_required, schedule_or_404
from bookonce.dashboard.row_changes import changed_rows
from bookonce.dashboard.show import show
from bookonce.dashboard.shown_form import ShownForm
from bookonce.design.fields import problems
from bookonce.lib import clock
from bookonce.lib.zones import zone_names
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.host_access import check_may_change
from bookonce.scheduling.models import HostSchedule, Schedule
from bookonce.scheduling.schedules import calendars_using, create_schedule, update_schedule


class ScheduleForm(ShownForm):
    """Name and zone; the rows of hours stand beside it (hours.py)."""

    name = forms.CharField(label=gettext_lazy("Name"))
    timezone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Hours are local times there, summer and winter."),
    )

    def __init__(self, *args: object, present: str, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type] # Django's own signature
        names = dict.fromkeys((present, *zone_names()))
        zones = cast("forms.ChoiceField", self.fields["timezone"])
        zones.choices = [(name, name.replace("_", " ")) for name in names]


@require_safe
@member_required
def list_schedules(request: HttpRequest, member: Member) -> HttpResponse:
    """Every schedule of the workspace, one's own first, with the calendars that use it."""
    uses = HostSchedule.objects.filter(calendar_host__calendar__deleted_at=None).select_related(
        "calendar_host__calendar"
    )
    found = (
        Schedule.objects.filter(workspace_id=member.workspace_id, member__removed_at=None)
        .select_related("member__user")
        .prefetch_related(
            "weekly_hours", Prefetch("host_schedules", uses.order_by("calendar_host__calendar__name", "pk"))
        )
        .order_by("member__user__name", "member", "pk")
    )
    schedules = sorted(found, key=lambda schedule: schedule.member_id != member.pk)
    context = {
        "rail_active": "calendars",
        "section": "schedules",
        "rows": [_row(schedule, member) for schedule in schedules],
    }
    return show(request, member, "schedules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def new_schedule(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Make a schedule, with the working week to begin with; `?host=` makes it another member's."""
    host = host_or_404(member, request.GET.get("host", ""))
    check_may_change(member, host)
    zone = member.workspace.timezone
    if request.method != "POST":
        form = ScheduleForm(initial={"timezone": zone}, present=zone)
        return _page(request, member, None, form, hours.working_week(), [], host=host)
    form = ScheduleForm(request.POST, present=zone)
    week, dates = hours.sent_week(request.POST), hours.sent_dates(request.POST)
    if change := request.POST.get("change", ""):
        form.refuse({})
        return _page(request, member, None, form, *changed_rows(change, week, dates), host=host)
    try:
        made = create_schedule(
            member, _rules(form, week, dates) | {"member": host.user.email}, now=clock.now()
        )
    except Invalid as error:
        form.refuse(hours.place_errors(error.errors, week, dates))
        return _page(request, member, None, form, week, dates, host=host, status=422)
    messages.success(request, _("%(name)s is made. Calendars can use it now.") % {"name": made.name})
    return redirect("dashboard:schedules")


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def edit_schedule(request: HttpRequest, member: Member, public_id: str) -> HttpResponseBase:
    """Show the hours; on POST add or remove a row (`change`), or save them all."""
    schedule = schedule_or_404(member, public_id)
    check_may_change(member, schedule.member)
    if request.method != "POST":
        initial = {"name": schedule.name, "timezone": schedule.timezone}
        form = ScheduleForm(initial=initial, present=schedule.timezone)
        return _page(request, member, schedule, form, hours.week_of(schedule), hours.dates_of(schedule))
    form = ScheduleForm(request.POST, present=schedule.timezone)
    week, dates = hours.sent_week(request.POST), hours.sent_dates(request.POST)
    if change := request.POST.get("change", ""):
        form.refuse({})
        return _page(request, member, schedule, form, *changed_rows(change, week, dates))
    try:
        update_schedule(schedule, _rules(form, week, dates), by=member, now=clock.now())
    except Invalid as error:
        form.refuse(hours.place_errors(error.errors, week, dates))
        return _page(request, member, schedule, form, week, dates, status=422)
    messages.success(request, _("Your hours are saved. Appointments already made stay."))
    return redirect("dashboard:schedule", public_id)


def _rules(form: ScheduleForm, week: list[hours.DayRow], dates: list[hours.DateRow]) -> dict[str, object]:
    return form.given() | {"weekly": hours.weekly_rules(week), "overrides": hours.date_rules(dates)}


def _row(schedule: Schedule, member: Member) -> dict[str, object]:
    calendars = [use.calendar_host.calendar for use in schedule.host_schedules.all()]
    return {
        "schedule": schedule,
        "week": hours.in_words(hours.week_of(schedule)),
        "calendars": list(dict.fromkeys(calendars)),
        "may_change": schedule.member_id == member.pk or is_administrator(member),
    }


def _page(
    request: HttpRequest,
    member: Member,
    schedule: Schedule | None,
    form: ScheduleForm,
    week: list[hours.DayRow],
    dates: list[hours.DateRow],
    *,
    host: Member | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "problems": [*problems(form), *hours.row_problems(week, dates)],
        "rail_active": "calendars",
        "schedule": schedule,
        "host": schedule.member if schedule else host,
        "form": form,
        "week": week,
        "dates": dates,
        "used_by": [each for each in calendars_using(schedule) if not each.deleted_at] if schedule else [],
    }
    return show(request, member, "schedule.html", context, status=status)
