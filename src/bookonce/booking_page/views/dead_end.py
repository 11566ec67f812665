"""Pages where nothing can be booked, and the way to ask for a new link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from bookonce.booking_page import cookies
from bookonce.booking_page.bookings import find_by_id
from bookonce.booking_page.choice import held_address
from bookonce.booking_page.dead_ends import dead_end
from bookonce.booking_page.doors import Visit, read_offered
from bookonce.booking_page.forms import AskForm
from bookonce.booking_page.limits import count_try, too_many
from bookonce.booking_page.see_other import see_other
from bookonce.booking_page.submission import check_origin, check_unseen
from bookonce.booking_page.views.guest_json import only
from bookonce.booking_page.views.manage import show_booking
from bookonce.lib.languages import current
from bookonce.lib.problem import STATUS, as_refusal
from bookonce.scheduling.errors import (
    Busy,
    CalendarDeleted,
    CalendarPaused,
    InProgress,
    Invalid,
    LinkHeld,
    LinkNotOpen,
    NotFound,
    RateLimited,
    SchedulingError,
)
from bookonce.scheduling.offer import Offer, Offered, group_refusal, refusal
from bookonce.scheduling.request_link import request_link


def show_refusal(visit: Visit, refused: SchedulingError, offer: Offered | None = None) -> HttpResponse:
    """The page for this refusal at this address; the browser that booked here sees its booking instead."""
    if isinstance(refused, NotFound):
        raise Http404
    offer = offer or read_offered(visit)
    booking_id = cookies.find_booking_id(visit)
    if booking_id and offer.link and refused.code in STATES:
        shown = find_by_id(booking_id, link_id=offer.link.id, now=visit.now)
        if shown:
            # A form that was sent is refused all the same.
            status = STATUS[refused.code] if visit.request.method == "POST" else 200
            return show_booking(visit.request, shown, status=status)
    return _page(visit, refused, offer)


STATES = {"link_used", "link_expired", "link_revoked", "calendar_deleted", "calendar_paused", "link_held"}
WAITING = (
    _("This takes longer than it should"),
    _("Reload this page to send it again. Whatever happened, you will not be booked twice."),
)


def show_plain_refusal(request: HttpRequest, refused: SchedulingError) -> HttpResponse:
    """The page for a refusal that has nothing to do with an address: busy, another site, an unknown token."""
    if isinstance(refused, NotFound):
        raise Http404
    if isinstance(refused, RateLimited):
        return too_many(request, refused)
    title, advice = WAITING if isinstance(refused, Busy | InProgress) else (str(refused), "")
    response = render(
        request,
        "booking_page/refused.html",
        {"title": title, "advice": advice},
        status=STATUS.get(refused.code, 409),
    )
    return as_refusal(response, refused.code)


@only("POST")
def ask(visit: Visit) -> HttpResponse:
    """Ask the owner for a new link; asking twice while the first waits changes nothing."""
    try:
        return _ask(visit)
    except SchedulingError as refused:
        return show_plain_refusal(visit.request, refused)


def _ask(visit: Visit) -> HttpResponse:
    check_origin(visit.request)
    offer = read_offered(visit)
    if offer.link is None:
        raise NotFound
    refused = refusal(offer, visit.seconds)
    if isinstance(refused, CalendarDeleted | CalendarPaused | LinkHeld | LinkNotOpen):
        return _page(visit, refused, offer)
    sent = {name: visit.request.POST.get(name, "") for name in ("name", "email", "message")}
    try:
        check_unseen(visit.request)
        count_try("requests", visit.request, now=visit.now)
        first = request_link(offer.link.id, sent, now=visit.now, language=current())
    except Invalid as wrong:
        return _page(visit, refused, offer, values=sent, errors=wrong.errors)
    return see_other(held_address(visit.path, visit.hold, asked="sent" if first else "waiting"))


def _page(
    visit: Visit,
    refused: SchedulingError | Exception | None,
    offer: Offered,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
) -> HttpResponse:
    asked = visit.request.GET.get("asked", "")
    if isinstance(refused, SchedulingError):
        words, status = dead_end(refused, offer), STATUS.get(refused.code, 409)
    else:
        words, status = None, 200
    context = {
        "end": words,
        "asked": asked,
        "owner_name": offer.owner,
        "owner_words": offer.contact_text,
        "look": offer.look,
        "menu": _menu(visit, offer),
        "ask_path": held_address(f"{visit.path}/ask", visit.hold),
        "ask_form": AskForm(values, errors),
        "ask_open": bool(errors),
    }
    response = render(visit.request, "booking_page/dead_end.html", context, status=422 if errors else status)
    return as_refusal(response, refused.code) if isinstance(refused, SchedulingError) else response


def _menu(visit: Visit, offer: Offered) -> str:
    """Where another calendar can be chosen; "" where there is no group, or all of it is closed."""
    if not isinstance(offer, Offer) or offer.group is None or group_refusal(offer):
        return ""
    return held_address(visit.path, visit.hold)
