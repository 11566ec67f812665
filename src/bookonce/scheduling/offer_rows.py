"""What offers are made of, and the hand-written SQL that reads it: the hot path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection

from bookonce.lib.names import in_one_line
from bookonce.scheduling import asked, slots
from bookonce.scheduling.answers import Asked
from bookonce.scheduling.errors import NotFound
from bookonce.scheduling.look_rows import LOOK_COLUMNS, LOOK_JOINS, LOOK_WIDTH, NO_LOOK, Look, read_look
from bookonce.scheduling.models.calendar import read_durations


@dataclass(frozen=True, slots=True)
class LinkOffer:
    """The facts and overrides of a one-time link; instants in seconds since the epoch."""

    id: int
    public_id: str
    label: str
    revoked_at: int | None
    spent: int
    max_bookings: int
    expires_at: int | None
    not_before: int | None
    first_day: date | None
    last_day: date | None
    durations: tuple[int, ...]
    slots: tuple[int, ...]  # picked by hand, minutes
    holds_slots: bool
    host_id: int | None
    location_kind: str
    location: str
    most_places: int | None
    recipient_name: str
    recipient_email: str
    recipient_phone: str
    email_lock: str
    contact_text: str
    calendar_deleted_at: int | None  # of what it leads to: of a link to a group the group's
    calendar_paused_at: int | None
    requested_until: tuple[int, ...] = ()  # when nobody has answered what a use asked for; of each such use
    visitors: tuple[tuple[int, str], ...] = ()  # until when a visitor keeps a time, and the hold's digest
    own_hold: str = ""  # digest of the hold of whoever asks

    @property
    def kept_until(self) -> tuple[int, ...]:
        """Until when other visitors keep a time through the link, lapsed ones too."""
        return tuple(until for until, hold in self.visitors if hold != self.own_hold)

    @property
    def known_email(self) -> str:
        """The recipient's address, which their form need not ask for; "" where they have to type it."""
        return self.recipient_email if self.email_lock == "off" else ""

    @property
    def needs_code(self) -> bool:
        """Whether only who reads the recipient's mail can book: with the code that is sent there."""
        return self.email_lock == "code"


@dataclass(frozen=True, slots=True)
class OfferHost:
    """A host of the calendar: the rows of their schedules with their zones, and whose turn it is."""

    id: int
    name: str
    schedules: tuple[tuple[int, str], ...]
    standing: slots.Standing


@dataclass(frozen=True, slots=True)
class OfferGroup:
    """The group through whose address the calendar was chosen."""

    id: int
    name: str
    one_time_only: bool
    contact_text: str
    deleted_at: int | None
    paused_at: int | None


