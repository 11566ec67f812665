"""What the page says where two clocks differ: on another day, or because one of them is changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from bookonce.booking_page.habits import clock_in_words
from bookonce.booking_page.local_times import LocalClock, LocalTime
from bookonce.lib.date_words import city_name, day_words
from bookonce.lib.languages import current
from bookonce.lib.time_words import duration_words


def shift_of(time: LocalTime, host: LocalClock) -> int:
    """How many days later it is at the host's place: -1, 0 or 1."""
    return (host.date_of(host.read(time.minute)) - host.date_of(time)).days


def day_notes(times: Sequence[LocalTime], host: LocalClock) -> list[str]:
    """Which of one day's times, in order, lie on another day for the host; none where all are on the same."""
    if not any(shift_of(time, host) for time in times):
        return []
    there = [host.read(time.minute).day for time in times]
    first, last = date.fromisoformat(there[0]), date.fromisoformat(there[-1])
    if first == last:
        return [
            _("In %(city)s, these times are on %(day)s.") % {"city": city_of(host), "day": day_words(last)}
        ]
    turn = times[there.index(there[-1])]
    later = shift_of(times[-1], host) > 0
    told = {
        "time": clock_in_words(turn.clock),
        "city": city_of(host),
        "day": day_words(last if later else first),
    }
    if later:
        return [_("From %(time)s on, it is already %(day)s in %(city)s.") % told]
    return [_("Before %(time)s, it is still %(day)s in %(city)s.") % told]


def host_moment(minute: int, clock: LocalClock, host: LocalClock) -> str:
    """The host's day and time of an instant, where that is another day than the guest's; else ""."""
    there = host.read(minute)
    if there.day == clock.read(minute).day:
        return ""
    told = {
        "city": city_of(host),
        "day": day_words(host.date_of(there)),
        "time": clock_in_words(there.clock),
    }
    return _("In %(city)s it is then %(day)s, %(time)s.") % told


def change_notes(clock: LocalClock, host: LocalClock, *, first: date, last: date) -> list[str]:
    """What changes on these days of the guest's: their own clocks, the host's, and how far apart they are."""
    if last < first:
        return []
    window = clock.window(first, last)
    own, theirs = clock.changes(*window), host.changes(*window)
    notes = [_own_change(clock, *change) + _distance(clock, host, change[0]) for change in own]
    at_once = {change[0] for change in own}
    notes += [
        _their_change(host, *change) + _distance(clock, host, change[0])
        for change in theirs
        if change[0] not in at_once
    ]
    return notes


def city_of(clock: LocalClock) -> str:
    """`New York` of America/New_York."""
    return city_name(clock.name, current())


def _own_change(clock: LocalClock, minute: int, before: int, after: int) -> str:
    told = {"length": duration_words(abs(after - before)), "day": day_words(clock.today_of(minute))}
    if after > before:
        return _("Your clocks go forward by %(length)s on %(day)s.") % told
    return _("Your clocks go back by %(length)s on %(day)s.") % told


def _their_change(host: LocalClock, minute: int, before: int, after: int) -> str:
    told = {
        "length": duration_words(abs(after - before)),
        "day": day_words(host.today_of(minute)),
        "city": city_of(host),
    }
    if after > before:
        return _("In %(city)s, clocks go forward by %(length)s on %(day)s.") % told
    return _("In %(city)s, clocks go back by %(length)s on %(day)s.") % told


def _distance(clock: LocalClock, host: LocalClock, minute: int) -> str:
    """How far apart the clocks are from then on, where that is another distance than before."""
    apart = host.offset_at(minute) - clock.offset_at(minute)
    if apart == host.offset_at(minute - 1) - clock.offset_at(minute - 1):
        return ""
    told = {"city": city_of(host), "length": duration_words(abs(apart))}
    if apart == 0:
        return " " + _("From then on, it is the same time in %(city)s.") % told
    if apart > 0:
        return " " + _("From then on, %(city)s is %(length)s ahead of you.") % told
    return " " + _("From then on, %(city)s is %(length)s behind you.") % told
