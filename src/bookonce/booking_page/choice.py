"""What a guest has chosen so far, and all else that the address carries from step to step."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from bookonce.lib.fields import Fields
from bookonce.lib.instants import to_minutes
from bookonce.lib.languages import find_language
from bookonce.scheduling.booking_request import read_party
from bookonce.scheduling.host_choice import host_key, read_host
from bookonce.scheduling.offer import Offer

LONGEST_HOLD = 64
VIEWS, CLOCKS = ("month", "week"), ("12", "24")
# What a guest settles on the pages: it goes along to every step, to those that are posted too.
CHOSEN = ("calendar", "timezone", "duration", "party", "host", "hold", "view", "clock", "lang", "embed")
# What an address says of the calendar of a group; another calendar is chosen without it.
OF_ONE_CALENDAR = ("calendar", "duration", "party", "host")
# What belongs to one page alone, or to what is posted from it: it goes nowhere else.
OF_ONE_PAGE = (
    *("month", "week", "day", "start", "times", "zones", "guess", "another", "asked", "booked", "moved"),
    *("cancelled", "key", "form", "code", "consent", "answers", "csrfmiddlewaretoken", "page_language"),
)
# All further names prefill the form: the guest's own fields and the keys of questions.
PREFILLED = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)
MOST_PREFILLED, LONGEST_PREFILLED, MOST_CHARACTERS = 40, 500, 4000  # values, of one, of all
WORD = re.compile(r"[A-Za-z0-9-]{1,16}", re.ASCII)


@dataclass(frozen=True)
class Choice:
    """Read leniently: what makes no sense is left out and named in `faults`.

    `calendar` is the id of the one that was chosen from a group, "" elsewhere.
    """

    timezone: str
    zone_given: bool
    duration: int
    party: int = 1
    month: date | None = None  # its first day
    week: date | None = None  # any of its days
    day: date | None = None
    start: int | None = None  # minutes since the epoch
    calendar: str = ""
    hold: str = ""  # the token of a time that is kept
    host: str = ""  # who was chosen, by key; "": anyone
    host_id: int | None = None
    view: str = ""  # month or week; "": the calendar's own
    clock: str = ""  # 12 or 24; "": as the language has it
    lang: str = ""  # as chosen here; "": the browser's or the calendar's
    embed: str = ""  # how the page stands in a frame; "": in none
    prefill: tuple[tuple[str, str], ...] = ()  # names and values for the form, as they came
    faults: dict[str, list[str]] = field(default_factory=dict)

    @property
    def told_faults(self) -> list[str]:
        """What was left out, a sentence each."""
        return [sentence for sentences in self.faults.values() for sentence in sentences]

    @property
    def asks_least(self) -> bool:
        """Whether another number of places, or another host, would find no more times."""
        return self.party == 1 and not self.host

    @property
    def where(self) -> dict[str, str]:
        """The days that were asked for: what an address says to come back to them."""
        days = {"week": self.week, "day": self.day}
        month = {"month": f"{self.month:%Y-%m}"} if self.month else {}
        return month | {name: day.isoformat() for name, day in days.items() if day}

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """What every step carries, those that are posted too."""
        values = {name: getattr(self, name) for name in CHOSEN} | {
            "timezone": self.timezone if self.zone_given else "",
            "duration": str(self.duration),
            "party": str(self.party) if self.party > 1 else "",
        }
        return [(name, value) for name, value in values.items() if value]

    @property
    def posted(self) -> list[tuple[str, str]]:
        """What the form that books sends unseen: what is chosen, but the places, of which it has a field."""
        return [pair for pair in self.chosen if pair[0] != "party"]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What every step that is got carries: what is chosen, and what the form is prefilled with."""
        return [*self.chosen, *self.prefill]

    def kept(self) -> dict[str, list[str]]:
        """The same by name; of a question several answers may be given."""
        return _by_name(self.carried)

    def query(self, **further: str) -> str:
        """The address's query with all of it, in place of month, day and start; "" leaves a name out."""
        return _query(self.kept() | {name: [value] if value else [] for name, value in further.items()})


