"""The guest's own page of a booking: see it, move it, cancel it, take it into a calendar."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookonce.booking_page.bookings import Shown, Stage, get_by_token
from bookonce.booking_page.forms import ReasonForm
from bookonce.booking_page.frames import in_frame
from bookonce.booking_page.history import history_of
from bookonce.booking_page.languages import settle_for_booking
from bookonce.booking_page.limits import count_try, counting_misses, too_many
from bookonce.booking_page.onward import find_onward, is_framed
from bookonce.booking_page.see_other import see_other
from bookonce.booking_page.submission import check_form
from bookonce.booking_page.views.booking_words import changes_of, series_of_page, ways_on, words_of
from bookonce.lib import clock
from bookonce.lib.fields import Fields
from bookonce.lib.instants import to_minutes
from bookonce.lib.languages import current
from bookonce.lib.problem import STATUS, as_refusal
from bookonce.scheduling import errors
from bookonce.scheduling.cancel import LONGEST_REASON, cancel
from bookonce.scheduling.embedding import origins_of_booking
from bookonce.scheduling.events import GUEST
from bookonce.scheduling.request_link import request_link

ManageView = Callable[[HttpRequest, Shown], HttpResponse]


def by_token(view: ManageView) -> Callable[..., HttpResponse]:
    """Fetch the booking of the manage link, or 404; a refusal is told on the booking's page."""

    @csrf_exempt
    @counting_misses
    @in_frame(origins_of_booking)
    @wraps(view)
    def with_booking(request: HttpRequest, token: str) -> HttpResponse:
        try:
            shown = get_by_token(token, now=clock.now())
        except errors.NotFound as missing:
            raise Http404 from missing
        settle_for_booking(request, shown.booking.language, shown.booking.appointment.calendar.language)
        try:
            if request.method == "POST":
                check_form(request)
                count_try("changes", request, now=shown.now)
            return view(request, shown)
        except errors.RateLimited as refused:
            return too_many(request, refused)
        except errors.SchedulingError as refused:
            response = show_booking(request, shown, notice=str(refused), status=STATUS.get(refused.code, 409))
            return as_refusal(response, refused.code)

    return with_booking


def show_booking(
    request: HttpRequest,
    shown: Shown,
    *,
    notice: str = "",
    another: str = "",
    asked: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a booking; `another` is where this browser may book once more."""
    upcoming = shown.stage is Stage.UPCOMING
    just_booked, requested = "booked" in request.GET and upcoming, shown.answer_by if upcoming else None
    onward = find_onward(shown) if just_booked else None
    context = words_of(shown) | {
        "notice": notice,
        "another": another,
        "asked": asked or request.GET.get("asked", ""),
        "just_booked": just_booked,
        "moved": "moved" in request.GET and upcoming,
        "just_cancelled": "cancelled" in request.GET and shown.stage is Stage.CANCELLED,
        "requested": requested,
        "onward": onward,
    }
    if onward and not is_framed(request):
        return render(request, "booking_page/onward.html", context, status=status)
    context |= changes_of(shown) | series_of_page(shown, files=not just_booked)
    if not just_booked:
        history = history_of(shown)
        context |= {"history": history.lines, "withdrawn": history.withdrawn} | ways_on(
            shown, by_guest=history.by_guest
        )
    return render(request, "booking_page/booking.html", context, status=status)


@require_safe
@by_token
def show_manage(request: HttpRequest, shown: Shown) -> HttpResponse:
    """See the booking."""
    return show_booking(request, shown)


@require_http_methods(["GET", "HEAD", "POST"])
@by_token
def cancel_booking(request: HttpRequest, shown: Shown) -> HttpResponse:
    """Ask once more, then cancel; a link that was used stays used, unless its rules reopen it."""
    if shown.stage is Stage.CANCELLED:
        return see_other(shown.path)
    if shown.stage is not Stage.UPCOMING:
        raise errors.TooLate
    if closed := shown.rules.cancelling(to_minutes(shown.now)).closed:
        raise errors.CancellingClosed(closed)
    fields = Fields({"reason": request.POST.get("reason", "")})
    reason = fields.text("reason", most=LONGEST_REASON, lines=True)
    if request.method == "POST" and not fields.errors:
        cancel(shown.booking.pk, by=GUEST, now=shown.now, reason=reason)
        return see_other(f"{shown.path}?cancelled=1")
    context = words_of(shown) | {
        "requested": shown.answer_by,
        "form": ReasonForm(request.POST.dict() if fields.errors else None, fields.errors),
    }
    return render(request, "booking_page/cancel.html", context, status=422 if fields.errors else 200)


@require_POST
@by_token
def ask_again(request: HttpRequest, shown: Shown) -> HttpResponse:
    """When it is over or will not be: ask the owner for a new link, as the guest of this booking."""
    booking = shown.booking
    if booking.link_id is None or not shown.may_ask:
        raise errors.TooLate
    count_try("requests", request, now=shown.now)
    sent = {"name": booking.name, "email": booking.email, "message": request.POST.get("message", "")}
    first = request_link(booking.link_id, sent, now=shown.now, language=current())
    return see_other(f"{shown.path}?asked={'sent' if first else 'waiting'}")


@require_safe
@by_token
def download_file(_request: HttpRequest, shown: Shown) -> HttpResponse:
    """The appointment as a calendar file; cancelled ones say so."""
    return _calendar_file(shown, "attachment")


@require_safe
@by_token
def open_file(_request: HttpRequest, shown: Shown) -> HttpResponse:
    """The same, to be opened: Apple's browsers then show it in Calendar instead of keeping a file.

    No `webcal:` address: that one subscribes to a calendar instead of adding an appointment.
    """
    return _calendar_file(shown, "inline")


def _calendar_file(shown: Shown, disposition: str) -> HttpResponse:
    from bookonce.messages.appointment_file import appointment_file

    return HttpResponse(
        appointment_file(shown.booking),
        content_type="text/calendar; charset=utf-8; method=PUBLISH",
        headers={"Content-Disposition": f'{disposition}; filename="appointment.ics"'},
    )
