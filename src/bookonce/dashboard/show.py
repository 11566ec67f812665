"""Render one of the owner's pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bookonce.accounts.models import Member
from bookonce.lib.problem import STATUS
from bookonce.lib.zones import get_zone
from bookonce.scheduling.errors import SchedulingError
from bookonce.scheduling.queries import waiting_for_us


def show(
    request: HttpRequest,
    member: Member,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """The page in the workspace's colours and zone, with the badge of waiting requests (one statement)."""
    around = surroundings(member)
    with timezone.override(get_zone(member.workspace.timezone)):
        return render(request, f"dashboard/{template}", around | dict(context or {}), status=status)


def surroundings(member: Member) -> dict[str, Any]:
    """What every page needs around its own content."""
    waiting = waiting_for_us(member.workspace_id)
    return {
        "member": member,
        "workspace": member.workspace,
        "accent": member.workspace.accent,
        "rail_counts": {"links": waiting.links, "appointments": waiting.bookings},
    }


def show_refusal(request: HttpRequest, member: Member, refusal: SchedulingError) -> HttpResponse:
    """The one page for what the domain refused, with the status that its code has everywhere."""
    return show(request, member, "refused.html", {"refusal": refusal}, status=STATUS[refusal.code])
