"""Which indexes lead to the links of a list.

A list is read from one lane, or from several that have no link in common and are merged. A lane only says
where to look; what is found there is held against the whole filter (`matching_links`), and a link's state is
always what link_state.py says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from bookonce.scheduling.link_filter import Exactly, LinkFilter, Sort
from bookonce.scheduling.link_state import DEAD, LinkState
from bookonce.scheduling.models import Calendar, CalendarGroup
from bookonce.scheduling.models.hold import Hold
from bookonce.scheduling.models.link import ALIVE, EXPIRED, REVOKED, USED


@dataclass(frozen=True, slots=True)
class Lane:
    """Links of a list: `mine` is true of them and of no other lane's links.

    They are among those of `wide`, which an index holds in the order of the list, and of each of `narrow`,
    which are often few.
    """

    mine: Q
    wide: Q
    narrow: tuple[Q, ...] = ()


def lanes_of(workspace_id: int, wanted: LinkFilter, exact: Sequence[Exactly], now: datetime) -> list[Lane]:
    """The lanes that hold every link of the filter (a statement where it asks for stopped calendars)."""
    here = Q(workspace_id=workspace_id)
    narrow = tuple(each.condition for each in exact)
    if wanted.sort is Sort.OPENED:
        opened = Q(last_opened_at__isnull=False)
        return [Lane(opened, here & opened, narrow)]
    if wanted.sort is Sort.EXPIRES:
        if wanted.states and DEAD.issuperset(wanted.states):
            return []
        ending = ALIVE & Q(expires_at__isnull=False, expires_at__gt=now)
        return [Lane(ending, here & ending, narrow)]
    if not wanted.states:
        return [Lane(Q(), narrow[0] if narrow else here, narrow)]
    close = next((each.condition for each in exact if each.close), None)
    return [
        Lane(kind & Q(state=state), close or (here & kind), (*narrow, *few))
        for state in wanted.states
        for kind, few in _kinds_of(state, workspace_id, now)
    ]


def _kinds_of(state: LinkState, workspace_id: int, now: datetime) -> Iterator[tuple[Q, tuple[Q, ...]]]:
    """The kinds of links that can be in this state; with each what else is true of those that are."""
    match state:
        case LinkState.REVOKED:
            yield REVOKED, ()
        case LinkState.USED:
            yield USED, ()
        case LinkState.EXPIRED:
            yield EXPIRED, ()
            # Within the grace, or with an appointment ahead, the link still has its secret.
            yield ALIVE, (Q(workspace_id=workspace_id) & ALIVE & Q(expires_at__lte=now),)
        case LinkState.NOT_OPEN:
            yield ALIVE, (Q(workspace_id=workspace_id) & ALIVE & Q(not_before__gt=now),)
        case LinkState.PAUSED | LinkState.CALENDAR_DELETED:
            yield ALIVE, (_stopped(workspace_id),)
        case LinkState.HELD:
            visitors = Hold.objects.filter(link__workspace=workspace_id, token_digest__isnull=False)
            kept = visitors.filter(expires_at__gt=now).values_list("link_id", flat=True)
            yield ALIVE, (Q(pk__in=list(kept)),)
        case _:
            yield ALIVE, ()


def _stopped(workspace_id: int) -> Q:
    """Links to what is paused or deleted (two statements)."""
    here = Q(workspace_id=workspace_id) & (Q(paused_at__isnull=False) | Q(deleted_at__isnull=False))
    calendars = list(Calendar.objects.filter(here).values_list("pk", flat=True))
    groups = list(CalendarGroup.objects.filter(here).values_list("pk", flat=True))
    return Q(calendar_id__in=calendars) | Q(group_id__in=groups)
