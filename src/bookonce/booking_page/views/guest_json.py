"""The doors for programs: list slots and book, with nothing but the link (docs/api.md)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpResponse, JsonResponse

from bookonce.booking_page import cookies
from bookonce.booking_page.asked_form import told_form, told_menu
from bookonce.booking_page.doors import Visit, VisitView
from bookonce.booking_page.limits import count_try, too_many_json
from bookonce.booking_page.local_times import LocalClock
from bookonce.booking_page.see_other import see_other
from bookonce.booking_page.slot_list import list_slots, parse_slot_query
from bookonce.booking_page.submission import book_here, check_origin, read_json, read_key
from bookonce.lib.addresses import manage_url
from bookonce.lib.problem import problem
from bookonce.lib.stamps import make_stamp, read_stamp
from bookonce.scheduling import errors
from bookonce.scheduling.book import Booked, InSeries
from bookonce.scheduling.host_choice import choosable_hosts, host_key
from bookonce.scheduling.offer import Menu, get_offered, get_open_offer, not_chosen, refusal
from bookonce.scheduling.proofs import challenge


def as_problems(view: VisitView) -> VisitView:
    """The one place where refusals become problem+json for guests."""

    @wraps(view)
    def answer(visit: Visit) -> HttpResponse:
        try:
            return view(visit)
        except errors.RateLimited as refused:
            return too_many_json(refused)
        except errors.SchedulingError as error:
            return problem(
                error.code, str(error), error.errors if isinstance(error, errors.Invalid) else None
            )

    return answer


def only(*methods: str) -> Callable[[VisitView], VisitView]:
    """Refuse other methods, as JSON; lead who opens in a browser where forms go to the page itself."""

    def limit(view: VisitView) -> VisitView:
        @wraps(view)
        def answer(visit: Visit) -> HttpResponse:
            if visit.request.method in methods:
                return view(visit)
            if visit.request.method == "GET" and "text/html" in visit.request.headers.get("Accept", ""):
                return see_other(visit.path)
            refused = problem("method_not_allowed", f"Use {' or '.join(methods)} here.")
            refused.headers["Allow"] = ", ".join(methods)
            return refused

        return answer

    return limit


@only("GET", "HEAD")
@as_problems
def show_slots(visit: Visit) -> HttpResponse:
    """The free starts, with a stamp that says when this was read (three statements, four with limits)."""
    offer = get_open_offer(visit.door, visit.seconds)
    query = parse_slot_query(visit.request.GET.dict(), offer)
    body = {
        "timezone": query.timezone,
        "duration": query.duration,
        "form": make_stamp(visit.door.scope, visit.seconds),
    }
    if offer.asks_proof:
        body["proof"] = "altcha"
    if offer.rules.repeats:
        body["series"] = {"repeats": offer.rules.repeats, "count": offer.rules.repeat_count}
    if hosts := choosable_hosts(offer):
        body["hosts"] = [{"host": host_key(offer, host), "name": host.name} for host in hosts]
    body |= list_slots(offer, query, now=visit.seconds)
    return JsonResponse(body, json_dumps_params={"separators": (",", ":")})


@only("GET", "HEAD")
@as_problems
def show_form(visit: Visit) -> HttpResponse:
    """What a booking here brings along; of a group, until one is chosen, its calendars (two statements)."""
    offered = get_offered(visit.door, questions=True)
    refused = refusal(offered, visit.seconds)
    if refused:
        raise refused
    if isinstance(offered, Menu):
        if visit.door.calendar:
            raise not_chosen(visit.door)
        return JsonResponse(told_menu(offered))
    return JsonResponse(told_form(offered))


@only("GET", "HEAD")
@as_problems
def show_challenge(visit: Visit) -> HttpResponse:
    """A puzzle in ALTCHA's shape, whose solution a booking here brings along."""
    count_try("challenges", visit.request, now=visit.now)
    return JsonResponse(challenge(visit.door, now=visit.now))


@as_problems
def book_by_json(visit: Visit) -> HttpResponse:
    """Book; a retry with the same Idempotency-Key gets the first answer."""
    check_origin(visit.request)
    body = read_json(visit.request)
    retry = read_key(visit, visit.request.headers.get("Idempotency-Key"), body)
    stamp = read_stamp(visit.door.scope, body.get("form"))
    booked = book_here(visit, body, stamp=stamp, retry=retry)
    response = JsonResponse(_told(booked), status=201)
    cookies.remember(response, visit, booked.public_id)
    return response


def _told(booked: Booked) -> dict[str, object]:
    clock = LocalClock(booked.timezone)
    place = _place(clock, booked)
    told: dict[str, object] = {name: place[name] for name in ("id", "start", "end")} | {
        "status": booked.status,
        "manage_url": place["manage_url"],
        "calendar": {"name": booked.calendar_name, "owner": booked.owner},
    }
    return told | ({"series": [_place(clock, one) for one in booked.series]} if booked.series else {})


def _place(clock: LocalClock, booked: Booked | InSeries) -> dict[str, object]:
    return {
        "id": booked.public_id,
        "start": clock.read(booked.start).iso,
        "end": clock.read(booked.end).iso,
        "manage_url": manage_url(booked.manage_token) if booked.manage_token else None,
    }
