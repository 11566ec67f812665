"""Add up how often links were opened; never written by the request itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Coalesce

from bookonce.lib.instants import SecondsField
from bookonce.scheduling.models import OneTimeLink
from bookonce.scheduling.transaction import one_transaction


@dataclass(slots=True)
class Opens:
    """Counted since the last time they were kept; instants are those of people, but the one of bots."""

    people: int
    bots: int
    last: datetime | None = None
    first: datetime | None = None
    last_by_bots: datetime | None = None


@one_transaction
def keep_opens(counts: Mapping[int, Opens]) -> None:
    """Add the counts to their links, in id order."""
    for link_id in sorted(counts):
        opens = counts[link_id]
        columns: dict[str, Any] = {}
        if opens.people:
            first = Coalesce(F("first_opened_at"), Value(opens.first or opens.last, SecondsField()))
            columns |= {"opened": F("opened") + opens.people, "first_opened_at": first}
            columns |= {"last_opened_at": opens.last}
        if opens.bots:
            bots = F("opened_by_bots") + opens.bots
            columns |= {"opened_by_bots": bots, "last_opened_by_bots_at": opens.last_by_bots}
        OneTimeLink.objects.filter(pk=link_id).update(**columns)
