"""The free starts of a span of the guest's days, as JSON tells them; of a class with the places left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from bookonce.booking_page.local_times import LocalClock
from bookonce.lib.fields import MISSING, Fields
from bookonce.scheduling.booking_request import read_party
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.host_choice import read_host, with_host
from bookonce.scheduling.offer import Offer, ask
from bookonce.scheduling.slots import Kind

MOST_DAYS = 31
YEARS = range(2000, 2200)


@dataclass(frozen=True, slots=True)
class SlotQuery:
    """Checked query of a slot list; both days belong to it."""

    first: date
    last: date
    timezone: str
    duration: int
    party: int
    host_id: int | None


def parse_slot_query(raw: Mapping[str, Any], offer: Offer) -> SlotQuery:
    """Check what to list; the calendar's zone and first length unless told otherwise.

    Raises:
        Invalid: by field.
    """
    fields = Fields(raw)
    first, last = _day(fields, "from"), _day(fields, "to")
    timezone = fields.zone("timezone", default=offer.zone)
    duration = fields.integer("duration", least=1, most=1440, default=offer.rules.durations[0]) or 0
    if duration not in offer.rules.durations and "duration" not in fields.errors:
        fields.fault(
            "duration",
            _("Choose one of these lengths: %(lengths)s minutes.")
            % {"lengths": ", ".join(map(str, offer.rules.durations))},
        )
    party, host_id = read_party(fields, offer), read_host(fields, offer)
    if first and last and last < first:
        fields.fault("to", _("The last day comes before the first one."))
    elif first and last and (last - first).days >= MOST_DAYS:
        fields.fault("to", _("At most %(most)s days at a time.") % {"most": MOST_DAYS})
    if fields.errors or first is None or last is None:
        raise Invalid(fields.errors)
    return SlotQuery(first, last, timezone, duration, party, host_id)


def list_slots(offer: Offer, query: SlotQuery, *, now: int) -> dict[str, Any]:
    """The free starts by the guest's day, with offsets; `now` in seconds (two statements, three with limits).

    A class that shows how many places are left tells it for each start, in `seats`.
    """
    clock = LocalClock(query.timezone)
    start, end = clock.window(query.first, query.last)
    offer = with_host(offer, query.host_id)
    asked = ask(offer, duration=query.duration, start=start, end=end, now=now, party=query.party)
    starts = asked.starts()
    days = {day: [time.iso for time in times] for day, times in clock.by_day(starts).items()}
    if not (offer.shows_seats_left and offer.rules.kind is Kind.CLASS):
        return {"slots": days}
    return {"slots": days, "seats": {clock.read(at).iso: n for at, n in asked.seats_left(starts).items()}}


def _day(fields: Fields, name: str) -> date | None:
    day = fields.day(name)
    if day is None and name not in fields.errors:
        fields.fault(name, MISSING)
    if day is not None and day.year not in YEARS:
        fields.fault(
            name, _("Choose a day from %(first)s to %(last)s.") % {"first": YEARS[0], "last": YEARS[-1]}
        )
        return None
    return day
