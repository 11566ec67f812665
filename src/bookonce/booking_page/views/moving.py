"""Choose another time for a booking."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookonce.booking_page.bookings import Shown
from bookonce.booking_page.choice import Choice, parse_choice
from bookonce.booking_page.days import not_free, shown_days, switches, with_notes
from bookonce.booking_page.forms import ReasonForm
from bookonce.booking_page.local_times import LocalClock
from bookonce.booking_page.month import Find, nearest_day
from bookonce.booking_page.see_other import see_other
from bookonce.booking_page.views.manage import by_token
from bookonce.booking_page.wording import when_words
from bookonce.booking_page.zones import city_of, zones_now
from bookonce.lib.fields import Fields
from bookonce.lib.instants import from_minutes, to_minutes, to_seconds
from bookonce.scheduling import errors
from bookonce.scheduling.cancel import LONGEST_REASON
from bookonce.scheduling.events import GUEST
from bookonce.scheduling.reschedule import Move, free_moves, get_move, reschedule


@require_http_methods(["GET", "HEAD", "POST"])
@by_token
def reschedule_booking(request: HttpRequest, shown: Shown) -> HttpResponse:
    """Choose another time, look at it, then move; never needs or spends the one-time link."""
    _check_movable(shown)
    move = get_move(shown.booking.pk)
    given = (request.POST if request.method == "POST" else request.GET).dict()
    given.pop("party", None)  # all the booking's places move
    choice = parse_choice({"timezone": shown.booking.timezone, **given}, move.offer)
    if request.method == "POST":
        return _move(request, shown, move, choice)
    return _ask(request, shown, move, choice, ReasonForm())


def _ask(
    request: HttpRequest, shown: Shown, move: Move, choice: Choice, form: ReasonForm, status: int = 200
) -> HttpResponse:
    """Whether to move it there, and why."""
    start = choice.start
    if start is None:
        return (_zones if request.GET.get("zones") else _choose)(request, shown, move, choice)
    if not _finder(shown, move)(start, start + 1):
        return _choose(request, shown, move, choice, gone=True)
    new = when_words(LocalClock(choice.timezone), start, start + move.duration)
    context = _what(shown, choice) | {"new": new, "form": form}
    return render(request, "booking_page/move.html", context, status=status)


def _move(request: HttpRequest, shown: Shown, move: Move, choice: Choice) -> HttpResponse:
    if choice.start is None:
        return _choose(request, shown, move, choice, status=422)
    if choice.start == shown.start:
        return see_other(shown.path)  # sent twice
    fields = Fields({"reason": request.POST.get("reason", "")})
    reason = fields.text("reason", most=LONGEST_REASON, lines=True)
    if fields.errors:
        form = ReasonForm(request.POST.dict(), fields.errors)
        return _ask(request, shown, move, choice, form, status=422)
    try:
        reschedule(shown.booking.pk, from_minutes(choice.start), by=GUEST, now=shown.now, reason=reason)
    except errors.SlotTaken:
        return _choose(request, shown, move, choice, gone=True, status=409)
    return see_other(f"{shown.path}?moved=1")


def _check_movable(shown: Shown) -> None:
    if shown.stage != "upcoming":
        raise errors.TooLate
    calendar = shown.booking.appointment.calendar
    if calendar.deleted_at is not None:
        raise errors.CalendarDeleted
    if calendar.paused_at is not None:
        raise errors.CalendarPaused
    if closed := shown.rules.rescheduling(to_minutes(shown.now)).closed:
        raise errors.ReschedulingClosed(closed)


def _choose(
    request: HttpRequest, shown: Shown, move: Move, choice: Choice, *, gone: bool = False, status: int = 200
) -> HttpResponse:
    clock = LocalClock(choice.timezone)
    find, day = _finder(shown, move), choice.day
    if day is None and choice.start is not None:
        day = nearest_day(find, clock, around=choice.start, now=to_minutes(shown.now))
    today, calendars = clock.today(shown.now), LocalClock(move.offer.zone)
    month = shown_days(find, clock, choice, layout=move.offer.layout, today=today, day=day)
    faults = [*choice.told_faults, *not_free(choice, month)]
    if status == 422 and not faults:
        faults = [_("Choose a time.")]
    context = _what(shown, choice) | {
        **with_notes(month, clock, calendars, today=today),
        **switches(choice, month),
        "zone_city": city_of(choice.timezone),
        "zone_now": clock.read(to_minutes(shown.now)),
        "zones": choice.query(zones="1", **choice.where),
        "gone_start": clock.read(choice.start).iso if gone and choice.start is not None else "",
        "gone": gone,
        "elsewhere": gone and choice.start is not None and month.day != clock.read(choice.start).day,
        "faults": faults,
        "offer": move.offer,
        "picks_gone": bool(move.offer.rules.picked) and month.none_left,
    }
    return render(request, "booking_page/reschedule.html", context, status=status)


def _zones(request: HttpRequest, shown: Shown, _move: Move, choice: Choice) -> HttpResponse:
    """Choose the zone in which the times are shown."""
    areas = zones_now(to_minutes(shown.now), choice.timezone)
    context = _what(shown, choice) | {"areas": areas, "keep": choice.query(**choice.where)}
    return render(request, "booking_page/zones.html", context)


def _what(shown: Shown, choice: Choice) -> dict[str, object]:
    return {
        "shown": shown,
        "when": when_words(LocalClock(choice.timezone), shown.start, shown.end),
        "choice": choice,
        "start": LocalClock(choice.timezone).read(choice.start).iso if choice.start is not None else "",
        "path": f"{shown.path}/reschedule",
        "back": choice.query(),
        "look": shown.look,
    }


def _finder(shown: Shown, move: Move) -> Find:
    return lambda start, end: free_moves(move, start=start, end=end, now=to_seconds(shown.now))
