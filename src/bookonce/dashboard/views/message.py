"""A link as a message, ready to copy: a page of its own, and the sheet that scripts open over the list."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookonce.accounts.models import Member
from bookonce.dashboard.access import link_or_404, member_required, target_or_404
from bookonce.dashboard.message_form import MessageForm
from bookonce.dashboard.show import show
from bookonce.dashboard.views.links import url_of
from bookonce.lib import addresses, clock
from bookonce.messages.proposal import Message, message_for
from bookonce.scheduling import link_queries
from bookonce.scheduling.errors import Conflict, Invalid
from bookonce.scheduling.offer import Door, Offer

FROM_SHARE = "shared"  # in the address: the share dialog leads here, and back
ASKED = ("times", "timezone", "duration")


@member_required
@require_safe
def message_of_link(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """A one-time link with a few of its free times, while it may be booked through. Writes nothing."""
    link = link_or_404(member, public_id)
    url = url_of(link, link_queries.state_now(link, now=clock.now()))
    if not url:
        raise Conflict(_("This link can no longer be booked through."))
    back = ""
    if FROM_SHARE in request.GET:
        share = reverse("dashboard:share", args=[link.target.public_id])
        back = f"{share}?{urlencode({'tab': 'one-time', 'link': link.public_id})}"
    context = {
        "rail_active": "links",
        "close": reverse("dashboard:link", args=[public_id]),
        "back": back,
        "recipient": link.recipient_name or link.recipient_email or link.label,
        "email": link.recipient_email,
    }
    return _page(request, member, Door("link", link.token_digest), url, context)


@member_required
@require_safe
def message_of_target(request: HttpRequest, member: Member, public_id: str, way: str) -> HttpResponse:
    """The scheduling or the permanent link with a few of the calendar's free times; of a group it alone."""
    target, workspace = target_or_404(member, public_id), member.workspace.slug
    if target.one_time_only or way not in ("scheduling", "permanent"):
        raise Http404
    if way == "scheduling":
        door = Door.slug(workspace, target.slug)
        url = addresses.scheduling_link_url(workspace, target.slug)
    else:
        door = Door.permanent(target.permanent_id)
        url = addresses.permanent_link_url(target.permanent_id)
    share = reverse("dashboard:share", args=[public_id])
    context = {
        "rail_active": "calendars",
        "close": reverse("dashboard:calendars"),
        "back": f"{share}?tab={way}" if FROM_SHARE in request.GET else "",
    }
    return _page(request, member, door, url, context)


def _page(
    request: HttpRequest, member: Member, door: Door, url: str, context: dict[str, Any]
) -> HttpResponse:
    asked = {name: request.GET[name] for name in ASKED if name in request.GET}
    errors: Invalid | None = None
    try:
        message = message_for(door, url, asked, now=clock.now())
    except Invalid as error:
        errors, message = error, message_for(door, url, {"times": 0}, now=clock.now())
    form = None
    if isinstance(message.offer, Offer):
        form = MessageForm(asked, zone=message.offer.zone, durations=message.offer.rules.durations)
        form.refuse(errors.errors if errors else {})
    shown = {
        "form": form,
        "message": message,
        "few": bool(message.wish.times) and len(message.times) < message.wish.times,
        "mailto": _mailto(context.get("email", ""), message),
        "shared": FROM_SHARE in request.GET,
    }
    return show(request, member, "message.html", context | shown, status=422 if errors else 200)


def _mailto(email: str, message: Message) -> str:
    """RFC 6068: lines end with CRLF, spaces are %20."""
    headers = {"subject": message.subject, "body": message.text.replace("\n", "\r\n")}
    return f"mailto:{quote(email, safe='@')}?{urlencode(headers, quote_via=quote)}"
