"""Which members still read mail of their workspace."""

from __future__ import annotations

from collections.abc import Iterable

from bookonce.accounts.models import Member


def present(member_ids: Iterable[int | None]) -> list[int]:
    """Those of the members who have not been removed, in id order."""
    wanted = [member_id for member_id in member_ids if member_id is not None]
    here = Member.objects.filter(pk__in=wanted, removed_at=None)
    return list(here.order_by("pk").values_list("pk", flat=True)) if wanted else []
