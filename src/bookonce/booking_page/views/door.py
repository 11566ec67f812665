"""What happens at a calendar's address: pages for people, JSON for programs."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse

from bookonce.booking_page import cookies, opens
from bookonce.booking_page.bookings import find_by_id, find_manage_token
from bookonce.booking_page.choice import parse_choice
from bookonce.booking_page.doors import Visit, read_offered
from bookonce.booking_page.limits import as_too_many, send_again_words
from bookonce.booking_page.see_other import see_other
from bookonce.booking_page.submission import book_here, check_form, read_key
from bookonce.booking_page.typed import kept, read_form, typed
from bookonce.booking_page.views.choosing import show_offer
from bookonce.booking_page.views.dead_end import show_plain_refusal, show_refusal
from bookonce.booking_page.views.details import show_details
from bookonce.booking_page.views.guest_json import book_by_json, only
from bookonce.booking_page.views.manage import show_booking
from bookonce.booking_page.views.menu import show_menu
from bookonce.lib.bodies import FORM, JSON
from bookonce.lib.problem import problem
from bookonce.lib.stamps import read_stamp
from bookonce.scheduling import errors
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.offer import Menu, refusal

STAYING = (errors.Busy, errors.InProgress)  # the same form may be sent again


@only("GET", "HEAD")
def show_page(visit: Visit) -> HttpResponse:
    """Choose a time; or why not; or, in the browser that booked here, its booking. Writes nothing."""
    try:
        offered = read_offered(visit, questions="start" in visit.request.GET)
    except errors.NotFound as missing:
        return show_plain_refusal(visit.request, missing)
    if offered.link:
        opens.count(offered.link.id, visit.request, now=visit.now)
    refused = refusal(offered, visit.seconds)
    if refused:
        return show_refusal(visit, refused, offered)
    booking_id = cookies.find_booking_id(visit)
    if booking_id and offered.link and not visit.request.GET:
        shown = find_by_id(booking_id, link_id=offered.link.id, now=visit.now)
        if shown and shown.stage != "cancelled":
            return show_booking(visit.request, shown, another=f"{visit.path}?another=1")
    return show_menu(visit, offered) if isinstance(offered, Menu) else show_offer(visit, offered)


@only("POST")
def take_booking(visit: Visit) -> HttpResponse:
    """Book, answering a program in JSON and a form with a page."""
    if visit.request.content_type == JSON:
        return book_by_json(visit)
    if visit.request.content_type == FORM:
        return book_by_form(visit)
    return problem("invalid", "Send JSON or a form.", {"body": [f"Send {JSON} or {FORM}."]})


def book_by_form(visit: Visit) -> HttpResponse:
    """Book and lead to the confirmation: the same one again when the form is sent twice."""
    retry: Idempotency | None = None
    raw = read_form(visit.request.POST)
    visit = replace(visit, door=visit.door.choosing(raw.get("calendar")).holding(raw.get("hold")))
    try:
        check_form(visit.request)
        retry = read_key(visit, visit.request.POST.get("key") or None, raw)
        stamp = read_stamp(visit.door.scope, raw.get("form"))
        booked = book_here(visit, raw, stamp=stamp, retry=retry)
    except errors.SchedulingError as refused:
        return _refused(visit, refused, retry)
    response = see_other(f"/m/{booked.manage_token}?booked=1" if booked.manage_token else visit.path)
    cookies.remember(response, visit, booked.public_id)
    return response


def _refused(visit: Visit, refused: errors.SchedulingError, retry: Idempotency | None) -> HttpResponse:
    """The one place where refusals of the form become pages."""
    if isinstance(refused, errors.IdempotencyMismatch):
        token = find_manage_token(retry)
        return see_other(f"/m/{token}" if token else visit.path)
    if isinstance(refused, errors.RateLimited):
        return show_form_to_wait(visit, refused)
    if isinstance(refused, errors.Invalid | errors.SlotTaken):
        return show_form_again(visit, refused)
    if isinstance(refused, STAYING) or refused.code == "forbidden":
        return show_plain_refusal(visit.request, refused)
    return show_refusal(visit, refused)


def show_form_to_wait(visit: Visit, refused: errors.RateLimited) -> HttpResponse:
    """The form as it was sent, and when to send it again; nothing of it where nothing can be booked."""
    try:
        closed = refusal(read_offered(visit), visit.seconds)
    except errors.NotFound as missing:
        closed = missing
    if closed:
        return show_plain_refusal(visit.request, refused)
    return as_too_many(show_form_again(visit, errors.Invalid({"form": [send_again_words(refused)]})), refused)


def show_form_again(visit: Visit, refused: errors.Invalid | errors.SlotTaken) -> HttpResponse:
    """The form as it was sent, with what is to be mended or chosen anew."""
    offered, post = read_offered(visit, questions=True), visit.request.POST
    if isinstance(offered, Menu):
        return show_menu(visit, offered, kept=kept(post), status=422)
    return show_details(
        visit,
        offered,
        parse_choice(post.dict(), offered),
        key=post.get("key", ""),
        values=typed(post),
        errors=refused.errors if isinstance(refused, errors.Invalid) else None,
        taken=isinstance(refused, errors.SlotTaken),
    )
