"""The sentences for what keeps a host from a start: their hours, days off, appointments and buffers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from bookonce.accounts.models import Member
from bookonce.accounts.roles import is_administrator
from bookonce.dashboard.why_clock import DayClock, day_words, days_words, length_words
from bookonce.dashboard.why_said import Said, Way
from bookonce.scheduling.explain import Explained, Start
from bookonce.scheduling.explain_rows import Taken
from bookonce.scheduling.local_days import day_date, local_day
from bookonce.scheduling.public_holidays import named_holidays
from bookonce.scheduling.slots import HostHours, Rule

MOST_NAMED = 3  # appointments in one sentence


@dataclass(frozen=True)
class HostWords:
    """Of one explained day; the ways lead where the reader may go."""

    explained: Explained
    clock: DayClock
    reader: Member

    @cached_property
    def _hours(self) -> dict[int, Sequence[HostHours]]:
        query = self.explained.query
        return {int(host.id): host.schedules for host in query.hosts} if query else {}

    @cached_property
    def _names(self) -> dict[int, str]:
        return {host.id: host.name for host in self.explained.offer.hosts}

    @property
    def _length(self) -> int:
        return self.explained.query.duration if self.explained.query else 0

    def sentence(self, host: int, rule: Rule, start: Start) -> Said:
        """Why this host can't have an appointment then."""
        if rule is Rule.HOURS:
            return self._outside(host, start.at)
        if rule is Rule.OVERRIDE:
            return self._override(host, start.at)
        if rule is Rule.HOLIDAY:
            return self._holiday(host, start.at)
        if rule is Rule.OUT_OF_OFFICE:
            return self._away(host, start.at)
        return self._taken(host, rule, start.at)

    def _outside(self, host: int, at: int) -> Said:
        if self.explained.is_open(host, at):
            said = _("%(length)s would run past the end of %(name)s's hours.") % {
                "length": length_words(self._length),
                "name": self._names[host],
            }
        else:
            said = _("Outside %(name)s's hours.") % {"name": self._names[host]}
        return Said(said, self.schedules(host))

    def _override(self, host: int, at: int) -> Said:
        named = self.explained.sources.schedules.get(host, ())
        for number, hours in enumerate(self._hours.get(host, ())):
            for day in self._days(hours, at):
                if day in hours.overrides and number < len(named):
                    return self._overridden(host, hours, day, named[number])
        said = _("A date with other hours replaces %(name)s's weekly ones.") % {"name": self._names[host]}
        return Said(said, self.schedules(host))

    def _overridden(self, host: int, hours: HostHours, day: date, schedule: tuple[str, str]) -> Said:
        values = {"name": self._names[host], "day": day_words(day), "schedule": schedule[1]}
        if hours.overrides[day]:
            said = _("%(name)s has other hours on %(day)s (%(schedule)s).") % values
        else:
            said = _("%(name)s is closed on %(day)s (%(schedule)s).") % values
        page = reverse("dashboard:schedule", args=[schedule[0]])
        return Said(said, (Way(page, _("Open the hours")),))

    def _holiday(self, host: int, at: int) -> Said:
        region, name = self.explained.sources.regions.get(host), self._names[host]
        days = [
            day
            for hours in self._hours.get(host, ())
            for day in self._days(hours, at)
            if day in hours.holidays
        ]
        named = (
            named_holidays(region.country, region.subdivision, days[0], days[0]) if region and days else []
        )
        said = _("A public holiday of %(name)s.") % {"name": name}
        if named:
            said = _("%(name)s keeps a public holiday on %(day)s: %(holiday)s.") % {
                "name": name,
                "day": day_words(days[0]),
                "holiday": named[0].name,
            }
        return Said(said, self._time_off(host))

    def _away(self, host: int, at: int) -> Said:
        for hours in self._hours.get(host, ()):
            for day in self._days(hours, at):
                for away in self.explained.sources.times_off.get(host, ()):
                    if away.first_day <= day <= away.last_day:
                        days = days_words(away.first_day, away.last_day)
                        said = _("%(name)s is out of office: %(days)s.") % {
                            "name": self._names[host],
                            "days": f"{days} ({away.note})" if away.note else days,
                        }
                        return Said(said, self._time_off(host))
        return Said(_("%(name)s is out of office.") % {"name": self._names[host]}, self._time_off(host))

    def _taken(self, host: int, rule: Rule, at: int) -> Said:
        found = self.explained.in_the_way(host, at)[:MOST_NAMED]
        if not found:
            return Said(_("%(name)s is busy.") % {"name": self._names[host]})
        close = rule is Rule.BUFFER
        parts = [self._close(host, taken, at) if close else self._busy(host, taken) for taken in found]
        ways = tuple(
            Way(reverse("dashboard:appointment", args=[taken.appointment]), self._of(taken))
            for taken in found
            if taken.appointment
        )
        ways += tuple(
            Way(reverse("dashboard:link", args=[taken.link]), _("Open the link"))
            for taken in found
            if taken.link
        )
        if own := self._own_buffers(found, at) if close else "":
            page = reverse("dashboard:calendar", args=[self.explained.offer.calendar_key])
            ways += (Way(f"{page}#id_buffer_before", _("Change the buffers")),)
        return Said(" ".join(filter(None, (*parts, own))), ways)

    def _busy(self, host: int, taken: Taken) -> str:
        values = {"name": self._names[host], "time": self.clock.span(taken.start, taken.end)}
        if taken.link:
            values["link"] = taken.link_name
            return _("%(time)s of %(name)s is held for the link \u201c%(link)s\u201d.") % values
        if taken.expires_at is not None and not taken.appointment:
            values["until"] = self.clock.time(-(-taken.expires_at // 60))
            return _("%(time)s of %(name)s is kept for a visitor until %(until)s.") % values
        return _("%(name)s is busy %(time)s.") % values

    def _close(self, host: int, taken: Taken, at: int) -> str:
        """Its own buffers are named where they lie between."""
        values = {
            "name": self._names[host],
            "time": self.clock.span(taken.start, taken.end),
            "kept": self.clock.span(taken.since, taken.until),
        }
        if taken.until > taken.end if taken.end <= at else taken.since < taken.start:
            return (
                _("Too close to what %(name)s has %(time)s, which takes %(kept)s with its buffers.") % values
            )
        return _("Too close to what %(name)s has %(time)s.") % values

    def _own_buffers(self, found: Sequence[Taken], at: int) -> str:
        """What the new appointment would need; "" where the neighbours' buffers alone are in the way."""
        rules, end = self.explained.offer.rules, at + self._length
        before = rules.buffer_before if any(taken.until <= at for taken in found) else 0
        after = rules.buffer_after if any(taken.since >= end for taken in found) else 0
        values = {"before": length_words(before), "after": length_words(after)}
        if before and after:
            return _("An appointment here needs %(before)s free before it and %(after)s after it.") % values
        if before:
            return _("An appointment here needs %(before)s free before it.") % values
        return _("An appointment here needs %(after)s free after it.") % values if after else ""

    def _of(self, taken: Taken) -> str:
        known = [part for part in (taken.guest, taken.calendar) if part]
        return ", ".join(known) or _("Open the appointment")

    def _days(self, hours: HostHours, at: int) -> list[date]:
        """On which the hours around this instant may have begun, the likeliest first."""
        day = day_date(local_day(hours.zone, at))
        return [day, day - timedelta(days=1), day + timedelta(days=1)]

    def schedules(self, host: int) -> tuple[Way, ...]:
        """Their hours for this calendar."""
        return tuple(
            Way(reverse("dashboard:schedule", args=[public_id]), name)
            for public_id, name in self.explained.sources.schedules.get(host, ())
        )

    def _time_off(self, host: int) -> tuple[Way, ...]:
        """Open to the host and to administrators."""
        if self.reader.pk != host and not is_administrator(self.reader):
            return ()
        query = urlencode({"host": self.explained.sources.addresses.get(host, "")})
        return (Way(f"{reverse('dashboard:time_off')}?{query}", _("Open the time off")),)
