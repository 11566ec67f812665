"""Delete holds that have lapsed. They count for nothing from that very second; this only tidies up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bookonce.scheduling.models import BlockedTime, Hold
from bookonce.scheduling.transaction import one_transaction

SHOWN = timedelta(minutes=30)  # as long a page may still tell its visitor until when the time was kept
STALE = timedelta(hours=6)  # nobody clears them: no worker runs
AT_ONCE = 500


def clear_holds(*, now: datetime) -> int:
    """Delete what lapsed a while ago, some at a time; how many holds."""
    cleared = 0
    while count := _clear_some(now=now):
        cleared += count
    return cleared


def count_stale(*, now: datetime) -> int:
    """Holds that lapsed long ago and should have been cleared."""
    return Hold.objects.filter(expires_at__lte=now - STALE).count()


def run(_payload: Mapping[str, Any], now: datetime) -> None:
    """The job `holds.clear`."""
    clear_holds(now=now)


@one_transaction
def _clear_some(*, now: datetime) -> int:
    lapsed = Hold.objects.filter(expires_at__lte=now - SHOWN).order_by("pk").values_list("pk", flat=True)
    rows = list(lapsed[:AT_ONCE])
    BlockedTime.objects.filter(hold__in=rows, expires_at__lte=now).delete()
    # One whose blocked time serves others who keep places at the same session waits for them.
    cleared, _by_model = Hold.objects.filter(pk__in=rows, blocked_times=None).delete()
    return cleared
