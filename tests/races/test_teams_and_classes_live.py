"""Teams, classes and limits while guests book, move and cancel, and their owner changes everything meanwhile.

Nothing is answered by a 5xx but the documented 503, and on PostgreSQL the one lock order leaves no deadlock.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.live import LiveBookonce, NewBookonce
from tests.races.actors import Actor, Verb, act_together, deadlocks
from tests.races.storm import count, guest, new_links, rows, slots
from tests.races.team import TeamCalendar, check_team_promises, new_members, new_team_calendar
from tests.strength import times

THREADS = 12
ACTS = times(12, 200)  # of each thread
SEATS = 6
LINKS = 30
_TURNS_THAT_ARE_NOT_LIVE = """SELECT COUNT(*) FROM scheduling_calendarhost h
  JOIN scheduling_calendar c ON c.id = h.calendar_id AND c.kind = 'round_robin'
  WHERE h.turns <> (SELECT COUNT(*) FROM scheduling_appointment a
    JOIN scheduling_blockedtime t ON t.appointment_id = a.id AND t.live AND t.host_id = h.member_id
    WHERE a.calendar_id = c.id AND a.status <> 'cancelled')"""
_COLLECTIVES_OF_SOME = """SELECT COUNT(*) FROM scheduling_appointment a
  JOIN scheduling_calendar c ON c.id = a.calendar_id AND c.kind = 'collective'
  WHERE a.status <> 'cancelled' AND
  (SELECT COUNT(*) FROM scheduling_blockedtime t WHERE t.appointment_id = a.id AND t.live) <> 3"""


class Guest(Actor):
    """Books at all calendars of a team, alone or as a party of a class."""

    def book(self) -> tuple[int, Any]:
        """A party of up to three where there are seats."""
        body = guest(self.dice.choice(self.shared["times"]), self.dice.randint(1, 5))
        if self.dice.random() < 0.5:
            return self.book_through(self.dice.choice(self.shared["links"]), body)
        return self.book_through(
            self.dice.choice(self.shared["classes"]), body | {"party": self.dice.randint(1, 3)}
        )


class Owner(Guest):
    """Changes the settings of the calendars that guests are booking."""

    def verbs(self) -> Mapping[Verb, int]:
        """A setting now and then."""
        return {**super().verbs(), self.change_settings: 3}

    def change_settings(self) -> tuple[int, Any]:
        """Who hosts, how many a day, what kind, how many seats."""
        hosts = self.dice.sample(self.shared["hosts"], self.dice.randint(1, 4))
        kind = self.dice.choice(["round_robin", "collective", "class"])
        changes: list[dict[str, Any]] = [
            {"hosts": hosts},
            {"hosts": [{"member": host, "weight": self.dice.randint(1, 5)} for host in hosts]},
            {"kind": kind, "hosts": hosts},
            {"kind": "one_on_one", "hosts": hosts[:1]},
            {"kind": "class", "seats": self.dice.choice([2, 6, 20])},
            {"per_day": self.dice.choice([None, 2, 8]), "per_week": self.dice.choice([None, 12])},
            {"per_month": self.dice.choice([None, 5, 40])},
            {"buffer_before": self.dice.choice([0, 10]), "keeps_host": self.dice.random() < 0.5},
            {"one_per_email": self.dice.random() < 0.3},
        ]
        calendar = self.dice.choice(self.shared["calendars"])
        return self.change_calendar(calendar, self.dice.choice(changes))


@pytest.fixture(scope="module")
def live(new_bookonce: NewBookonce) -> LiveBookonce:
    """A server on this run's engine."""
    return new_bookonce()


@pytest.fixture(scope="module")
def hosts(live: LiveBookonce) -> list[str]:
    """Five members besides the owner."""
    return new_members(live, 5)


def test_guests_of_a_team_book_move_and_cancel_at_once(live: LiveBookonce, hosts: list[str]) -> None:
    shared = open_team(live, hosts, weeks_ahead=1)
    before = deadlocks(live)
    seen = act_together([Guest(live, seed, shared) for seed in range(THREADS)], ACTS)
    assert min(seen["book 201"], seen["move 303"], seen["cancel_as_host 200"]) > 3, seen
    check_team_promises(live)
    assert rows(live, _TURNS_THAT_ARE_NOT_LIVE) == [(0,)]
    assert rows(live, _COLLECTIVES_OF_SOME) == [(0,)]
    assert count(live, "scheduling_appointment", f"seats_taken > {SEATS}") == 0
    assert deadlocks(live) == before


def test_a_team_changes_while_its_guests_book_move_and_cancel(live: LiveBookonce, hosts: list[str]) -> None:
    shared = open_team(live, hosts, weeks_ahead=4)
    before = deadlocks(live)
    seen = act_together([Owner(live, seed, shared) for seed in range(THREADS)], ACTS)
    assert min(seen["book 201"], seen["move 303"], seen["change_settings 200"]) > 2, seen
    check_team_promises(live)
    assert deadlocks(live) == before


def open_team(live: LiveBookonce, hosts: list[str], *, weeks_ahead: int) -> dict[str, list[str]]:
    """Calendars of all kinds that share their hosts, with limits, open through all kinds of links."""
    robin = new_team_calendar(
        live, hosts, kind="round_robin", distribution="equal", keeps_host=False, per_day=8, per_month=30
    )
    kept = new_team_calendar(live, hosts[1:], kind="round_robin", interval=15, per_week=12)
    together = new_team_calendar(live, hosts[:3], kind="collective", interval=15, buffer_after=10)
    lesson = new_team_calendar(live, hosts[2:4], kind="class", seats=SEATS, per_day=4)
    lecture = new_team_calendar(live, hosts[4:], kind="class", seats=SEATS)
    calendars = [robin, kept, together, lesson, lecture]
    return {
        "links": [path(calendar) for calendar in (robin, kept, together)]
        + [urlsplit(url).path for url in new_links(live, LINKS, calendar=robin.slug)],
        "classes": [path(calendar) for calendar in (lesson, lecture)]
        + [urlsplit(url).path for url in new_links(live, LINKS, calendar=lesson.slug, max_bookings=2)],
        "calendars": [calendar.id for calendar in calendars],
        "hosts": hosts,
        "times": slots(32, weeks_ahead=weeks_ahead),
        "manage": [],
    }


def path(calendar: TeamCalendar) -> str:
    """Of the address that anyone may book through."""
    return urlsplit(calendar.url).path
