"""Calendar Settings > Calendars: the list, and one calendar's settings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bookonce.accounts.models import Member
from bookonce.accounts.slugs import slug_fault
from bookonce.dashboard.access import PUBLIC_ID, acting, calendar_or_404, member_required
from bookonce.dashboard.calendar_form import CalendarForm, present_settings
from bookonce.dashboard.calendar_numbers import active_links, upcoming_appointments
from bookonce.dashboard.show import show
from bookonce.lib import addresses, clock
from bookonce.scheduling.calendars import create_calendar, slug_is_free, update_calendar
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.models import Calendar, Schedule

RAIL = {"rail_active": "calendars"}


@require_safe
@member_required
def list_calendars(request: HttpRequest, member: Member) -> HttpResponse:
    """Every calendar of the workspace with what is coming up on it; deleted ones apart, to be restored."""
    every = list(
        _with_numbers(Calendar.objects.filter(workspace_id=member.workspace_id)).order_by("name", "pk")
    )
    hours = Schedule.objects.filter(member=member).order_by("pk").first()
    context = {
        "calendars": [calendar for calendar in every if calendar.deleted_at is None],
        "deleted": [calendar for calendar in every if calendar.deleted_at is not None],
        "hours": hours,
        "origin": addresses.scheduling_link_url(member.workspace.slug, ""),
    }
    return show(request, member, "calendars.html", RAIL | context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def new_calendar(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Make a calendar."""
    schedules = _schedules(member)
    if request.method != "POST":
        initial = {"durations": "30", "notice_number": 0, "notice_unit": "hours", "horizon_days": 365}
        initial |= {"buffer_before": 0, "buffer_after": 0, "location_kind": "none"}
        return _page(request, member, CalendarForm(initial=initial, schedules=schedules))
    form = CalendarForm(request.POST, schedules=schedules)
    try:
        calendar = create_calendar(member, form.settings(), now=clock.now())
    except Invalid as error:
        form.refuse(error.errors)
        return _page(request, member, form, status=422)
    messages.success(request, _("%(name)s can be booked. Share it.") % {"name": calendar.name})
    return redirect("dashboard:calendar", calendar.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def edit_calendar(request: HttpRequest, member: Member, public_id: str) -> HttpResponseBase:
    """Show and change a calendar; its appointments and links stay as they are."""
    calendar = calendar_or_404(member, public_id)
    schedules = _schedules(member)
    if request.method != "POST":
        form = CalendarForm(initial=present_settings(calendar), schedules=schedules)
        return _page(request, member, form, calendar)
    form = CalendarForm(request.POST, schedules=schedules)
    try:
        update_calendar(calendar, form.settings(), by=acting(member), now=clock.now())
    except Invalid as error:
        form.refuse(error.errors)
        return _page(request, member, form, calendar, status=422)
    messages.success(request, _("Saved."))
    return redirect("dashboard:calendar", calendar.public_id)


@require_safe
@member_required
def check_slug(request: HttpRequest, member: Member) -> JsonResponse:
    """Whether `?slug=` is free, for `?calendar=` or a new one: `{"free": bool, "message": sentence}`."""
    slug, known = request.GET.get("slug", ""), request.GET.get("calendar", "")
    calendar = (
        calendar_or_404(member, known)
        if PUBLIC_ID.fullmatch(known)
        else Calendar(workspace_id=member.workspace_id)
    )
    fault = slug_fault(slug)
    if fault is None and not slug_is_free(calendar, slug):
        fault = _("This address is already taken.")
    free = _("This is its address now.") if slug == calendar.slug else _("This address is free.")
    return JsonResponse({"free": fault is None, "message": fault or free})


def _with_numbers(calendars: QuerySet[Calendar]) -> QuerySet[Calendar]:
    """The calendars with `upcoming` and `links_active`, in the same statement."""
    now = clock.now()
    return calendars.select_related("schedule").annotate(
        upcoming=_count(upcoming_appointments(now).filter(calendar=OuterRef("pk"))),
        links_active=_count(active_links(now).filter(calendar=OuterRef("pk"))),
    )


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("calendar").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _schedules(member: Member) -> list[Schedule]:
    return list(Schedule.objects.filter(workspace_id=member.workspace_id).order_by("pk"))


def _page(
    request: HttpRequest,
    member: Member,
    form: CalendarForm,
    calendar: Calendar | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    prefix = addresses.scheduling_link_url(member.workspace.slug, "").partition("://")[2]
    context = {"form": form, "calendar": calendar, "slug_prefix": prefix}
    return show(request, member, "calendar.html", RAIL | context, status=status)