@dataclass(frozen=True, slots=True)
class Offer:
    """Everything a guest's page, the slot list and book() need to know, read in one statement."""

    workspace_id: int
    workspace_name: str
    workspace_slug: str
    accent: str
    calendar_id: int
    calendar_key: str  # its public id
    calendar_name: str
    description: str
    location_kind: str
    location: str
    one_time_only: bool
    contact_text: str
    deleted_at: int | None
    paused_at: int | None
    version: int
    shows_seats_left: bool
    one_per_email: bool
    distribution: slots.Distribution
    keeps_host: bool
    needs_approval: bool
    answer_within: int  # minutes
    hold_minutes: int
    language: str  # of its pages where the browser asks for none of ours
    layout: str  # month or week
    guests_choose_host: bool
    asks_notes: bool
    further_guests: str  # none, count, details
    most_guests: int
    proof_of_work: bool
    searchable: bool
    embeds_one_time_links: bool
    consent_id: int | None  # row of the text that guests agree to; none: they are asked for no consent
    consent_version: int | None
    consent_text: str | None
    hosts: tuple[OfferHost, ...]  # who may host: of a link for one host that one, none if they host no more
    host_ids: tuple[int, ...]  # all of the calendar's, in the order in which they are locked
    rules: slots.SlotRules
    link: LinkOffer | None
    public: bool  # behind an address that anyone may have
    group: OfferGroup | None = None
    look: Look = NO_LOOK
    own_hold: str = ""  # digest of the hold of whoever asks: no busy time for them
    questions: tuple[Asked, ...] | None = None  # None: not read, where nobody is going to answer
    came_by: int = 0  # of a move: row of the link that was booked, when what it holds is no busy time either

    @property
    def owner(self) -> str:
        """Whom the guest meets, by name; the workspace where that is decided on booking."""
        undecided = self.rules.kind is slots.Kind.ROUND_ROBIN and len(self.hosts) > 1
        if undecided or not self.hosts:
            return self.workspace_name
        return in_one_line(host.name for host in self.hosts)

    @property
    def asks_proof(self) -> bool:
        """Whether a booking here has to bring a proof of work, or a code by mail for it."""
        return self.public and self.proof_of_work

    @property
    def asked(self) -> tuple[Asked, ...]:
        """The calendar's own questions, in their order; for a form or a booking they are read."""
        if self.questions is None:
            raise AssertionError
        return self.questions

    @property
    def zone(self) -> str:
        """Of the calendar's days."""
        return self.rules.zone

    @property
    def keeps_minutes(self) -> int:
        """For how long a visitor's time is kept; 0: not at all. Times that the link keeps need no more.

        Who comes by a locked link has not shown yet that it is for them: that comes with the booking.
        """
        of_link = self.link is not None and (self.link.holds_slots or self.link.email_lock != "off")
        several = self.rules.kind is slots.Kind.CLASS and self.rules.repeat_count > 1  # sessions at once
        return 0 if of_link or several else self.hold_minutes

    @property
    def most_places(self) -> int:
        """The largest party that could come."""
        if self.rules.kind is not slots.Kind.CLASS:
            return 1
        own = self.link.most_places if self.link else None
        return min(self.rules.seats, own) if own else self.rules.seats


_CALENDAR = {
    "workspace_id": "w.id",
    "workspace_name": "w.name",
    "workspace_slug": "w.slug",
    "accent": "w.accent",
    "calendar_id": "c.id",
    "calendar_key": "c.public_id",
    "calendar_name": "c.name",
    "description": "c.description",
    "location_kind": "c.location_kind",
    "location": "c.location",
    "one_time_only": "c.one_time_only",
    "contact_text": "CASE WHEN c.contact_text <> '' THEN c.contact_text ELSE w.contact_text END",
    "deleted_at": "c.deleted_at",
    "paused_at": "c.paused_at",
    "version": "c.version",
    "shows_seats_left": "c.shows_seats_left",
    "one_per_email": "c.one_per_email",
    "distribution": "c.distribution",
    "keeps_host": "c.keeps_host",
    "needs_approval": "c.needs_approval",
    "answer_within": "c.answer_within",
    **{
        name: f"c.{name}"
        for name in (
            *("hold_minutes", "language", "layout", "guests_choose_host"),
            *("asks_notes", "further_guests", "most_guests"),
            *("proof_of_work", "searchable", "embeds_one_time_links"),
        )
    },
    "consent_id": "ct.id",
    "consent_version": "ct.version",
    "consent_text": "ct.text",
}
_SWITCHES = (
    *("one_time_only", "shows_seats_left", "one_per_email", "keeps_host", "needs_approval"),
    *("guests_choose_host", "asks_notes", "proof_of_work", "searchable", "embeds_one_time_links"),
)
_RULES = {
    "kind": "c.kind",
    "seats": "c.seats",
    "zone": "s.timezone",
    "durations": "c.durations",
    "interval": "c.interval",
    "buffer_before": "c.buffer_before",
    "buffer_after": "c.buffer_after",
    "notice": "c.notice",
    "horizon_days": "c.horizon_days",
    "horizon_working_days": "c.horizon_working_days",
    "first_day": "c.first_day",
    "last_day": "c.last_day",
    "per_day": "c.per_day",
    "per_week": "c.per_week",
    "per_month": "c.per_month",
    "week_start": "w.week_start",
    "look_busy": "c.look_busy",
    "repeats": "c.repeats",
    "repeat_count": "c.repeat_count",
}
_HOST = "m.id, u.name, h.priority, h.weight, h.turns, h.last_turn, hs.schedule_id, own.timezone"
_LINK = {
    name: f"l.{name}"
    for name in LinkOffer.__dataclass_fields__
    if name not in {"calendar_deleted_at", "calendar_paused_at", "requested_until", "visitors", "own_hold"}
}
_VISITORS = """(SELECT {visitors} FROM scheduling_hold k
    WHERE k.link_id = l.id AND k.token_digest IS NOT NULL)"""
