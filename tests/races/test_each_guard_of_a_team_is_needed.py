"""Controls: what the storms for teams, classes and limits find with one guard taken out, and with two.

The lock of a calendar's hosts makes its bookings wait for each other. It alone keeps seats and limits, and
it alone lets the first guests of a session in together and gives each guest of a round robin another host.
Seats, limits and the one session at a time are kept by the database too, should the lock ever be missing:
one of the two must go for nothing to happen, both for the storms to find it. One active booking for each
address has its one guard.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.live import LiveBookonce, NewBookonce
from tests.races.storm import AT_ONCE, Post, all_at_once, count, guest, rows, slots
from tests.races.team import live_appointments, new_members, new_team_calendar
from tests.races.test_each_guard_is_needed import drop_overlap_guard, without
from tests.strength import times

ROUNDS, MOST_ROUNDS = times(1, 10), 10
SEATS, MOST = 10, 7
TWICE = """SELECT COUNT(*) FROM (SELECT 1 FROM scheduling_appointment WHERE seats_taken IS NOT NULL
  AND status <> 'cancelled' GROUP BY calendar_id, starts HAVING COUNT(*) > 1) AS twice"""


@pytest.fixture(scope="module")
def unlocked(new_bookonce: NewBookonce) -> LiveBookonce:
    """Nobody waits for anybody; the database keeps its guards."""
    return without(new_bookonce, "no host lock")


@pytest.fixture(scope="module")
def locked(new_bookonce: NewBookonce) -> LiveBookonce:
    """The lock of the hosts has to do alone."""
    live = without(new_bookonce, "naive seats+no limit+many for each address")
    drop_overlap_guard(live)
    drop_one_session_guard(live)
    return live


@pytest.fixture(scope="module")
def open_to_all(new_bookonce: NewBookonce) -> LiveBookonce:
    """Neither lock nor guard for seats and limits."""
    live = without(new_bookonce, "no host lock+naive seats+no limit")
    drop_overlap_guard(live)
    return live


def drop_one_session_guard(live: LiveBookonce) -> None:
    """Take the unique index out of the database."""
    rows(live, "DROP INDEX class_session_once")


def come_to_class(live: LiveBookonce, start: str, guests: int) -> Counter[str]:
    """So many guests for ten seats of a new class; what was answered."""
    lesson = new_team_calendar(live, ["alice@example.org"], kind="class", seats=SEATS)
    return Counter(reply.code for reply in all_at_once(lesson.posts([start] * guests)))


def most_in_a_class(live: LiveBookonce, *, rounds: int) -> int:
    """The most guests that ten seats took."""
    came = 0
    for start in slots(rounds, weeks_ahead=2, step=60):
        came = max(came, come_to_class(live, start, AT_ONCE)["201"])
        if came > SEATS:
            break
    return came


def most_on_a_day(live: LiveBookonce, *, rounds: int) -> int:
    """The most appointments that a day took which takes seven, of a team that grows by two in each round."""
    taken = 0
    for week in range(rounds):
        hosts = new_members(live, 2)
        team = new_team_calendar(live, hosts, kind="round_robin", per_day=MOST)
        all_at_once(team.posts(slots(16, weeks_ahead=4 + week) * 2))
        taken = max(taken, len(live_appointments(live, team)))
        if taken > MOST:
            break
    return taken


def test_without_the_lock_a_team_turns_guests_away_who_had_hosts(unlocked: LiveBookonce) -> None:
    team = new_team_calendar(unlocked, new_members(unlocked, 5), kind="round_robin")
    for start in slots(MOST_ROUNDS, weeks_ahead=20):
        if Counter(reply.code for reply in all_at_once(team.posts([start] * 5)))["201"] < 5:
            return
    pytest.fail("the storm did not see the missing lock")


def test_without_the_lock_a_session_turns_its_first_guests_away(unlocked: LiveBookonce) -> None:
    for start in slots(MOST_ROUNDS, weeks_ahead=22, step=60):
        if come_to_class(unlocked, start, SEATS)["201"] < SEATS:
            return
    pytest.fail("the storm did not see the missing lock")


def test_without_the_lock_seats_limits_and_sessions_are_kept_by_the_database(unlocked: LiveBookonce) -> None:
    assert 0 < most_in_a_class(unlocked, rounds=ROUNDS) <= SEATS
    assert 0 < most_on_a_day(unlocked, rounds=ROUNDS) <= MOST
    assert rows(unlocked, TWICE) == [(0,)]


def test_the_lock_alone_keeps_seats_limits_and_sessions(locked: LiveBookonce) -> None:
    assert most_in_a_class(locked, rounds=ROUNDS) == SEATS
    assert most_on_a_day(locked, rounds=ROUNDS) == MOST
    assert rows(locked, TWICE) == [(0,)]


def test_without_lock_and_conditional_update_there_are_more_guests_than_seats(
    open_to_all: LiveBookonce,
) -> None:
    assert most_in_a_class(open_to_all, rounds=MOST_ROUNDS) > SEATS


def test_without_lock_and_condition_a_day_takes_more_than_it_should(open_to_all: LiveBookonce) -> None:
    assert most_on_a_day(open_to_all, rounds=MOST_ROUNDS) > MOST


def test_without_lock_and_overlap_guard_one_index_keeps_the_one_session(open_to_all: LiveBookonce) -> None:
    come_to_class(open_to_all, slots(1, weeks_ahead=30)[0], AT_ONCE)
    assert rows(open_to_all, TWICE) == [(0,)]
    drop_one_session_guard(open_to_all)
    for start in slots(MOST_ROUNDS, weeks_ahead=31, step=60):
        come_to_class(open_to_all, start, AT_ONCE)
        if rows(open_to_all, TWICE) != [(0,)]:
            return
    pytest.fail("the storm did not see the missing index")


def test_without_its_guard_an_address_has_more_than_one_active_booking(locked: LiveBookonce) -> None:
    calendar = new_team_calendar(locked, ["alice@example.org"], one_per_email=True)
    starts = slots(20, weeks_ahead=10)
    all_at_once([Post(calendar.url, guest(start, email="same@example.org")) for start in starts])
    assert count(locked, "scheduling_booking", "email = 'same@example.org'") > 1
