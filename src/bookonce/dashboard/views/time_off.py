"""Out of office: add, change, remove; the page shows journeys and public holidays too."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookonce.accounts.models import Member
from bookonce.dashboard.access import member_required, time_off_or_404
from bookonce.dashboard.show import show
from bookonce.dashboard.time_off_forms import TimeOffForm
from bookonce.dashboard.time_off_page import back_to, chosen_host, host_query, page
from bookonce.lib import clock
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.host_access import check_may_change
from bookonce.scheduling.models import TimeOff
from bookonce.scheduling.time_off import add_time_off, change_time_off, remove_time_off


@require_safe
@member_required
def show_time_off(request: HttpRequest, member: Member) -> HttpResponse:
    """One's own, or with `?host=` that of another member."""
    return page(request, member, chosen_host(request, member))


@require_POST
@member_required
def add(request: HttpRequest, member: Member) -> HttpResponse:
    """Take the host out of office for some days."""
    host = chosen_host(request, member)
    form = TimeOffForm(request.POST, prefix="off")
    try:
        add_time_off(form.rules() | {"member": host.user.email}, by=member, now=clock.now())
    except Invalid as error:
        form.refuse(error.errors)
        return page(request, member, host, away=form)
    messages.success(request, _("These days can no longer be booked."))
    return back_to(member, host)


@require_POST
@member_required
def add_again(request: HttpRequest, member: Member) -> HttpResponse:
    """Undo a removal: the query says what it was."""
    host = chosen_host(request, member)
    was = {name: request.GET.get(name, "") for name in ("from", "to", "note")}
    try:
        add_time_off(was | {"member": host.user.email}, by=member, now=clock.now())
    except Invalid:
        return back_to(member, host)
    messages.success(request, _("It is back. These days can't be booked."))
    return back_to(member, host)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def edit(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """Give it other days or another note."""
    away = time_off_or_404(member, public_id)
    check_may_change(member, away.member)
    form = TimeOffForm(request.POST, prefix="off") if request.method == "POST" else TimeOffForm.of(away)
    if request.method == "POST":
        try:
            change_time_off(away, form.rules(), by=member, now=clock.now())
        except Invalid as error:
            form.refuse(error.errors)
        else:
            messages.success(request, _("Time off saved"))
            return back_to(member, away.member)
    context = {
        "rail_active": "calendars",
        "form": form,
        "host": away.member,
        "back": reverse("dashboard:time_off") + host_query(member, away.member),
    }
    return show(request, member, "time_off_edit.html", context, status=422 if form.errors else 200)


@require_POST
@member_required
def remove(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """Take it away; the message offers the way back."""
    away = time_off_or_404(member, public_id)
    if remove_time_off(away, by=member, now=clock.now()):
        messages.success(
            request, _("Removed. These days can be booked again."), extra_tags=f"undo:{_way_back(away)}"
        )
    return back_to(member, away.member)


def _way_back(away: TimeOff) -> str:
    was = {
        "host": away.member.user.email,
        "from": away.first_day.isoformat(),
        "to": away.last_day.isoformat(),
        "note": away.note,
    }
    return f"{reverse('dashboard:time_off_again')}?{urlencode(was)}"
