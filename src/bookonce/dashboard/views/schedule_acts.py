"""Copy and delete a schedule."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bookonce.accounts.models import Member
from bookonce.dashboard.access import member_required, schedule_or_404
from bookonce.dashboard.show import show
from bookonce.lib import clock
from bookonce.scheduling.host_access import check_may_change
from bookonce.scheduling.schedules import calendars_using, delete_schedule, duplicate_schedule


@require_POST
@member_required
def duplicate(request: HttpRequest, member: Member, public_id: str) -> HttpResponseBase:
    """Make a copy and lead to it: a copy is there to be changed."""
    copy = duplicate_schedule(schedule_or_404(member, public_id), by=member, now=clock.now())
    messages.success(request, _("%(name)s is made. No calendar uses it yet.") % {"name": copy.name})
    return redirect("dashboard:schedule", copy.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def delete(request: HttpRequest, member: Member, public_id: str) -> HttpResponseBase:
    """Say which calendars use it, or ask first; on POST, delete."""
    schedule = schedule_or_404(member, public_id)
    check_may_change(member, schedule.member)
    if request.method == "POST":
        delete_schedule(schedule, by=member, now=clock.now())
        messages.success(request, _("%(name)s is deleted.") % {"name": schedule.name})
        return redirect("dashboard:schedules")
    context = {"rail_active": "calendars", "schedule": schedule, "used_by": calendars_using(schedule)}
    return show(request, member, "schedule_delete.html", context)
