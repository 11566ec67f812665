"""The step in which guests say who they are, with the time they chose in view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from bookonce.booking_page.choice import Choice, held_address
from bookonce.booking_page.clock_notes import host_moment
from bookonce.booking_page.doors import Visit
from bookonce.booking_page.forms import GuestForm
from bookonce.booking_page.kept_time import kept_time
from bookonce.booking_page.local_times import LocalClock
from bookonce.booking_page.month import nearest
from bookonce.booking_page.series import SHORT, offered_series
from bookonce.booking_page.typed import prefilled
from bookonce.booking_page.views.page_words import finder, what_words
from bookonce.booking_page.wording import places_words, when_words
from bookonce.lib import proofs
from bookonce.lib.date_words import day_words
from bookonce.lib.stamps import make_stamp
from bookonce.lib.time_words import city_time, duration_words, span_words
from bookonce.scheduling.guest_codes import subject_of
from bookonce.scheduling.mail_codes import OF_GUESTS, OF_LINKS, is_on_its_way
from bookonce.scheduling.offer import Offer
from bookonce.scheduling.slots import Kind

NEAREST = 6
PROOF_LASTS = proofs.LIFE * 3 // 4  # seconds until the browser works out another one


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
    code_step = _code_step(visit, offer, values or {})
    shown = prefilled(visit.request.GET, offer) if values is None else _unless_changed(values, offer)
    form = GuestForm(offer, {"party": choice.party, **shown}, errors, with_code=code_step == "enter")
    if code_told and code_step == "enter":
        form.fields["code"].widget.attrs["autofocus"] = True
    context = what_words(visit, offer, choice) | {
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
        "proof_seconds": PROOF_LASTS if offer.asks_proof and code_step == "ask" else 0,
    }
    if choice.start is not None and not taken:
        context["when"] = when_words(clock, choice.start, choice.start + choice.duration)
        context["host_moment"] = host_moment(choice.start, clock, LocalClock(offer.zone))
        context["start"] = clock.read(choice.start).iso
        context["kept"] = kept_time(offer, choice, clock, now=visit.seconds)
        context["series"] = offered_series(offer, clock, choice.start, choice.duration)
        context["shifted"] = sum(bool(one.usual) for one in context["series"])
        context["unfolded"] = offer.rules.repeat_count <= SHORT
    else:
        around = visit.seconds // 60 if choice.start is None else choice.start
        found = nearest(finder(visit, offer, choice), clock, around=around, count=NEAREST)
        context["nearest_zone"] = city_time(clock.name)
        context["nearest"] = [(time, day_words(clock.date_of(time))) for time in found]
        others = (minutes for minutes in offer.rules.durations if minutes != choice.duration)
        context["other_lengths"] = [(minutes, duration_words(minutes)) for minutes in others]
        context["ask_path"] = held_address(f"{visit.path}/ask", choice.hold)
    if visit.request.method == "POST":
        start = [("start", context["start"])] if context.get("start") else []
        context["asked_again"] = (context["path"], [*choice.carried, *start])
    status = 409 if taken else 422 if errors else 200
    return render(visit.request, "booking_page/details.html", context, status=status)


def _unless_changed(values: Mapping[str, Any], offer: Offer) -> dict[str, Any]:
    """What was typed; a tick only under the very text that was read, so that nobody agrees to another one."""
    is_same = str(values.get("consent_version", "")) == str(offer.consent_version)
    return {name: value for name, value in values.items() if is_same or name != "consent"}


def _code_step(visit: Visit, offer: Offer, values: Mapping[str, Any]) -> str:
    """Where a code is needed: ask for it first, or `enter` the one that is on its way; else "".

    At a public address it goes to the address that was typed, and only who has seen its field waits for one.
    """
    coming = False
    if offer.link is not None and offer.link.needs_code:
        coming = is_on_its_way(OF_LINKS, offer.link.id, now=visit.now)
    elif not offer.asks_proof:
        return ""
    elif "code" in values:
        subject = subject_of(visit.door, offer, str(values.get("email", "")))
        coming = is_on_its_way(OF_GUESTS, subject, now=visit.now)
    return "enter" if coming else "ask"


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
