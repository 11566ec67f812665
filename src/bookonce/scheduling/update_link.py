"""Change the options of a one-time link that can still be booked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from bookonce.lib.fields import Fields
from bookonce.lib.instants import to_minutes
from bookonce.scheduling import host_time, link_holds, picked_slots
from bookonce.scheduling.change_rules import RULES
from bookonce.scheduling.errors import Conflict, HostsChanged, Invalid, SchedulingError
from bookonce.scheduling.link_codes import end_codes
from bookonce.scheduling.link_options import LinkOptions, check_whole, parse_link_options
from bookonce.scheduling.models import OneTimeLink
from bookonce.scheduling.offer import Door, get_calendar_offer, get_offer
from bookonce.scheduling.targets import WITH_TARGET
from bookonce.scheduling.transaction import one_transaction
from bookonce.scheduling.visitor_holds import let_go_of_links
from bookonce.scheduling.waiting_requests import expiring_overdue, refuse_overdue

FIXED = ("calendar", "group", "external_ref", "parent")  # whoever got the link, or its id, relies on these
COLUMNS = {
    "label": "label",
    "recipient.name": "recipient_name",
    "recipient.email": "recipient_email",
    "recipient.phone": "recipient_phone",
    "email_lock": "email_lock",
    "expires_at": "expires_at",
    "not_before": "not_before",
    "max_bookings": "max_bookings",
    "window.from": "first_day",
    "window.to": "last_day",
    "durations": "durations",
    "slots": "slots",
    "hold_slots": "holds_slots",
    "host": "host_id",
    "location": "location",
    "most_places": "most_places",
    **{name: name for name in RULES},
    "contact_text": "contact_text",
    "metadata": "metadata",
}


@expiring_overdue
@one_transaction
def update_link(link_id: int, raw: Mapping[str, Any], *, now: datetime) -> None:
    """Change what was sent, keep the rest; null takes an option away (RFC 7396). Live bookings stay.

    Raises:
        Invalid: by field, among them fewer `max_bookings` than were made.
        Conflict: the link is used, revoked or expired, and stays so.
    """
    may_hold = _lock_hosts(link_id, raw, now)
    links = OneTimeLink.objects.select_related(*WITH_TARGET)
    link = links.select_for_update(of=("self",)).get(pk=link_id)  # two changes at once must fit together
    columns = _parse_changes(raw, link, now)
    alive = Q(revoked_at=None, spent__lt=F("max_bookings")) & (Q(expires_at=None) | Q(expires_at__gt=now))
    changeable = OneTimeLink.objects.filter(alive, pk=link_id, spent__lt=columns["max_bookings"])
    if changeable.update(**columns) == 0:
        raise _why_not(link_id, now)
    if {"recipient_email", "email_lock"} & columns.keys():
        end_codes(link_id, now=now)  # those that were sent to another address
    if link.holds_slots and not may_hold:
        raise HostsChanged  # it began to hold in this very moment
    hosts = _hold(link, columns, now) if may_hold else set()
    if columns.get("email_lock", OneTimeLink.EmailLock.OFF) != OneTimeLink.EmailLock.OFF:
        # Whoever keeps a time through it has not shown that it is for them.
        hosts |= let_go_of_links(OneTimeLink.objects.filter(pk=link_id), now=now)
    if hosts:
        host_time.raise_versions(sorted(hosts))


def _lock_hosts(link_id: int, raw: Mapping[str, Any], now: datetime) -> bool:
    """Lock them, in the order in which everyone does, where the link holds times or may begin to."""
    link = OneTimeLink.objects.only("calendar_id", "holds_slots").get(pk=link_id)
    if link.calendar_id is None or not (link.holds_slots or raw.get("hold_slots")):
        return False
    refuse_overdue(host_time.lock_hosts_of(link.calendar_id, now=now)[1], now)
    return True


def _hold(link: OneTimeLink, columns: Mapping[str, Any], now: datetime) -> set[int]:
    """Hold its times as they are now; those that are to be held newly have to be free. Whose time changed."""
    held = link_holds.hold(link.token_digest, now=now)
    before = link.slots if link.holds_slots else ()
    new = set(columns.get("slots", link.slots)) - set(before)
    if missing := [start for start in held.missing if start in new and start > to_minutes(now)]:
        raise Invalid(picked_slots.gone(missing, link.target.timezone))
    return set(held.hosts)


def _parse_changes(raw: Mapping[str, Any], link: OneTimeLink, now: datetime) -> dict[str, Any]:
    """The columns to write; only those that were sent, and `max_bookings`."""
    fields = Fields(raw)
    for name in FIXED:
        if name in raw:
            fields.fault(name, _("This can't be changed. Make a new link."))
    sent = {name: value for name, value in raw.items() if name not in FIXED}
    try:
        options = parse_link_options(sent, link.target, now=now, partial=True)
    except Invalid as invalid:
        raise Invalid(fields.errors | dict(invalid.errors)) from None
    columns = {column: getattr(options, column) for name, column in COLUMNS.items() if _was_sent(name, raw)}
    if "location" in columns:  # one thing: it changes as a whole
        columns["location_kind"] = options.location_kind
    kept = {name: getattr(link, name) for name in LinkOptions.__dataclass_fields__}
    changed = replace(LinkOptions(**kept), **columns)
    check_whole(fields, changed)
    if "slots" in columns and not fields.errors:
        fields.errors |= _not_on_offer(link, changed, now)
    if fields.errors:
        raise Invalid(fields.errors)
    return {"max_bookings": link.max_bookings} | columns


def _not_on_offer(link: OneTimeLink, changed: LinkOptions, now: datetime) -> Mapping[str, list[str]]:
    """Times that it did not have before have to be free; what the link itself holds is."""
    new = [start for start in changed.slots if start not in link.slots]
    own = get_offer(Door("link", link.token_digest)).link
    offer = replace(get_calendar_offer(link.target.pk), link=own)
    return picked_slots.not_on_offer(picked_slots.as_narrowed(offer, changed), new, now=now) if new else {}


def _was_sent(name: str, raw: Mapping[str, Any]) -> bool:
    outer, _, inner = name.partition(".")
    if outer not in raw:
        return False
    return not inner or raw[outer] is None or inner in raw[outer]


def _why_not(link_id: int, now: datetime) -> SchedulingError:
    link = OneTimeLink.objects.get(pk=link_id)
    if link.revoked_at is not None:
        return Conflict(_("This link has been revoked and can't be changed. Make a new one."))
    if link.expires_at is not None and link.expires_at <= now:
        return Conflict(_("This link has expired and can't be changed. Make a new one."))
    if link.spent >= link.max_bookings:
        return Conflict(_("This link has already been used and can't be changed. Make a new one."))
    return Invalid(
        {
            "max_bookings": [
                _("Enter a number above %(number)s: so many bookings have been made.")
                % {"number": link.spent}
            ]
        }
    )
