"""What a one-time link leads to: a calendar, or a group whose guests choose one of its calendars."""

from __future__ import annotations

from typing import Any

from bookonce.accounts.models import Member
from bookonce.scheduling.models import Calendar, CalendarGroup, CalendarHost, Target

# To load links, batches and uploads with all that `target` needs.
WITH_TARGET = ("calendar__schedule", "group__workspace")


def leads_to(target: Target) -> dict[str, Any]:
    """The columns of what leads to it, for `create` and `filter` alike."""
    return {"group": target} if isinstance(target, CalendarGroup) else {"calendar": target}


def is_kept(target: Target, *, lock: bool = False) -> bool:
    """Whether it is not deleted now; with `lock` it stays so until the transaction ends."""
    if isinstance(target, CalendarGroup):
        groups = CalendarGroup.objects.filter(pk=target.pk, deleted_at=None)
        return (groups.select_for_update() if lock else groups).exists()
    calendars = Calendar.objects.filter(pk=target.pk, deleted_at=None)
    return (calendars.select_for_update() if lock else calendars).exists()


def hosts_of_target(target: Target) -> list[Member]:
    """Who hosts it, in its order, each once; of a group the hosts of its calendars."""
    hosts = CalendarHost.objects.select_related("member__user")
    if isinstance(target, CalendarGroup):
        of_group = hosts.filter(calendar__group_calendars__group=target)
        order = ("calendar__group_calendars__position", "calendar__group_calendars__pk", "position", "pk")
        found = of_group.order_by(*order)
    else:
        found = hosts.filter(calendar=target).order_by("position", "pk")
    return list({host.member_id: host.member for host in found}.values())
