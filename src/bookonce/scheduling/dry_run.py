"""Answer rules files: what a calendar would offer, without a database. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bookonce.scheduling.offered import hosts_by_start, offered_starts
from bookonce.scheduling.rule_file import RuleSet, read_rule_set
from bookonce.scheduling.why_not_offered import Verdict, why_not

MOST_EXPLAINED = 300_000  # grid starts of all hosts
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def answer(raw: object, *, explain: bool = False) -> dict[str, Any]:
    """`{"slots": [...], "hosts_by_slot": {...}}`, with `explain` also `"explain"`; a bad one is `{"error"}`.

    An error holds `code`, `message` and the sentences by field in `errors`.
    """
    asked, faults = read_rule_set(raw)
    if asked is not None and explain and _size(asked) > MOST_EXPLAINED:
        faults = {"window": [f"At most {MOST_EXPLAINED} starts can be explained. Narrow the window."]}
    if asked is None or faults:
        lines = "; ".join(f"{field}: {' '.join(said)}" for field, said in faults.items())
        return {"error": {"code": "invalid", "message": lines, "errors": faults}}
    starts = offered_starts(
        asked.rules,
        asked.hosts,
        duration=asked.duration,
        start=asked.start,
        end=asked.end,
        now=asked.now,
        counts=asked.counts,
        party=asked.party,
        public=asked.public,
    )
    hosts = hosts_by_start(asked.rules, asked.hosts, starts, duration=asked.duration)
    found: dict[str, Any] = {
        "slots": [_shown(start) for start in starts],
        "hosts_by_slot": {_shown(start): names for start, names in hosts.items()},
    }
    if explain:
        found["explain"] = {_shown(at): _told(why, asked) for at, why in _reasons(asked).items()}
    return found


def _reasons(asked: RuleSet) -> Mapping[int, Verdict]:
    return why_not(
        asked.rules,
        asked.hosts,
        asked.bare,
        duration=asked.duration,
        start=asked.start,
        end=asked.end,
        now=asked.now,
        counts=asked.counts,
        party=asked.party,
        public=asked.public,
    )


def _told(why: Verdict, asked: RuleSet) -> dict[str, Any]:
    told: dict[str, Any] = {"rule": why.rule.value}
    if len(asked.hosts) > 1 and why.hosts:
        told["hosts"] = {str(name): rule.value for name, rule in why.hosts.items()}
    return told


def _size(asked: RuleSet) -> int:
    return (asked.end - asked.start) // asked.rules.interval * len(asked.hosts)


def _shown(minutes: int) -> str:
    return (_EPOCH + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")
