"""The history of a link: its events, and what its row tells where there is no event of its own.

A link of a batch was made, and perhaps revoked, with many others: their event is the batch's. Openings are
counted, not kept one by one: people in one line, known scanners in another.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookonce.dashboard.history import MOMENT, Told, tell, who_words
from bookonce.lib.zones import get_zone
from bookonce.scheduling.models import OneTimeLink
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.queries import history_of_link


def tell_link(link: OneTimeLink, zone: str) -> list[Told]:
    """What happened to the link, latest first, in this zone."""
    events = history_of_link(link)
    with timezone.override(get_zone(zone)):
        untold = list(_of_row(link, {event.kind for event in events}))
    return sorted([*tell(events, zone), *untold], key=lambda line: line.at, reverse=True)


def _of_row(link: OneTimeLink, known: set[str]) -> Iterator[Told]:
    if link.revoked_at and Event.Kind.LINK_REVOKED not in known:
        who = link.revoked_by.user.name if link.revoked_by else ""
        yield Told(link.revoked_at, "ban", _("Link revoked, together with others"), who, "")
    if link.opened and link.last_opened_at:
        yield Told(link.last_opened_at, "external", _opened(link), "", "")
    if link.opened_by_bots:
        at = link.last_opened_by_bots_at or link.last_opened_at or link.created_at
        yield Told(at, "search", _scanned(link), "", "")
    if Event.Kind.LINK_CREATED not in known:
        what = _("Link made, in a batch") if link.batch_id else _("Link made")
        yield Told(link.created_at, "plus", what, who_words(link.created_via, link.created_by), "")


def _opened(link: OneTimeLink) -> str:
    count = link.opened
    if count == 1:
        return _("Opened once")
    if link.first_opened_at is None:
        return ngettext("Opened %(count)d time", "Opened %(count)d times", count) % {"count": count}
    said = ngettext(
        "Opened %(count)d time, first on %(first)s", "Opened %(count)d times, first on %(first)s", count
    )
    return said % {"count": count, "first": _moment(link.first_opened_at)}


def _scanned(link: OneTimeLink) -> str:
    count = link.opened_by_bots
    said = ngettext(
        "Opened once by a scanner or preview", "Opened %(count)d times by scanners and previews", count
    )
    return said % {"count": count}


def _moment(at: datetime) -> str:
    return date_format(localtime(at), MOMENT)
