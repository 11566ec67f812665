"""The sentences for what the calendar itself rules out, whoever hosts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookonce.dashboard.why_clock import days_words, length_words
from bookonce.dashboard.why_said import Said, Way
from bookonce.lib.instants import from_minutes
from bookonce.lib.zones import get_zone
from bookonce.scheduling.explain import Explained, Start
from bookonce.scheduling.local_days import day_date, local_day
from bookonce.scheduling.slots import Rule


@dataclass(frozen=True)
class CalendarWords:
    """Of one explained day; `link` is the public id of the one-time link in hand, if any."""

    explained: Explained
    link: str

    def find(self, rule: Rule, start: Start) -> Said | None:
        """What to say of a rule of the calendar; None where the rule is about the hosts' own time."""
        sentences: Mapping[Rule, Callable[[], Said]] = {
            Rule.LENGTH: self._length,
            Rule.PAST: lambda: Said(_("This time is over.")),
            Rule.NOTICE: self._notice,
            Rule.HORIZON: lambda: self._horizon(start),
            Rule.PICKED: self._not_picked,
            Rule.PER_DAY: self._day_full,
            Rule.PER_WEEK: self._week_full,
            Rule.PER_MONTH: self._month_full,
            Rule.SEATS: lambda: self._seats(start),
            Rule.SERIES: lambda: self._series(start),
            Rule.LOOK_BUSY: self._hidden,
        }
        return sentences[rule]() if rule in sentences else None

    def _setting(self, anchor: str, word: str) -> tuple[Way, ...]:
        page = reverse("dashboard:calendar", args=[self.explained.offer.calendar_key])
        return (Way(f"{page}#{anchor}", word),)

    def _of_link(self) -> tuple[Way, ...]:
        return (Way(reverse("dashboard:link", args=[self.link]), _("Open the link")),) if self.link else ()

    def _length(self) -> Said:
        offer = self.explained.offer
        lengths = ", ".join(length_words(each) for each in offer.rules.durations)
        if offer.link and offer.link.durations:
            return Said(
                _("This link is for appointments of %(lengths)s.") % {"lengths": lengths}, self._of_link()
            )
        said = _("Appointments here last %(lengths)s.") % {"lengths": lengths}
        return Said(said, self._setting("id_durations", _("Change the lengths")))

    def _notice(self) -> Said:
        notice = length_words(self.explained.offer.rules.notice)
        said = _("Too soon: this calendar is booked at least %(notice)s ahead.") % {"notice": notice}
        return Said(said, self._setting("id_notice_number", _("Change the notice")))

    def _horizon(self, start: Start) -> Said:
        offer = self.explained.offer
        rules, day = offer.rules, day_date(local_day(offer.zone, start.at))
        too_early = rules.first_day is not None and day < rules.first_day
        if too_early or (rules.last_day is not None and day > rules.last_day):
            return self._outside_dates(of_link=self._is_links(early=too_early))
        ahead = rules.horizon_days or 0
        if rules.working_days:
            said = ngettext(
                "Too far ahead: this calendar opens %(count)s working day ahead.",
                "Too far ahead: this calendar opens %(count)s working days ahead.",
                ahead,
            )
        else:
            said = ngettext(
                "Too far ahead: this calendar opens %(count)s day ahead.",
                "Too far ahead: this calendar opens %(count)s days ahead.",
                ahead,
            )
        return Said(said % {"count": ahead}, self._setting("when", _("Change how far ahead")))

    def _is_links(self, *, early: bool) -> bool:
        link, rules = self.explained.offer.link, self.explained.offer.rules
        if link is None:
            return False
        if early:
            return link.first_day is not None and link.first_day == rules.first_day
        return link.last_day is not None and link.last_day == rules.last_day

    def _outside_dates(self, *, of_link: bool) -> Said:
        offer = self.explained.offer
        if of_link and offer.link:
            days = days_words(offer.link.first_day, offer.link.last_day)
            return Said(_("Outside the days of this link: %(days)s.") % {"days": days}, self._of_link())
        # The rules hold the link's days, too, where those are the narrower ones.
        first = None if self._is_links(early=True) else offer.rules.first_day
        last = None if self._is_links(early=False) else offer.rules.last_day
        days = days_words(first, last)
        said = _("Outside the dates of this calendar: %(days)s.") % {"days": days}
        return Said(said, self._setting("when", _("Change the dates")))

    def _not_picked(self) -> Said:
        return Said(_("Not one of the times that were picked for this link."), self._of_link())

    def _day_full(self) -> Said:
        most = self.explained.offer.rules.per_day or 0
        said = ngettext(
            "The day's limit of %(count)s appointment is reached.",
            "The day's limit of %(count)s appointments is reached.",
            most,
        )
        return self._limit(said, most)

    def _week_full(self) -> Said:
        most = self.explained.offer.rules.per_week or 0
        said = ngettext(
            "The week's limit of %(count)s appointment is reached.",
            "The week's limit of %(count)s appointments is reached.",
            most,
        )
        return self._limit(said, most)

    def _month_full(self) -> Said:
        most = self.explained.offer.rules.per_month or 0
        said = ngettext(
            "The month's limit of %(count)s appointment is reached.",
            "The month's limit of %(count)s appointments is reached.",
            most,
        )
        return self._limit(said, most)

    def _limit(self, said: str, most: int) -> Said:
        return Said(said % {"count": most}, self._setting("limits", _("Change the limits")))

    def _seats(self, start: Start) -> Said:
        ways = self._setting("who", _("Change the seats"))
        left, seats = start.seats_left or 0, self.explained.offer.rules.seats
        if not left:
            return Said(_("All %(seats)s seats are taken.") % {"seats": seats}, ways)
        said = ngettext(
            "Only %(count)s of %(seats)s seats is left.", "Only %(count)s of %(seats)s seats are left.", left
        )
        return Said(said % {"count": left, "seats": seats}, ways)

    def _series(self, start: Start) -> Said:
        """Free by itself; what is in the way later is found on that day."""
        later = start.why.later if start.why else None
        if later is None:
            ways = self._setting("limits", _("Change the limits"))
            return Said(_("Free, but all appointments of the series together go beyond a limit."), ways)
        local = from_minutes(later).astimezone(get_zone(self.explained.offer.zone))
        said = _("Free, but a later appointment of its series can't be booked: %(when)s.")
        page = reverse("dashboard:calendar_why", args=[self.explained.offer.calendar_key])
        return Said(
            said % {"when": date_format(local, "D j M, H:i")},
            (Way(f"{page}?day={local.date()}", _("Look at that day")),),
        )

    def _hidden(self) -> Said:
        share = self.explained.offer.rules.hidden_share
        said = _(
            "Free, but hidden from the public: look busy hides %(share)s%% of the times."
            " One-time links offer it."
        )
        return Said(said % {"share": share}, self._setting("limits", _("Change look busy")))
