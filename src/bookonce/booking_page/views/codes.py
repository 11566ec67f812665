"""A code by mail: asked for by a button of the details step, or by a program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpResponse, JsonResponse

from bookonce.booking_page.choice import address, parse_choice
from bookonce.booking_page.doors import Visit, read_offered
from bookonce.booking_page.languages import wanted_language
from bookonce.booking_page.limits import count_try
from bookonce.booking_page.see_other import see_other
from bookonce.booking_page.submission import check_form, check_origin, read_json
from bookonce.booking_page.typed import typed
from bookonce.booking_page.views.dead_end import show_plain_refusal, show_refusal
from bookonce.booking_page.views.details import show_details
from bookonce.booking_page.views.door import show_form_again, show_form_to_wait
from bookonce.booking_page.views.guest_json import as_problems, only
from bookonce.lib.bodies import FORM
from bookonce.lib.fields import Fields
from bookonce.lib.instants import iso
from bookonce.lib.languages import current
from bookonce.lib.stamps import read_stamp
from bookonce.scheduling import errors
from bookonce.scheduling.guest_codes import send_guest_code
from bookonce.scheduling.link_codes import send_code
from bookonce.scheduling.mail_codes import OF_GUESTS, OF_LINKS, Sent
from bookonce.scheduling.offer import Menu

KNOWN = ("form", "hold")  # of a program
KNOWN_OF_GUESTS = (*KNOWN, "calendar", "email")


@only("POST")
def ask_for_code(visit: Visit) -> HttpResponse:
    """Send a code to the link's recipient, or to who wants to book; what was typed stays in the form."""
    return _from_form(visit) if visit.request.content_type == FORM else _from_program(visit)


@as_problems
def _from_program(visit: Visit) -> HttpResponse:
    check_origin(visit.request)
    body = read_json(visit.request) if visit.request.body else {}
    fields = Fields(body)
    fields.only(KNOWN if visit.door.kind == "link" else KNOWN_OF_GUESTS)
    if fields.errors:
        raise errors.Invalid(fields.errors)
    sent = _send(visit, body)
    return JsonResponse({"valid_until": iso(sent.expires_at)}, status=202)


def _from_form(visit: Visit) -> HttpResponse:
    values = typed(visit.request.POST)
    visit = replace(visit, door=visit.door.choosing(values.get("calendar")).holding(values.get("hold")))
    told = "sent"
    try:
        check_form(visit.request)
        _send(visit, values)
    except errors.RateLimited as refused:
        if refused.name not in (OF_LINKS.limit, OF_GUESTS.limit):
            return show_form_to_wait(visit, refused)
        told = "waiting"  # one is on its way already
    except errors.Invalid as refused:
        return show_form_again(visit, refused)
    except (errors.Busy, errors.Conflict) as refused:
        return show_plain_refusal(visit.request, refused)
    except errors.SchedulingError as refused:
        if refused.code == "forbidden":
            return show_plain_refusal(visit.request, refused)
        return show_refusal(visit, refused)
    offer = read_offered(visit, questions=True)
    if isinstance(offer, Menu):  # the chosen calendar has left its group
        return see_other(address(visit.path))
    values["code"] = ""
    choice = parse_choice(values, offer)
    return show_details(visit, offer, choice, key=values.get("key", ""), values=values, code_told=told)


def _send(visit: Visit, fields: Mapping[str, Any]) -> Sent:
    count_try("codes", visit.request, now=visit.now)
    if visit.door.kind != "link":
        door = visit.door.choosing(fields.get("calendar") or visit.door.calendar)
        read_offered(visit, door)  # in whose language the mail is, too
        return send_guest_code(door, fields, now=visit.now, language=current())
    stamp = read_stamp(visit.door.scope, fields.get("form"))
    language = wanted_language(visit.request)
    return send_code(visit.door.holding(fields.get("hold")), now=visit.now, stamp=stamp, language=language)
