"""The menu of a group: the guest chooses a calendar first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from bookonce.booking_page import empty_pages, for_machines
from bookonce.booking_page.choice import address, carry, held_address
from bookonce.booking_page.doors import Visit
from bookonce.booking_page.forms import AskForm
from bookonce.booking_page.wording import Place, offered_place
from bookonce.lib.time_words import duration_words
from bookonce.scheduling.menu import Menu, MenuItem


@dataclass(frozen=True)
class Choosable:
    """A calendar of the menu, in words."""

    item: MenuItem
    href: str
    lengths: str
    place: Place | None


def show_menu(
    visit: Visit, menu: Menu, *, kept: Sequence[tuple[str, str]] = (), status: int = 200
) -> HttpResponse:
    """The calendars of the group that take bookings.

    `kept` is what the guest typed for a calendar that is no longer among them: it goes along to the next.
    """
    if menu.link and not menu.items:
        empty_pages.note(menu.link.id, visit.request)
    context = for_machines.of_menu(visit, menu) | {
        "path": address(visit.path),
        "menu": menu,
        "choosable": [_choosable(visit, item) for item in menu.items],
        "look": menu.look,
        "unknown": bool(visit.door.calendar),
        "kept": kept,
        "may_ask": menu.link is not None,
        "ask_path": held_address(f"{visit.path}/ask", visit.hold),
        "ask_form": AskForm(),
        "asked": visit.request.GET.get("asked", ""),
    }
    return render(visit.request, "booking_page/menu.html", context, status=status)


def _choosable(visit: Visit, item: MenuItem) -> Choosable:
    return Choosable(
        item,
        address(visit.path) + carry(visit.request.GET, calendar=item.key),
        ", ".join(duration_words(minutes) for minutes in item.durations),
        offered_place(item.location_kind, item.location),
    )
