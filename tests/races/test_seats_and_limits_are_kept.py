"""A hundred guests at once for ten seats, fifty for seven appointments a day: exactly so many come."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest

from tests.live import LiveBookonce, NewBookonce
from tests.races.storm import AT_ONCE, Post, all_at_once, guest, pause_inserts, slots
from tests.races.team import (
    at,
    check_team_promises,
    counted,
    days_of_a_month,
    live_appointments,
    new_members,
    new_team_calendar,
    shown,
    to_be_counted,
    working_days,
)
from tests.strength import FULL, times

SEATS, GUESTS, MOST = 10, 100, 7
ROUNDS = times(1, 20)
FIRST_TWO = times(8, 100)
HONEST = {"201", "slot_taken", "busy"}  # busy: the documented 503


@pytest.fixture(scope="module", params=["as it is", "slowed"] if FULL else ["as it is"])
def live(request: pytest.FixtureRequest, new_bookonce: NewBookonce) -> LiveBookonce:
    """A server on this run's engine; in `make proof` also with a sleeping trigger in the booking's way."""
    installation = new_bookonce()
    if request.param == "slowed":
        pause_inserts(installation, "scheduling_appointment", "scheduling_limitcount")
    return installation


@pytest.fixture(scope="module")
def hosts(live: LiveBookonce) -> list[str]:
    """Five members besides the owner."""
    return new_members(live, 5)


def test_ten_seats_take_ten_of_a_hundred_guests(live: LiveBookonce, hosts: list[str]) -> None:
    calendar = new_team_calendar(live, hosts[:2], kind="class", seats=SEATS)
    for start in slots(ROUNDS, weeks_ahead=2):
        codes = Counter(reply.code for reply in all_at_once(calendar.posts([start] * GUESTS)))
        assert codes["201"] == SEATS, codes
        assert codes.keys() <= HONEST
        assert [row[1:] for row in live_appointments(live, calendar, start)] == [(SEATS, 2)]
        assert not shown(live, calendar, start)
    check_team_promises(live)


def test_parties_of_two_and_three_never_take_more_seats_than_there_are(
    live: LiveBookonce, hosts: list[str]
) -> None:
    calendar = new_team_calendar(live, hosts[:1], kind="class", seats=SEATS)
    for start in slots(ROUNDS, weeks_ahead=6):
        posts = [Post(calendar.url, guest(start, n, party=2 + n % 2)) for n in range(AT_ONCE)]
        replies = all_at_once(posts)
        assert {reply.code for reply in replies} <= HONEST
        came = sum(
            post.body["party"] for post, reply in zip(posts, replies, strict=True) if reply.status == 201
        )
        assert SEATS - 1 <= came <= SEATS
        assert [row[1] for row in live_appointments(live, calendar, start)] == [came]
        assert shown(live, calendar, start) == (came < SEATS)
        rest = Counter(reply.code for reply in all_at_once(calendar.posts([start] * 4)))
        assert rest["201"] == SEATS - came, rest
        assert not shown(live, calendar, start)
    check_team_promises(live)


def test_the_first_two_guests_of_a_session_both_get_in(live: LiveBookonce, hosts: list[str]) -> None:
    calendar = new_team_calendar(live, hosts[:1], kind="class", seats=SEATS)
    for start in slots(FIRST_TWO, weeks_ahead=10):
        replies = all_at_once(calendar.posts([start] * 2))
        assert [reply.code for reply in replies] == ["201", "201"]
        assert [row[1] for row in live_appointments(live, calendar, start)] == [2]
    check_team_promises(live)


@pytest.mark.parametrize("unit", ["day", "week", "month"])
def test_seven_of_fifty_guests_fit_into_a_period_that_takes_seven(
    live: LiveBookonce, hosts: list[str], unit: str
) -> None:
    for number in range(ROUNDS):
        calendar = new_team_calendar(live, hosts, kind="round_robin", **{f"per_{unit}": MOST})
        # Never more guests for one start than there are hosts: nothing but the limit refuses.
        starts = [at(day, 30 * half) for half in range(16) for day in days_of(unit, number) * 3][:AT_ONCE]
        starts += starts[: AT_ONCE - len(starts)]
        codes = Counter(reply.code for reply in all_at_once(calendar.posts(starts)))
        assert codes["201"] == MOST, codes
        assert codes.keys() <= HONEST
        assert len(live_appointments(live, calendar)) == MOST
        assert not any(shown(live, calendar, start) for start in starts[:3])
    assert counted(live) == to_be_counted(live)
    check_team_promises(live)


def days_of(unit: str, number: int) -> list[datetime]:
    """The working days of one day, week or month; another one for each number."""
    if unit == "month":
        return days_of_a_month(months_ahead=7 + number % 4)
    week = working_days(5, weeks_ahead=20 + number)
    return week if unit == "week" else [week[0] - timedelta(weeks=4)]
