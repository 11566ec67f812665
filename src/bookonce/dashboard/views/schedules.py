"""When a host works: zone, weekly hours, dates with other hours."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bookonce.accounts.models import Member
from bookonce.dashboard import hours
from bookonce.dashboard.access import member_required, schedule_or_404
from bookonce.dashboard.row_changes import changed_rows
from bookonce.dashboard.show import show
from bookonce.dashboard.shown_form import ShownForm
from bookonce.design.fields import problems
from bookonce.lib import clock
from bookonce.lib.zones import zone_names
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.models import Calendar, Schedule
from bookonce.scheduling.schedules import update_schedule


class ScheduleForm(ShownForm):
    """Name and zone; the rows of hours stand beside it (hours.py)."""

    name = forms.CharField(label=gettext_lazy("Name"))
    timezone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Your hours are local times there, summer and winter."),
    )

    def __init__(self, *args: object, present: str, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type] # Django's own signature
        names = dict.fromkeys((present, *zone_names()))
        zones = cast("forms.ChoiceField", self.fields["timezone"])
        zones.choices = [(name, name.replace("_", " ")) for name in names]


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def edit_schedule(request: HttpRequest, member: Member, public_id: str) -> HttpResponseBase:
    """Show the hours; on POST add or remove a row (`change`), or save them all."""
    schedule = schedule_or_404(member, public_id)
    if request.method != "POST":
        initial = {"name": schedule.name, "timezone": schedule.timezone}
        form = ScheduleForm(initial=initial, present=schedule.timezone)
        return _page(request, member, schedule, form, hours.week_of(schedule), hours.dates_of(schedule))
    form = ScheduleForm(request.POST, present=schedule.timezone)
    week, dates = hours.sent_week(request.POST), hours.sent_dates(request.POST)
    if change := request.POST.get("change", ""):
        form.refuse({})
        return _page(request, member, schedule, form, *changed_rows(change, week, dates))
    rules = form.given() | {"weekly": hours.weekly_rules(week), "overrides": hours.date_rules(dates)}
    try:
        update_schedule(schedule, rules, by=member, now=clock.now())
    except Invalid as error:
        form.refuse(hours.place_errors(error.errors, week, dates))
        return _page(request, member, schedule, form, week, dates, status=422)
    messages.success(request, _("Your hours are saved. Appointments already made stay."))
    return redirect("dashboard:schedule", public_id)


def _page(
    request: HttpRequest,
    member: Member,
    schedule: Schedule,
    form: ScheduleForm,
    week: list[hours.DayRow],
    dates: list[hours.DateRow],
    *,
    status: int = 200,
) -> HttpResponse:
    used_by = Calendar.objects.filter(schedule=schedule, deleted_at=None).order_by("name", "pk")
    found = [*problems(form), *hours.row_problems(week, dates)]
    context = {
        "problems": found,
        "rail_active": "calendars",
        "schedule": schedule,
        "form": form,
        "week": week,
        "dates": dates,
    }
    return show(request, member, "schedule.html", context | {"used_by": list(used_by)}, status=status)
