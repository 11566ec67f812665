"""Choose a time zone: a page of its own, which scripts show above the days."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from bookonce.booking_page.choice import Choice
from bookonce.booking_page.doors import Visit
from bookonce.booking_page.views.page_words import what_words
from bookonce.booking_page.zones import zones_now
from bookonce.scheduling.offer import Offer


def show_zones(visit: Visit, offer: Offer, choice: Choice) -> HttpResponse:
    """Every zone with the time it is there; leads back to the days that were shown."""
    context = what_words(visit, offer, choice) | {
        "areas": zones_now(visit.seconds // 60, choice.timezone),
        "keep": choice.query(**choice.where),
    }
    return render(visit.request, "booking_page/zones.html", context)
