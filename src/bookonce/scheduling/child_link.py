"""A new link in place of one that is spent: for the same person, with the same options."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from bookonce.lib.instants import to_minutes
from bookonce.lib.tokens import new_public_id
from bookonce.lib.zones import get_zone
from bookonce.scheduling import events, link_holds
from bookonce.scheduling.issue_link import Issued, insert_link, lock_for_link
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.models import OneTimeLink


def issue_child(
    parent: OneTimeLink,
    *,
    name: str,
    email: str,
    by: events.Actor,
    now: datetime,
    public_id: str | None = None,
) -> Issued:
    """A link with the parent's options, within the caller's transaction; its target is loaded.

    Its recipient is the parent's, or else of this name and address; where the parent was locked to an address
    that it has forgotten since, the new link is locked to this one. An expiry, last day or picked time that
    has passed, the number of bookings and the reference are not carried over. Of the times that the parent
    held it holds those that are still free.

    Raises:
        CalendarDeleted: the new link would be dead at once.
    """
    kept = {option: getattr(parent, option) for option in LinkOptions.__dataclass_fields__}
    changed: dict[str, Any] = {
        "recipient_name": parent.recipient_name or name,
        "recipient_email": parent.recipient_email or email,
        "expires_at": parent.expires_at if parent.expires_at and parent.expires_at > now else None,
        "not_before": None,
        "max_bookings": 1,
        "last_day": _last_day_ahead(parent, now),
        "external_ref": None,
        "parent_id": parent.pk,
    }
    ahead = tuple(start for start in parent.slots if start > to_minutes(now))
    changed |= {"slots": ahead, "holds_slots": parent.holds_slots and bool(ahead)}
    options = LinkOptions(**kept | changed)
    lock_for_link(parent.target, options, now=now)
    public_id = public_id or new_public_id("lnk")
    issued = insert_link(public_id, parent.target, options, by=by, now=now, parent=parent)
    if issued is None:  # no reference is carried over, so nothing can clash
        raise AssertionError
    if options.holds_slots:
        link_holds.hold(issued.link.token_digest, now=now)
    return issued


def _last_day_ahead(parent: OneTimeLink, now: datetime) -> date | None:
    """The parent's last day unless it has passed; the days of a link are those of its target's zone."""
    if parent.last_day is None:
        return None
    today = now.astimezone(get_zone(parent.target.timezone)).date()
    return parent.last_day if parent.last_day >= today else None
