"""Fifty guests at once for the hosts of one calendar: each host is taken once, and everybody else is told."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.live import LiveBookonce, NewBookonce
from tests.races.storm import (
    AT_ONCE,
    Post,
    all_at_once,
    count,
    guest,
    new_links,
    overlaps,
    pause_inserts,
    rows,
    slots,
)
from tests.races.team import (
    TeamCalendar,
    at,
    call,
    check_team_promises,
    live_appointments,
    new_members,
    new_team_calendar,
    shown,
    working_days,
)
from tests.strength import FULL, times

HOSTS = 5
ROUNDS = times(2, 20)
HONEST = {"201", "slot_taken", "busy"}  # busy: the documented 503


@pytest.fixture(scope="module", params=["as it is", "slowed"] if FULL else ["as it is"])
def live(request: pytest.FixtureRequest, new_bookonce: NewBookonce) -> LiveBookonce:
    """A server on this run's engine; in `make proof` also with a sleeping trigger in the booking's way."""
    installation = new_bookonce()
    if request.param == "slowed":
        pause_inserts(installation, "scheduling_appointment", "scheduling_blockedtime")
    return installation


@pytest.fixture(scope="module")
def hosts(live: LiveBookonce) -> list[str]:
    """Five members besides the owner."""
    return new_members(live, HOSTS)


@pytest.mark.parametrize("distribution", ["availability", "equal"])
def test_five_hosts_of_a_round_robin_take_five_of_fifty_guests(
    live: LiveBookonce, hosts: list[str], distribution: str
) -> None:
    calendar = new_team_calendar(live, hosts, kind="round_robin", distribution=distribution)
    starts = slots(ROUNDS, weeks_ahead=2 if distribution == "equal" else 6)
    links = new_links(live, ROUNDS * AT_ONCE, calendar=calendar.slug)
    for number, start in enumerate(starts):
        ours = links[number * AT_ONCE : (number + 1) * AT_ONCE]
        unspent = count(live, "scheduling_onetimelink", "spent = 0")
        replies = all_at_once([Post(url, guest(start, n)) for n, url in enumerate(ours)])
        codes = Counter(reply.code for reply in replies)
        assert codes["201"] == HOSTS, codes
        assert codes.keys() <= HONEST
        assert [row[2] for row in live_appointments(live, calendar, start)] == [1] * HOSTS
        assert hosts_at(live, calendar, start) == HOSTS
        assert count(live, "scheduling_onetimelink", "spent = 0") == unspent - HOSTS
        assert not shown(live, calendar, start)
    assert turns(live, calendar) == [ROUNDS] * HOSTS
    check_team_promises(live)


def test_a_collective_of_three_takes_one_of_fifty_guests(live: LiveBookonce, hosts: list[str]) -> None:
    calendar = new_team_calendar(live, hosts[:3], kind="collective")
    for start in slots(ROUNDS, weeks_ahead=10):
        codes = Counter(reply.code for reply in all_at_once(calendar.posts([start] * AT_ONCE)))
        assert codes["201"] == 1, codes
        assert codes.keys() <= HONEST
        assert [row[2] for row in live_appointments(live, calendar, start)] == [3]
    check_team_promises(live)


def test_a_collective_and_its_hosts_own_calendars_never_overlap(live: LiveBookonce, hosts: list[str]) -> None:
    together = new_team_calendar(live, hosts[:3], kind="collective", interval=15, buffer_after=10)
    own = [new_team_calendar(live, [host], kind="one_on_one", interval=15) for host in hosts[:3]]
    robin = new_team_calendar(live, hosts, kind="round_robin", interval=15)
    for day in working_days(ROUNDS, weeks_ahead=14):
        posts = [
            Post(calendar.url, guest(at(day, 15 * (n % 3)), n))
            for n, calendar in enumerate([together, *own, robin] * (AT_ONCE // 5))
        ]
        codes = Counter(reply.code for reply in all_at_once(posts))
        assert codes["201"] >= 3, codes  # one for the three together, one for each of the other two
        assert codes.keys() <= HONEST
        assert overlaps(live) == 0
    assert {row[2] for row in live_appointments(live, together)} <= {3}
    assert {row[2] for calendar in (*own, robin) for row in live_appointments(live, calendar)} == {1}
    check_team_promises(live)


def test_one_booking_of_twenty_under_one_address_where_one_may_be_active(
    live: LiveBookonce, hosts: list[str]
) -> None:
    calendar = new_team_calendar(live, hosts, kind="round_robin", one_per_email=True)
    for number in range(ROUNDS):
        addresses = [f"same{number}@example.org", f"Same{number}@Example.org", f"SAME{number}@EXAMPLE.ORG"]
        starts = slots(20, weeks_ahead=18 + number)
        posts = [
            Post(calendar.url, guest(start, n, email=addresses[n % 3])) for n, start in enumerate(starts)
        ]
        codes = Counter(reply.code for reply in all_at_once(posts))
        assert codes["201"] == 1, codes
        assert codes.keys() <= {"201", "invalid", "busy"}
        assert count(live, "scheduling_booking", f"LOWER(email) = 'same{number}@example.org'") == 1
    _, page = call(live, "GET", f"/api/v1/appointments?calendar={calendar.id}")
    assert len(page["items"]) == ROUNDS
    check_team_promises(live)


def hosts_at(live: LiveBookonce, calendar: TeamCalendar, start: str) -> int:
    """How many different hosts have an appointment of the calendar then."""
    ids = ", ".join(str(row[0]) for row in live_appointments(live, calendar, start))
    where = f"appointment_id IN ({ids}) AND live"
    return int(rows(live, f"SELECT COUNT(DISTINCT host_id) FROM scheduling_blockedtime WHERE {where}")[0][0])


def turns(live: LiveBookonce, calendar: TeamCalendar) -> list[int]:
    """How many each host has had."""
    found = rows(
        live,
        "SELECT h.turns FROM scheduling_calendarhost h JOIN scheduling_calendar c ON c.id = h.calendar_id "
        f"WHERE c.public_id = '{calendar.id}' ORDER BY h.id",
    )
    return [row[0] for row in found]
