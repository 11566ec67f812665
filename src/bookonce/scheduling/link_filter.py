"""What a list of links may be narrowed to, and the order it comes in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Lower
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

from bookonce.accounts.models import Member, Workspace
from bookonce.lib.fields import Fields
from bookonce.lib.instants import to_seconds
from bookonce.lib.zones import start_of_day
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.link_state import EXISTS, LinkState, state_expression
from bookonce.scheduling.models import Calendar, CalendarGroup, LinkBatch, OneTimeLink

FIRST_YEAR, LAST_YEAR = 2000, 2199  # of days that anyone asks about


class Sort(StrEnum):
    """The orders of a list; each is an index's, so that every page costs alike."""

    NEWEST = "newest"
    OLDEST = "oldest"
    OPENED = "opened"  # those that people opened, the latest first
    EXPIRES = "expires"  # those that can be booked until a certain instant, the soonest first


@dataclass(frozen=True, slots=True)
class LinkFilter:
    """Which links to list; what is empty does not narrow."""

    states: tuple[LinkState, ...] = ()
    calendar: str = ""  # the public id of one, or of a group
    text: str = ""  # words within the label, or the recipient's name or address
    batch: str = ""  # its public id
    unused_since: datetime | None = None  # never booked through; neither made nor opened since then
    label: str = ""  # the whole of it
    recipient: str = ""  # the whole e-mail address, in any case
    made_by: str = ""  # a member's e-mail address
    external_ref: str = ""
    sort: Sort = Sort.NEWEST


def parse_link_filter(fields: Fields, workspace: Workspace) -> LinkFilter:
    """The filter in a query from outside; faults are left in `fields`."""
    state = fields.choice("state", [state.value for state in LinkState], default="")
    calendar, group = fields.text("calendar", most=24), fields.text("group", most=24)
    if calendar and group:
        fields.fault("group", _("Ask for the links of a calendar or of a group, not of both."))
    return LinkFilter(
        states=(LinkState(state),) if state else (),
        calendar=calendar or group,
        batch=fields.text("batch", most=24),
        unused_since=_since(fields, workspace.timezone),
        label=fields.text("label", most=120),
        recipient=fields.text("recipient", most=254),
        made_by=fields.text("made_by", most=254),
        external_ref=fields.text("external_ref", most=120),
        sort=Sort(fields.choice("sort", [sort.value for sort in Sort], default=Sort.NEWEST)),
    )


def parse_since(fields: Fields, zone: str) -> datetime | None:
    """`unused_since`: an instant, or a day, which begins in the zone.

    Raises:
        Invalid: it is neither.
    """
    since = _since(fields, zone)
    if fields.errors:
        raise Invalid(fields.errors)
    return since


def _since(fields: Fields, zone: str) -> datetime | None:
    if "T" in str(fields.raw.get("unused_since", "")).upper():
        return fields.instant("unused_since")
    day = fields.day("unused_since")
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        fields.fault("unused_since", _("Enter a date like 2026-12-01."))
        return None
    return start_of_day(day, zone) if day else None


@dataclass(frozen=True, slots=True)
class Exactly:
    """A condition that an index finds; `close`: its links were mostly made one after another."""

    condition: Q
    close: bool
    aside: Q  # the same, not to be used for finding: SQLite would prefer it to better ways


def matching_links(workspace_id: int, wanted: LinkFilter, *, now: datetime) -> QuerySet[OneTimeLink]:
    """The workspace's links that the filter lets through, each with its `state`; without an order.

    For few links: a list that may be long is read by `LinkList` (link_list.py).
    """
    links = OneTimeLink.objects.filter(workspace_id=workspace_id)
    conditions = [each.condition for each in exact_conditions(workspace_id, wanted)]
    return fitting(links.filter(*conditions), wanted, now=now)


def fitting(links: QuerySet[OneTimeLink], wanted: LinkFilter, *, now: datetime) -> QuerySet[OneTimeLink]:
    """Those of the links that exist and fit the filter's states, words and day."""
    links = links.filter(EXISTS).annotate(state=state_expression(to_seconds(now)))
    if wanted.states:
        links = links.filter(state__in=wanted.states)
    if wanted.unused_since:
        links = links.filter(unused(wanted.unused_since))
    for word in wanted.text.split():
        links = links.filter(
            Q(label__icontains=word) | Q(recipient_name__icontains=word) | Q(recipient_email__icontains=word)
        )
    return links


def exact_conditions(workspace_id: int, wanted: LinkFilter) -> list[Exactly]:
    """What the filter asks for by its name or id, the most telling first (a statement for each id)."""
    here = Q(workspace_id=workspace_id)
    found: list[Exactly] = []
    if wanted.external_ref:
        found.append(_by_words(here & Q(external_ref=wanted.external_ref)))
    if wanted.recipient:
        found.append(_by_words(here & sent_to(wanted.recipient)))
    if wanted.batch:
        batches = LinkBatch.objects.filter(here, public_id=wanted.batch)
        found.append(_by_key("batch_id", batches, close=True))
    if wanted.label:
        found.append(_by_words(here & Q(label=wanted.label)))
    if wanted.made_by:
        makers = Member.objects.filter(here, user__email__iexact=wanted.made_by)
        found.append(_by_key("created_by_id", makers))
    if wanted.calendar.startswith("grp_"):
        groups = CalendarGroup.objects.filter(here, public_id=wanted.calendar)
        found.append(_by_key("group_id", groups))
    elif wanted.calendar:
        calendars = Calendar.objects.filter(here, public_id=wanted.calendar)
        found.append(_by_key("calendar_id", calendars))
    return found


def sent_to(address: str) -> Q:
    """Links for the recipient of this e-mail address."""
    return Q(Exact(Lower("recipient_email"), Lower(Value(address))))


def unused(since: datetime) -> Q:
    """Links that were never booked through, and neither made nor opened by people since then."""
    return Q(last_use=0, created_at__lt=since) & (Q(last_opened_at=None) | Q(last_opened_at__lt=since))


def sharpened(workspace_id: int, wanted: LinkFilter) -> LinkFilter:
    """The same, but who searches for the address of a recipient finds all of their links, however old."""
    text = wanted.text
    if not text or wanted.recipient or not is_address(text):
        return wanted
    known = OneTimeLink.objects.filter(sent_to(text), workspace_id=workspace_id)
    return replace(wanted, text="", recipient=text) if known.exists() else wanted


def is_address(text: str) -> bool:
    """Whether the text is a whole e-mail address."""
    fields = Fields({"email": text})
    return "@" in text and bool(fields.email("email"))


def _by_words(condition: Q) -> Exactly:
    return Exactly(condition, close=True, aside=condition)


def _by_key(column: str, rows: QuerySet[Any], *, close: bool = False) -> Exactly:
    """The one row's key, or none; its workspace need not be asked for again."""
    key = rows.values_list("pk", flat=True).first()
    if key is None:
        return Exactly(Q(pk__in=[]), close, Q(pk__in=[]))
    aside = Q(Exact(Coalesce(F(column), F(column)), Value(key)))
    return Exactly(Q(**{column: key}), close, aside)
