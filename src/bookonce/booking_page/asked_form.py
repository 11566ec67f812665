"""What a booking has to bring along, told to programs: the same that the form asks people for."""

from __future__ import annotations

from typing import Any

from bookonce.scheduling.answers import Asked
from bookonce.scheduling.further_guests import COUNT, DETAILS, asks_how_many
from bookonce.scheduling.menu import Menu
from bookonce.scheduling.offer import Offer
from bookonce.scheduling.slots import Kind


def told_form(offer: Offer) -> dict[str, Any]:
    """What `POST {link}/book` asks for here; nothing of the recipient whom the link may know."""
    consent = {"version": offer.consent_version, "text": offer.consent_text} if offer.consent_id else None
    return {
        "calendar": {"name": offer.calendar_name, "owner": offer.owner},
        "timezone": offer.zone,
        "durations": list(offer.rules.durations),
        "required": _required(offer),
        "questions": [_question(asked) for asked in offer.asked],
        "notes": offer.asks_notes,
        "further_guests": _further_guests(offer),
        "places": {"most": offer.most_places} if offer.rules.kind is Kind.CLASS else None,
        "consent": consent,
    }


def told_menu(menu: Menu) -> dict[str, Any]:
    """The calendars of a group: what `calendar` may be."""
    return {
        "group": {"name": menu.name, "owner": menu.owner},
        "calendars": [
            {"calendar": item.key, "name": item.name, "owner": item.owner, "durations": list(item.durations)}
            for item in menu.items
        ],
    }


def _required(offer: Offer) -> list[str]:
    """The guest's own members that can't be left out, beside `start`."""
    link = offer.link
    needed = {
        "name": not (link and link.recipient_name),
        "email": not (link and (link.known_email or link.needs_code)),
        "code": bool(link and link.needs_code),
        "phone": offer.location_kind == "phone" and not (link and link.recipient_phone),
        "location": offer.location_kind == "ask",
        "consent": offer.consent_id is not None,
        "altcha": offer.asks_proof,
    }
    return [name for name, is_needed in needed.items() if is_needed]


def _question(asked: Asked) -> dict[str, Any]:
    told = {"key": asked.key, "kind": asked.kind, "label": asked.label, "help": asked.help}
    choices = {"choices": list(asked.choices)} if asked.choices else {}
    return told | {"required": asked.required} | choices


def _further_guests(offer: Offer) -> dict[str, Any] | None:
    if asks_how_many(offer):
        return {"asked": COUNT, "most": offer.most_guests}
    if offer.further_guests == DETAILS:
        return {"asked": DETAILS, "most": offer.most_guests}
    return None
