"""Keep the chosen time while the guest completes the form. Only a POST does: who looks, holds nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.crypto import salted_hmac

from bookonce.booking_page.choice import address, carry, parse_choice
from bookonce.booking_page.doors import Visit, read_offered
from bookonce.booking_page.limits import count_hold
from bookonce.booking_page.see_other import see_other
from bookonce.booking_page.submission import FilledUnseen, check_form, check_origin, read_json
from bookonce.booking_page.views.choosing import show_month
from bookonce.booking_page.views.dead_end import show_plain_refusal, show_refusal
from bookonce.booking_page.views.guest_json import as_problems, only
from bookonce.booking_page.views.menu import show_menu
from bookonce.lib.bodies import FORM, JSON
from bookonce.lib.client_address import client_network
from bookonce.lib.instants import from_minutes, from_seconds, iso
from bookonce.lib.problem import problem
from bookonce.lib.stamps import read_stamp
from bookonce.scheduling import errors
from bookonce.scheduling.hold_time import KNOWN, hold_time
from bookonce.scheduling.offer import Menu
from bookonce.scheduling.visitor_holds import Kept

KEPT = ("calendar", "timezone", "party", "duration", "host", "start")  # in the address of the next page


@only("POST")
def keep_time(visit: Visit) -> HttpResponse:
    """Hold a time, answering a program in JSON and a form with the page of its details."""
    if visit.request.content_type == JSON:
        return hold_by_json(visit)
    if visit.request.content_type == FORM:
        return hold_by_form(visit)
    return problem("invalid", "Send JSON or a form.", {"body": [f"Send {JSON} or {FORM}."]})


@as_problems
def hold_by_json(visit: Visit) -> HttpResponse:
    """The token of the hold, and until when it lasts."""
    check_origin(visit.request)
    kept = _keep(visit, read_json(visit.request))
    told = {
        "hold": kept.token,
        "start": iso(from_minutes(kept.start)),
        "end": iso(from_minutes(kept.start + kept.duration)),
        "expires_at": iso(from_seconds(kept.expires_at)),
    }
    return JsonResponse(told, status=201)


def hold_by_form(visit: Visit) -> HttpResponse:
    """Go on to the details; also without a hold, where this visitor can't have one."""
    post = visit.request.POST
    raw = {name: str(post[name]) for name in KNOWN if post.get(name)}
    try:
        check_form(visit.request)
        kept = _keep(visit, raw)
    except (errors.TooManyHolds, errors.RateLimited, errors.Conflict):
        return _to_details(visit, raw)
    except errors.SchedulingError as refused:
        return _refused(visit, refused, raw)
    return _to_details(visit, raw | {"hold": kept.token})


def _keep(visit: Visit, raw: Mapping[str, Any]) -> Kept:
    count_hold(visit.door.scope if visit.door.kind == "link" else None, visit.request, now=visit.now)
    stamp = read_stamp(visit.door.scope, raw.get("form"))
    return hold_time(visit.door, raw, visitor=_visitor(visit), now=visit.now, stamp=stamp)


def _to_details(visit: Visit, raw: Mapping[str, str]) -> HttpResponse:
    further = {name: raw[name] for name in (*KEPT, "hold") if name in raw}
    return see_other(address(visit.path) + carry(visit.request.POST, **further))


def _refused(visit: Visit, refused: errors.SchedulingError, raw: Mapping[str, Any]) -> HttpResponse:
    """Choose again, seeing why; or the page of a door that is closed."""
    if not isinstance(refused, errors.Invalid | errors.SlotTaken):
        if isinstance(refused, errors.Busy) or refused.code == "forbidden":
            return show_plain_refusal(visit.request, refused)
        return show_refusal(visit, refused)
    offered = read_offered(visit, visit.door.choosing(raw.get("calendar")).holding(raw.get("hold")))
    if isinstance(offered, Menu):
        return show_menu(visit, offered, status=422)
    taken = isinstance(refused, errors.SlotTaken)
    choice = parse_choice(visit.request.POST, offered, prefill=visit.request.POST)
    if isinstance(refused, FilledUnseen):
        choice.faults.update({name: list(told) for name, told in refused.errors.items()})
    return show_month(visit, offered, choice, gone=taken, status=409 if taken else 422)


def _visitor(visit: Visit) -> str:
    """Where they come from, as a number that tells nothing else; "" where clients can't be told apart."""
    network = client_network(visit.request) if settings.BOOKONCE.rate_limits else None
    return salted_hmac("visitor", network, algorithm="sha256").hexdigest() if network else ""