# Of each use of which nothing but requests is left, when the last of them is overdue.
_REQUESTS = """(SELECT {requests} FROM (SELECT MAX(b.answer_by) AS answer_by FROM scheduling_booking b
    WHERE b.link_id = l.id AND b.status <> 'cancelled' GROUP BY b.link_use_id
    HAVING COUNT(*) = COUNT(b.answer_by)) r)"""
_VISITOR = "k.expires_at || ':' || k.token_digest"
_REQUEST = "CAST(r.answer_by AS text)"
_TOGETHER = {"sqlite": "group_concat({each})", "postgresql": "string_agg({each}, ',')"}
_JOINS = f"""JOIN accounts_workspace w ON w.id = c.workspace_id
  {LOOK_JOINS}
  JOIN scheduling_schedule s ON s.id = c.schedule_id
  JOIN scheduling_calendarhost h ON h.calendar_id = c.id
  JOIN scheduling_hostschedule hs ON hs.calendar_host_id = h.id
  JOIN scheduling_schedule own ON own.id = hs.schedule_id
  JOIN accounts_member m ON m.id = h.member_id
  JOIN accounts_user u ON u.id = m.user_id
  LEFT JOIN scheduling_consenttext ct ON ct.calendar_id = c.id AND ct.retired_at IS NULL"""
_ORDER = "ORDER BY h.position, h.id, hs.position, hs.id"
_OF_CALENDAR = ", ".join([*_CALENDAR.values(), *_RULES.values(), LOOK_COLUMNS, _HOST, "{questions}"])
LINK_COLUMNS = ", ".join([*_LINK.values(), _VISITORS, _REQUESTS])  # to be read by `read_rows`
_OF_LINK = f"{_OF_CALENDAR}, {LINK_COLUMNS}"
_GROUP = {name: f"g.{name}" for name in OfferGroup.__dataclass_fields__}
_OF_GROUP = ", ".join(_GROUP.values())
_FROM_LINK = f"""FROM scheduling_onetimelink l JOIN scheduling_calendar c ON c.id = l.calendar_id
  LEFT JOIN scheduling_linkbatch lb ON lb.id = l.batch_id {_JOINS}"""
LINK_EXISTS = "(l.batch_id IS NULL OR lb.activated_at IS NOT NULL)"  # link_state.EXISTS
_FROM_CALENDAR = f"FROM scheduling_calendar c {_JOINS}"
_BY_DOOR = {
    "link": f"SELECT {_OF_LINK} {_FROM_LINK} WHERE l.token_digest = %s AND {LINK_EXISTS} {_ORDER}",
    "permanent": f"SELECT {_OF_CALENDAR} {_FROM_CALENDAR} WHERE c.permanent_id = %s {_ORDER}",
    "slug": f"SELECT {_OF_CALENDAR} {_FROM_CALENDAR} WHERE w.slug = %s AND c.slug = %s {_ORDER}",
    "calendar": f"SELECT {_OF_CALENDAR} {_FROM_CALENDAR} WHERE c.id = %s {_ORDER}",
}
# The same where a group stands: one of its calendars, by its public id or slug.
_CHOSEN = f"""JOIN scheduling_groupcalendar gc ON gc.group_id = g.id
  JOIN scheduling_calendar c ON c.id = gc.calendar_id AND (c.public_id = %s OR c.slug = %s) {_JOINS}"""
_PUBLIC_CHOICE = f"""SELECT {_OF_CALENDAR}, {_OF_GROUP} FROM scheduling_calendargroup g {_CHOSEN}
  WHERE NOT c.one_time_only"""
