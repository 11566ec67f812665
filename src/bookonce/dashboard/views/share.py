"""The share dialog: a page of its own, and the sheet that scripts open over the list."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from functools import partial
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import segno
from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from bookonce.accounts.models import Member
from bookonce.dashboard.access import acting, member_required, target_or_404
from bookonce.dashboard.embed_code import snippets
from bookonce.dashboard.link_form import LinkForm
from bookonce.dashboard.pick_times import pickable_times
from bookonce.dashboard.sharing import Ways, ways_to_share
from bookonce.dashboard.show import show
from bookonce.dashboard.shown_form import ShownForm
from bookonce.lib import clock
from bookonce.lib.previews import preview_stamp
from bookonce.scheduling.calendar_groups import update_group
from bookonce.scheduling.calendars import update_calendar
from bookonce.scheduling.embedding import origins_of
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.idempotency import Idempotency, fingerprint
from bookonce.scheduling.issue_link import issue_link
from bookonce.scheduling.link_options import parse_link_options
from bookonce.scheduling.models import CalendarGroup, Target

SCHEDULING, PERMANENT, ONE_TIME, EMBED = "scheduling", "permanent", "one-time", "embed"
TABS = (SCHEDULING, PERMANENT, ONE_TIME, EMBED)
MOST_NONCE = 40


class AddressForm(ShownForm):
    """The readable address, editable in place."""

    slug = forms.CharField(
        label=_("Last part of the address"),
        help_text=_("The old address stops working at once; permanent and one-time links keep working."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


@require_safe
@member_required
def show_ways(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """The four tabs. Writes nothing, however often it is opened."""
    return _page(request, member, target_or_404(member, public_id))


@require_POST
@member_required
def change_address(request: HttpRequest, member: Member, public_id: str) -> HttpResponseBase:
    """Take another slug, if it is free."""
    target = target_or_404(member, public_id)
    form, now = AddressForm(request.POST, auto_id="share_%s"), clock.now()
    try:
        if isinstance(target, CalendarGroup):
            update_group(target, form.given(), now=now)
        else:
            update_calendar(target, form.given(), by=acting(member), now=now)
    except Invalid as error:
        form.refuse(error.errors)
        return _page(request, member, target, {"tab": SCHEDULING, "address_form": form}, status=422)
    return _to(public_id, tab=SCHEDULING, saved="1")


@require_POST
@member_required
def generate_link(request: HttpRequest, member: Member, public_id: str) -> HttpResponseBase:
    """A new one-time link; earlier ones stay as they are. The same form sent twice gives the same link."""
    target = target_or_404(member, public_id)
    form, now = LinkForm(request.POST, auto_id="share_%s", target=target), clock.now()
    if "pick" in request.POST:
        return _page(request, member, target, {"tab": ONE_TIME, "link_form": form} | _times(target, form))
    options = form.options()
    retry = _retry(request, member, target, options)
    # Run by the verb, and not for a retry: its own link holds by now the times that were free.
    check = partial(parse_link_options, options, target, now=now)
    try:
        issued = issue_link(target, check, by=acting(member), now=now, retry=retry)
    except Invalid as error:
        form.refuse(error.errors)
        shown = {"tab": ONE_TIME, "link_form": form} | (_times(target, form) if form.slots else {})
        return _page(request, member, target, shown, status=422)
    if not issued.made:  # a link has the reference: another one, perhaps used, perhaps of another calendar
        form.refuse({"external_ref": [gettext("You have made a link with this reference before.")]})
        return _page(request, member, target, {"tab": ONE_TIME, "link_form": form}, status=422)
    earlier = {"earlier": "1"} if request.POST.get("shown") else {}
    return _to(public_id, tab=ONE_TIME, link=issued.link.public_id, **earlier)


@require_safe
@member_required
def draw_code(request: HttpRequest, member: Member, public_id: str, way: str) -> HttpResponse:
    """The QR code of one way to share, as SVG."""
    ways = ways_to_share(request, member, target_or_404(member, public_id), now=clock.now())
    url = {SCHEDULING: ways.scheduling_url, PERMANENT: ways.permanent_url, ONE_TIME: ways.one_time_url}.get(
        way
    )
    if not url:
        raise Http404
    code = BytesIO()
    segno.make(url, error="m", micro=False).save(code, kind="svg", scale=8, border=2)
    return HttpResponse(code.getvalue(), content_type="image/svg+xml")


def _page(
    request: HttpRequest,
    member: Member,
    target: Target,
    changes: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    ways = ways_to_share(request, member, target, now=clock.now())
    first = ONE_TIME if target.one_time_only else SCHEDULING
    tab = request.GET.get("tab", first)
    context = {
        "rail_active": "calendars",
        "target": target,
        "of_group": isinstance(target, CalendarGroup),
        "ways": ways,
        "tab": tab if tab in TABS else first,
        "address_form": AddressForm(initial={"slug": target.slug}, auto_id="share_%s"),
        "link_form": LinkForm(auto_id="share_%s", target=target),
        "embed_sites": origins_of(target),
        "preview_stamp": preview_stamp(),
        "snippets": snippets(ways.permanent_url, target.name, member.workspace.accent),
        "nonce": secrets.token_urlsafe(16),
        "saved": "saved" in request.GET,
        "earlier": "earlier" in request.GET,
        "links_page": _links_page(ways),
    }
    return show(request, member, "share.html", context | dict(changes or {}), status=status)


def _times(target: Target, form: LinkForm) -> dict[str, Any]:
    """The free times to pick from, none of a group."""
    if isinstance(target, CalendarGroup):
        return {}
    return {"pickable": pickable_times(target, picked=form.slots, holds=form.holds, now=clock.now())}


def _links_page(ways: Ways) -> str:
    state = "paused" if ways.target.paused_at else "active"
    return f"{reverse('dashboard:links')}?{urlencode({'calendar': ways.target.public_id, 'state': state})}"


def _retry(
    request: HttpRequest, member: Member, target: Target, body: Mapping[str, Any]
) -> Idempotency | None:
    nonce = request.POST.get("nonce", "")
    if not (nonce.isascii() and nonce.isprintable() and 0 < len(nonce) <= MOST_NONCE):
        return None
    asked = fingerprint(body)
    # Other options under the same nonce (the browser's back button) are another wish, no retry.
    return Idempotency(f"share:{member.pk}:{target.public_id}", f"{nonce}:{asked}", asked)


def _to(public_id: str, **query: str) -> HttpResponseBase:
    return redirect(f"{reverse('dashboard:share', args=[public_id])}?{urlencode(query)}")
