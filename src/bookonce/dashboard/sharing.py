"""What the share dialog shows: the addresses of a calendar or group and the one-time link that lies ready.

A ready link is one that this browser asked for and has not used yet: the page keeps its id in a cookie and
forgets it when the link is copied, opened, sent or shown as a code. So opening the dialog twice makes one
link, and the same link is never handed to two people. Without scripts no cookie is set, and each press of
the tab makes a fresh link.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from bookonce.accounts.models import Member
from bookonce.dashboard.access import PUBLIC_ID
from bookonce.dashboard.calendar_numbers import active_links, living_links
from bookonce.lib import addresses
from bookonce.scheduling.issue_link import shown_token
from bookonce.scheduling.models import OneTimeLink, Target
from bookonce.scheduling.targets import leads_to

READY_COOKIE = "ready_link"


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways to share a calendar or group; `link` and `one_time_url` are empty while none lies ready."""

    target: Target
    scheduling_url: str
    slug_prefix: str
    permanent_url: str
    link: OneTimeLink | None
    one_time_url: str
    active_links: int


def ways_to_share(request: HttpRequest, member: Member, target: Target, *, now: datetime) -> Ways:
    """Read, write nothing: at most two statements, whatever the number of links."""
    slug = member.workspace.slug
    link = _find_ready(request, member, target, now)
    token = shown_token(link) if link else None
    return Ways(
        target=target,
        scheduling_url=addresses.scheduling_link_url(slug, target.slug),
        slug_prefix=addresses.scheduling_link_url(slug, "").partition("://")[2],
        permanent_url=addresses.permanent_link_url(target.permanent_id),
        link=link if token else None,
        one_time_url=addresses.one_time_link_url(token) if token else "",
        active_links=active_links(now).filter(**leads_to(target)).count(),
    )


def _find_ready(request: HttpRequest, member: Member, target: Target, now: datetime) -> OneTimeLink | None:
    of_mine = {"created_by": member, **leads_to(target)}
    asked = request.POST.get("shown") or request.GET.get("link") or ""
    if PUBLIC_ID.fullmatch(asked):
        return living_links(now).filter(public_id=asked, **of_mine).first()
    kept = request.COOKIES.get(READY_COOKIE, "")
    if not PUBLIC_ID.fullmatch(kept):
        return None
    mine = active_links(now).filter(public_id=kept, created_via="page", **of_mine)
    for_nobody_yet = {f"recipient_{part}": "" for part in ("name", "email", "phone")}
    return mine.filter(label="", external_ref=None, opened=0, spent=0, **for_nobody_yet).first()
