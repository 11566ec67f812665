"""A series as its hosts see it: its appointments, and which of them can still be cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bookonce.scheduling import queries
from bookonce.scheduling.models import Booking


@dataclass(frozen=True)
class SeriesRow:
    """One appointment of the series, and whether its page is the one that is shown."""

    booking: Booking
    here: bool
    coming: bool  # not cancelled, and still to begin


def series_rows(booking: Booking | None, *, now: datetime) -> list[SeriesRow]:
    """Of the series that the booking belongs to; none when it is of no series."""
    if booking is None:
        return []
    return [
        SeriesRow(
            one, one.pk == booking.pk, one.status in {"new", "confirmed"} and one.appointment.starts > now
        )
        for one in queries.series_of(booking)
    ]


def series_context(rows: Sequence[SeriesRow]) -> dict[str, object]:
    """What the card of a series is rendered with."""
    return {"series": rows, "coming": sum(row.coming for row in rows)}
