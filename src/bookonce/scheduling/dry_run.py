"""Answer rules files: what a calendar would offer, without a database. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from bookonce.scheduling.dry_run_limits import MOST_STARTS_IN_ALL, grid_size, too_much
from bookonce.scheduling.local_days import DAY, day_date
from bookonce.scheduling.rule_file import RuleSet, read_rule_set
from bookonce.scheduling.slot_query import SlotQuery
from bookonce.scheduling.why_not_offered import Verdict

_CLOCK = tuple(f"T{minute // 60:02}:{minute % 60:02}:00Z" for minute in range(DAY))


def answer(raw: object, *, explain: bool = False) -> dict[str, Any]:
    """`{"slots": [...], "hosts_by_slot": {...}}`, with `explain` also `"explain"`; a bad one is `{"error"}`.

    An error holds `code`, `message` and the sentences by field in `errors`.
    """
    return next(answers([raw], explain=explain))


def answers(raw: Iterable[object], *, explain: bool = False) -> Iterator[dict[str, Any]]:
    """The answer to each rule set of a list, one after the other."""
    left = MOST_STARTS_IN_ALL
    for one in raw:
        asked, faults = read_rule_set(one)
        if asked is not None:
            faults = too_much(asked.query, explain=explain, left=left)
        if asked is None or faults:
            lines = "; ".join(f"{field}: {' '.join(said)}" for field, said in faults.items())
            yield {"error": {"code": "invalid", "message": lines, "errors": faults}}
        else:
            left -= grid_size(asked.query) * (10 if explain else 1)
            yield _answered(asked, explain=explain)


def _answered(asked: RuleSet, *, explain: bool) -> dict[str, Any]:
    query = asked.query
    starts = query.starts()
    hosts = query.hosts_by_start(starts)
    shown = {start: _shown(start) for start in starts}
    found: dict[str, Any] = {
        "slots": list(shown.values()),
        "hosts_by_slot": {shown[start]: names for start, names in hosts.items()},
    }
    if explain:
        found["explain"] = {_shown(at): _told(why, query) for at, why in query.why_not(asked.bare).items()}
    return found


def _told(why: Verdict, query: SlotQuery) -> dict[str, Any]:
    told: dict[str, Any] = {"rule": why.rule.value}
    if len(query.hosts) > 1 and why.hosts:
        told["hosts"] = {str(name): rule.value for name, rule in why.hosts.items()}
    return told


def _shown(minutes: int) -> str:
    day, minute = divmod(minutes, DAY)
    return _date(day) + _CLOCK[minute]


@lru_cache(maxsize=1024)
def _date(day: int) -> str:
    return day_date(day).isoformat()
