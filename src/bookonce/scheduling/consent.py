"""What guests of a calendar agree to: one wording at a time, and every one that was ever agreed to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Max
from django.utils.translation import gettext as _

from bookonce.lib.fields import Fields
from bookonce.lib.instants import to_seconds
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.models import Calendar, ConsentText
from bookonce.scheduling.models.consent import LONGEST_CONSENT
from bookonce.scheduling.transaction import one_transaction

_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
_INSERT = """INSERT INTO scheduling_consent (booking_id, text_id, given_at, address, page)
  SELECT b.id, %s, %s, %s, %s FROM scheduling_booking b WHERE b.id IN ({bookings})"""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a booking was sent from: the page's address, of a one-time link without its token, and the IP."""

    page: str = ""
    address: str = ""


NOWHERE = Origin()


def parse_consent_text(raw: Mapping[str, Any]) -> str:
    """The `consent_text` that guests are to agree to; "" asks them for none.

    Raises:
        Invalid: it is too long, or holds markup or addresses: what is kept must be what was read.
    """
    fields = Fields(raw)
    text = read_consent_text(fields)
    if fields.errors:
        raise Invalid(fields.errors)
    return text


def read_consent_text(fields: Fields) -> str:
    """The same, with its faults noted in `fields`."""
    text = fields.text("consent_text", most=LONGEST_CONSENT, lines=True)
    if "<" in text or ">" in text:
        fields.fault("consent_text", _("Write plain words, without < and >."))
    elif _LINK.search(text):
        fields.fault("consent_text", _("Write plain words, without addresses of web pages."))
    return text


@one_transaction
def set_consent_text(calendar: Calendar, text: str, *, now: datetime) -> ConsentText | None:
    """Let guests of the calendar agree to this text from now on; "" lets them agree to none.

    Another text is a new version, the same one changes nothing. Returns the present version.

    Raises:
        Invalid: as `parse_consent_text`.
    """
    text = parse_consent_text({"consent_text": text})
    return keep_consent_text(calendar.pk, text, now=now)


def keep_consent_text(calendar_id: int, text: str, *, now: datetime) -> ConsentText | None:
    """The same within the caller's transaction, for a text that was checked."""
    _lock(calendar_id)
    versions = ConsentText.objects.filter(calendar_id=calendar_id)
    if text and (same := versions.filter(retired_at=None, text=text).first()):
        return same
    versions.filter(retired_at=None).update(retired_at=now)
    if not text:
        return None
    latest = versions.aggregate(latest=Max("version"))["latest"] or 0
    return ConsentText.objects.create(calendar_id=calendar_id, version=latest + 1, text=text, created_at=now)


def _lock(calendar_id: int) -> None:
    """The calendar's row is ours first: versions are counted one after the other."""
    Calendar.objects.filter(pk=calendar_id).update(version=F("version") + 1)


def find_consent_text(calendar: Calendar) -> ConsentText | None:
    """What guests agree to now; None when they are asked for no consent."""
    return ConsentText.objects.filter(calendar=calendar, retired_at=None).first()


def consents_query(
    bookings: Sequence[int], text_id: int, origin: Origin, now: datetime
) -> tuple[str, list[int | str]]:
    """Keeps that the guest agreed, with each of a series' bookings; with its parameters."""
    marks = ", ".join(["%s"] * len(bookings))
    values: list[int | str] = [text_id, to_seconds(now), origin.address, origin.page, *bookings]
    return _INSERT.format(bookings=marks), values
