"""What a guest does with a whole series: cancel what is left of it, take it into a calendar."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from bookonce.booking_page.bookings import Shown, Stage, series_of
from bookonce.booking_page.forms import ReasonForm
from bookonce.booking_page.see_other import see_other
from bookonce.booking_page.series import booked_series
from bookonce.booking_page.views.manage import by_token
from bookonce.lib.fields import Fields
from bookonce.scheduling.cancel import LONGEST_REASON
from bookonce.scheduling.cancel_series import cancel_series
from bookonce.scheduling.events import GUEST
from bookonce.scheduling.models import Booking


@require_http_methods(["GET", "HEAD", "POST"])
@by_token
def cancel_rest(request: HttpRequest, shown: Shown) -> HttpResponse:
    """Ask once more, naming them, then cancel every appointment that the rules still let the guest cancel."""
    series = booked_series(shown)
    if not series:
        raise Http404
    going = [one for one in series if one.cancellable]
    fields = Fields({"reason": request.POST.get("reason", "")})
    reason = fields.text("reason", most=LONGEST_REASON, lines=True)
    if request.method == "POST" and not fields.errors:
        cancel_series(shown.booking.pk, by=GUEST, now=shown.now, reason=reason)
        return see_other(f"{shown.path}?cancelled=1")
    if not going:
        return see_other(shown.path)
    context = {
        "shown": shown,
        "look": shown.look,
        "going": going,
        "staying": [one for one in series if one.stage is Stage.UPCOMING and not one.cancellable],
        "reopens": shown.may_reopen
        and all(one.cancellable or one.stage is Stage.CANCELLED for one in series),
        "form": ReasonForm(request.POST.dict() if fields.errors else None, fields.errors),
    }
    return render(request, "booking_page/cancel_rest.html", context, status=422 if fields.errors else 200)


@require_safe
@by_token
def download_series(_request: HttpRequest, shown: Shown) -> HttpResponse:
    """All appointments of the series as one calendar file; cancelled ones say so."""
    from bookonce.messages.appointment_file import series_file

    bookings = list(series_of(shown.booking).exclude(status=Booking.Status.NEW))  # nobody has agreed yet
    if not bookings:
        raise Http404
    return HttpResponse(
        series_file(bookings),
        content_type="text/calendar; charset=utf-8; method=PUBLISH",
        headers={"Content-Disposition": 'attachment; filename="appointments.ics"'},
    )
