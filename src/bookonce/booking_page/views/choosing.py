"""The page on which a time is chosen."""

from __future__ import annotations

import secrets

from django.http import HttpResponse
from django.shortcuts import render

from bookonce.booking_page import empty_pages, for_machines
from bookonce.booking_page.choice import Choice, held_address, parse_choice
from bookonce.booking_page.days import not_free, shown_days, switches, with_notes
from bookonce.booking_page.doors import Visit
from bookonce.booking_page.forms import AskForm
from bookonce.booking_page.hosts import host_options
from bookonce.booking_page.local_times import LocalClock
from bookonce.booking_page.month import nearest_day
from bookonce.booking_page.places import places_choice
from bookonce.booking_page.views.details import show_details
from bookonce.booking_page.views.page_words import finder, what_words
from bookonce.booking_page.views.zones import show_zones
from bookonce.booking_page.zones import city_of
from bookonce.lib.time_words import duration_words
from bookonce.scheduling.host_choice import with_host
from bookonce.scheduling.offer import Offer, is_offered
from bookonce.scheduling.slots import Kind


def show_offer(visit: Visit, offer: Offer, *, another: bool = False) -> HttpResponse:
    """The month and its times, or the details step once a time is chosen."""
    choice = parse_choice(visit.request.GET, offer, prefill=visit.request.GET)
    if choice.start is None and visit.request.GET.get("zones"):
        return show_zones(visit, offer, choice)
    if choice.start is None:
        return show_month(visit, offer, choice, another=another)
    wanted = with_host(offer, choice.host_id)
    if is_offered(
        wanted, start=choice.start, duration=choice.duration, now=visit.seconds, party=choice.party
    ):
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
    clock, find, day = LocalClock(choice.timezone), finder(visit, offer, choice), choice.day
    if day is None and gone and choice.start is not None:
        day = nearest_day(find, clock, around=choice.start, now=visit.seconds // 60)
    today = clock.today(visit.now)
    month = shown_days(find, clock, choice, layout=offer.layout, today=today, day=day)
    if month.none_left and offer.link:
        empty_pages.note(offer.link.id, visit.request)
    context = what_words(visit, offer, choice) | {
        **for_machines.of_calendar(visit, offer, choice),
        **with_notes(month, clock, LocalClock(offer.zone), today=today),
        **switches(choice, month),
        # Of the smallest party, for the only length: another choice would help as little.
        "none_left": month.none_left and choice.asks_least and len(offer.rules.durations) == 1,
        "gone": gone,
        # The page is fetched anew in the guest's own zone, and is to say it there, too.
        "gone_start": clock.read(choice.start).iso if gone and choice.start is not None else "",
        "elsewhere": gone and choice.start is not None and month.day != clock.read(choice.start).day,
        "faults": [*choice.told_faults, *not_free(choice, month)],
        "places": places_choice(choice, month) if offer.rules.kind is Kind.CLASS else None,
        "durations": [
            (minutes, duration_words(minutes), choice.query(duration=str(minutes), **month.where))
            for minutes in offer.rules.durations
        ],
        "hosts": host_options(offer, choice, **month.where),
        "zone_city": city_of(choice.timezone),
        "zone_now": clock.read(visit.seconds // 60),
        "zones": choice.query(zones="1", **choice.where),
        "another": another,
        "keeps": offer.keeps_minutes > 0,
        "may_ask": offer.link is not None,
        "ask_path": held_address(f"{visit.path}/ask", choice.hold),
        "ask_form": AskForm(),
        "asked": visit.request.GET.get("asked", ""),
    }
    return render(visit.request, "booking_page/choose.html", context, status=status)
