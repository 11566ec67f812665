"""The state of a one-time link, derived from facts; never stored (docs/decisions/0010)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Protocol

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When

from bookonce.scheduling import errors
from bookonce.scheduling.models.hold import Hold


class LinkState(StrEnum):
    """In the order in which they are shown: the first that applies wins; dead if any limit is hit."""

    REVOKED = "revoked"
    USED = "used"
    EXPIRED = "expired"
    CALENDAR_DELETED = "calendar_deleted"
    PAUSED = "paused"
    HELD = "held"
    NOT_OPEN = "not_open"
    ACTIVE = "active"


# A link of a batch that is being made, or whose making failed, exists for nobody: lists and look-ups of links
# start from this, and the door's statement (offer_rows.py) says the same.
EXISTS = Q(batch=None) | Q(batch__activated_at__isnull=False)
WORKS = frozenset(
    {LinkState.ACTIVE, LinkState.NOT_OPEN, LinkState.HELD, LinkState.PAUSED}
)  # now, or later without another link
DEAD = frozenset({LinkState.REVOKED, LinkState.USED, LinkState.EXPIRED})  # unless a host reopens it


class LinkFacts(Protocol):
    """What the state follows from; instants as seconds since the epoch."""

    # ruff: noqa: D102 - the columns of those names
    @property
    def revoked_at(self) -> int | None: ...

    @property
    def spent(self) -> int: ...

    @property
    def max_bookings(self) -> int: ...

    @property
    def expires_at(self) -> int | None: ...

    @property
    def not_before(self) -> int | None: ...

    @property
    def calendar_deleted_at(self) -> int | None: ...

    @property
    def calendar_paused_at(self) -> int | None: ...

    @property
    def kept_until(self) -> Sequence[int]: ...

    @property
    def requested_until(self) -> Sequence[int]: ...


REFUSAL: dict[LinkState, type[errors.SchedulingError]] = {
    LinkState.REVOKED: errors.LinkRevoked,
    LinkState.USED: errors.LinkUsed,
    LinkState.EXPIRED: errors.LinkExpired,
    LinkState.CALENDAR_DELETED: errors.CalendarDeleted,
    LinkState.PAUSED: errors.CalendarPaused,
    LinkState.HELD: errors.LinkHeld,
    LinkState.NOT_OPEN: errors.LinkNotOpen,
}


def link_state(facts: LinkFacts, now: int) -> LinkState:
    """The state at `now` (seconds since the epoch); the first match of the display order."""
    if facts.revoked_at is not None:
        return LinkState.REVOKED
    if uses_left(facts, now) <= 0:
        return LinkState.USED
    if facts.expires_at is not None and facts.expires_at <= now:
        return LinkState.EXPIRED
    if facts.calendar_deleted_at is not None:
        return LinkState.CALENDAR_DELETED
    if facts.calendar_paused_at is not None:
        return LinkState.PAUSED
    if is_held(facts, now):
        return LinkState.HELD
    if facts.not_before is not None and facts.not_before > now:
        return LinkState.NOT_OPEN
    return LinkState.ACTIVE


def uses_left(facts: LinkFacts, now: int) -> int:
    """How many bookings can still be made; a use of an overdue request is as good as returned."""
    return facts.max_bookings - facts.spent + sum(until <= now for until in facts.requested_until)


def is_held(facts: LinkFacts, now: int, *, claimed: int = 0) -> bool:
    """Whether all uses left are kept for other visitors; of those that are spent, `claimed` are one's own."""
    kept = sum(until > now for until in facts.kept_until)
    return kept > 0 and kept >= uses_left(facts, now) + claimed


def state_expression(now: int) -> Case:
    """The same order for a query over OneTimeLink; a test holds it against `link_state`."""
    return Case(
        When(revoked_at__isnull=False, then=Value(LinkState.REVOKED)),
        When(spent__gte=F("max_bookings"), then=Value(LinkState.USED)),
        When(expires_at__lte=now, then=Value(LinkState.EXPIRED)),
        When(_either(deleted_at__isnull=False), then=Value(LinkState.CALENDAR_DELETED)),
        When(_either(paused_at__isnull=False), then=Value(LinkState.PAUSED)),
        When(pk__in=_held(now), then=Value(LinkState.HELD)),
        When(Q(not_before__gt=now), then=Value(LinkState.NOT_OPEN)),
        default=Value(LinkState.ACTIVE),
        output_field=CharField(),
    )


def _either(**fact: bool) -> Q:
    """Of whichever the link leads to."""
    ((name, value),) = fact.items()
    return Q(**{f"calendar__{name}": value}) | Q(**{f"group__{name}": value})


def _held(now: int) -> QuerySet[Hold, Any]:
    """Links whose uses left are all kept for visitors; read once for a whole list."""
    live = Hold.objects.filter(link__isnull=False, token_digest__isnull=False, expires_at__gt=now)
    counted = live.order_by().values("link").annotate(visitors=Count("pk"))
    full = counted.filter(visitors__gte=F("link__max_bookings") - F("link__spent"))
    return full.values("link")
