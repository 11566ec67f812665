"""The page on which a time is chosen, and the step for one's details."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from bookonce.booking_page import empty_pages
from bookonce.booking_page.choice import Choice, address, held_address, is_listed, parse_choice
from bookonce.booking_page.doors import Visit
from bookonce.booking_page.forms import AskForm, GuestForm
from bookonce.booking_page.kept_time import kept_time
from bookonce.booking_page.local_times import LocalClock
from bookonce.booking_page.month import Find, lay_out, nearest, nearest_day
from bookonce.booking_page.places import places_choice
from bookonce.booking_page.series import SHORT, offered_series, repeats_words
from bookonce.booking_page.wording import day_words, offered_place, places_words, when_words
from bookonce.lib.stamps import make_stamp
from bookonce.lib.time_words import duration_words, span_words
from bookonce.lib.zones import zones_by_area
from bookonce.scheduling.link_codes import is_on_its_way
from bookonce.scheduling.offer import Offer, ask, is_offered
from bookonce.scheduling.slots import Kind

NEAREST = 6


def show_offer(visit: Visit, offer: Offer, *, another: bool = False) -> HttpResponse:
    """The month and its times, or the details step once a time is chosen."""
    choice = parse_choice(visit.request.GET.dict(), offer)
    if choice.start is None:
        return show_month(visit, offer, choice, another=another)
    if is_offered(offer, start=choice.start, duration=choice.duration, now=visit.seconds, party=choice.party):
        return show_details(visit, offer, choice, key=secrets.token_urlsafe(16))
    return show_month(visit, offer, choice, gone=True)


def show_month(
    visit: Visit,
    offer: Offer,
    choice: Choice,
    *,
    gone: bool = False,
    another: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Choose a day and a time; the first free day is already chosen."""
    clock, find, day = LocalClock(choice.timezone), _finder(visit, offer, choice), choice.day
    if day is None and gone and choice.start is not None:
        day = nearest_day(find, clock, around=choice.start, now=visit.seconds // 60)
    month = lay_out(find, clock, today=clock.today(visit.now), month=choice.month, day=day)
    if month.none_left and offer.link:
        empty_pages.note(offer.link.id, visit.request)
    context = _what(visit, offer, choice) | {
        "month": month,
        # Of the smallest party, for the only length: another choice would help as little.
        "none_left": month.none_left and choice.party == 1 and len(offer.rules.durations) == 1,
        "gone": gone,
        "elsewhere": gone and choice.start is not None and month.day != clock.read(choice.start).day,
        "faults": [sentence for sentences in choice.faults.values() for sentence in sentences],
        "places": places_choice(choice, month) if offer.rules.kind is Kind.CLASS else None,
        "durations": [(minutes, duration_words(minutes)) for minutes in offer.rules.durations],
        "areas": zones_by_area(),
        "zone_listed": is_listed(choice.timezone),
        "another": another,
        "keeps": offer.keeps_minutes > 0,
        "may_ask": offer.link is not None,
        "ask_path": held_address(f"{visit.path}/ask", choice.hold),
        "ask_form": AskForm(),
        "asked": visit.request.GET.get("asked", ""),
    }
    return render(visit.request, "booking_page/choose.html", context, status=status)


def show_details(
    visit: Visit,
    offer: Offer,
    choice: Choice,
    *,
    key: str,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
    taken: bool = False,
    code_told: str = "",
) -> HttpResponse:
    """The form that books: with its errors (422), or with the nearest free times (409).

    `code_told`: that a code was just sent, or is to be waited for.
    """
    clock, has_places = LocalClock(choice.timezone), offer.rules.kind is Kind.CLASS
    code_step = _code_step(visit, offer)
    form = GuestForm(offer, {"party": choice.party, **(values or {})}, errors, with_code=code_step == "enter")
    if code_told and code_step == "enter":
        form.fields["code"].widget.attrs["autofocus"] = True
    context = _what(visit, offer, choice) | {
        "form": form,
        "known": _known(offer, form, errors or {}),
        "key": key,
        "stamp": (values or {}).get("form") or make_stamp(visit.door.scope, visit.seconds),
        "taken": taken,
        "answer_within": span_words(offer.answer_within) if offer.needs_approval else "",
        "places_words": places_words(choice.party) if has_places and "party" not in (errors or {}) else "",
        "may_ask": offer.link is not None,
        "code_step": code_step,
        "code_told": code_told,
    }
    if choice.start is not None and not taken:
        context["when"] = when_words(clock, choice.start, choice.start + choice.duration)
        context["start"] = clock.read(choice.start).iso
        context["kept"] = kept_time(offer, choice, clock, now=visit.seconds)
        context["series"] = offered_series(offer, clock, choice.start, choice.duration)
        context["shifted"] = sum(bool(one.usual) for one in context["series"])
        context["unfolded"] = offer.rules.repeat_count <= SHORT
    else:
        around = visit.seconds // 60 if choice.start is None else choice.start
        found = nearest(_finder(visit, offer, choice), clock, around=around, count=NEAREST)
        context["nearest"] = [(time, day_words(clock.date_of(time))) for time in found]
    status = 409 if taken else 422 if errors else 200
    return render(visit.request, "booking_page/details.html", context, status=status)


def _code_step(visit: Visit, offer: Offer) -> str:
    """Where the link is locked by a code: ask for it first, or `enter` the one that is on its way."""
    if offer.link is None or not offer.link.needs_code:
        return ""
    return "enter" if is_on_its_way(offer.link.id, now=visit.now) else "ask"


def _finder(visit: Visit, offer: Offer, choice: Choice) -> Find:
    query = partial(ask, offer, duration=choice.duration, now=visit.seconds, party=choice.party)

    def find(start: int, end: int) -> dict[int, int | None]:
        asked = query(start=start, end=end)
        starts = asked.starts()
        return dict.fromkeys(starts) | asked.seats_left(starts)

    return find


def _what(visit: Visit, offer: Offer, choice: Choice) -> dict[str, Any]:
    return {
        "path": address(visit.path),
        "choice": choice,
        "offer": offer,
        "accent": offer.accent,
        "place": offered_place(offer.location_kind, offer.location),
        "length": duration_words(choice.duration),
        "repeats": repeats_words(offer.rules.repeats, offer.rules.repeat_count),
        "back": choice.query(),
        "menu": held_address(visit.path, choice.hold) if offer.group else "",
    }


def _known(offer: Offer, form: GuestForm, errors: Mapping[str, Sequence[str]]) -> set[str]:
    """Fields that the link already knows: shown as text with "edit" while nothing is wrong with them."""
    if offer.link is None:
        return set()
    recipient = offer.link
    given = {
        "name": recipient.recipient_name,
        "email": recipient.known_email,
        "phone": recipient.recipient_phone,
    }
    return {name for name, value in given.items() if value and name in form.fields and name not in errors}
