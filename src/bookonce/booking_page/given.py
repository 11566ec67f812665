"""What the guest gave with a booking, for their own page: answers, and who comes along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookonce.lib.bidi import closed
from bookonce.lib.date_words import day_and_year
from bookonce.scheduling.models import Booking, BookingAnswer

FEW, SHORT = 4, 400  # answers and characters that are shown without being asked for


@dataclass(frozen=True)
class Given:
    """Answers as (question, answer), and who comes along in a line, "" for nobody."""

    answers: tuple[tuple[str, str], ...]
    companions: str

    @property
    def is_short(self) -> bool:
        """Whether all of it can stand on the page at once."""
        return len(self.answers) <= FEW and sum(len(answer) for _label, answer in self.answers) <= SHORT


def given_with(booking: Booking) -> Given:
    """What stands in the rows of the booking (one statement)."""
    rows = BookingAnswer.objects.filter(booking=booking).order_by("position")
    return Given(tuple((row.label, _answer(row.kind, row.value)) for row in rows), _companions(booking))


def _answer(kind: str, value: str) -> str:
    if kind == "checkbox":
        return _("Yes") if value == "yes" else _("No")
    if kind == "several":
        return value.replace("\n", ", ")
    if kind == "date":
        try:
            return day_and_year(date.fromisoformat(value))
        except ValueError:
            return value
    return value


def _companions(booking: Booking) -> str:
    named = [_named(guest) for guest in booking.guests]
    if named:
        return ", ".join(named)
    count = booking.guest_count
    if not count:
        return ""
    return ngettext("%(count)d further guest", "%(count)d further guests", count) % {"count": count}


def _named(guest: Any) -> str:
    """An address, or a name with it."""
    if not isinstance(guest, dict):
        return str(guest)
    name, email = guest.get("name", ""), guest.get("email", "")
    return f"{closed(name)} ({email})" if name else email