_BY_DOOR_AND_CHOICE = {
    "link": f"""SELECT {_OF_CALENDAR}, {_OF_GROUP}, {LINK_COLUMNS} FROM scheduling_onetimelink l
      JOIN scheduling_calendargroup g ON g.id = l.group_id {_CHOSEN}
      LEFT JOIN scheduling_linkbatch lb ON lb.id = l.batch_id
      WHERE l.token_digest = %s AND {LINK_EXISTS} {_ORDER}""",
    "permanent": f"{_PUBLIC_CHOICE} AND g.permanent_id = %s {_ORDER}",
    "slug": f"{_PUBLIC_CHOICE} AND w.slug = %s AND g.slug = %s {_ORDER}",
}
_RULES_AT = len(_CALENDAR)
_LOOK_AT = _RULES_AT + len(_RULES)
_HOST_AT = _LOOK_AT + LOOK_WIDTH
_QUESTIONS_AT = _HOST_AT + _HOST.count(",") + 1
_LINK_AT = _QUESTIONS_AT + 1


def read_offer(kind: str, parameters: list[Any], *, questions: bool = False) -> Offer:
    """Read by the door of this kind (or `calendar`: by its row), in one statement.

    With the calendar's `questions` where a form shows or a booking answers them.

    Raises:
        NotFound: no calendar stands there.
    """
    rows = read_rows(_BY_DOOR[kind], parameters, questions=questions)
    if not rows:
        raise NotFound
    return _offer(kind, rows, rows[0][_LINK_AT:], None)


def find_chosen(kind: str, parameters: list[Any], calendar: str, *, questions: bool = False) -> Offer | None:
    """The calendar chosen from the group behind the door, in one statement; None when it has no such one."""
    rows = read_rows(_BY_DOOR_AND_CHOICE[kind], [calendar, calendar, *parameters], questions=questions)
    if not rows:
        return None
    at = _LINK_AT + len(_GROUP)
    group = dict(zip(_GROUP, rows[0][_LINK_AT:at], strict=True))
    group["one_time_only"] = bool(group["one_time_only"])
    return _offer(kind, rows, rows[0][at:], OfferGroup(**group))


def read_rows(statement: str, parameters: Sequence[Any], *, questions: bool = False) -> list[Any]:
    """The rows of a statement that may hold LINK_COLUMNS, or ask for a calendar's questions."""
    together = _TOGETHER[connection.vendor]
    lists = {"visitors": together.format(each=_VISITOR), "requests": together.format(each=_REQUEST)}
    lists["questions"] = asked.COLUMN[connection.vendor] if questions else "NULL"
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**lists), parameters)
        rows: list[Any] = cursor.fetchall()
        return rows


def _offer(
    kind: str, rows: Sequence[Sequence[Any]], of_link: Sequence[Any], group: OfferGroup | None
) -> Offer:
    """From a row for each schedule of each host; `of_link` are the link's columns, where it is one."""
    first = rows[0]
    calendar = dict(zip(_CALENDAR, first, strict=False))
    link = None
    if group:
        calendar["contact_text"] = group.contact_text or calendar["contact_text"]
    if kind == "link":
        ends = (
            (group.deleted_at, group.paused_at) if group else (calendar["deleted_at"], calendar["paused_at"])
        )
        link = read_link(of_link, deleted_at=ends[0], paused_at=ends[1])
        calendar["contact_text"] = link.contact_text or calendar["contact_text"]
    for switch in _SWITCHES:
        calendar[switch] = bool(calendar[switch])
    calendar["distribution"] = slots.Distribution(calendar["distribution"])
    hosts = _hosts([row[_HOST_AT:_QUESTIONS_AT] for row in rows])
    offer = Offer(
        **calendar,
        hosts=hosts,
        host_ids=tuple(sorted(host.id for host in hosts)),
        rules=_rules(dict(zip(_RULES, first[_RULES_AT:], strict=False)), calendar["calendar_key"], link),
        link=link,
        public=kind in ("permanent", "slug"),
        group=group,
        look=read_look(first[_LOOK_AT:_HOST_AT]),
        questions=asked.read_column(first[_QUESTIONS_AT]),
    )
    return _as_the_link_says(offer, link) if link else offer


def meeting(offer: Offer, host_id: int | None) -> tuple[OfferHost, ...]:
    """Who may host when this one is wanted; where all hosts take part, that they do."""
    if host_id is None or offer.rules.kind in (slots.Kind.COLLECTIVE, slots.Kind.CLASS):
        return offer.hosts
    return tuple(host for host in offer.hosts if host.id == host_id)


