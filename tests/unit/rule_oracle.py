"""What a rules file should be answered, minute by minute: too slow to be wrong.

Shares no code with the engine: it reads the file's own JSON with zoneinfo and looks at each minute by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

Json = Mapping[str, Any]
DAY = timedelta(days=1)
LIMITS = ("limit per day", "limit per week", "limit per month")
CALENDAR_RULES = ("past", "notice", "horizon", "not picked", *LIMITS)


def minute(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() // 60)


def shown(at: int) -> str:
    return datetime.fromtimestamp(at * 60, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@cache
def wall_clock(zone: str, at: int) -> tuple[date, int]:
    """Local date and minutes after midnight."""
    local = datetime.fromtimestamp(at * 60, ZoneInfo(zone))
    return local.date(), local.hour * 60 + local.minute


def block(rule: Json) -> tuple[int, int]:
    """Start and end in minutes after midnight; an end before the start is on the next day."""
    start, end = (int(rule[edge][:2]) * 60 + int(rule[edge][3:]) for edge in ("start", "end"))
    return start, end + 1440 if end < start else end


class Hours:
    """One schedule of a host."""

    def __init__(self, host: Json, schedule: Json, interval: int) -> None:
        self.host, self.schedule, self.interval = host, schedule, interval
        self.home = schedule.get("timezone") or host["timezone"]
        self.zones = {self.home} | {stay["timezone"] for stay in host.get("travel", ())}
        self.days: dict[object, list[tuple[int, int]]] = {}
        self.overrides = {entry["date"]: entry["ranges"] for entry in schedule.get("overrides", ())}

    def zone(self, day: date) -> str:
        for stay in self.host.get("travel", ()):
            if stay["from"] <= day.isoformat() <= stay["to"]:
                return str(stay["timezone"])
        return str(self.home)

    def closed(self, day: date, but: frozenset[str]) -> bool:
        on = day.isoformat()
        away = "out_of_office" not in but and on in self.host.get("out_of_office", ())
        free = "holidays" not in but and on in self.host.get("holidays", ())
        return away or (free and ("overrides" in but or on not in self.overrides))

    def blocks(self, day: date, but: frozenset[str]) -> list[tuple[int, int]]:
        if "overrides" not in but and day.isoformat() in self.overrides:
            return [block(entry) for entry in self.overrides[day.isoformat()]]
        weekday = day.isoweekday() % 7
        return [block(rule) for rule in self.schedule.get("weekly", ()) if weekday in rule["days"]]

    def on(self, today: date, zone: str, but: frozenset[str]) -> list[tuple[int, int]]:
        """The blocks that may be open on this local day of the zone; those of the night before are moved."""
        found: list[tuple[int, int]] = []
        for nights in (0, 1):  # since the block began
            began = today - nights * DAY
            if self.zone(began) == zone and not self.closed(today, but) and not self.closed(began, but):
                found += [
                    (start - nights * 1440, end - nights * 1440) for start, end in self.blocks(began, but)
                ]
        return found

    def open(self, at: int, but: frozenset[str] = frozenset()) -> Iterator[bool]:
        """For each block that is open at this minute: whether the minute is on its grid."""
        for zone in self.zones:
            today, clock = wall_clock(zone, at)
            if (today, zone, but) not in self.days:
                self.days[today, zone, but] = self.on(today, zone, but)
            for start, end in self.days[today, zone, but]:
                if start <= clock < end:
                    yield (clock - start) % self.interval == 0


class Host:
    """A host's hours and time."""

    def __init__(self, raw: Json, number: int, case: Json) -> None:
        self.raw, self.case = raw, case
        self.id = raw.get("id", str(number + 1))
        schedules = raw.get("schedules") or [raw]
        self.schedules = [
            Hours(raw, schedule, case.get("interval") or case["duration"]) for schedule in schedules
        ]
        live = [a for a in raw.get("appointments", ()) if a.get("status", "new") in ("new", "confirmed")]
        self.own = [a for a in live if a.get("same_calendar")]
        self.sessions = self.own if case["kind"] == "class" else []
        others = [a for a in live if a not in self.sessions]
        self.bare = [(minute(b["start"]), minute(b["end"])) for b in (*others, *raw.get("busy", ()))]
        self.blocked = [padded(b) for b in (*others, *raw.get("busy", ()))]
        self.opened: dict[int, bool] = {}

    def is_open(self, start: int) -> bool:
        """Whether the whole slot lies in open time."""
        for at in range(start, start + self.case["duration"]):
            if at not in self.opened:
                self.opened[at] = any(True for hours in self.schedules for _ in hours.open(at))
            if not self.opened[at]:
                return False
        return True

    def on_grid(self, at: int, but: frozenset[str] = frozenset()) -> bool:
        return any(on_grid for hours in self.schedules for on_grid in hours.open(at, but))

    def on_any_grid(self, at: int) -> bool:
        """Also the grids that time off, holidays and overrides hide."""
        hiding = ("out_of_office", "holidays", "overrides")
        return any(self.on_grid(at, frozenset(hiding[:number])) for number in range(4))

    def sessions_at(self, start: int) -> list[Json]:
        end = start + self.case["duration"]
        return [s for s in self.sessions if (minute(s["start"]), minute(s["end"])) == (start, end)]

    def undisturbed(self, start: int) -> bool:
        """Whether nothing stands in the way: of a new appointment, or of the session that begins then."""
        own = self.sessions_at(start)
        low, high = (
            start - self.case.get("buffer_before", 0),
            (start + self.case["duration"] + self.case.get("buffer_after", 0)),
        )
        if own:
            low, high = min(padded(s)[0] for s in own), max(padded(s)[1] for s in own)
        taken = [*self.blocked, *(padded(s) for s in self.sessions if s not in own)]
        return not any(since < until and since < high and low < until for since, until in taken)

    def takes(self, start: int) -> bool:
        return self.is_open(start) and self.undisturbed(start)


