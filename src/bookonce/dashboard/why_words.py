"""Why a start is not offered, in one plain sentence with a way to what causes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookonce.accounts.models import Member
from bookonce.dashboard.why_calendar import CalendarWords
from bookonce.dashboard.why_clock import DayClock
from bookonce.dashboard.why_hosts import HostWords
from bookonce.dashboard.why_said import Said, Way
from bookonce.scheduling.explain import Explained, Start
from bookonce.scheduling.slots import Kind, Rule, Verdict

# The look (design/states.py) and the word of each rule.
PILLS: Mapping[Rule, tuple[str, str | Promise]] = {
    Rule.HOURS: ("closed", gettext_lazy("Outside hours")),
    Rule.OVERRIDE: ("closed", gettext_lazy("Other hours")),
    Rule.HOLIDAY: ("closed", gettext_lazy("Holiday")),
    Rule.OUT_OF_OFFICE: ("closed", gettext_lazy("Out of office")),
    Rule.LENGTH: ("closed", gettext_lazy("Other length")),
    Rule.PAST: ("not_now", gettext_lazy("Past")),
    Rule.NOTICE: ("not_now", gettext_lazy("Too soon")),
    Rule.HORIZON: ("not_now", gettext_lazy("Not open")),
    Rule.PICKED: ("not_now", gettext_lazy("Not picked")),
    Rule.PER_DAY: ("full", gettext_lazy("Day full")),
    Rule.PER_WEEK: ("full", gettext_lazy("Week full")),
    Rule.PER_MONTH: ("full", gettext_lazy("Month full")),
    Rule.BUSY: ("busy", gettext_lazy("Busy")),
    Rule.BUFFER: ("busy", gettext_lazy("Buffer")),
    Rule.SEATS: ("full", gettext_lazy("Full")),
    Rule.SERIES: ("full", gettext_lazy("Series broken")),
    Rule.LOOK_BUSY: ("hidden", gettext_lazy("Hidden")),
}
MOST_NAMED = 5  # hosts in one sentence


@dataclass(frozen=True)
class HostSaid:
    """A host of a team: whether that one could host, and why not."""

    name: str
    free: bool
    said: Said


@dataclass(frozen=True)
class Words:
    """The sentences of one explained day, as this member may read them.

    `link` is the public id of the one-time link in hand, if any.
    """

    explained: Explained
    reader: Member
    link: str = ""

    @cached_property
    def clock(self) -> DayClock:
        """The calendar's."""
        return DayClock(self.explained.offer.zone, self.explained.day)

    @cached_property
    def _hosts(self) -> HostWords:
        return HostWords(self.explained, self.clock, self.reader)

    @cached_property
    def _calendar(self) -> CalendarWords:
        return CalendarWords(self.explained, self.link)

    def pill(self, start: Start) -> tuple[str, str]:
        """State and word of the start."""
        if start.why is None:
            return "offered", _("Offered")
        state, word = PILLS[start.why.rule]
        return state, str(word)

    def sentence(self, start: Start) -> Said:
        """Why it is not offered; where it is, what else is to say of it."""
        if start.why is None:
            return Said(self._offered(start))
        rule, hosts = start.why.rule, start.why.hosts
        of_calendar = self._calendar.find(rule, start)
        if of_calendar is not None:
            return of_calendar
        if self.explained.offer.rules.kind is Kind.ROUND_ROBIN and len(hosts) > 1:
            return Said(_("No host can: %(reasons)s.") % {"reasons": _counted(start.why)})
        host = next(iter(hosts), self.explained.offer.hosts[0].id)
        said = self._hosts.sentence(int(host), hosts.get(host, rule), start)
        further = len(hosts) - 1
        told = ngettext("%(count)s more host can't.", "%(count)s more hosts can't.", further)
        return said.and_then(told % {"count": further} if further > 0 else "")

    def by_host(self, start: Start) -> list[HostSaid]:
        """Each host of a team; nothing where there is one, or where the calendar itself rules."""
        hosts, why = self.explained.offer.hosts, start.why
        if len(hosts) < 2 or why is None or not why.hosts:
            return []
        return [
            HostSaid(host.name, free=False, said=self._of_host(host.id, why.hosts[host.id], start))
            if host.id in why.hosts
            else HostSaid(host.name, free=True, said=Said(_("Free")))
            for host in hosts
        ]

    def schedules(self, host: int) -> tuple[Way, ...]:
        """The host's hours for this calendar."""
        return self._hosts.schedules(host)

    def _of_host(self, host: int, rule: Rule, start: Start) -> Said:
        return self._calendar.find(rule, start) or self._hosts.sentence(host, rule, start)

    def _offered(self, start: Start) -> str:
        offer = self.explained.offer
        if start.seats_left is not None:
            said = ngettext(
                "%(count)s of %(seats)s seats is left.",
                "%(count)s of %(seats)s seats are left.",
                start.seats_left,
            )
            return said % {"count": start.seats_left, "seats": offer.rules.seats}
        if offer.rules.kind is Kind.ROUND_ROBIN and len(offer.hosts) > 1:
            return self._free(start.hosts)
        return ""

    def _free(self, hosts: Sequence[int]) -> str:
        if len(hosts) > MOST_NAMED:
            values = {"count": len(hosts), "all": len(self.explained.offer.hosts)}
            return _("%(count)s of %(all)s hosts can.") % values
        return _("%(names)s can host.") % {"names": ", ".join(self._names[host] for host in hosts)}

    @cached_property
    def _names(self) -> Mapping[int, str]:
        return {host.id: host.name for host in self.explained.offer.hosts}


def _counted(why: Verdict) -> str:
    """`busy (2), out of office (1)`, the commonest first."""
    return ", ".join(
        _("%(reason)s (%(count)s)") % {"reason": str(PILLS[rule][1]).lower(), "count": count}
        for rule, count in Counter(why.hosts.values()).most_common()
    )
