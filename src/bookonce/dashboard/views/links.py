"""The list of one-time links, one of them, and its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookonce.accounts.models import Member
from bookonce.dashboard.access import acting, id_asked_for, link_or_404, member_required
from bookonce.dashboard.change_fields import rules_of_link
from bookonce.dashboard.link_choice import address, choices, chosen_filters, filter_of
from bookonce.dashboard.link_history import tell_link
from bookonce.dashboard.show import show
from bookonce.lib import clock
from bookonce.lib.instants import from_minutes
from bookonce.scheduling import link_queries, queries
from bookonce.scheduling.calendar_groups import calendars_of
from bookonce.scheduling.issue_link import shown_url
from bookonce.scheduling.link_list import MOST_LOOKED_AT
from bookonce.scheduling.link_state import LinkState
from bookonce.scheduling.models import Booking, LinkRequest, OneTimeLink
from bookonce.scheduling.revoke_link import revoke_link
from bookonce.scheduling.revoke_links import living

ALIVE = (LinkState.ACTIVE, LinkState.NOT_OPEN, LinkState.PAUSED, LinkState.HELD)


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
    """50 a page, filtered and sorted as the address says; above them who asks for a new one."""
    now, chosen = clock.now(), chosen_filters(request.GET)
    wanted, cursor = filter_of(chosen, member), cursor_asked_for(request)
    page = link_queries.links_page(member.workspace_id, wanted, now=now, cursor=cursor)
    context = {
        "rail_active": "links",
        "rows": rows_of(page),
        "next": address(chosen, after=page.next or "") if page.next else "",
        "stopped": page.stopped,
        "most_looked_at": MOST_LOOKED_AT,
        "later_page": "after" in request.GET,
        "first_page": address(chosen),
        "count": link_queries.count_links(member.workspace_id, wanted, now=now),
        "filtered": bool(chosen.keys() - {"sort"}),
        "query": address(chosen),
        "all_query": address({"all": "1", **chosen}),
        "chosen": chosen,
        "selectable": True,
        "revocable": living(wanted) is not None,
        "requests": link_queries.open_requests(member.workspace_id),
        **choices(chosen, member),
        **_just_done(request, member),
    }
    return show(request, member, "links.html", context)


@member_required
@require_safe
def link(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """All facts of one link, what was booked through it, and its history."""
    found = link_or_404(member, public_id)
    state = link_queries.state_now(found, now=clock.now())
    context = {
        "rail_active": "links",
        "row": Row(found, state, url_of(found, state)),
        "link": found,
        "calendars": calendars_of(found.group) if found.group else [],
        "bookings": link_queries.bookings_of_link(found),
        "history": tell_link(found, member.workspace.timezone),
        "rules": rules_of_link(found),
        "picked": [from_minutes(start) for start in found.slots],
        "children": found.children.order_by("pk")[: queries.PAGE],
    }
    return show(request, member, "link.html", context)


@member_required
def revoke(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """Ask first, then take the link out of use."""
    found = link_or_404(member, public_id)
    now = clock.now()
    if request.method != "POST":
        row = Row(found, link_queries.state_now(found, now=now), "")
        return show(request, member, "link_revoke.html", {"rail_active": "links", "row": row, "link": found})
    who = found.recipient_name or found.recipient_email or _("Whoever has it")
    if revoke_link(found.pk, by=acting(member), now=now):
        messages.success(request, _("%(who)s can no longer book with this link") % {"who": who})
    else:
        messages.info(request, _("This link was revoked before"))
    return redirect("dashboard:link", public_id)


def url_of(found: OneTimeLink, state: LinkState) -> str:
    """The link's address while it may be booked through, now or later; "" afterwards or when unreadable."""
    return (shown_url(found, state) or "") if state in ALIVE else ""


def rows_of(page: link_queries.LinkPage) -> list[Row]:
    """The page's links as templates show them."""
    return [Row(row.link, row.state, url_of(row.link, row.state), row.booking) for row in page.rows]


def cursor_asked_for(request: HttpRequest) -> str:
    """Where the page begins, "" for the first; what can't be a place in a list is not found."""
    asked = request.GET.get("after", "")
    if asked and not link_queries.CURSOR.fullmatch(asked):
        raise Http404
    return asked


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
