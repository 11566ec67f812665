"""Revoke links that were chosen in the list, or all that the list's filters let through."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from bookonce.accounts.models import Member
from bookonce.dashboard.access import acting, member_required
from bookonce.dashboard.link_choice import address, chosen_filters, filter_of
from bookonce.dashboard.show import show
from bookonce.lib import clock
from bookonce.scheduling.link_filter import LinkFilter, fitting
from bookonce.scheduling.link_queries import count_links, state_of
from bookonce.scheduling.link_state import DEAD, LinkState
from bookonce.scheduling.models import OneTimeLink
from bookonce.scheduling.revoke_links import (
    MOST_MATCHING,
    living,
    parse_chosen,
    revoke_links,
    revoke_matching,
)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def revoke_many(request: HttpRequest, member: Member) -> HttpResponse:
    """Ask first, with the numbers; then take the links out of use, and say what became of them."""
    asked = request.POST if request.method == "POST" else request.GET
    everything = "all" in asked
    back = f"{reverse('dashboard:links')}{address(chosen_filters(asked))}"
    if not everything and not asked.getlist("link"):
        messages.info(request, _("Choose the links to revoke first"))
        return redirect(back)
    if request.method == "POST":
        say = _revoke_matching if everything else _revoke_chosen
        say(request, member, asked)
        return redirect(back)
    numbers = _numbers_matching(member, asked) if everything else _numbers_chosen(member, asked)
    context = {
        "rail_active": "links",
        "back": back,
        "everything": everything,
        "chosen": chosen_filters(asked),
        "ids": [] if everything else asked.getlist("link"),
        **numbers,
    }
    return show(request, member, "links_revoke.html", context)


def _numbers_chosen(member: Member, asked: QueryDict) -> dict[str, Any]:
    """How many of the chosen can still be booked through, and what the others are."""
    ids = parse_chosen(asked.getlist("link"))
    links = OneTimeLink.objects.filter(workspace_id=member.workspace_id, public_id__in=ids)
    states = Counter(state_of(link) for link in fitting(links, LinkFilter(), now=clock.now()))
    return {
        "living": sum(number for state, number in states.items() if state not in DEAD),
        "used": states[LinkState.USED],
        "expired": states[LinkState.EXPIRED],
        "before": states[LinkState.REVOKED],
    }


def _numbers_matching(member: Member, asked: QueryDict) -> dict[str, Any]:
    """Only links that are not over are revoked: how many there are, up to what one request does."""
    left = living(filter_of(chosen_filters(asked), member))
    if left is None:
        return {"living": 0, "expired": 0, "more": False}
    count = count_links(member.workspace_id, left, now=clock.now(), most=MOST_MATCHING)
    return {"living": count.number, "expired": 0, "more": count.more}


def _revoke_chosen(request: HttpRequest, member: Member, asked: QueryDict) -> None:
    ids = parse_chosen(asked.getlist("link"))
    done = revoke_links(member.workspace_id, ids, by=acting(member), now=clock.now())
    said = [_revoked_words(len(done.revoked))]
    if used := len(done.used):
        words = ngettext("%(n)s was already used", "%(n)s were already used", used)
        said.append(words % {"n": used})
    if before := len(done.before):
        words = ngettext("%(n)s was revoked before", "%(n)s were revoked before", before)
        said.append(words % {"n": before})
    messages.success(request, ", ".join(said))


def _revoke_matching(request: HttpRequest, member: Member, asked: QueryDict) -> None:
    wanted = filter_of(chosen_filters(asked), member)
    count, more = revoke_matching(member.workspace_id, wanted, by=acting(member), now=clock.now())
    said = [_revoked_words(count)]
    if more:
        said.append(_("more links match: revoke them in a further step"))
    messages.success(request, ", ".join(said))


def _revoked_words(count: int) -> str:
    return ngettext("%(n)s link revoked", "%(n)s links revoked", count) % {"n": count}
