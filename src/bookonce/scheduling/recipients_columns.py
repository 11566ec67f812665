"""Which column of a file of recipients means what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bookonce.scheduling.errors import Invalid

MOST_COLUMNS = 60
LONGEST_NAME = 64
# Field -> how a header may call it, without case, spaces and signs. A dot leads into an object.
SYNONYMS = {
    "recipient.name": "name fullname recipient recipientname contact contactname guest guestname",
    "first": "firstname givenname forename first vorname prenom",
    "last": "lastname surname familyname last nachname",
    "recipient.email": "email mail emailaddress mailaddress recipientemail emailadresse",
    "recipient.phone": "phone phonenumber telephone tel mobile mobilephone cell recipientphone telefon",
    "label": "label note notes",
    "expires_at": "expires expiresat expiry expirydate expireson validuntil",
    "not_before": "notbefore opens opensat validfrom",
    "max_bookings": "maxbookings bookings uses",
    "window.from": "windowfrom firstday bookablefrom",
    "window.to": "windowto lastday bookableto",
    "durations": "durations duration length lengths minutes",
    "slots": "slots slot times pickedtimes",
    "hold_slots": "holdslots holdtimes",
    "email_lock": "emaillock",
    "host": "host hostemail",
    "location.kind": "locationkind",
    "location.value": "locationvalue",
    "most_places": "mostplaces",
    "guests_may_cancel": "guestsmaycancel",
    "cancel_cutoff": "cancelcutoff",
    "guests_may_reschedule": "guestsmayreschedule",
    "reschedule_cutoff": "reschedulecutoff",
    "most_reschedules": "mostreschedules",
    "reopens_on_cancel": "reopensoncancel",
    "contact_text": "contacttext",
    "external_ref": "externalref ref reference externalreference externalid",
    "parent": "parent parentlink",
}
# Of our own export; left out.
OURS = frozenset({"url", "link", "state", "opened", "booked", "made", "batch", "calendar", "linkid"})
_FIELD_OF = {word: field for field, words in SYNONYMS.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class Columns:
    """The field of each column, in order: "" is left out, `metadata.X` is kept as it is."""

    fields: tuple[str, ...]
    kept: tuple[str, ...]  # names of the columns kept as metadata
    left_out: tuple[str, ...]


def find_columns(header: Sequence[str]) -> Columns | None:
    """What the columns mean; None when this row is no header, but a recipient.

    Raises:
        Invalid: two columns of one meaning, or too many of them.
    """
    words = [_word(cell) for cell in header]
    if not any(word in _FIELD_OF for word in words) or any("@" in cell for cell in header):
        return None
    if len(header) > MOST_COLUMNS:
        raise Invalid({"file": [_("At most %(most)s columns.") % {"most": MOST_COLUMNS}]})
    fields = [_field(word, cell.strip()) for word, cell in zip(words, header, strict=True)]
    _refuse_twice([field for field in fields if field])
    kept = tuple(field.partition(".")[2] for field in fields if field.startswith("metadata."))
    left_out = tuple(cell.strip() for cell, word in zip(header, words, strict=True) if word in OURS)
    return Columns(tuple(fields), kept, left_out)


def _word(cell: str) -> str:
    return re.sub(r"[\W_]+", "", cell).casefold()


def _field(word: str, name: str) -> str:
    if not name or word in OURS:
        return ""
    return _FIELD_OF.get(word) or f"metadata.{name[:LONGEST_NAME]}"


def _refuse_twice(fields: Sequence[str]) -> None:
    twice = sorted({field for field in fields if fields.count(field) > 1})
    if "recipient.name" in fields and ("first" in fields or "last" in fields):
        return
    if twice:
        names = ", ".join(field.replace("recipient.", "").replace("metadata.", "") for field in twice)
        raise Invalid({"file": [_("Two columns mean the same: %(names)s. Keep one.") % {"names": names}]})