def padded(time: Json) -> tuple[int, int]:
    return minute(time["start"]) - time.get("buffer_before", 0), minute(time["end"]) + time.get(
        "buffer_after", 0
    )


class Oracle:
    """One rule set."""

    def __init__(self, case: Json) -> None:
        self.case = case
        self.kind = case["kind"]
        self.hosts = [Host(raw, number, case) for number, raw in enumerate(case["hosts"])]
        self.zone = case.get("timezone") or self.hosts[0].schedules[0].home
        self.now = int(datetime.fromisoformat(case["now"]).timestamp())
        self.window = range(minute(case["window"]["start"]), minute(case["window"]["end"]))
        own = [(host.id, a["start"], a["end"]) for host in self.hosts for a in host.own]
        if self.kind in ("collective", "class"):
            own = list({("", *times): None for _, *times in own})
        self.own_days = [wall_clock(self.zone, minute(start))[0] for _, start, _ in own]

    def hosts_at(self, start: int) -> list[Any]:
        """Who could host it, of a series all of it; nobody: not offered."""
        times = self.series(start)
        if not self.apart(times) or not self.room_for(times):
            return []
        if self.kind in ("one_on_one", "round_robin"):
            return [h.id for h in self.hosts if h.on_grid(start) and all(map(h.takes, times))]
        if not self.hosts[0].on_grid(start) or not all(all(map(h.takes, times)) for h in self.hosts):
            return []
        if self.kind == "class" and not all(map(self.fits, times)):
            return []
        return [host.id for host in self.hosts]

    def series(self, start: int) -> list[int]:
        """When each appointment of the series begins: at the same time of the zone's clock."""
        first = datetime.fromtimestamp(start * 60, ZoneInfo(self.zone))
        found = [start]
        for number in range(1, self.case.get("repeat_count", 1)):
            if self.case["repeats"] == "monthly":
                month = first.replace(day=1)
                for _ in range(number):
                    month = (month + 31 * DAY).replace(day=1)
                last = (month + 31 * DAY).replace(day=1) - DAY
                then = month.replace(day=min(first.day, last.day))
            else:
                then = first + number * DAY * (7 if self.case["repeats"] == "weekly" else 1)
            found.append(int(then.replace(fold=0).timestamp() // 60))
        return found

    def apart(self, times: list[int]) -> bool:
        """Whether the appointments of one series keep their distance."""
        own = self.case["duration"] + self.case.get("buffer_before", 0) + self.case.get("buffer_after", 0)
        return all(later - earlier >= own for earlier, later in pairwise(times))

    def room_for(self, times: list[int]) -> bool:
        """Whether the limits have room for the later ones too, one after the other."""
        before = list(self.own_days)
        try:
            for at in times:
                if not self.stands(at):
                    day = wall_clock(self.zone, at)[0]
                    if self.limit(day) is not None:
                        return False
                    self.own_days.append(day)
        finally:
            self.own_days[:] = before
        return True

    def begins(self, start: int) -> bool:
        """Whether the first appointment alone could be booked."""
        alone = Oracle({**self.case, "repeats": "", "repeat_count": 1})
        return alone.calendar_rule(start) is None and bool(alone.hosts_at(start))

    def seats_left(self, start: int) -> int:
        taken = (sum(int(s.get("seats_taken", 1)) for s in host.sessions_at(start)) for host in self.hosts)
        return max(int(self.case.get("seats", 1)) - max(taken), 0)

    def fits(self, start: int) -> bool:
        return self.seats_left(start) >= int(self.case.get("party", 1))

    def stands(self, start: int) -> bool:
        return any(host.sessions_at(start) for host in self.hosts)

    def calendar_rule(self, start: int) -> str | None:
        """The first rule of the calendar itself that keeps this start out."""
        horizon, today = self.case.get("horizon", {}), wall_clock(self.zone, self.now // 60)[0]
        day = wall_clock(self.zone, start)[0]
        if start * 60 < self.now:
            return "past"
        if start * 60 < self.now + self.case.get("notice", 0) * 60:
            return "notice"
        first, last = horizon.get("from"), horizon.get("to")
        if (first and day < date.fromisoformat(first)) or (last and day > date.fromisoformat(last)):
            return "horizon"
        if "days" in horizon and day > self.last_day(today):
            return "horizon"
        if "picked" in self.case and start not in map(minute, self.case["picked"]):
            return "not picked"
        return None if self.stands(start) else self.limit(day)

    def last_day(self, today: date) -> date:
        left, working = self.case["horizon"]["days"], self.case["horizon"].get("count") == "working"
        while left:
            today += DAY
            left -= not working or today.isoweekday() <= 5
        return today

    def limit(self, day: date) -> str | None:
        limits = self.case.get("limits", {})
        for unit in ("day", "week", "month"):
            most = limits.get(f"per_{unit}")
            same = [other for other in self.own_days if self.period(unit, other) == self.period(unit, day)]
            if most is not None and len(same) >= most:
                return f"limit per {unit}"
        return None

    def period(self, unit: str, day: date) -> object:
        if unit == "month":
            return day.year, day.month
        while unit == "week" and day.isoweekday() % 7 != self.case.get("week_start", 1):
            day -= DAY
        return day

    def hidden(self, start: int) -> bool:
        share = self.case.get("look_busy", {}).get("percent", 0)
        day, clock = wall_clock(self.zone, start)
        number = (day - date(1970, 1, 1)).days
        seed = self.case.get("look_busy", {}).get("seed", "").encode() + number.to_bytes(
            8, "big", signed=True
        )
        draw = int.from_bytes(hashlib.shake_128(seed).digest(2880)[clock * 2 : clock * 2 + 2], "big")
        return bool(self.case.get("public", True) and draw / 65536 < share / 100)

    def answer(self) -> dict[str, list[Any]]:
        """The offered starts, and for each who could host it."""
        found = {}
        if self.case["duration"] not in self.case.get("durations", [self.case["duration"]]):
            return {}
        for start in self.window:
            if (
                self.calendar_rule(start) is None
                and not self.hidden(start)
                and (free := self.hosts_at(start))
            ):
                found[shown(start)] = free
        return {start: free for start, free in found.items() if free}

    def grid(self) -> set[str]:
        """Every start that some hours have, as `explain` goes through them."""
        hosts = self.hosts if self.kind == "round_robin" else self.hosts[:1]
        return {shown(at) for at in self.window if any(host.on_any_grid(at) for host in hosts)}
