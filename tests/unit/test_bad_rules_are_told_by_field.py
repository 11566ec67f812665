"""Whatever a rules file says: sentences by field, or the answer, and soon."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from bookonce.cli import main
from bookonce.scheduling import dry_run
from bookonce.scheduling.dry_run import answer, answers
from bookonce.scheduling.dry_run_limits import MOST_STARTS, count_entries
from tests.unit.test_work_is_bounded import steps

ALWAYS = [{"days": [*range(7)], "start": "00:00", "end": "24:00"}]
HOST: dict[str, Any] = {"id": "ann", "timezone": "Europe/Berlin", "weekly": ALWAYS}
YEAR = {"start": "2026-01-01T00:00:00Z", "end": "2027-01-02T00:00:00Z"}
TIME = {"start": "2026-12-01T08:00:00Z", "end": "2026-12-01T09:00:00Z"}


def rules(**changes: Any) -> dict[str, Any]:
    return {
        "now": "2026-12-01T00:00:00Z",
        "window": {"start": "2026-12-01T00:00:00Z", "end": "2026-12-02T00:00:00Z"},
        "duration": 30,
        "hosts": [HOST],
        **changes,
    }


def host(**changes: Any) -> dict[str, Any]:
    return rules(hosts=[HOST | changes])


def faults(raw: object, *, explain: bool = False) -> dict[str, list[str]]:
    found: dict[str, list[str]] = answer(raw, explain=explain).get("error", {}).get("errors", {})
    return found


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (host(weekly=[ALWAYS[0] | {"weekday": 1}]), "hosts.0.weekly.0.weekday"),
        (host(overrides=[{"date": "2026-12-01", "range": []}]), "hosts.0.overrides.0.range"),
        (
            host(
                overrides=[{"date": "2026-12-01", "ranges": [{"start": "09:00", "end": "10:00", "day": 1}]}]
            ),
            "hosts.0.overrides.0.ranges.day",
        ),
        (host(overrides=[{"day": "2026-12-01"}]), "hosts.0.overrides.0.day"),
        (host(busy=[TIME | {"status": "new"}]), "hosts.0.busy.0.status"),
        (host(appointments=[TIME | {"seats": 1}]), "hosts.0.appointments.0.seats"),
        (host(travel=[{"to": "2026-12-01", "timezone": "UTC"}]), "hosts.0.travel.0.from"),
        (host(hours=[]), "hosts.0.hours"),
        (rules(limits={"per_year": 1}), "limits.per_year"),
        (rules(horizon={"weeks": 1}), "horizon.weeks"),
        (rules(window={"from": "2026-12-01T00:00:00Z"}), "window.from"),
    ],
)
def test_a_field_that_means_nothing_is_not_lost_in_silence(raw: dict[str, Any], field: str) -> None:
    assert faults(raw)[field] in (["This field is not known here."], ["Fill this in."])


@pytest.mark.parametrize("value", [0, False, "", "x", 7, {"a": 1}, True, 1.5])
@pytest.mark.parametrize("name", ["weekly", "overrides", "busy", "appointments", "out_of_office", "travel"])
def test_what_should_be_a_list_is_one(name: str, value: object) -> None:
    assert f"hosts.0.{name}" in faults(host(**{name: value}))


@pytest.mark.parametrize(
    "name", [None, 1.5, True, [], {}, "", "x" * 201, 2**63, -(2**64), float("nan"), float("inf")]
)
def test_an_id_is_short_text_or_a_whole_number(name: object) -> None:
    assert faults(host(id=name)).keys() == {"hosts.0.id"}


@pytest.mark.parametrize("names", [("ann", "ann"), (1, 1), ("2", None)])
def test_no_two_hosts_have_the_same_id(names: tuple[object, object]) -> None:
    first = HOST | {"id": names[0]}
    second = {key: value for key, value in HOST.items() if key != "id"}
    second |= {} if names[1] is None else {"id": names[1]}  # without one: its number
    raw = rules(kind="round_robin", hosts=[first, second])
    assert faults(raw) == {"hosts.1.id": ["This id is given twice."]}
    assert faults(rules(kind="round_robin", hosts=[HOST | {"id": 1}, HOST | {"id": "1"}])) == {}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.0, 1e300, "ten", [], {}, True, 10**4000])
@pytest.mark.parametrize("name", ["duration", "interval", "notice", "seats", "buffer_before"])
def test_odd_numbers_are_told(name: str, value: object) -> None:
    if value == []:
        assert name in faults(rules(**{name: value})) or name != "duration"  # an empty list is nothing
    else:
        assert name in faults(rules(**{name: value}))


def test_no_more_is_told_than_anyone_reads() -> None:
    strange = {f"k{number}": 1 for number in range(100_000)}
    assert len(faults(rules(**strange))) == 20
    assert len(faults(host(**strange))) == 20
    bad = HOST | {"busy": [{}] * 20_000}
    assert len(faults(rules(kind="round_robin", hosts=[bad] * 200))) < 300
    assert len(faults(rules(kind="round_robin", hosts=[7] * 200))) <= 101


def test_too_many_starts_are_refused_before_any_is_looked_for() -> None:
    team = [HOST | {"id": number} for number in range(200)]
    for kind in ("round_robin", "collective", "class"):
        raw = rules(kind=kind, hosts=team, window=YEAR, interval=1)
        assert faults(raw).keys() == {"window"}
    many = {"schedules": [{"weekly": ALWAYS}] * 10, "timezone": "UTC"}
    assert faults(rules(hosts=[many], window=YEAR, interval=1)).keys() == {"window"}
    year = rules(window=YEAR, interval=1, hosts=[{"timezone": "UTC"}])
    assert faults(year) == {}
    assert "explained" in faults(year, explain=True)["window"][0]
    assert MOST_STARTS > 366 * 1440


def test_too_many_blocks_of_hours_are_refused() -> None:
    halves = [
        {
            "days": [*range(7)],
            "start": f"{n // 2:02}:{n % 2 * 30:02}",
            "end": f"{n // 2:02}:{n % 2 * 30 + 29:02}",
        }
        for n in range(48)
    ]
    dense = {"timezone": "UTC", "schedules": [{"weekly": halves}] * 10}
    team = [dense | {"id": number} for number in range(30)]
    assert faults(rules(kind="round_robin", hosts=team, window=YEAR, interval=10_080)).keys() == {"window"}
    assert faults(rules(kind="round_robin", hosts=team[:3], interval=10_080)) == {}
    half = dense | {"schedules": [{"weekly": halves}] * 5}
    ever = rules(hosts=[half], duration=527_040, interval=10_080, window=YEAR)
    assert faults(ever) == {}


def test_all_lists_together_have_an_end() -> None:
    team = [HOST | {"id": number, "busy": [TIME] * 3000} for number in range(200)]
    assert faults(rules(kind="round_robin", hosts=team)).keys() == {"hosts"}
    assert count_entries([[1, 2], {"a": [3]}], 100) == 5
    assert count_entries([[1] * 50] * 50, 100) < 300


def test_a_list_of_rule_sets_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dry_run, "MOST_STARTS_IN_ALL", 100)  # a day has 48
    found = list(answers([rules(), rules(), rules(), rules(interval=600)]))
    assert ["error" in one for one in found] == [False, False, True, False]
    assert found[2]["error"]["errors"].keys() == {"window"}


def test_a_list_is_answered_one_after_the_other() -> None:
    given = json.dumps([rules(), 7, rules(duration=0)])
    found = CliRunner().invoke(main, ["slots", "--file", "-"], input=given)
    first, second, third = json.loads(found.stdout)
    assert (found.exit_code, len(first["slots"])) == (0, 48)
    assert "error" in second
    assert "error" in third
    assert json.loads(CliRunner().invoke(main, ["slots", "--file", "-"], input="[]").stdout) == []


def test_the_reasons_of_a_class_grow_with_its_sessions_only() -> None:
    def explained(count: int) -> int:
        times = [
            {"start": f"2026-12-01T{n // 60:02}:{n % 60:02}:00Z", "end": "2026-12-02T00:00:00Z"}
            for n in range(count)
        ]
        own = [time | {"same_calendar": True} for time in times]
        raw = host(appointments=own) | {"kind": "class", "seats": 3, "limits": {"per_day": 2}, "interval": 1}
        return steps(lambda: answer(raw, explain=True))

    explained(10)
    assert explained(1000) < 3 * explained(100)
