"""Calendar Settings > Calendars: the list, and whether an address is free."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookonce.accounts.models import Member
from bookonce.accounts.slugs import slug_fault
from bookonce.dashboard.access import PUBLIC_ID, member_required, target_or_404
from bookonce.dashboard.calendar_numbers import active_links, upcoming_appointments
from bookonce.dashboard.show import show
from bookonce.lib import addresses, clock
from bookonce.scheduling.models import Calendar, CalendarGroup, CalendarHost, GroupCalendar, Schedule
from bookonce.scheduling.slugs import slug_is_free

RAIL = {"rail_active": "calendars"}


@require_safe
@member_required
def list_calendars(request: HttpRequest, member: Member) -> HttpResponse:
    """Every calendar of the workspace with what is coming up on it, and the groups; deleted ones apart."""
    every = list(
        _with_numbers(Calendar.objects.filter(workspace_id=member.workspace_id)).order_by("name", "pk")
    )
    groups = list(_groups(member).order_by("name", "pk"))
    hours = Schedule.objects.filter(member=member).order_by("pk").first()
    context = {
        "calendars": [calendar for calendar in every if calendar.deleted_at is None],
        "deleted": [calendar for calendar in every if calendar.deleted_at is not None],
        "groups": [group for group in groups if group.deleted_at is None],
        "deleted_groups": [group for group in groups if group.deleted_at is not None],
        "hours": hours,
        "origin": addresses.scheduling_link_url(member.workspace.slug, ""),
    }
    return show(request, member, "calendars.html", RAIL | context)


@require_safe
@member_required
def check_slug(request: HttpRequest, member: Member) -> JsonResponse:
    """Whether `?slug=` is free: `{"free": bool, "message": sentence}`.

    `?calendar=` is the id of the calendar or group that asks; without it a new one does.
    """
    slug, known = request.GET.get("slug", ""), request.GET.get("calendar", "")
    target = target_or_404(member, known) if PUBLIC_ID.fullmatch(known) else None
    fault = slug_fault(slug)
    if fault is None and not slug_is_free(member.workspace_id, slug, target=target):
        fault = _("This address is already taken.")
    kept = target is not None and slug == target.slug
    free = _("This is its address now.") if kept else _("This address is free.")
    return JsonResponse({"free": fault is None, "message": fault or free})


def _with_numbers(calendars: QuerySet[Calendar]) -> QuerySet[Calendar]:
    """The calendars with `hosts`, `upcoming` and `links_active` counted, in the same statement."""
    now = clock.now()
    return calendars.select_related("schedule").annotate(
        hosts=_count(CalendarHost.objects.filter(calendar=OuterRef("pk"))),
        upcoming=_count(upcoming_appointments(now).filter(calendar=OuterRef("pk"))),
        links_active=_count(active_links(now).filter(calendar=OuterRef("pk"))),
    )


def _groups(member: Member) -> QuerySet[CalendarGroup]:
    """The groups with their `calendars` and `links_active` counted, in one statement."""
    kept = GroupCalendar.objects.filter(group=OuterRef("pk"), calendar__deleted_at=None)
    links = active_links(clock.now()).filter(group=OuterRef("pk"))
    return CalendarGroup.objects.filter(workspace_id=member.workspace_id).annotate(
        calendars=_count(kept, by="group"), links_active=_count(links, by="group")
    )


def _count(rows: QuerySet[Any], *, by: str = "calendar") -> Coalesce:
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