def _as_the_link_says(offer: Offer, link: LinkOffer) -> Offer:
    """The offer with the link's own host and place; those of a class are its calendar's."""
    if not link.location_kind or offer.rules.kind is slots.Kind.CLASS:
        return replace(offer, hosts=meeting(offer, link.host_id))
    return replace(
        offer,
        hosts=meeting(offer, link.host_id),
        location_kind=link.location_kind,
        location=link.location,
    )


def read_day(value: date | str | None) -> date | None:
    """A date column: PostgreSQL gives dates, SQLite text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def narrowed(
    rules: slots.SlotRules, first_day: date | None, last_day: date | None
) -> tuple[date | None, date | None]:
    """The date range of the rules and this one together; the later first day, the earlier last day."""
    firsts = [day for day in (rules.first_day, first_day) if day]
    lasts = [day for day in (rules.last_day, last_day) if day]
    return max(firsts, default=None), min(lasts, default=None)


def _rules(found: dict[str, Any], calendar_key: str, link: LinkOffer | None) -> slots.SlotRules:
    working_days, hidden = found.pop("horizon_working_days"), found.pop("look_busy")
    found["durations"] = (link.durations if link else ()) or read_durations(found["durations"])
    found["kind"] = slots.Kind(found["kind"])
    found["seats"] = found["seats"] or 1
    found["repeats"], found["repeat_count"] = slots.Repeats(found["repeats"]), found["repeat_count"] or 1
    found["first_day"], found["last_day"] = read_day(found["first_day"]), read_day(found["last_day"])
    if working_days is not None:
        found["horizon_days"] = working_days
    rules = slots.SlotRules(
        **found,
        working_days=working_days is not None,
        hidden_share=hidden,
        hiding_seed=slots.hiding_seed(calendar_key) if hidden else b"",
    )
    return narrowed_rules(rules, link.first_day, link.last_day, link.slots) if link else rules


def narrowed_rules(
    rules: slots.SlotRules, first_day: date | None, last_day: date | None, picked: tuple[int, ...]
) -> slots.SlotRules:
    """The rules cut to a link's days and to the times that were picked for it."""
    if not (first_day or last_day or picked):
        return rules
    first_day, last_day = narrowed(rules, first_day, last_day)
    return replace(rules, first_day=first_day, last_day=last_day, picked=picked)


def _hosts(rows: Sequence[Sequence[Any]]) -> tuple[OfferHost, ...]:
    """One for each member, from a row for each of their schedules; in the calendar's order."""
    schedules: dict[int, list[tuple[int, str]]] = {}
    for row in rows:
        schedules.setdefault(row[0], []).append((row[6], row[7]))
    members = {row[0]: row for row in rows}
    return tuple(
        OfferHost(
            id=member_id,
            name=row[1],
            schedules=tuple(schedules[member_id]),
            standing=slots.Standing(
                member_id, priority=row[2], weight=row[3], turns=row[4], last_turn=row[5]
            ),
        )
        for member_id, row in members.items()
    )


def read_link(columns: Sequence[Any], *, deleted_at: int | None, paused_at: int | None) -> LinkOffer:
    """The facts of a link from its LINK_COLUMNS, and those of what it leads to."""
    found = dict(zip(_LINK, columns, strict=False))
    found["first_day"], found["last_day"] = read_day(found["first_day"]), read_day(found["last_day"])
    found["durations"], found["slots"] = read_durations(found["durations"]), read_durations(found["slots"])
    found["holds_slots"] = bool(found["holds_slots"])
    told, asked = ((column or "").split(",") for column in columns[len(_LINK) : len(_LINK) + 2])
    return LinkOffer(
        **found,
        calendar_deleted_at=deleted_at,
        calendar_paused_at=paused_at,
        requested_until=tuple(int(each) for each in asked if each),
        visitors=tuple(_visitor(each) for each in told if each),
    )


def _visitor(told: str) -> tuple[int, str]:
    until, _, hold = told.partition(":")
    return int(until), hold
