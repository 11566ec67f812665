"""Days, times, lengths and places as a guest reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookonce.booking_page.habits import clock_in_words
from bookonce.booking_page.local_times import LocalClock, LocalTime
from bookonce.lib.bidi import left_to_right
from bookonce.lib.date_words import day_and_year, day_words, short_day
from bookonce.lib.time_words import city_time


@dataclass(frozen=True)
class When:
    """A span of time on the guest's clock, in words."""

    begins: LocalTime
    ends: LocalTime
    zone: str

    @property
    def day(self) -> str:
        """`Tuesday, 1 December`."""
        return day_words(date.fromisoformat(self.begins.day))

    @property
    def day_and_year(self) -> str:
        """`Tuesday, 1 December 2026`."""
        return day_and_year(date.fromisoformat(self.begins.day))

    @property
    def short_day(self) -> str:
        """`Tue 1 December`."""
        return short_day(date.fromisoformat(self.begins.day))

    @property
    def last_day(self) -> str:
        """The day on which it ends, when that is another one."""
        return "" if self.ends.day == self.begins.day else day_words(date.fromisoformat(self.ends.day))


def when_words(clock: LocalClock, start: int, end: int) -> When:
    """The span from `start` to `end`, minutes since the epoch."""
    return When(clock.read(start), clock.read(end), city_time(clock.name))


def moment_words(clock: LocalClock, minute: int) -> str:
    """`Tuesday, 1 December at 09:00`, of a minute since the epoch."""
    time = clock.read(minute)
    return _("%(day)s at %(time)s") % {
        "day": day_words(clock.date_of(time)),
        "time": clock_in_words(time.clock),
    }


def places_words(count: int) -> str:
    """`1 place`, `3 places`."""
    return ngettext("%(count)d place", "%(count)d places", count) % {"count": count}


@dataclass(frozen=True)
class Place:
    """Where it happens: an icon, a sentence, and the link when there is one to open."""

    shape: str
    words: str
    link: str = ""


def offered_place(kind: str, location: str) -> Place | None:
    """The place as shown before booking: a video link is for those who have booked."""
    if kind == "place":
        return Place("pin", location or _("In person"))
    shown = {
        "phone": Place("phone", _("By phone: you will be called")),
        "video": Place("video", _("Video call")),
        "ask": Place("pin", _("Where you choose")),
    }
    return shown.get(kind)


def booked_place(kind: str, location: str, phone: str) -> Place | None:
    """The place of a booking."""
    if kind == "phone":
        return Place(
            "phone",
            _("You will be called at %(phone)s") % {"phone": left_to_right(phone)}
            if phone
            else _("By phone"),
        )
    if kind == "video":
        link = location if location.startswith(("https://", "http://")) else ""
        return Place("video", _("Video call") if link or not location else location, link)
    return Place("pin", location) if location else None
