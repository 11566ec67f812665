"""Days of a host: out of office, or on a journey. Add, change, remove; the same for both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookonce.accounts.models import Member
from bookonce.dashboard.access import journey_or_404, member_required, time_off_or_404
from bookonce.dashboard.show import show
from bookonce.dashboard.time_off_forms import JourneyForm, RangeForm, TimeOffForm
from bookonce.dashboard.time_off_page import back_to, chosen_host, host_query, page
from bookonce.lib import clock
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.host_access import check_may_change
from bookonce.scheduling.journeys import add_journey, change_journey, remove_journey
from bookonce.scheduling.time_off import add_time_off, change_time_off, remove_time_off


@dataclass(frozen=True, slots=True)
class Days:
    """One of the two: its verbs, its form, and how its pages speak."""

    form: type[RangeForm]
    shown_as: str  # the form's name on the page of all days
    detail: str  # what is said beside the days
    again: str  # where a removal is undone
    find: Callable[[Member, str], Any]
    add: Callable[..., Any]
    change: Callable[..., Any]
    remove: Callable[..., bool]
    title: str | Promise
    saved: Mapping[str, str | Promise]  # after each of the verbs


TIME_OFF = Days(
    form=TimeOffForm,
    shown_as="away",
    detail="note",
    again="dashboard:time_off_again",
    find=time_off_or_404,
    add=add_time_off,
    change=change_time_off,
    remove=remove_time_off,
    title=_("Change time off"),
    saved={
        "add": _("These days can no longer be booked."),
        "again": _("It is back. These days can't be booked."),
        "change": _("Time off saved"),
        "remove": _("Removed. These days can be booked again."),
    },
)
JOURNEY = Days(
    form=JourneyForm,
    shown_as="journey",
    detail="timezone",
    again="dashboard:journey_again",
    find=journey_or_404,
    add=add_journey,
    change=change_journey,
    remove=remove_journey,
    title=_("Change journey"),
    saved={
        "add": _("On these days the hours are those of the other clock."),
        "again": _("The journey is back."),
        "change": _("Journey saved"),
        "remove": _("Removed. The hours are the usual ones."),
    },
)


@require_safe
@member_required
def show_all(request: HttpRequest, member: Member) -> HttpResponse:
    """One's own, or with `?host=` those of another member."""
    return page(request, member, chosen_host(request, member))


@require_POST
@member_required
def add(request: HttpRequest, member: Member, days: Days) -> HttpResponse:
    """Keep these days for the host."""
    host = chosen_host(request, member)
    form = days.form(request.POST)
    try:
        days.add(form.rules() | {"member": host.user.email}, by=member, now=clock.now())
    except Invalid as error:
        form.refuse(error.errors)
        return page(request, member, host, {days.shown_as: form})
    messages.success(request, str(days.saved["add"]))
    return back_to(member, host)


@require_POST
@member_required
def add_again(request: HttpRequest, member: Member, days: Days) -> HttpResponse:
    """Undo a removal: the query says what it was."""
    host = chosen_host(request, member)
    was = {name: request.GET.get(name, "") for name in ("from", "to", days.detail)}
    try:
        days.add(was | {"member": host.user.email}, by=member, now=clock.now())
    except Invalid as error:
        messages.error(request, " ".join(str(text) for texts in error.errors.values() for text in texts))
    else:
        messages.success(request, str(days.saved["again"]))
    return back_to(member, host)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def edit(request: HttpRequest, member: Member, public_id: str, days: Days) -> HttpResponse:
    """Give it other days, or another note or zone."""
    kept = days.find(member, public_id)
    check_may_change(member, kept.member)
    form = days.form(request.POST if request.method == "POST" else None, kept=kept)
    if request.method == "POST":
        try:
            days.change(kept, form.rules(), by=member, now=clock.now())
        except Invalid as error:
            form.refuse(error.errors)
        else:
            messages.success(request, str(days.saved["change"]))
            return back_to(member, kept.member)
    context = {
        "rail_active": "calendars",
        "title": days.title,
        "form": form,
        "host": kept.member,
        "back": reverse("dashboard:time_off") + host_query(member, kept.member),
    }
    return show(request, member, "days_edit.html", context, status=422 if form.errors else 200)


@require_POST
@member_required
def remove(request: HttpRequest, member: Member, public_id: str, days: Days) -> HttpResponse:
    """Take it away; the message offers the way back."""
    kept = days.find(member, public_id)
    if days.remove(kept, by=member, now=clock.now()):
        was = {
            "host": kept.member.user.email,
            "from": kept.first_day.isoformat(),
            "to": kept.last_day.isoformat(),
            days.detail: getattr(kept, days.detail),
        }
        way_back = f"{reverse(days.again)}?{urlencode(was)}"
        messages.success(request, str(days.saved["remove"]), extra_tags=f"undo:{way_back}")
    return back_to(member, kept.member)