def parse_choice(raw: Mapping[str, Any], offer: Offer, *, prefill: Mapping[str, Any] | None = None) -> Choice:
    """The choice in a query or a form; `prefill` is the query or form whose further names go along.

    `times`: look at the times of this length, whatever time was chosen before.
    """
    raw = raw.dict() if isinstance(raw, QueryDict) else raw
    if raw.get("times"):
        raw = {**raw, "duration": raw["times"], "start": ""}
    # A `+` in a link that somebody typed or a mail program mended arrives as a space.
    fields = Fields({**raw, "start": str(raw.get("start") or "").strip().replace(" ", "+")})
    duration = fields.integer("duration", least=1, most=1440, default=offer.rules.durations[0])
    if duration not in offer.rules.durations:
        fields.errors.setdefault("duration", [_("This length can't be chosen here.")])
        duration = offer.rules.durations[0]
    start = fields.instant("start")
    if "start" in fields.errors:  # what mail programs make of an address is no guest's mistake
        fields.errors["start"] = [_("The time in this address can't be read. Choose one here.")]
    timezone = fields.zone("timezone", default=offer.zone)
    zone_given = fields.has("timezone") and "timezone" not in fields.errors
    if raw.get("guess"):  # what a browser calls its zone is no guest's mistake
        fields.errors.pop("timezone", None)
    host_id = read_host(fields, offer)
    return Choice(
        timezone=timezone,
        zone_given=zone_given,
        duration=duration,
        party=read_party(fields, offer),
        month=_month(fields),
        week=fields.day("week"),
        day=fields.day("day"),
        start=_whole_minute(start),
        calendar=offer.calendar_key if offer.group else "",
        hold=Fields(raw).text("hold", most=LONGEST_HOLD),
        host=_key_of(offer, host_id),
        host_id=host_id,
        view=_one_of(fields, "view", VIEWS, _("Free times are shown by month or by week.")),
        clock=_one_of(fields, "clock", CLOCKS, _("Clocks count to 12 or to 24.")),
        lang=find_language(str(raw.get("lang") or "")),
        embed=_word(raw, "embed"),
        prefill=_prefill(prefill or {}),
        faults=fields.errors,
    )


def _key_of(offer: Offer, host_id: int | None) -> str:
    return next((host_key(offer, host) for host in offer.hosts if host.id == host_id), "")


def _month(fields: Fields) -> date | None:
    value = fields.text("month", most=7)
    if not value:
        return None
    try:
        return date.fromisoformat(f"{value}-01")
    except ValueError:
        fields.fault("month", _("Enter a month like 2026-12."))
        return None


def _whole_minute(start: datetime | None) -> int | None:
    return None if start is None or start.second else to_minutes(start)


def carry(raw: Mapping[str, Any], **further: str) -> str:
    """The query of a page on which no calendar is chosen yet: all of `raw` that goes along to any."""
    names = [name for name in CHOSEN if name not in OF_ONE_CALENDAR]
    values = [(name, str(raw.get(name) or "")) for name in names]
    kept = [(name, value) for name, value in values if value and len(value) <= LONGEST_HOLD]
    return _query(_by_name([*kept, *_prefill(raw)]) | {name: [value] for name, value in further.items()})


def _query(values: Mapping[str, list[str]]) -> str:
    query = urlencode(values, doseq=True)
    return f"?{query}" if query else ""


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for name, value in pairs:
        named.setdefault(name, []).append(value)
    return named


def _one_of(fields: Fields, name: str, values: tuple[str, ...], sentence: str) -> str:
    if fields.has(name) and fields.raw[name] not in values:
        fields.fault(name, sentence)
        return ""
    return str(fields.raw.get(name) or "")


def _word(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name)
    return value if isinstance(value, str) and WORD.fullmatch(value) else ""


def _prefill(raw: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What is not too long; which of it the form asks for is known only there."""
    found: list[tuple[str, str]] = []
    room = MOST_CHARACTERS
    for name in raw:
        if name in CHOSEN or name in OF_ONE_PAGE or not PREFILLED.fullmatch(name):
            continue
        for value in raw.getlist(name) if isinstance(raw, QueryDict) else [raw[name]]:
            if isinstance(value, str) and 0 < len(value) <= min(room, LONGEST_PREFILLED):
                found.append((name, value))
                room -= len(value)
    return tuple(found[:MOST_PREFILLED])


def held_address(path: str, hold: str, **query: str) -> str:
    """The path, or a page below it, with what goes on from here; the visitor keeps their hold."""
    further = query | ({"hold": hold} if 0 < len(hold) <= LONGEST_HOLD else {})
    return address(path) + (f"?{urlencode(further)}" if further else "")


def address(path: str) -> str:
    """The path as it stands in an attribute."""
    return quote(path)
