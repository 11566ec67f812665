"""One guest of a class: what they gave, what happened, and calling their places off."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from bookonce.accounts.models import Member
from bookonce.dashboard.access import acting, booking_or_404, member_required
from bookonce.dashboard.cancel_form import CancelForm
from bookonce.dashboard.history import tell
from bookonce.dashboard.series import series_context, series_rows
from bookonce.dashboard.session_words import is_session, places_words
from bookonce.dashboard.show import show
from bookonce.dashboard.standing import just_renewed, standing_of
from bookonce.dashboard.views.appointments import is_cancellable
from bookonce.lib import clock
from bookonce.scheduling import queries
from bookonce.scheduling.cancel import cancel
from bookonce.scheduling.cancel_series import cancel_series
from bookonce.scheduling.models import Booking


@member_required
@require_safe
def booking(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """One guest's page; an appointment with one guest has it all on its own page."""
    found = booking_or_404(member, public_id)
    if not is_session(found.appointment):
        return redirect("dashboard:appointment", found.appointment.public_id)
    now = clock.now()
    context = {
        "rail_active": "appointments",
        "booking": found,
        "appointment": found.appointment,
        "places": places_words(found.party),
        "cancellable": _is_cancellable(found),
        "history": tell(queries.history_of_bookings(member.workspace_id, [found]), member.workspace.timezone),
    } | series_context(series_rows(found, now=now))
    context |= standing_of(found, now=now) | just_renewed(request, member, found, now=now)
    return show(request, member, "booking.html", context)


@member_required
def cancel_booking(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """Ask first, then free this guest's places; the session goes on for the others."""
    found = booking_or_404(member, public_id)
    link = found.link if found.link and found.link.revoked_at is None else None
    form = CancelForm(request, links=1 if link else 0)
    if request.method == "POST" and (asked := form.read()):
        cancel(
            found.pk, by=acting(member), now=clock.now(), reason=asked.reason, reopen_link=asked.reopen_link
        )
        said = _("The booking of %(guest)s is cancelled") % {"guest": found.name}
        messages.success(request, said)
        return redirect("dashboard:appointment", found.appointment.public_id)
    context = {
        "rail_active": "appointments",
        "booking": found,
        "appointment": found.appointment,
        "others": queries.live_bookings(found.appointment).exclude(pk=found.pk).count(),
        "form": form,
        "cancellable": _is_cancellable(found),
    }
    return show(request, member, "booking_cancel.html", context, status=422 if form.errors else 200)


@member_required
def cancel_rest(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """Ask first, then cancel all appointments of the booking's series that are still to come."""
    found = booking_or_404(member, public_id)
    going = [row.booking for row in series_rows(found, now=clock.now()) if row.coming]
    link = found.link if found.link and found.link.revoked_at is None else None
    form = CancelForm(request, links=1 if link else 0)
    if request.method == "POST" and going and (asked := form.read()):
        count = cancel_series(
            found.pk, by=acting(member), now=clock.now(), reason=asked.reason, reopen_link=asked.reopen_link
        )
        said = ngettext("%(count)d appointment is cancelled", "%(count)d appointments are cancelled", count)
        messages.success(request, said % {"count": count})
        return redirect("dashboard:booking", public_id)
    context = {
        "rail_active": "appointments",
        "booking": found,
        "appointment": found.appointment,
        "going": going,
        "form": form,
    }
    return show(request, member, "series_cancel.html", context, status=422 if form.errors else 200)


def _is_cancellable(found: Booking) -> bool:
    return found.status in {"new", "confirmed"} and is_cancellable(found.appointment)
