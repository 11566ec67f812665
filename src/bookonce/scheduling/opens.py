"""Add up how often links were opened; never written by the request itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from bookonce.scheduling.models import OneTimeLink
from bookonce.scheduling.transaction import one_transaction


@dataclass(slots=True)
class Opens:
    """Counted since the last time they were kept."""

    people: int
    bots: int
    last: datetime


@one_transaction
def keep_opens(counts: Mapping[int, Opens]) -> None:
    """Add the counts to their links, in id order."""
    for link_id in sorted(counts):
        opens = counts[link_id]
        OneTimeLink.objects.filter(pk=link_id).update(
            opened=F("opened") + opens.people,
            opened_by_bots=F("opened_by_bots") + opens.bots,
            last_opened_at=opens.last,
        )
