"""The list of appointments, one of them, and calling one off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from bookonce.accounts.models import Member
from bookonce.dashboard.access import acting, appointment_or_404, id_asked_for, member_required
from bookonce.dashboard.history import tell
from bookonce.dashboard.show import show
from bookonce.dashboard.shown_form import ShownForm
from bookonce.lib import clock
from bookonce.lib.fields import Fields
from bookonce.lib.zones import get_zone
from bookonce.scheduling import queries
from bookonce.scheduling.cancel import LONGEST_REASON, cancel
from bookonce.scheduling.models import Appointment, Booking
from bookonce.scheduling.queries import Tab


class CancelForm(ShownForm):
    """What the guest is told, and whether the link lives again."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The guest reads it in the mail that tells about the cancellation."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_REASON}),
    )
    reopen = forms.BooleanField(
        label=gettext_lazy("Reopen the one-time link so that the guest can book again"),
        help_text=gettext_lazy("The mail to the guest carries the link."),
        required=False,
        initial=True,
    )


@dataclass(frozen=True)
class Day:
    """The appointments of one local day."""

    date: date
    appointments: list[Appointment]


@member_required
@require_safe
def appointments(request: HttpRequest, member: Member) -> HttpResponse:
    """Upcoming, past, cancelled or all, 50 a page, by day of the workspace's zone."""
    tab, cursor = _tab_or_404(request.GET.get("tab", Tab.UPCOMING)), id_asked_for(request, "after")
    page = queries.appointments_page(member.workspace_id, tab, now=clock.now(), cursor=cursor)
    words = {
        Tab.UPCOMING: _("Upcoming"),
        Tab.PAST: _("Past"),
        Tab.CANCELLED: _("Cancelled"),
        Tab.ALL: _("All"),
    }
    context = {
        "rail_active": "appointments",
        "days": _by_day(page.rows, member.workspace.timezone),
        "tab": tab,
        "segments": [{"word": words[each], "here": each is tab, "href": f"?tab={each}"} for each in Tab],
        "next": f"?tab={tab}&after={page.next}" if page.next else "",
        "later_page": bool(cursor),
        "first_page": f"?tab={tab}",
    }
    return show(request, member, "appointments.html", context)


@member_required
@require_safe
def appointment(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """When, where, who, their answers, and the history."""
    found = appointment_or_404(member, public_id)
    bookings = _bookings(found)
    context = {
        "rail_active": "appointments",
        "appointment": found,
        "bookings": bookings,
        "cancellable": _is_cancellable(found),
        "history": tell(queries.history_of_bookings(member.workspace_id, bookings)),
    }
    return show(request, member, "appointment.html", context)


@member_required
def cancel_appointment(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """Ask first, then free the time and tell the guest."""
    found = appointment_or_404(member, public_id)
    booking = _bookings(found)[0]
    form = CancelForm(request.POST if request.method == "POST" else None)
    link = booking.link if booking.link and booking.link.revoked_at is None else None
    if link is None:
        del form.fields["reopen"]
    if request.method == "POST" and _cancel(form, booking, member):
        said = _("The appointment with %(guest)s is cancelled") % {"guest": booking.name}
        messages.success(request, said)
        return redirect("dashboard:appointment", public_id)
    context: dict[str, Any] = {"appointment": found, "booking": booking, "form": form, "link": link}
    context |= {"rail_active": "appointments", "cancellable": _is_cancellable(found)}
    return show(request, member, "appointment_cancel.html", context, status=422 if form.errors else 200)


def _tab_or_404(name: str) -> Tab:
    try:
        return Tab(name)
    except ValueError:
        raise Http404 from None


def _cancel(form: CancelForm, booking: Booking, member: Member) -> bool:
    fields = Fields(form.given())
    reason = fields.text("reason", most=LONGEST_REASON, lines=True)
    reopen = fields.boolean("reopen", default=False)
    if fields.errors:
        form.refuse(fields.errors)
        return False
    cancel(booking.pk, by=acting(member), now=clock.now(), reason=reason, reopen_link=reopen)
    return True


def _bookings(found: Appointment) -> list[Booking]:
    return list(found.bookings.select_related("link", "contact").order_by("pk"))


def _is_cancellable(found: Appointment) -> bool:
    begun = found.starts is None or found.starts <= clock.now()
    return found.status != Appointment.Status.CANCELLED and not begun


def _by_day(rows: Iterable[Appointment], zone: str) -> list[Day]:
    info = get_zone(zone)
    days = groupby(rows, key=lambda row: localtime(row.starts, info).date())
    return [Day(day, list(found)) for day, found in days]
