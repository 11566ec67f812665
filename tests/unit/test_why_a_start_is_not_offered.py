"""The words for a start that is not offered: the first rule that takes it out, and that of each host."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bookonce.scheduling.slots import (
    Host,
    HostHours,
    Kind,
    Period,
    Session,
    SlotQuery,
    SlotRules,
    WindowTooWide,
)
from tests.unit.slot_days import BERLIN, FALL_BACK, ORDINARY, SPRING_FORWARD, every_day, instant, midnights

any_day = pytest.mark.parametrize("day", [ORDINARY, SPRING_FORWARD, FALL_BACK])
HOURLY = SlotRules(durations=(60,), interval=60)
Bare = dict[int | str, list[tuple[int, int]]]
OPEN = HostHours(BERLIN, every_day("09:00-12:00"), {})


def ask(day: str, *hosts: Host, rules: SlotRules = HOURLY, **others: Any) -> SlotQuery:
    start, end = midnights(day)
    return SlotQuery(rules, hosts, **{"duration": 60, "start": start, "end": end, "now": 0} | others)


def told(day: str, query: SlotQuery, bare: Bare | None = None) -> dict[str, Any]:
    """By clock: the rule, and behind it those of the hosts."""
    noon = instant(f"{day} 12:00")
    times = bare or {host.id: list(host.busy) for host in query.hosts}
    found = {}
    for at, verdict in query.why_not(times).items():
        clock = 720 + at - noon
        by_host = {str(name): rule.value for name, rule in verdict.hosts.items()}
        found[f"{clock // 60:02}:{clock % 60:02}"] = (verdict.rule.value, by_host)
    return found


def rules_of(day: str, query: SlotQuery, bare: Bare | None = None) -> dict[str, str]:
    return {clock: rule for clock, (rule, _) in told(day, query, bare).items()}


def busy(day: str, since: str, until: str) -> tuple[int, int]:
    return instant(f"{day} {since}"), instant(f"{day} {until}")


@any_day
def test_busy_time_touches_nothing_beside_it(day: str) -> None:
    host = Host("ann", (OPEN,), [busy(day, "10:00", "11:00")])
    assert told(day, ask(day, host)) == {"10:00": ("busy", {"ann": "busy"})}


@any_day
def test_a_buffer_is_told_from_busy_time(day: str) -> None:
    host = Host("ann", (OPEN,), [busy(day, "09:55", "11:05")])
    bare: Bare = {"ann": [busy(day, "10:15", "10:45")]}
    assert rules_of(day, ask(day, host), bare) == {"09:00": "buffer", "10:00": "busy", "11:00": "buffer"}
    ours = replace(HOURLY, buffer_before=10, buffer_after=5)
    host = Host("ann", (OPEN,), [busy(day, "10:04", "10:51")])
    assert rules_of(day, ask(day, host, rules=ours)) == {
        "09:00": "buffer",
        "10:00": "busy",
        "11:00": "buffer",
    }


@any_day
def test_busy_time_that_touches_the_slot_is_met_by_its_buffer_alone(day: str) -> None:
    rules = replace(HOURLY, buffer_after=5)
    host = Host("ann", (OPEN,), [busy(day, "11:00", "12:00")])
    assert rules_of(day, ask(day, host, rules=rules)) == {"10:00": "buffer", "11:00": "busy"}


@any_day
def test_time_off_of_another_host_closes_a_collective(day: str) -> None:
    away = HostHours(BERLIN, OPEN.weekly, {}, away={date.fromisoformat(day)})
    team = replace(HOURLY, kind=Kind.COLLECTIVE)
    query = ask(day, Host("ann", (OPEN,)), Host("bob", (away,)), rules=team)
    assert told(day, query)["10:00"] == ("out of office", {"bob": "out of office"})


@any_day
def test_a_session_is_no_reason_of_the_host_who_has_it(day: str) -> None:
    ten = instant(f"{day} 10:00")
    rules = replace(HOURLY, kind=Kind.CLASS, seats=5)
    ann = Host("ann", (OPEN,), sessions=[Session(ten, ten + 60, ten, ten + 60, 1)])
    bob = Host("bob", (OPEN,), [busy(day, "10:30", "10:40")])
    assert told(day, ask(day, ann, bob, rules=rules)) == {"10:00": ("busy", {"bob": "busy"})}


@any_day
def test_long_busy_time_hides_behind_no_later_one(day: str) -> None:
    host = Host("ann", (OPEN,), [busy(day, "08:00", "12:00"), busy(day, "08:30", "08:40")])
    assert rules_of(day, ask(day, host)) == dict.fromkeys(("09:00", "10:00", "11:00"), "busy")


@any_day
def test_the_host_who_comes_closest_names_the_rule_of_a_round_robin(day: str) -> None:
    away = HostHours(BERLIN, OPEN.weekly, {}, away={date.fromisoformat(day)})
    hosts = Host("ann", (away,)), Host("bob", (OPEN,), [busy(day, "09:00", "10:00")])
    robin = replace(HOURLY, kind=Kind.ROUND_ROBIN)
    assert told(day, ask(day, *hosts, rules=robin)) == {
        "09:00": ("busy", {"ann": "out of office", "bob": "busy"})
    }
    assert told(day, ask(day, *hosts[::-1], rules=robin)) == {
        "09:00": ("busy", {"bob": "busy", "ann": "out of office"})
    }


@any_day
def test_a_collective_names_the_hosts_who_are_not_free(day: str) -> None:
    late = HostHours(BERLIN, every_day("10:00-12:00"), {})
    team = replace(HOURLY, kind=Kind.COLLECTIVE)
    hosts = Host("ann", (OPEN,), [busy(day, "11:00", "11:30")]), Host("bob", (late,))
    assert told(day, ask(day, *hosts, rules=team)) == {
        "09:00": ("hours", {"bob": "hours"}),
        "11:00": ("busy", {"ann": "busy"}),
    }


@any_day
def test_the_rules_of_the_calendar_come_before_busy_time_and_behind_hours(day: str) -> None:
    at_ten = instant(f"{day} 10:00") * 60
    host = Host("ann", (OPEN,), [busy(day, "09:00", "12:00")])
    rules = replace(HOURLY, notice=30)
    assert rules_of(day, ask(day, host, rules=rules, now=at_ten)) == {
        "09:00": "past",
        "10:00": "notice",
        "11:00": "busy",
    }
    assert rules_of(day, ask(day, host, rules=replace(rules, notice=60), now=at_ten + 1)) == {
        "09:00": "past",
        "10:00": "past",
        "11:00": "notice",
    }
    assert rules_of(day, ask(day, host, rules=replace(HOURLY, durations=(30,)))) == dict.fromkeys(
        ("09:00", "10:00", "11:00"), "length"
    )
    long = replace(HOURLY, durations=(90,))
    assert rules_of(day, ask(day, host, rules=long, duration=90, now=at_ten)) == {
        "09:00": "past",
        "10:00": "busy",
        "11:00": "hours",
    }


@any_day
def test_days_beyond_the_horizon_and_outside_the_date_range_are_told(day: str) -> None:
    host, only = Host("ann", (OPEN,)), date.fromisoformat(day)
    start, end = midnights(day)

    def rules_of_three_days(rules: SlotRules) -> list[str]:
        wide = ask(day, host, rules=rules, start=start - 1440, end=end + 1440, now=start * 60)
        return [verdict.rule.value for verdict in wide.why_not({"ann": []}).values()]

    assert rules_of_three_days(replace(HOURLY, horizon_days=0)) == ["past"] * 3 + ["horizon"] * 3
    assert rules_of_three_days(replace(HOURLY, last_day=only)) == ["past"] * 3 + ["horizon"] * 3
    taken = Host("ann", (OPEN,), [midnights(day)])
    full = replace(ask(day, host, rules=replace(HOURLY, first_day=only, last_day=only)), hosts=[taken])
    assert set(rules_of(day, full).values()) == {"busy"}  # both ends of the range are in it
    tomorrow = date.fromordinal(only.toordinal() + 1)
    assert rules_of_three_days(replace(HOURLY, first_day=tomorrow)) == ["past"] * 3 + ["horizon"] * 3


@any_day
def test_limits_are_named_by_their_unit(day: str) -> None:
    host = Host("ann", (OPEN,))
    for unit in ("day", "week", "month"):
        rules = replace(HOURLY, **{f"per_{unit}": 0})  # type: ignore[arg-type]
        assert set(rules_of(day, ask(day, host, rules=rules)).values()) == {f"limit per {unit}"}
    rules = replace(HOURLY, per_day=2)
    today = (date.fromisoformat(day) - date(1970, 1, 1)).days
    full, nearly = ({Period("day", today): count} for count in (2, 1))
    assert set(rules_of(day, ask(day, host, rules=rules, counts=full)).values()) == {"limit per day"}
    assert rules_of(day, ask(day, host, rules=rules, counts=nearly)) == {}


@any_day
def test_a_session_counts_towards_no_limit_even_with_nobody_in_it(day: str) -> None:
    ten = instant(f"{day} 10:00")
    rules = replace(HOURLY, kind=Kind.CLASS, seats=5, per_day=0)
    sessions = [Session(ten, ten + 60, ten, ten + 60, 0)]
    assert rules_of(day, ask(day, Host("ann", (OPEN,), sessions=sessions), rules=rules)) == {
        "09:00": "limit per day",
        "11:00": "limit per day",
    }
    disturbed = Host("ann", (OPEN,), [(ten, ten + 5)], sessions)
    assert rules_of(day, ask(day, disturbed, rules=rules))["10:00"] == "busy"


@any_day
def test_a_full_session_has_no_seats_and_the_one_beside_it_is_busy(day: str) -> None:
    ten = instant(f"{day} 10:00")
    rules = SlotRules(durations=(60,), interval=30, kind=Kind.CLASS, seats=5)
    host = Host("ann", (OPEN,), sessions=[Session(ten, ten + 60, ten, ten + 60, 5)])
    assert rules_of(day, ask(day, host, rules=rules)) == {
        "09:30": "busy",
        "10:00": "seats",
        "10:30": "busy",
        "11:30": "hours",
    }
    assert rules_of(day, ask(day, host, rules=rules, party=6))["09:00"] == "seats"


@any_day
def test_time_off_holidays_and_overrides_are_told_apart(day: str) -> None:
    on = date.fromisoformat(day)
    both = HostHours(BERLIN, OPEN.weekly, {on: ()}, away={on}, holidays={on})
    names: list[str] = []
    for hours in (both, replace(both, away=()), replace(both, away=(), overrides={})):
        found = set(rules_of(day, ask(day, Host("ann", (hours,)))).values())
        assert len(found) == 1
        names += found
    assert names == ["override", "override", "holiday"]
    off = replace(both, overrides={})
    assert set(rules_of(day, ask(day, Host("ann", (off,)))).values()) == {"holiday"}
    assert set(rules_of(day, ask(day, Host("ann", (replace(off, holidays=()),)))).values()) == {
        "out of office"
    }


@any_day
def test_what_is_offered_or_outside_all_hours_is_not_told(day: str) -> None:
    host = Host("ann", (OPEN,))
    assert ask(day, host).why_not({"ann": []}) == {}
    assert ask(day).why_not({}) == {}
    empty = ask(day, host, end=midnights(day)[0])
    assert empty.why_not({"ann": []}) == {}
    hidden = replace(HOURLY, hidden_share=100)
    assert set(rules_of(day, ask(day, host, rules=hidden)).values()) == {"look busy"}
    assert rules_of(day, ask(day, host, rules=hidden, public=False)) == {}
    assert ask(day, host, rules=replace(hidden, per_day=0)).starts() == []
    closed = Host("ann", (HostHours(BERLIN, (), {}),))
    assert ask(day, closed, rules=replace(hidden, hidden_share=50)).starts() == []


def test_a_window_of_more_than_ten_years_is_refused() -> None:
    host = Host("ann", (OPEN,))
    with pytest.raises(WindowTooWide):
        SlotQuery(HOURLY, [host], 60, 0, 3661 * 1440, 0).why_not({"ann": []})
