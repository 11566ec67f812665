"""What guests have typed into the form, or had typed for them in its address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import QueryDict

from bookonce.booking_page.question_fields import shown_answers
from bookonce.lib.fields import Fields
from bookonce.scheduling.answers import LONGEST_LONG, NOTES, parse_prefill
from bookonce.scheduling.further_guests import listed
from bookonce.scheduling.offer import Offer

ANSWER = "answers."  # begins the names of the controls of questions
NAMED = ("guest_name", "guest_email")  # the controls of one further guest, in a row each
# What the domain is told of a form, besides answers and further guests.
FIELDS = (
    *("start", "duration", "name", "email", "phone", "location", "timezone", "guest_count", "party"),
    *("calendar", "host", "code", "altcha", "hold", "form", "consent", "consent_version"),
)
KEPT = (*("name", "email", "phone", "location", "notes", "guests", "guest_count", "timezone"), *NAMED)
OF_FORM = ("code", "key", "hold", "form")


def read_form(post: QueryDict) -> dict[str, Any]:
    """The form in the words of `parse_booking`; an empty code tells that its field was there."""
    raw: dict[str, Any] = {
        name: post[name] for name in FIELDS if post.get(name) or (name == "code" and name in post)
    }
    answers = {name.removeprefix(ANSWER): value for name, value in _answers(post).items()}
    if post.get("notes"):
        answers[NOTES] = post["notes"]
    if answers:
        raw["answers"] = answers
    if people := read_people(post):
        raw["guests"] = people
    return raw


def typed(post: QueryDict) -> dict[str, Any]:
    """The form as it is shown again."""
    return post.dict() | _answers(post) | {"guests": read_people(post)}


def kept(post: QueryDict) -> list[tuple[str, str]]:
    """What goes along to the form of another calendar: names and values; a tick of its text does not."""
    names = [*KEPT, *OF_FORM, *_answers(post)]
    return [(name, str(value)) for name in names for value in post.getlist(name) if value or name in NAMED]


def prefilled(query: QueryDict, offer: Offer) -> dict[str, Any]:
    """What the address says, as the form shows it; what does not fit is left out.

    Whom a link is for, its owner knows better than an address.
    """
    fields = Fields(query.dict())
    found: dict[str, Any] = {
        "name": fields.text("name", most=120),
        "email": fields.email("email"),
        "phone": fields.phone("phone"),
        "location": fields.text("location", most=300),
        "notes": fields.text("notes", most=LONGEST_LONG, lines=True),
        "guest_count": fields.integer("guest_count", least=0, most=offer.most_guests) or "",
        "guests": _people(query.get("guests", ""), offer.most_guests),
    }
    if offer.link:
        known = {
            "name": offer.link.recipient_name,
            "email": offer.link.known_email,
            "phone": offer.link.recipient_phone,
        }
        found |= {name: value for name, value in known.items() if value}
    several = {one.key for one in offer.asked if one.kind == "several"}
    given = {key: query.getlist(key) if key in several else query.get(key) for key in query}
    answers = shown_answers(parse_prefill(given, offer.asked))
    return {name: value for name, value in found.items() if value} | answers


def read_people(post: QueryDict) -> list[dict[str, str]]:
    """The further guests: from a row of controls each, or addresses in one text; empty rows are none."""
    if text := post.get("guests"):
        return [{"name": "", "email": str(one).strip()} for one in listed(text) or ()]
    names, emails = (post.getlist(name) for name in NAMED)
    rows = zip([*names, *[""] * len(emails)], emails, strict=False)
    people = [{"name": name.strip(), "email": email.strip()} for name, email in rows]
    return [person for person in people if any(person.values())]


def _people(text: str, most: int) -> list[dict[str, str]]:
    addresses: Iterable[Any] = listed(text) or ()
    inner = Fields({str(place): address for place, address in enumerate(addresses)})
    return [{"name": "", "email": found} for place in inner.raw if (found := inner.email(place))][:most]


def _answers(post: QueryDict) -> dict[str, Any]:
    """By the names of their controls; a list where several were ticked."""
    given = {name: [one for one in post.getlist(name) if one] for name in post if name.startswith(ANSWER)}
    return {name: values[0] if len(values) == 1 else values for name, values in given.items() if values}
