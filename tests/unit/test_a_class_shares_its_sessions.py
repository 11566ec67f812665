"""A class: one appointment for each start, which parties join while there are seats."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bookonce.scheduling.slots import Host, HostHours, Kind, Session, SlotQuery, SlotRules, seats_taken
from tests.unit.slot_days import BERLIN, FALL_BACK, ORDINARY, SPRING_FORWARD, every_day, instant, midnights

OPEN = HostHours(BERLIN, every_day("09:00-13:00"), {})
RULES = SlotRules(durations=(60, 90), interval=30, kind=Kind.CLASS, seats=10)
any_day = pytest.mark.parametrize("day", [ORDINARY, SPRING_FORWARD, FALL_BACK])


def session(
    day: str, clock: str, taken: int = 1, *, before: int = 0, after: int = 0, lasts: int = 60
) -> Session:
    """A session with the buffers it was booked with."""
    start = instant(f"{day} {clock}")
    return Session(start, start + lasts, start - before, start + lasts + after, taken)


def busy(day: str, since: str, until: str) -> tuple[int, int]:
    return instant(f"{day} {since}"), instant(f"{day} {until}")


def ask(day: str, *hosts: Host, rules: SlotRules = RULES, **others: Any) -> SlotQuery:
    start, end = midnights(day)
    return SlotQuery(rules, hosts, **{"duration": 60, "start": start, "end": end, "now": 0} | others)


def clocks(query: SlotQuery, day: str) -> str:
    """The offered starts as '09:00 10:00'."""
    noon = instant(f"{day} 12:00")
    minutes = [720 + start - noon for start in query.starts()]
    return " ".join(f"{at // 60:02}:{at % 60:02}" for at in minutes)


@any_day
def test_a_session_can_be_joined_and_blocks_all_else(day: str) -> None:
    host = Host("ann", (OPEN,), sessions=[session(day, "10:00")])
    assert clocks(ask(day, host), day) == "09:00 10:00 11:00 11:30 12:00"
    assert clocks(ask(day, host, duration=90), day) == "11:00 11:30"


@any_day
def test_a_session_off_todays_grid_is_no_start(day: str) -> None:
    host = Host("ann", (OPEN,), sessions=[session(day, "10:10"), session(day, "12:10")])
    assert clocks(ask(day, host), day) == "09:00"


@any_day
def test_a_session_is_joined_while_the_party_fits(day: str) -> None:
    host = Host("ann", (OPEN,), sessions=[session(day, "10:00", taken=8)])
    assert "10:00" in clocks(ask(day, host, party=2), day)
    assert clocks(ask(day, host, party=3), day) == "09:00 11:00 11:30 12:00"
    assert clocks(ask(day, host, party=10), day) == "09:00 11:00 11:30 12:00"
    assert clocks(ask(day, host, party=11), day) == ""


@any_day
def test_joining_keeps_the_buffers_of_the_session_when_the_calendars_have_grown(day: str) -> None:
    wide = replace(RULES, buffer_before=30, buffer_after=30)
    host = Host(
        "ann", (OPEN,), [busy(day, "09:45", "10:00"), busy(day, "11:00", "11:15")], [session(day, "10:00")]
    )
    assert clocks(ask(day, host, rules=wide), day) == "10:00 12:00"
    without = Host("ann", (OPEN,), host.busy)
    assert clocks(ask(day, without, rules=wide), day) == "12:00"


@any_day
def test_a_session_keeps_others_off_its_own_buffers_when_the_calendar_has_none_now(day: str) -> None:
    host = Host("ann", (OPEN,), sessions=[session(day, "10:30", before=20, after=40)])
    assert clocks(ask(day, host), day) == "09:00 10:30"


@any_day
@pytest.mark.parametrize(
    ("since", "until", "joined"),
    [
        ("09:30", "09:50", True),
        ("09:30", "09:51", False),
        ("11:15", "11:30", True),
        ("11:14", "11:30", False),
    ],
)
def test_busy_time_in_the_buffers_of_a_session_closes_it(
    day: str, since: str, until: str, *, joined: bool
) -> None:
    host = Host("ann", (OPEN,), [busy(day, since, until)], [session(day, "10:00", before=10, after=15)])
    assert ("10:00" in clocks(ask(day, host), day)) == joined


@any_day
def test_empty_busy_time_closes_no_session(day: str) -> None:
    host = Host("ann", (OPEN,), [busy(day, "10:30", "10:30")], [session(day, "10:00")])
    assert "10:00" in clocks(ask(day, host), day)


@any_day
def test_a_session_that_meets_another_one_is_closed(day: str) -> None:
    host = Host("ann", (OPEN,), sessions=[session(day, "10:00"), session(day, "10:30")])
    assert clocks(ask(day, host), day) == "09:00 11:30 12:00"


@any_day
def test_seats_of_several_hosts_are_those_of_the_one_where_most_are_taken(day: str) -> None:
    ann = Host("ann", (OPEN,), sessions=[session(day, "10:00", taken=3), session(day, "12:00", taken=9)])
    bob = Host("bob", (OPEN,), sessions=[session(day, "10:00", taken=5), session(day, "12:00", taken=2)])
    ten, noon, nine = (instant(f"{day} {clock}") for clock in ("10:00", "12:00", "09:00"))
    for hosts in ((ann, bob), (bob, ann)):
        query = ask(day, *hosts)
        assert query.seats_left([nine, ten, noon]) == {nine: 10, ten: 5, noon: 1}
        assert clocks(replace(query, party=5), day) == "09:00 10:00 11:00"
        assert clocks(replace(query, party=6), day) == "09:00 11:00"


@any_day
def test_a_session_with_nobody_in_it_stands(day: str) -> None:
    ten = instant(f"{day} 10:00")
    host = Host("ann", (OPEN,), [], [session(day, "10:00", taken=0)])
    assert ask(day, host).seats_left([ten]) == {ten: 10}
    assert "10:30" not in clocks(ask(day, host), day)


@any_day
def test_sessions_come_in_any_order(day: str) -> None:
    sessions = [session(day, "11:30"), session(day, "10:00"), session(day, "09:00")]
    host = Host("ann", (OPEN,), [busy(day, "12:30", "13:00")], sessions)
    assert clocks(ask(day, host), day) == "09:00 10:00 11:30"


@any_day
def test_long_busy_time_closes_a_session_behind_shorter_ones(day: str) -> None:
    times = [busy(day, "08:00", "10:30"), busy(day, "08:30", "08:40"), busy(day, "09:00", "09:10")]
    host = Host("ann", (OPEN,), times, [session(day, "10:00"), session(day, "12:00")])
    assert clocks(ask(day, host), day) == "11:00 12:00"


@any_day
def test_two_sessions_of_one_time_share_their_seats(day: str) -> None:
    # they can only come from a rules file; the database holds one for each start
    both = [session(day, "10:00", 4, before=5, after=30), session(day, "10:00", 4, before=30)]
    ten = instant(f"{day} 10:00")
    assert ask(day, Host("ann", (OPEN,), sessions=both)).seats_left([ten]) == {ten: 2}
    for since, until, joined in (
        ("09:20", "09:30", True),
        ("09:30", "09:31", False),
        ("11:29", "11:40", False),
        ("11:30", "11:40", True),
    ):
        host = Host("ann", (OPEN,), [busy(day, since, until)], both)
        assert ("10:00" in clocks(ask(day, host, party=2), day)) == joined


@any_day
def test_a_session_of_another_length_blocks_the_one_that_starts_with_it(day: str) -> None:
    host = Host("ann", (OPEN,), sessions=[session(day, "10:00"), session(day, "10:00", lasts=90)])
    assert clocks(ask(day, host), day) == "09:00 11:30 12:00"


@any_day
def test_a_session_of_one_host_needs_the_others_free(day: str) -> None:
    ann = Host("ann", (OPEN,), sessions=[session(day, "10:00"), session(day, "12:00")])
    bob = Host("bob", (OPEN,), [busy(day, "10:45", "11:15")])
    assert clocks(ask(day, ann, bob), day) == "09:00 12:00"


@any_day
def test_for_the_others_a_session_has_the_calendars_buffers(day: str) -> None:
    rules = replace(RULES, buffer_before=10, buffer_after=20)
    ann = Host("ann", (OPEN,), sessions=[session(day, "10:00")])

    def joined(since: str, until: str) -> bool:
        return "10:00" in clocks(
            ask(day, ann, Host("bob", (OPEN,), [busy(day, since, until)]), rules=rules), day
        )

    assert joined("09:30", "09:50")
    assert not joined("09:30", "09:51")
    assert joined("11:20", "11:30")
    assert not joined("11:19", "11:30")


@any_day
def test_a_session_outside_todays_hours_cannot_be_joined(day: str) -> None:
    host = Host(
        "ann", (OPEN,), sessions=[session(day, "08:00"), session(day, "12:30"), session(day, "13:00")]
    )
    assert clocks(ask(day, host), day) == "09:00 09:30 10:00 10:30 11:00 11:30"
    late = HostHours(BERLIN, every_day("10:00-13:00"), {})
    ann = Host("ann", (OPEN,), sessions=[session(day, "09:00")])
    assert clocks(ask(day, ann, Host("bob", (late,))), day) == "10:00 10:30 11:00 11:30 12:00"


@any_day
def test_sessions_of_several_days_can_be_joined(day: str) -> None:
    days = [instant(f"{day} 09:30") + number * 1440 for number in range(-2, 3)]
    sessions = [Session(start, start + 60, start, start + 60, 1) for start in days]
    host = Host("ann", (HostHours("UTC", every_day("00:00-24:00"), {}),), (), sessions)
    wide = ask(day, host, start=days[0], end=days[-1] + 1)
    assert set(days) <= set(wide.starts())


@any_day
def test_the_seats_left_are_the_calendars_less_those_taken(day: str) -> None:
    ten, nine = instant(f"{day} 10:00"), instant(f"{day} 09:00")
    host = Host("ann", (OPEN,), sessions=[session(day, "10:00", taken=4), session(day, "09:00", 7, lasts=90)])
    query = ask(day, host)
    assert query.seats_left([nine, ten]) == {nine: 10, ten: 6}  # the one of 90 minutes is another start
    assert replace(query, duration=90).seats_left([nine, ten]) == {nine: 3, ten: 10}
    fewer = replace(query, rules=replace(RULES, seats=3))
    assert fewer.seats_left([ten]) == {ten: 0}
    assert replace(query, rules=SlotRules(durations=(60,), interval=30)).seats_left([ten]) == {}


def test_the_seats_taken_are_those_of_the_session_at_this_time() -> None:
    sessions = [
        Session(600, 660, 600, 660, 4),
        Session(600, 690, 600, 690, 2),
        Session(660, 720, 660, 720, 1),
    ]
    assert seats_taken(sessions, 600, 60) == 4
    assert seats_taken(sessions, 600, 90) == 2
    assert seats_taken(sessions, 615, 60) == 0
    assert seats_taken(sessions, 630, 60) == 0  # one that ends then starts earlier
