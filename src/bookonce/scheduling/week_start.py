"""Change the settings of a workspace, and with the day on which its weeks begin what its calendars count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bookonce.accounts.models import Member, Workspace
from bookonce.accounts.workspace_settings import SettingsRefused, parse_settings, update_workspace
from bookonce.scheduling import host_time, limit_counts
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.models import Calendar
from bookonce.scheduling.redirect_origins import NAME, keep_redirect_origins, parse_redirect_origins
from bookonce.scheduling.transaction import one_transaction


@one_transaction
def change_workspace(workspace: Workspace, raw: Mapping[str, Any], *, now: datetime) -> Workspace:
    """Change what was sent, keep the rest; with a new `week_start` limits per week count other days at once.

    `redirect_origins` are the sites to which calendars may lead guests (redirect_origins.py).

    Raises:
        SettingsRefused: by field; nothing was changed.
    """
    if NAME in raw:
        keep_redirect_origins(workspace, _origins(raw))
        raw = _others(raw)
    if "week_start" not in raw:
        return update_workspace(workspace, raw)
    # All members, not only the hosts of calendars that have such a limit now: one may be given it meanwhile.
    members = Member.objects.filter(workspace=workspace).order_by("pk")
    host_time.lock_hosts(list(members.values_list("pk", flat=True)), now=now)
    before = Workspace.objects.values_list("week_start", flat=True).get(pk=workspace.pk)
    changed = update_workspace(workspace, raw)
    if changed.week_start != before:
        weekly = Calendar.objects.filter(workspace=workspace, per_week__isnull=False).order_by("pk")
        limited = list(weekly.values_list("pk", flat=True))
        host_time.raise_calendars(limited)
        limit_counts.count_anew(limited, now=now)
    return changed


def _origins(raw: Mapping[str, Any]) -> list[str]:
    """Of all that is wrong with what was sent, not only with the sites, everything is told at once."""
    try:
        return parse_redirect_origins(raw)
    except Invalid as wrong:
        errors = {name: list(sentences) for name, sentences in wrong.errors.items()}
    try:
        parse_settings(_others(raw))
    except SettingsRefused as refused:
        errors |= refused.errors
    raise SettingsRefused(errors)


def _others(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if name != NAME}
