"""What a guest may send to book, from any door: a form, JSON or the command line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from bookonce.lib.fields import MISSING, Fields
from bookonce.lib.instants import to_minutes
from bookonce.lib.proofs import LONGEST_PAYLOAD
from bookonce.scheduling.answers import Answer, parse_answers
from bookonce.scheduling.errors import Invalid, WrongRecipient
from bookonce.scheduling.further_guests import FurtherGuest, read_guest_count, read_guests
from bookonce.scheduling.host_choice import read_host
from bookonce.scheduling.models.calendar import MOST_SEATS
from bookonce.scheduling.offer import Offer

KNOWN = (
    "start",
    "duration",
    "name",
    "email",
    "timezone",
    "phone",
    "answers",
    "consent",
    "consent_version",
    "guests",
    "guest_count",
    "party",
    "host",
    "location",
    "calendar",
    "code",
    "altcha",
    "hold",
    "form",
)
CODE = re.compile(r"[0-9]{6}", re.ASCII)
NOT_ASKED = _lazy("This is not asked for here.")
LONGEST_DURATION = 1440
MOST_VERSIONS = 1_000_000


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """Checked input of book(); `start` in minutes since the epoch, `stamp` in seconds."""

    start: int
    duration: int
    name: str
    email: str
    timezone: str
    phone: str = ""
    location: str = ""
    answers: tuple[Answer, ...] = ()
    guests: tuple[FurtherGuest, ...] = ()
    guest_count: int = 0
    party: int = 1
    consent: bool = False  # to the calendar's text; false where it has none
    stamp: int | None = None
    code: str = ""
    altcha: str = ""  # a proof of work, where no code is sent
    host_id: int | None = None  # who was chosen; none: whoever the calendar chooses


def parse_booking(raw: Mapping[str, Any], offer: Offer, *, stamp: int | None) -> BookingRequest:
    """Check a guest's input against what this address asks for.

    Raises:
        Invalid: one sentence per fault, by field.
    """
    fields = Fields(raw)
    fields.only(KNOWN)
    start = fields.instant("start", required=True)
    if start is not None and start.second:
        fields.fault("start", _("Appointments start on a whole minute."))
    recipient, party = offer.link, read_party(fields, offer)
    request = BookingRequest(
        start=to_minutes(start) if start else 0,
        duration=fields.integer("duration", least=1, most=LONGEST_DURATION, default=offer.rules.durations[0])
        or 0,
        name=fields.text("name", most=120) or (recipient.recipient_name if recipient else ""),
        email=_email(fields, offer),
        timezone=fields.zone("timezone", default=offer.zone),
        phone=fields.phone("phone") or (recipient.recipient_phone if recipient else ""),
        location=fields.text("location", most=300),
        answers=parse_answers(fields, offer.asked),
        guests=(guests := read_guests(fields, offer, party)),
        guest_count=read_guest_count(fields, offer) or len(guests),
        party=party,
        consent=_consent(fields, offer),
        stamp=stamp,
        code=_code(fields, offer),
        altcha=_altcha(fields, offer),
        host_id=read_host(fields, offer),
    )
    if request.duration not in offer.rules.durations and "duration" not in fields.errors:
        fields.fault(
            "duration",
            _("Choose one of these lengths: %(lengths)s minutes.")
            % {"lengths": ", ".join(map(str, offer.rules.durations))},
        )
    _check_missing(fields, request, offer)
    is_wrong = _is_wrong(fields, request, offer)
    _check_unsupported(fields, offer)
    if fields.errors:
        raise (WrongRecipient if is_wrong else Invalid)(fields.errors)
    return request


def _email(fields: Fields, offer: Offer) -> str:
    """The guest's; where a code by mail stands for it, the recipient's, and none is taken."""
    link = offer.link
    if link is None or not link.needs_code:
        return fields.email("email") or (link.known_email if link else "")
    if fields.has("email"):
        fields.fault("email", NOT_ASKED)
    return link.recipient_email


def _code(fields: Fields, offer: Offer) -> str:
    needed = offer.link is not None and offer.link.needs_code
    if not needed and not (offer.asks_proof and fields.has("code")):
        if fields.has("code"):
            fields.fault("code", NOT_ASKED)
        return ""
    code = "".join(fields.text("code", most=40, required=True).split())
    if not CODE.fullmatch(code) and "code" not in fields.errors:
        _ask_for_digits(fields)
    return code


def _ask_for_digits(fields: Fields) -> None:
    fields.fault("code", _("Enter the six digits from the mail."))


def _altcha(fields: Fields, offer: Offer) -> str:
    """The proof of work as it was sent: what it proves, proofs.py says."""
    if not offer.asks_proof:
        if fields.has("altcha"):
            fields.fault("altcha", NOT_ASKED)
        return ""
    proof = fields.text("altcha", most=LONGEST_PAYLOAD)
    if proof or fields.has("code") or fields.errors.get("altcha"):
        return proof
    if fields.raw.get("code") == "":  # the form had its field: a code is on its way
        _ask_for_digits(fields)
    else:
        fields.fault("altcha", _("A proof of work is needed here, so that robots stay away."))
    return proof


def read_party(fields: Fields, offer: Offer) -> int:
    """How many places are wanted, in `party`: one unless told; more than the calendar has are a fault."""
    party, most = fields.integer("party", least=1, most=MOST_SEATS, default=1) or 1, offer.most_places
    if party <= most:
        return party
    one = _("One place can be booked here.")
    fields.fault("party", one if most == 1 else _("At most %(most)s places.") % {"most": most})
    return 1


def _check_missing(fields: Fields, request: BookingRequest, offer: Offer) -> None:
    required = {"name": request.name, "email": request.email}
    if offer.location_kind == "phone":
        required["phone"] = request.phone
    if offer.location_kind == "ask":
        required["location"] = request.location
    for name, value in required.items():
        if not value and name not in fields.errors:
            fields.fault(name, MISSING)


def _is_wrong(fields: Fields, request: BookingRequest, offer: Offer) -> bool:
    """A locked link is booked under its recipient's address; the sentence does not say which that is."""
    link = offer.link
    if link is None or link.email_lock != "match" or "email" in fields.errors:
        return False
    is_other = request.email.casefold() != link.recipient_email.casefold()
    if is_other:
        fields.fault("email", _("This link is for another address. Use the one it was sent to."))
    return is_other


def _check_unsupported(fields: Fields, offer: Offer) -> None:
    fields.text("hold", most=64)
    if not isinstance(fields.raw.get("form", ""), str | None):  # a stamp that is not ours only gives no grace
        fields.fault("form", _("This must be text."))
    # The calendar chosen from a group is the offer's: whoever read it has made sure.
    if fields.has("calendar") and not offer.group:
        fields.fault("calendar", NOT_ASKED)


def _consent(fields: Fields, offer: Offer) -> bool:
    """Whether the guest agrees to the text: it has to be the one that they have read, where that is said."""
    agrees = fields.boolean("consent", default=False)
    read = fields.integer("consent_version", least=1, most=MOST_VERSIONS)
    if offer.consent_id is None:
        return False
    if read is not None and read != offer.consent_version:
        fields.fault("consent", _("This text has changed since you read it. Read it again and tick it."))
    elif not agrees and "consent" not in fields.errors:
        fields.fault("consent", _("Tick this to go on."))
    return agrees
