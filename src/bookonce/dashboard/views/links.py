"""The list of one-time links, one of them, and its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookonce.accounts.models import Member
from bookonce.dashboard.access import acting, id_asked_for, link_or_404, member_required
from bookonce.dashboard.change_fields import rules_of_link
from bookonce.dashboard.history import tell
from bookonce.dashboard.show import show
from bookonce.lib import clock
from bookonce.lib.fields import Fields
from bookonce.lib.zones import start_of_day
from bookonce.scheduling import queries
from bookonce.scheduling.issue_link import shown_url
from bookonce.scheduling.link_state import LinkState
from bookonce.scheduling.models import (
    Booking,
    Calendar,
    CalendarGroup,
    LinkRequest,
    OneTimeLink,
    Target,
)
from bookonce.scheduling.revoke_link import revoke_link

# The list's tabs; an exact state may be asked for as well, by address.
GROUPS: Mapping[str, tuple[LinkState, ...]] = {
    "active": (LinkState.ACTIVE,),
    "waiting": (LinkState.NOT_OPEN, LinkState.PAUSED),
    "used": (LinkState.USED,),
    "ended": (LinkState.EXPIRED, LinkState.REVOKED, LinkState.CALENDAR_DELETED),
}
ALIVE = (LinkState.ACTIVE, LinkState.NOT_OPEN, LinkState.PAUSED)
LONGEST_SEARCH = 120


@dataclass(frozen=True)
class Row:
    """A link as the pages show it; `url` only while it may be booked through."""

    link: OneTimeLink
    state: LinkState
    url: str
    booking: Booking | None = None

    @property
    def name(self) -> str:
        """Whom or what it is for."""
        return self.link.recipient_name or self.link.recipient_email or self.link.label or _("No recipient")

    @property
    def note(self) -> str:
        """What else tells it apart, in few words."""
        known = (self.link.label, self.link.recipient_email)
        return next((text for text in known if text and text != self.name), "")

    @property
    def recipient(self) -> list[str]:
        """What is known of the recipient."""
        known = (self.link.recipient_name, self.link.recipient_email, self.link.recipient_phone)
        return [text for text in known if text]

    @property
    def revocable(self) -> bool:
        """Whether there is something to revoke: uses are left."""
        return self.link.revoked_at is None and self.state is not LinkState.USED


@member_required
@require_safe
def links(request: HttpRequest, member: Member) -> HttpResponse:
    """Newest first, 50 a page, by state, calendar and recipient; above them who asks for a new one."""
    now, chosen = clock.now(), chosen_filters(request)
    wanted = filter_of(chosen, member)
    page = queries.links_page(member.workspace_id, wanted, now=now, cursor=id_asked_for(request, "after"))
    context = {
        "rail_active": "links",
        "rows": [Row(row.link, row.state, url_of(row.link, row.state), row.booking) for row in page.rows],
        "next": f"?{urlencode({**chosen, 'after': page.next})}" if page.next else "",
        "later_page": "after" in request.GET,
        "first_page": f"?{urlencode(chosen)}" if chosen else "",
        "count": queries.count_up_to(queries.matching_links(member.workspace_id, wanted, now=now)),
        "most_counted": queries.MOST_COUNTED,
        "filtered": bool(chosen),
        "export": f"?{urlencode(chosen)}" if chosen else "",
        "chosen": chosen,
        "segments": _segments(chosen),
        "calendars": leading(member.workspace_id),
        "requests": queries.open_requests(member.workspace_id),
        **_just_done(request, member),
    }
    return show(request, member, "links.html", context)


@member_required
@require_safe
def link(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """All facts of one link, what was booked through it, and its history."""
    found = link_or_404(member, public_id)
    state = queries.state_now(found, now=clock.now())
    context = {
        "rail_active": "links",
        "row": Row(found, state, url_of(found, state)),
        "link": found,
        "bookings": queries.bookings_of_link(found),
        "history": tell(queries.history_of_link(found), member.workspace.timezone),
        "rules": rules_of_link(found),
        "children": found.children.order_by("pk")[: queries.PAGE],
    }
    return show(request, member, "link.html", context)


@member_required
def revoke(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """Ask first, then take the link out of use."""
    found = link_or_404(member, public_id)
    now = clock.now()
    if request.method != "POST":
        row = Row(found, queries.state_now(found, now=now), "")
        return show(request, member, "link_revoke.html", {"rail_active": "links", "row": row, "link": found})
    who = found.recipient_name or found.recipient_email or _("Whoever has it")
    if revoke_link(found.pk, by=acting(member), now=now):
        messages.success(request, _("%(who)s can no longer book with this link") % {"who": who})
    else:
        messages.info(request, _("This link was revoked before"))
    return redirect("dashboard:link", public_id)


def leading(workspace_id: int) -> list[Target]:
    """What links may lead to: the calendars by name, then the groups (two statements)."""
    calendars = Calendar.objects.filter(workspace_id=workspace_id).order_by("name", "pk")
    groups = CalendarGroup.objects.filter(workspace_id=workspace_id).order_by("name", "pk")
    return [*calendars, *groups]


def url_of(found: OneTimeLink, state: LinkState) -> str:
    """The link's address while it may be booked through, now or later; "" afterwards or when unreadable."""
    return (shown_url(found, state) or "") if state in ALIVE else ""


def chosen_filters(request: HttpRequest) -> dict[str, str]:
    """What the address narrows the list to."""
    names = ("state", "calendar", "q", "batch", "unused_since")
    wanted = {name: request.GET.get(name, "").strip()[:LONGEST_SEARCH] for name in names}
    return {name: value for name, value in wanted.items() if value and "\0" not in value}


def filter_of(chosen: Mapping[str, str], member: Member) -> queries.LinkFilter:
    """The same in the words of the query; what can't be read does not narrow."""
    state = chosen.get("state", "")
    states = GROUPS.get(state) or tuple(exact for exact in LinkState if exact == state)
    day = Fields(chosen).day("unused_since")
    since = start_of_day(day, member.workspace.timezone) if day else None
    return queries.LinkFilter(
        states, chosen.get("calendar", ""), chosen.get("q", ""), chosen.get("batch", ""), since
    )


def _segments(chosen: Mapping[str, str]) -> list[dict[str, Any]]:
    words = {
        "": _("All"),
        "active": _("Active"),
        "waiting": _("Waiting"),
        "used": _("Used"),
        "ended": _("Ended"),
    }
    here = chosen.get("state", "")
    others = {name: value for name, value in chosen.items() if name != "state"}
    return [
        {"word": word, "here": key == here, "href": f"?{urlencode(others | ({'state': key} if key else {}))}"}
        for key, word in words.items()
    ]


def _just_done(request: HttpRequest, member: Member) -> dict[str, Any]:
    """The request that was answered or dismissed a moment ago: its new link to copy, or the way back."""
    for act in ("answered", "dismissed"):
        if public_id := id_asked_for(request, act):
            asked = LinkRequest.objects.select_related("answer").filter(
                workspace_id=member.workspace_id, public_id=public_id, **{f"{act}_at__isnull": False}
            )
            done = asked.first()
            url = url_of(done.answer, LinkState.ACTIVE) if done and done.answer else ""
            return {act: done, "answer_url": url}
    return {}
