"""Make a one-time link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bookonce.lib.addresses import one_time_link_url
from bookonce.lib.sealed import find_unsealed, seal
from bookonce.lib.tokens import digest, new_public_id, new_token
from bookonce.scheduling import events, host_time, idempotency, link_holds, picked_slots
from bookonce.scheduling.errors import BeingMade, CalendarDeleted, Invalid
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.link_state import DEAD, EXISTS, LinkState
from bookonce.scheduling.models import OneTimeLink, Target
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.targets import WITH_TARGET, is_kept, leads_to
from bookonce.scheduling.transaction import one_transaction
from bookonce.scheduling.waiting_requests import expiring_overdue, refuse_overdue


@dataclass(frozen=True, slots=True)
class Issued:
    """The link, its token while that may be shown, and whether this call (or the one it retries) made it."""

    link: OneTimeLink
    token: str | None
    made: bool


@expiring_overdue
@one_transaction
def issue_link(
    target: Target,
    options: LinkOptions | Callable[[], LinkOptions],
    *,
    by: events.Actor,
    now: datetime,
    parent: OneTimeLink | None = None,
    retry: Idempotency | None = None,
) -> Issued:
    """A new active link to the calendar or group; earlier links stay as they are.

    With an `external_ref` that the workspace already knows, or a retried key, the link made then is returned.
    `options` may be a function that checks them: a retry needs no fresh check, and might fail it (an expiry
    that has passed meanwhile). `parent` is the link it replaces; the options may name one, too.

    Raises:
        CalendarDeleted: links to it would be dead at once. IdempotencyMismatch, InProgress, Busy.
        BeingMade: a batch that is being made has the `external_ref`.
        Invalid: a time that is to be held is no longer free.
    """
    fresh = {"link": new_public_id("lnk")}
    earlier = idempotency.claim(retry, fresh, now=now)
    if earlier is not None:
        return made_before(earlier["link"], made=bool(earlier.get("made", 1)))
    checked = options if isinstance(options, LinkOptions) else options()
    lock_for_link(target, checked, now=now)
    issued = insert_link(fresh["link"], target, checked, by=by, now=now, parent=parent)
    if issued and checked.holds_slots:
        _hold(issued.link, now)
    if issued is None:
        found = _of_reference(target.workspace_id, checked.external_ref)
        if retry is not None:
            idempotency.replace(retry, {"link": found.public_id, "made": 0})
        return _shown(found, made=False)
    return issued


def lock_for_link(target: Target, options: LinkOptions, *, now: datetime) -> None:
    """What has to be locked before a link is inserted: its target; before it, hosts whose time is held.

    Raises:
        CalendarDeleted: links to it would be dead at once. HostsChanged, RequestsOverdue.
    """
    if options.holds_slots:  # of a calendar: links to groups hold nothing
        hosts, overdue = host_time.lock_hosts_of(target.pk, now=now)
        refuse_overdue(overdue, now)
        host_time.raise_versions(sorted(hosts), calendar_id=target.pk)
    if not is_kept(target, lock=True):
        raise CalendarDeleted


def _hold(link: OneTimeLink, now: datetime) -> None:
    """All of its times, or nothing at all."""
    missing = link_holds.hold(link.token_digest, now=now).missing
    if missing:
        raise Invalid(picked_slots.gone(missing, link.target.timezone))


def insert_link(
    public_id: str,
    target: Target,
    options: LinkOptions,
    *,
    by: events.Actor,
    now: datetime,
    parent: OneTimeLink | None = None,
) -> Issued | None:
    """Insert within the caller's transaction; None when the workspace has a link with this external_ref."""
    link, token = new_link(public_id, target, options, by=by, now=now)
    if parent is not None:
        link.parent = parent
    if options.external_ref:
        # ON CONFLICT DO NOTHING: of two at once with one reference, the second finds the first's link.
        OneTimeLink.objects.bulk_create([link], ignore_conflicts=True)
        found = OneTimeLink.objects.filter(public_id=public_id).first()
        if found is None:
            return None
        link.pk = found.pk
    else:
        link.save(force_insert=True)
    events.record(
        Event.Kind.LINK_CREATED, workspace_id=target.workspace_id, actor=by, now=now, link_id=link.pk
    )
    return Issued(link, token, made=True)


def new_link(
    public_id: str, target: Target, options: LinkOptions, *, by: events.Actor, now: datetime
) -> tuple[OneTimeLink, str]:
    """A link that is not kept yet, and its token."""
    token = new_token()
    link = OneTimeLink(
        public_id=public_id,
        workspace_id=target.workspace_id,
        **leads_to(target),
        token_digest=digest(token),
        sealed_token=seal(token),
        created_at=now,
        created_by_id=by.member_id,
        created_via=by.via,
        **_columns(options),
    )
    return link, token


def shown_token(link: OneTimeLink) -> str | None:
    """The link's secret while it may be shown again; None once the link is final, or its key is gone."""
    return find_unsealed(link.sealed_token)


def shown_url(link: OneTimeLink, state: LinkState) -> str | None:
    """The link's address while it can be booked through, now or later; None afterwards, or unreadable."""
    token = None if state in DEAD else shown_token(link)
    return one_time_link_url(token) if token else None


def _of_reference(workspace_id: int, external_ref: str | None) -> OneTimeLink:
    links = OneTimeLink.objects.filter(EXISTS, workspace_id=workspace_id, external_ref=external_ref)
    found = links.select_related(*WITH_TARGET).first()
    if found is None:
        raise BeingMade
    return found


def made_before(public_id: str, *, made: bool = False) -> Issued:
    """What an earlier try with the same key made; `made` says whether that try made it."""
    return _shown(OneTimeLink.objects.select_related(*WITH_TARGET).get(public_id=public_id), made=made)


def _shown(link: OneTimeLink, *, made: bool) -> Issued:
    return Issued(link, shown_token(link), made)


def _columns(options: LinkOptions) -> dict[str, Any]:
    return {name: getattr(options, name) for name in LinkOptions.__dataclass_fields__}
