"""How much a rules file may ask for: an answer takes seconds whatever the file says."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from bookonce.scheduling.local_days import DAY
from bookonce.scheduling.opening_hours import HostHours
from bookonce.scheduling.slot_query import SlotQuery

MOST_ENTRIES = 250_000  # of all lists of a rule set: hosts, hours, dates, appointments, busy times
MOST_STARTS = 1_000_000  # on the grids of all hosts' schedules, were they open all the time
MOST_EXPLAINED = 100_000  # the same, with explanations
MOST_BLOCKS = 250_000  # of hours on all days of the window, and as long after it as a slot lasts
MOST_STARTS_IN_ALL = 50_000_000  # of a list of rule sets; an explained one counts tenfold


def grid_size(query: SlotQuery) -> int:
    """How many starts all grids of the window could have."""
    grids = sum(len(host.schedules) for host in query.hosts)
    return -(-(query.end - query.start) // query.rules.interval) * grids


def too_much(query: SlotQuery, *, explain: bool, left: int) -> dict[str, list[str]]:
    """By field, what makes this rule set too large; `left` of MOST_STARTS_IN_ALL is not yet used up."""
    size, most = grid_size(query), MOST_EXPLAINED if explain else MOST_STARTS
    if size > most:
        told = _("At most %(most)s starts of all hosts can be listed. Narrow the window or the grid.")
        if explain:
            told = _("At most %(most)s starts of all hosts can be explained. Narrow the window or the grid.")
        return {"window": [told % {"most": most}]}
    if _blocks(query) > MOST_BLOCKS:
        told = _("At most %(most)s blocks of hours can be gone through. Narrow the window.")
        return {"window": [told % {"most": MOST_BLOCKS}]}
    if size > left:
        told = _("The rule sets of a list have at most %(most)s starts in all. Ask in several files.")
        return {"window": [told % {"most": MOST_STARTS_IN_ALL}]}
    return {}


def count_entries(raw: object, most: int) -> int:
    """How many entries the lists inside have; it stops counting beyond `most`."""
    count, inside = 0, [raw]
    while inside and count <= most:
        one = inside.pop()
        if isinstance(one, Mapping):
            inside += one.values()
        elif isinstance(one, list):
            count += len(one)
            inside += one
    return count


def _blocks(query: SlotQuery) -> int:
    days = (query.end - query.start + query.duration) // DAY + 4
    return days * sum(_blocks_a_day(hours) for host in query.hosts for hours in host.schedules)


def _blocks_a_day(hours: HostHours) -> int:
    """At most; each journey is looked at on each day too."""
    by_weekday = [0] * 7
    for block in hours.weekly:
        by_weekday[block.weekday] += 1
    longest = max((len(blocks) for blocks in hours.overrides.values()), default=0)
    return 1 + max(longest, *by_weekday) + len(hours.travel)
