"""Answer rules files: what a calendar would offer, without a database. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bookonce.scheduling.rule_file import read_rule_set
from bookonce.scheduling.slot_query import SlotQuery
from bookonce.scheduling.why_not_offered import Verdict

MOST_EXPLAINED = 300_000  # grid starts of all hosts
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def answer(raw: object, *, explain: bool = False) -> dict[str, Any]:
    """`{"slots": [...], "hosts_by_slot": {...}}`, with `explain` also `"explain"`; a bad one is `{"error"}`.

    An error holds `code`, `message` and the sentences by field in `errors`.
    """
    asked, faults = read_rule_set(raw)
    if asked is not None and explain and _size(asked.query) > MOST_EXPLAINED:
        faults = {"window": [f"At most {MOST_EXPLAINED} starts can be explained. Narrow the window."]}
    if asked is None or faults:
        lines = "; ".join(f"{field}: {' '.join(said)}" for field, said in faults.items())
        return {"error": {"code": "invalid", "message": lines, "errors": faults}}
    query = asked.query
    starts = query.starts()
    hosts = query.hosts_by_start(starts)
    found: dict[str, Any] = {
        "slots": [_shown(start) for start in starts],
        "hosts_by_slot": {_shown(start): names for start, names in hosts.items()},
    }
    if explain:
        found["explain"] = {_shown(at): _told(why, query) for at, why in query.why_not(asked.bare).items()}
    return found


def _told(why: Verdict, query: SlotQuery) -> dict[str, Any]:
    told: dict[str, Any] = {"rule": why.rule.value}
    if len(query.hosts) > 1 and why.hosts:
        told["hosts"] = {str(name): rule.value for name, rule in why.hosts.items()}
    return told


def _size(query: SlotQuery) -> int:
    return (query.end - query.start) // query.rules.interval * len(query.hosts)


def _shown(minutes: int) -> str:
    return (_EPOCH + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")
