"""Eight guests at once through one link to a group, each another calendar and host: one booking."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.live import LiveBookonce, NewBookonce
from tests.races.storm import Post, all_at_once, check_promises, count, guest, rows, slots
from tests.races.team import new_members, new_team_calendar
from tests.strength import times

AT_ONCE = 8
ROUNDS = times(4, 40)
CALENDARS = 4


@pytest.fixture(scope="module")
def live(new_bookonce: NewBookonce) -> LiveBookonce:
    """A server on this run's engine."""
    return new_bookonce()


@pytest.fixture(scope="module")
def group(live: LiveBookonce) -> dict[str, Any]:
    """Four calendars of a host each."""
    for email in new_members(live, CALENDARS):
        new_team_calendar(live, [email], name=f"With {email}")
    calendars = live.call("GET", "calendars")["items"]
    wanted = {"name": "Meet us", "calendars": [calendar["id"] for calendar in calendars]}
    return live.call("POST", "calendar-groups", wanted)


def new_link(live: LiveBookonce, group: dict[str, Any], **options: Any) -> str:
    return str(live.call("POST", "one-time-links", {"group": group["id"]} | options)["url"])


def storm(url: str, group: dict[str, Any], start: str) -> Counter[str]:
    """Each guest chooses the next calendar of the menu, all the same time."""
    menu = group["calendars"]
    posts = [Post(url, guest(start, n, calendar=menu[n % len(menu)])) for n in range(AT_ONCE)]
    return Counter(reply.code for reply in all_at_once(posts))


def test_one_link_to_a_group_gives_one_booking(live: LiveBookonce, group: dict[str, Any]) -> None:
    for start in slots(ROUNDS, weeks_ahead=2, step=60, of=60):
        before = count(live, "scheduling_booking")
        codes = storm(new_link(live, group), group, start)
        assert codes["201"] == 1, codes
        assert codes.keys() <= {"201", "link_used", "busy"}, codes
        assert count(live, "scheduling_booking") == before + 1
    assert rows(live, "SELECT COUNT(*) FROM scheduling_onetimelink WHERE spent > max_bookings") == [(0,)]
    check_promises(live)


def test_a_link_for_two_gives_two(live: LiveBookonce, group: dict[str, Any]) -> None:
    for start in slots(3, weeks_ahead=6, step=60, of=60):
        codes = storm(new_link(live, group, max_bookings=2), group, start)
        assert codes["201"] <= 2
        assert codes["201"] == 2 or codes["busy"]
        assert codes.keys() <= {"201", "link_used", "slot_taken", "busy"}, codes
    check_promises(live)
