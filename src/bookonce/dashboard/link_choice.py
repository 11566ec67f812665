"""What the address of the list of links narrows it to, and how the page shows that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from bookonce.accounts.models import Member
from bookonce.design.states import look_of
from bookonce.lib.fields import Fields
from bookonce.lib.zones import start_of_day
from bookonce.scheduling.link_filter import FIRST_YEAR, LAST_YEAR, LinkFilter, Sort
from bookonce.scheduling.link_state import LinkState
from bookonce.scheduling.models import Calendar, CalendarGroup, LinkBatch, Target

# The list's tabs; an exact state may be asked for as well, by address.
GROUPS: Mapping[str, tuple[LinkState, ...]] = {
    "active": (LinkState.ACTIVE,),
    "waiting": (LinkState.NOT_OPEN, LinkState.PAUSED, LinkState.HELD),
    "used": (LinkState.USED,),
    "ended": (LinkState.EXPIRED, LinkState.REVOKED, LinkState.CALENDAR_DELETED),
}
FILTERS = ("state", "calendar", "q", "batch", "label", "recipient", "made_by", "unused_since", "sort")
LONGEST_SEARCH = 254
LATEST_BATCHES = 50


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in words, and where the list is without it."""

    words: str
    href: str


def chosen_filters(asked: QueryDict) -> dict[str, str]:
    """What the address, or a form that carries its parts, narrows the list to: all of it that can be read."""
    wanted = {name: asked.get(name, "").strip()[:LONGEST_SEARCH] for name in FILTERS}
    readable = {
        "state": lambda value: value in GROUPS or value in list(LinkState),
        "sort": lambda value: value in list(Sort),
        "unused_since": lambda value: day_of(value) is not None,
    }
    return {
        name: value
        for name, value in wanted.items()
        if value and "\0" not in value and readable.get(name, bool)(value)
    }


def day_of(text: str) -> date | None:
    """The day that the text names, such as 2026-12-01; None when it is none of our time."""
    day = Fields({"day": text}).day("day")
    return day if day and FIRST_YEAR <= day.year <= LAST_YEAR else None


def filter_of(chosen: Mapping[str, str], member: Member) -> LinkFilter:
    """The same in the words of the query."""
    state = chosen.get("state", "")
    day = day_of(chosen.get("unused_since", ""))
    return LinkFilter(
        states=GROUPS.get(state) or tuple(exact for exact in LinkState if exact == state),
        calendar=chosen.get("calendar", ""),
        text=chosen.get("q", ""),
        batch=chosen.get("batch", ""),
        unused_since=start_of_day(day, member.workspace.timezone) if day else None,
        label=chosen.get("label", ""),
        recipient=chosen.get("recipient", ""),
        made_by=chosen.get("made_by", ""),
        sort=Sort(chosen.get("sort", Sort.NEWEST)),
    )


def choices(chosen: Mapping[str, str], member: Member) -> dict[str, Any]:
    """What the form of filters offers, with the chips of those that are set (four statements)."""
    calendars = leading(member.workspace_id)
    team = list(Member.objects.filter(workspace_id=member.workspace_id).select_related("user").order_by("pk"))
    batches = LinkBatch.objects.filter(workspace_id=member.workspace_id, activated_at__isnull=False)
    latest = list(batches.select_related("calendar", "group").order_by("-pk")[:LATEST_BATCHES])
    if chosen.get("batch") and chosen["batch"] not in {batch.public_id for batch in latest}:
        latest += batches.filter(public_id=chosen["batch"]).select_related("calendar", "group")
    names = {
        "calendar": {calendar.public_id: calendar.name for calendar in calendars},
        "batch": {batch.public_id: batch.name or batch.target.name for batch in latest},
        "made_by": {maker.user.email: maker.user.name for maker in team},
    }
    return {
        "calendars": calendars,
        "team": team,
        "batches": latest,
        "sorts": _sorts(),
        "states": _states(chosen),
        "segments": _segments(chosen),
        "chips": _chips(chosen, names),
    }


def leading(workspace_id: int) -> list[Target]:
    """What links may lead to: the calendars by name, then the groups (two statements)."""
    calendars = Calendar.objects.filter(workspace_id=workspace_id).order_by("name", "pk")
    groups = CalendarGroup.objects.filter(workspace_id=workspace_id).order_by("name", "pk")
    return [*calendars, *groups]


def address(chosen: Mapping[str, str], **changes: str) -> str:
    """The query of the list with these filters; "" for the whole list."""
    parts = {name: value for name, value in {**chosen, **changes}.items() if value}
    return f"?{urlencode(parts)}" if parts else ""


def _sorts() -> Sequence[tuple[str, str]]:
    return (
        (Sort.NEWEST.value, _("Newest first")),
        (Sort.OLDEST.value, _("Oldest first")),
        (Sort.OPENED.value, _("Last opened first")),
        (Sort.EXPIRES.value, _("Expiring first")),
    )


def _states(chosen: Mapping[str, str]) -> list[tuple[str, str]]:
    """Every state by itself; a chosen tab of several of them as well, so that other filters keep it."""
    several = {"waiting": _("Waiting"), "ended": _("Ended")}
    here = [(key, word) for key, word in several.items() if key == chosen.get("state")]
    return here + [(state.value, str(look_of(state).word)) for state in LinkState]


def _segments(chosen: Mapping[str, str]) -> list[dict[str, Any]]:
    words = {
        "": _("All"),
        "active": _("Active"),
        "waiting": _("Waiting"),
        "used": _("Used"),
        "ended": _("Ended"),
    }
    here = chosen.get("state", "")
    return [
        {"word": word, "here": key == here, "href": address(chosen, state=key) or "?"}
        for key, word in words.items()
    ]


def _chips(chosen: Mapping[str, str], names: Mapping[str, Mapping[str, str]]) -> list[Chip]:
    sentences = {
        "state": _("State: %(value)s"),
        "calendar": _("Calendar: %(value)s"),
        "label": _("Label: %(value)s"),
        "recipient": _("Recipient: %(value)s"),
        "made_by": _("Made by %(value)s"),
        "batch": _("Batch: %(value)s"),
        "unused_since": _("Unused since %(value)s"),
    }
    shown = {name: value for name, value in chosen.items() if name in sentences and value not in GROUPS}
    return [
        Chip(sentences[name] % {"value": _told(name, value, names)}, address(chosen, **{name: ""}) or "?")
        for name, value in shown.items()
    ]


def _told(name: str, value: str, names: Mapping[str, Mapping[str, str]]) -> str:
    if name == "state":
        return str(look_of(value).word)
    if day := day_of(value) if name == "unused_since" else None:
        return date_format(day, "j M Y")
    return names.get(name, {}).get(value, value)
