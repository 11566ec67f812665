"""What a calendar, and the one-time link in hand, allow. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bookonce.scheduling.local_days import DAY
from bookonce.scheduling.series import MOST_REPEATS, Repeats

LONGEST_DURATION = 366 * DAY
MOST_SEATS = 9999


class Kind(StrEnum):
    """How hosts and places of a calendar relate."""

    ONE_ON_ONE = "one_on_one"
    ROUND_ROBIN = "round_robin"  # any one of the hosts
    COLLECTIVE = "collective"  # all hosts
    CLASS = "class"  # all hosts, and one appointment with seats for each start


class InvalidRules(ValueError):
    """Rules that no form lets through: a mistake of the program."""


@dataclass(frozen=True, slots=True)
class SlotRules:
    """The rules of a calendar. Days are local days of its zone.

    Raises:
        InvalidRules: a length or the interval is not positive, a length exceeds a year, a buffer, the notice
            or a limit is negative, or a share, a weekday, the seats or the repeats lie outside their range.
    """

    durations: tuple[int, ...]  # minutes, the first is the default
    interval: int  # minutes between starts
    buffer_before: int = 0
    buffer_after: int = 0
    notice: int = 0  # minutes
    horizon_days: int | None = None  # the last bookable day is today + horizon_days; None = no limit
    first_day: date | None = None  # a date range, of calendar and link together, both inclusive
    last_day: date | None = None
    kind: Kind = Kind.ONE_ON_ONE
    seats: int = 1  # of a class
    zone: str = ""  # of the calendar; "" is that of its first host's first schedule
    working_days: bool = False  # horizon_days counts Monday to Friday alone
    per_day: int | None = None  # most appointments of this calendar; None = no limit
    per_week: int | None = None
    per_month: int | None = None
    week_start: int = 1  # weekday, 0 = Sunday
    hidden_share: int = 0  # look busy: per cent of the starts that the public is not offered
    hiding_seed: bytes = b""  # look_busy.hiding_seed()
    repeats: Repeats = Repeats.NOT
    repeat_count: int = 1  # appointments that one choice of a start books
    picked: tuple[int, ...] = ()  # of the starts that are free only these, ascending; () = all

    def __post_init__(self) -> None:
        """Refuse what would make the walk wrong or endless."""
        if self.interval < 1 or min(self.buffer_before, self.buffer_after, self.notice) < 0:
            raise InvalidRules(self)
        if not self.durations or min(self.durations) < 1 or max(self.durations) > LONGEST_DURATION:
            raise InvalidRules(self)
        if min(limit for _, limit in (*self.limits, ("", 0))) < 0 or (self.horizon_days or 0) < 0:
            raise InvalidRules(self)
        if not (
            0 <= self.week_start <= 6 and 0 <= self.hidden_share <= 100 and 1 <= self.seats <= MOST_SEATS
        ):
            raise InvalidRules(self)
        if not 1 <= self.repeat_count <= MOST_REPEATS or (self.repeat_count > 1) != bool(self.repeats):
            raise InvalidRules(self)

    def alone(self) -> SlotRules:
        """The same for one appointment by itself."""
        return replace(self, repeats=Repeats.NOT, repeat_count=1)

    @property
    def limits(self) -> tuple[tuple[str, int], ...]:
        """The limits that are set, by unit."""
        if self.per_day is self.per_week is self.per_month is None:
            return ()
        limits = (("day", self.per_day), ("week", self.per_week), ("month", self.per_month))
        return tuple((unit, most) for unit, most in limits if most is not None)
