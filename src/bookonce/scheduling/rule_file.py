"""Read one rule set of a rules file (`bookonce slots`): a calendar, its hosts and a question, all in JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from django.utils.translation import gettext as _

from bookonce.lib.fields import MISSING, Fields
from bookonce.scheduling.bookable_days import count_periods
from bookonce.scheduling.dry_run_limits import MOST_ENTRIES, count_entries
from bookonce.scheduling.host_file import MOST_FAULTS, HostEntry, read_host
from bookonce.scheduling.local_days import DAY
from bookonce.scheduling.opening_hours import Block
from bookonce.scheduling.series_input import read_repeats
from bookonce.scheduling.slot_query import SlotQuery
from bookonce.scheduling.slot_rules import LONGEST_DURATION, MOST_SEATS, Kind, SlotRules

KNOWN = (
    *("now", "window", "guest_timezone", "kind", "seats", "party", "hosts", "duration", "durations"),
    *("interval", "buffer_before", "buffer_after", "notice", "limits", "horizon", "week_start", "timezone"),
    *("look_busy", "public", "picked", "name", "repeats", "repeat_count"),
)
MOST_HOSTS = 200
LONGEST_WINDOW = 366  # days
TEN_YEARS = 5_270_400  # minutes
MOST_PICKED = 50


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The question of a rule set, and each host's busy time without buffers."""

    query: SlotQuery
    bare: Mapping[int | str, Sequence[Block]]


def read_rule_set(raw: object) -> tuple[RuleSet | None, dict[str, list[str]]]:
    """The rule set, or None and one sentence per fault, by field."""
    if not isinstance(raw, Mapping):
        return None, {"": ["A rule set is an object."]}
    fields = Fields(raw)
    fields.only(KNOWN)
    rules = _rules(fields)
    start, end = _window(fields)
    now = _seconds(fields, "now")
    fields.zone("guest_timezone")
    entries = _hosts(fields, Kind.ROUND_ROBIN if "kind" in fields.errors else rules.kind)
    party = fields.integer("party", least=1, most=MOST_SEATS, default=1) or 1
    public = fields.boolean("public", default=True)
    if fields.errors:
        return None, fields.errors
    rules = replace(rules, zone=rules.zone or entries[0].host.schedules[0].zone)
    query = SlotQuery(
        rules,
        tuple(entry.host for entry in entries),
        duration=fields.integer("duration", least=1, most=LONGEST_DURATION) or 1,
        start=start,
        end=end,
        now=now,
        counts=count_periods(rules, rules.zone, _counted(rules.kind, entries)),
        party=party,
        public=public,
    )
    return RuleSet(query, {entry.host.id: entry.bare for entry in entries}), {}


def _counted(kind: Kind, entries: Sequence[HostEntry]) -> list[int]:
    """The starts of the calendar's own appointments, one for each, however many hosts share it."""
    if kind is Kind.ROUND_ROBIN:
        return [start for entry in entries for start, _end in entry.of_this_calendar]
    if kind is Kind.ONE_ON_ONE:
        return [start for start, _end in entries[0].of_this_calendar]
    return [start for start, _end in {times for entry in entries for times in entry.of_this_calendar}]


def _rules(fields: Fields) -> SlotRules:
    duration = fields.integer("duration", least=1, most=LONGEST_DURATION)
    if duration is None and "duration" not in fields.errors:
        fields.fault("duration", MISSING)
    others = fields.integers("durations", least=1, most=LONGEST_DURATION, count=50)
    first_day, last_day, days, working = _horizon(fields)
    limits = _inner(fields, "limits", ("per_day", "per_week", "per_month"))
    per_day, per_week, per_month = (
        limits.integer(name, least=0, most=1_000_000) for name in ("per_day", "per_week", "per_month")
    )
    hiding = _inner(fields, "look_busy", ("percent", "seed"))
    share = hiding.integer("percent", least=0, most=100, default=0) or 0
    seed = hiding.text("seed", most=200)
    repeats, repeat_count = read_repeats(fields)
    for inner in (limits, hiding):
        fields.errors |= inner.errors
    return SlotRules(
        durations=others or (duration or 1,),
        interval=fields.integer("interval", least=1, most=7 * DAY, default=duration) or 1,
        buffer_before=fields.integer("buffer_before", least=0, most=7 * DAY, default=0) or 0,
        buffer_after=fields.integer("buffer_after", least=0, most=7 * DAY, default=0) or 0,
        notice=fields.integer("notice", least=0, most=TEN_YEARS, default=0) or 0,
        horizon_days=days,
        first_day=first_day,
        last_day=last_day,
        kind=Kind(fields.choice("kind", list(Kind), default=Kind.ONE_ON_ONE)),
        seats=fields.integer("seats", least=1, most=MOST_SEATS, default=1) or 1,
        zone=fields.zone("timezone"),
        working_days=working,
        per_day=per_day,
        per_week=per_week,
        per_month=per_month,
        week_start=_or(fields.integer("week_start", least=0, most=6, default=1), 1),
        hidden_share=share,
        hiding_seed=seed.encode(),
        repeats=repeats,
        repeat_count=repeat_count or 1,
        picked=_picked(fields),
    )


