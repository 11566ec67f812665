"""A series as its guest sees it: how often it comes, and when each appointment is on their clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import ngettext

from bookonce.booking_page.bookings import Shown, Stage, series_of
from bookonce.booking_page.habits import clock_in_words
from bookonce.booking_page.local_times import LocalClock
from bookonce.booking_page.wording import When, when_words
from bookonce.lib.sealed import find_unsealed
from bookonce.scheduling.offer import Offer
from bookonce.scheduling.slots import Repeats, occurrences

SHORT = 6  # dates that are shown without being asked for


@dataclass(frozen=True)
class InSeries:
    """One appointment of the series; without a `path` it can't be opened from here."""

    number: int
    when: When
    usual: str = ""  # the time of the first, where this one differs
    path: str = ""
    stage: Stage = Stage.UPCOMING
    here: bool = False  # the one whose page this is
    cancellable: bool = False
    firm: bool = False  # still to come, and no request


def repeats_words(repeats: Repeats, count: int) -> str:
    """`Every week, 8 appointments`; "" where nothing repeats."""
    words = {
        Repeats.NOT: "",
        Repeats.DAILY: ngettext("Every day, %(n)s appointment", "Every day, %(n)s appointments", count),
        Repeats.WEEKLY: ngettext("Every week, %(n)s appointment", "Every week, %(n)s appointments", count),
        Repeats.MONTHLY: ngettext("Every month, %(n)s appointment", "Every month, %(n)s appointments", count),
    }
    return words[repeats] % {"n": count} if repeats else ""


def offered_series(offer: Offer, clock: LocalClock, start: int, duration: int) -> list[InSeries]:
    """The appointments that this start would book; none where nothing repeats. Minutes since the epoch."""
    rules = offer.rules
    if not rules.repeats:
        return []
    starts = occurrences(offer.zone, start, rules.repeats, rules.repeat_count)
    whens = [when_words(clock, at, at + duration) for at in starts]
    return [InSeries(number, when, _usual(when, whens)) for number, when in enumerate(whens, start=1)]


def booked_series(shown: Shown) -> list[InSeries]:
    """The appointments of the booking's series, cancelled ones too; none when it is of no series."""
    siblings = [
        Shown(one, shown.owner, find_unsealed(one.sealed_manage_token) or "", shown.now)
        for one in series_of(shown.booking)
    ]
    whens = [when_words(shown.clock, one.start, one.end) for one in siblings]
    hosts_clock = LocalClock(shown.booking.appointment.calendar.schedule.timezone)
    begins = [hosts_clock.read(one.start).clock for one in siblings]
    return [
        InSeries(
            number=one.booking.series_number,
            when=when,
            usual=_usual(when, whens) if begin == begins[0] else "",  # else it was moved
            path=one.path if one.token else "",
            stage=one.stage,
            here=one.booking.pk == shown.booking.pk,
            cancellable=one.cancellable,
            firm=one.stage is Stage.UPCOMING and one.answer_by is None,
        )
        for one, when, begin in zip(siblings, whens, begins, strict=True)
    ]


def _usual(when: When, whens: Sequence[When]) -> str:
    """The first one's time where a clock that was changed shows another one."""
    first = whens[0].begins.clock
    return "" if when.begins.clock == first else clock_in_words(first)
