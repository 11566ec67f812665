"""Who comes along with a guest: nobody, so many, or people with a name and an address each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookonce.lib.fields import Fields
from bookonce.scheduling.offer import Offer
from bookonce.scheduling.slots import Kind

COUNT, DETAILS = "count", "details"  # Calendar.FurtherGuests
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class FurtherGuest:
    """Gets the invitation, too; the name may be missing."""

    name: str
    email: str


def asks_how_many(offer: Offer) -> bool:
    """Whether further guests are counted: not in a class, where the places say how many come."""
    return offer.further_guests == COUNT and offer.rules.kind is not Kind.CLASS


def most_named(offer: Offer, party: int) -> int:
    """So many further guests may be named; in a class each has one of the `party` places beside the guest."""
    if offer.further_guests != DETAILS:
        return 0
    return min(offer.most_guests, party - 1) if offer.rules.kind is Kind.CLASS else offer.most_guests


def read_guest_count(fields: Fields, offer: Offer) -> int:
    """How many come along, in `guest_count`, where a calendar asks for no more than that."""
    if not asks_how_many(offer):
        if fields.has("guest_count"):
            fields.fault("guest_count", _("This is not asked for here."))
        return 0
    return fields.integer("guest_count", least=0, most=offer.most_guests, default=0) or 0


def read_guests(fields: Fields, offer: Offer, party: int) -> tuple[FurtherGuest, ...]:
    """Who comes along, in `guests`: addresses, or objects with `name` and `email`; each address once.

    In a class they are fewer than the `party`, the places that are booked.
    """
    if not fields.has("guests"):
        return ()
    if offer.further_guests != DETAILS:
        fields.fault("guests", _("This is not asked for here."))
        return ()
    people, most = listed(fields.raw["guests"]), most_named(offer, party)
    if people is None or len(people) > most:
        words = ngettext("Give at most %(most)s guest.", "Give at most %(most)s guests.", most)
        fields.fault("guests", words % {"most": most})
        return ()
    read = [_read(fields, person) for person in people]
    if None in read:
        return ()
    each: dict[str, FurtherGuest] = {}
    for person in read:
        if person:
            each.setdefault(person.email, person)
    return tuple(each.values())


def listed(given: Any) -> list[Any] | None:
    """The people in a text such as `a@example.com, b@example.com`, or in a list; None of anything else."""
    if isinstance(given, str):
        return [part for part in given.replace(";", ",").split(",") if part.strip()]
    return given if isinstance(given, list) else None


def _read(fields: Fields, person: Any) -> FurtherGuest | None:
    given = person if isinstance(person, Mapping) else {"email": person}
    inner = Fields(given)
    inner.only(("name", "email"))
    name = inner.text("name", most=LONGEST_NAME)
    email = inner.email("email", required=True)
    if not inner.errors:
        return FurtherGuest(name, email)
    if "email" in inner.errors:
        sentence = _("Enter e-mail addresses like name@example.com.")
    else:
        sentence = next(iter(inner.errors.values()))[0]
    if sentence not in fields.errors.get("guests", ()):
        fields.fault("guests", sentence)
    return None
