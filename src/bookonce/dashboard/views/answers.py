"""Answer a request, say whether its guest came, and send a new link."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookonce.accounts.models import Member
from bookonce.dashboard.access import acting, booking_or_404, member_required
from bookonce.dashboard.cancel_form import CancelForm
from bookonce.dashboard.show import show
from bookonce.lib import clock
from bookonce.lib.fields import Fields
from bookonce.scheduling.answer_booking import confirm, decline
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.mark import mark, parse_mark
from bookonce.scheduling.models import Booking
from bookonce.scheduling.renew_link import renew_link

MOST_NONCE = 64


@member_required
@require_POST
def confirm_booking(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """Keep the time for good and send the invitations."""
    found = booking_or_404(member, public_id)
    if confirm(found.pk, by=acting(member), now=clock.now()):
        messages.success(request, _("Confirmed: %(guest)s is told by mail") % {"guest": found.name})
    else:
        messages.info(request, _("This request was confirmed before"))
    return redirect("dashboard:booking", public_id)


@member_required
def decline_booking(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """Ask first, then free the time and tell the guest why."""
    found = booking_or_404(member, public_id)
    link = found.link if found.link and found.link.revoked_at is None else None
    form = CancelForm(request, links=1 if link else 0)
    if request.method == "POST" and (asked := form.read()):
        declined = decline(
            found.pk, by=acting(member), now=clock.now(), reason=asked.reason, reopen_link=asked.reopen_link
        )
        if declined:
            messages.success(request, _("Declined: %(guest)s is told by mail") % {"guest": found.name})
        else:
            messages.info(request, _("This request had ended before"))
        return redirect("dashboard:booking", public_id)
    context = {
        "rail_active": "appointments",
        "booking": found,
        "appointment": found.appointment,
        "form": form,
        "waits": found.status == Booking.Status.NEW,
    }
    return show(request, member, "booking_decline.html", context, status=422 if form.errors else 200)


@member_required
@require_POST
def mark_booking(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """Showed, no-show, or neither after all."""
    found = booking_or_404(member, public_id)
    try:
        status = parse_mark({"status": request.POST.get("status", "")})
    except Invalid:
        return redirect("dashboard:booking", public_id)
    mark(found.pk, status, by=acting(member), now=clock.now())
    said = {
        Booking.Status.SHOWED: _("Noted: %(guest)s came"),
        Booking.Status.NO_SHOW: _("Noted: %(guest)s did not come"),
        Booking.Status.CONFIRMED: _("The note about %(guest)s is taken back"),
    }
    messages.success(request, said[status] % {"guest": found.name})
    return redirect("dashboard:booking", public_id)


@member_required
@require_POST
def send_new_link(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """One click: a new link by mail, which the page then shows to copy."""
    found = booking_or_404(member, public_id)
    nonce = Fields(request.POST).text("nonce", most=MOST_NONCE)
    scope = f"renew:{member.pk}:{found.public_id}"
    retry = Idempotency(scope, nonce, found.public_id) if nonce.isascii() and nonce else None
    issued = renew_link(found.pk, by=acting(member), now=clock.now(), retry=retry)
    page, shown = ("booking", public_id), f"?renewed={issued.link.public_id}"
    if found.appointment.seats_taken is None:
        page = ("appointment", found.appointment.public_id)
    return redirect(reverse(f"dashboard:{page[0]}", args=[page[1]]) + shown)