def _picked(fields: Fields) -> tuple[int, ...]:
    """Starts picked by hand, in order."""
    raw = fields.raw.get("picked")
    if raw is None:
        return ()
    if not isinstance(raw, list) or not 1 <= len(raw) <= MOST_PICKED:
        fields.fault("picked", _("Give a list of 1 to %(most)s instants.") % {"most": MOST_PICKED})
        return ()
    inner = Fields({str(number): value for number, value in enumerate(raw)}, prefix="picked.")
    found = [inner.instant(name, required=True) for name in inner.raw]
    fields.errors |= dict(list(inner.errors.items())[:MOST_FAULTS])
    return tuple(sorted({int(at.timestamp()) // 60 for at in found if at}))


def _horizon(fields: Fields) -> tuple[date | None, date | None, int | None, bool]:
    inner = _inner(fields, "horizon", ("days", "count", "from", "to"))
    days = inner.integer("days", least=0, most=36_600)
    working = inner.choice("count", ("calendar", "working"), default="calendar") == "working"
    first_day, last_day = inner.day("from"), inner.day("to")
    if inner.has("days") and (inner.has("from") or inner.has("to")):
        inner.fault("days", _("Give a number of days, or from and to, not both."))
    if inner.has("count") and not inner.has("days"):
        inner.fault("days", MISSING)
    if first_day and last_day and last_day < first_day:
        inner.fault("to", _("The last day must not be before the first."))
    fields.errors |= inner.errors
    return first_day, last_day, days, working


def _window(fields: Fields) -> tuple[int, int]:
    inner = _inner(fields, "window", ("start", "end"))
    start, end = -(-_seconds(inner, "start") // 60), -(-_seconds(inner, "end") // 60)
    if not inner.errors and end < start:
        inner.fault("end", _("The window must not end before it starts."))
    elif not inner.errors and end - start > LONGEST_WINDOW * DAY:
        inner.fault("end", _("A window lasts at most %(most)s days.") % {"most": LONGEST_WINDOW})
    fields.errors |= inner.errors
    return start, end


def _hosts(fields: Fields, kind: Kind) -> list[HostEntry]:
    raw = fields.raw.get("hosts")
    if not isinstance(raw, list) or not 1 <= len(raw) <= MOST_HOSTS:
        fields.fault("hosts", _("Give a list of 1 to %(most)s hosts.") % {"most": MOST_HOSTS})
        return []
    if count_entries(raw, MOST_ENTRIES) > MOST_ENTRIES:
        fields.fault("hosts", _("All lists together hold at most %(most)s entries.") % {"most": MOST_ENTRIES})
        return []
    if kind is Kind.ONE_ON_ONE and len(raw) > 1:
        fields.fault("hosts", _("A one-on-one calendar has one host."))
    entries: list[HostEntry] = []
    names: set[int | str] = set()
    for number, one in enumerate(raw):
        if len(fields.errors) > MOST_FAULTS:
            break
        entry = read_host(fields, f"hosts.{number}", one, default_id=str(number + 1), kind=kind)
        if entry is not None and entry.host.id in names:
            fields.fault(f"hosts.{number}.id", _("This id is given twice."))
        elif entry is not None:
            names.add(entry.host.id)
            entries.append(entry)
    return entries


def _inner(fields: Fields, name: str, known: Sequence[str]) -> Fields:
    """The fields of an object inside; none when it is absent."""
    raw = fields.raw.get(name)
    if raw is not None and not isinstance(raw, Mapping):
        fields.fault(name, _("This must be an object."))
    inner = Fields(raw if isinstance(raw, Mapping) else {}, prefix=f"{fields.prefix}{name}.")
    inner.only(known)
    return inner


def _seconds(fields: Fields, name: str) -> int:
    """An instant in seconds since the epoch."""
    instant = fields.instant(name, required=True)
    return int((instant or datetime(2000, 1, 1, tzinfo=UTC)).timestamp())


def _or(value: int | None, default: int) -> int:
    return default if value is None else value
