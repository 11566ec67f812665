"""A batch of links: its progress, what became of it, its CSV, and its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from bookonce.accounts.models import Member
from bookonce.dashboard.access import acting, batch_or_404, member_required
from bookonce.dashboard.link_choice import chosen_filters, filter_of
from bookonce.dashboard.show import show
from bookonce.dashboard.views.links import cursor_asked_for, rows_of
from bookonce.lib import clock
from bookonce.lib.fields import Fields
from bookonce.lib.zones import start_of_day
from bookonce.scheduling.link_filter import LinkFilter
from bookonce.scheduling.link_queries import links_page, states_of_batch
from bookonce.scheduling.links_csv import batch_csv, joined, links_csv
from bookonce.scheduling.revoke_batch import revocable, revoke_batch

REFRESH_SECONDS = 2


@member_required
@require_safe
def batch(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """While it is made a bar that moves on by itself; then its states, counted, and its links."""
    found = batch_or_404(member, public_id)
    if found.activated_at is None:
        context = {"rail_active": "links", "batch": found, "failure": _why(found.failure)}
        page = show(request, member, "batch_making.html", context)
        if found.failed_at is None:
            page.headers["Refresh"] = str(REFRESH_SECONDS)  # works without scripts
        return page
    now = clock.now()
    wanted = LinkFilter(batch=found.public_id)
    links = links_page(member.workspace_id, wanted, now=now, cursor=cursor_asked_for(request))
    left = revocable(found, now=now)
    day, since = _since(request, member)
    context = {
        "rail_active": "links",
        "batch": found,
        "rows": rows_of(links),
        "next": f"?{urlencode({'after': links.next})}" if links.next else "",
        "later_page": "after" in request.GET,
        "states": states_of_batch(found, now=now).items(),
        "left": left.count(),
        "known": found.wanted - found.made,
        "day": day.isoformat() if day else "",
        "unused": revocable(found, now=now, unused_since=since).count() if since else None,
    }
    return show(request, member, "batch.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """Ask first, with the number; then take what is left of the batch out of use."""
    found = batch_or_404(member, public_id)
    now = clock.now()
    day, since = _since(request, member)
    if request.method != "POST":
        left = revocable(found, now=now, unused_since=since).count()
        context = {"rail_active": "links", "batch": found, "left": left, "day": day}
        return show(request, member, "batch_revoke.html", context)
    count = revoke_batch(found, by=acting(member), now=now, unused_since=since)
    said = ngettext(
        "%(n)s link can no longer be booked with", "%(n)s links can no longer be booked with", count
    )
    messages.success(request, said % {"n": count})
    return redirect("dashboard:batch", public_id)


@member_required
@require_safe
def batch_file(request: HttpRequest, member: Member, public_id: str) -> HttpResponseBase:  # noqa: ARG001 - a view's
    """The batch as CSV, for a mail merge."""
    found = batch_or_404(member, public_id)
    return _attached(batch_csv(found, now=clock.now()), f"links-{found.public_id}.csv")


@member_required
@require_safe
def list_file(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The filtered list as CSV."""
    wanted = filter_of(chosen_filters(request.GET), member)
    return _attached(links_csv(member.workspace_id, wanted, now=clock.now()), "links.csv")


def _attached(lines: Any, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(joined(lines), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"  # it holds the secrets of living links
    return response


def _since(request: HttpRequest, member: Member) -> tuple[date | None, datetime | None]:
    """The day asked for and its first moment in the workspace's zone; nothing when it is no day."""
    asked = request.POST if request.method == "POST" else request.GET
    day = Fields({"unused_since": asked.get("unused_since", "")}).day("unused_since")
    return (day, start_of_day(day, member.workspace.timezone)) if day else (None, None)


def _why(failure: str) -> str:
    sentences: Mapping[str, str] = {
        "calendar_deleted": _("The calendar was deleted meanwhile."),
        "in_progress": _("Another import holds one of the references. Try again in a few minutes."),
        "invalid": _("Some rows can no longer be used; perhaps a date has passed. Upload the list again."),
    }
    return sentences.get(failure, _("It was interrupted. Upload the list again.")) if failure else ""
