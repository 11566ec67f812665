"""What search engines and assistants read of a public page; nothing where a link is for one booking.

Says no more than the page itself shows, and names no other address than the one it stands at.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from bookonce.booking_page.choice import Choice, address
from bookonce.booking_page.doors import Visit
from bookonce.scheduling.offer import Menu, Offer

NOTHING: dict[str, Any] = {}
# What ends a script, opens a comment or is an entity, within JSON (as HTML 4.12.1.3 advises).
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


@dataclass(frozen=True)
class ForMachines:
    """`canonical` is "" where search engines are not to list the page."""

    data: SafeString
    canonical: str = ""


def of_calendar(visit: Visit, offer: Offer, choice: Choice) -> dict[str, Any]:
    """For the page on which a time of the calendar is chosen, and for the headers of its reply."""
    if not offer.public or _is_framed(visit):
        return NOTHING
    provider = "Person" if offer.hosts and offer.owner == offer.hosts[0].name else "Organization"
    data = _service(visit, offer.calendar_name, {"@type": provider, "name": offer.owner})
    if offer.description and not offer.look.hides_description:
        data["description"] = offer.description
    listed = offer.searchable and visit.door.kind == "slug" and offer.group is None and choice.start is None
    if listed:
        vars(visit.request)["is_searchable"] = True  # read by lib/headers.py
    return {"machines": ForMachines(in_a_script(data), _here(visit) if listed else "")}


def of_menu(visit: Visit, menu: Menu) -> dict[str, Any]:
    """For the menu of a group."""
    if menu.link is not None or _is_framed(visit):
        return NOTHING
    data = _service(visit, menu.name, {"@type": "Organization", "name": menu.owner})
    if menu.description:
        data["description"] = menu.description
    return {"machines": ForMachines(in_a_script(data))}


def in_a_script(data: dict[str, Any]) -> SafeString:
    """JSON that stands in a <script>: no text in it can end the script, or open a comment there."""
    return mark_safe(json.dumps(data, separators=(",", ":")).translate(_ESCAPES))  # noqa: S308


def _service(visit: Visit, name: str, provider: dict[str, Any]) -> dict[str, Any]:
    """schema.org: a service that can be reserved here."""
    here = _here(visit)
    target = {"@type": "EntryPoint", "urlTemplate": here}
    return {
        "@context": "https://schema.org",
        "@type": "Service",
        "name": name,
        "provider": provider,
        "url": here,
        "potentialAction": {"@type": "ReserveAction", "target": target},
    }


def _here(visit: Visit) -> str:
    return f"{settings.BOOKONCE.base_url}{address(visit.path)}"


def _is_framed(visit: Visit) -> bool:
    return getattr(visit.request, "frame", None) is not None
