"""Visitors of dead links who ask for a new one: answer with one click, or dismiss."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookonce.accounts.models import Member
from bookonce.dashboard.access import acting, member_required, request_or_404
from bookonce.dashboard.show import show
from bookonce.lib import clock
from bookonce.scheduling.models import LinkRequest, OneTimeLink
from bookonce.scheduling.request_link import answer_request, dismiss_request, restore_request


@member_required
@require_safe
def show_one(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """Who asks, in place of which link, and with which words; one click answers."""
    asked = request_or_404(member, public_id)
    link = asked.link
    context = {
        "rail_active": "links",
        "asked": asked,
        "their_link": link.label or link.recipient_name or link.recipient_email or _("One-time link"),
        "lock": _lock(asked),
        "waits": asked.answered_at is None and asked.dismissed_at is None,
    }
    return show(request, member, "request.html", context)


def _lock(asked: LinkRequest) -> str:
    """To whose address the new link is going to be locked; "" without a lock."""
    if asked.link.email_lock == OneTimeLink.EmailLock.OFF:
        return ""
    if not asked.link.recipient_email:
        return "forgotten"
    return "theirs" if asked.link.recipient_email.lower() == asked.email.lower() else "other"


@member_required
@require_POST
def answer(
    request: HttpRequest,  # noqa: ARG001 - as every view
    member: Member,
    public_id: str,
) -> HttpResponse:
    """Issue a new link and send it; the list then shows it to copy."""
    asked = request_or_404(member, public_id)
    answer_request(asked.pk, by=acting(member), now=clock.now())
    return redirect(f"{reverse('dashboard:links')}?answered={asked.public_id}")


@member_required
@require_POST
def dismiss(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """Take it off the list; the list then offers the way back."""
    asked = request_or_404(member, public_id)
    if dismiss_request(asked.pk, now=clock.now()):
        return redirect(f"{reverse('dashboard:links')}?dismissed={asked.public_id}")
    messages.info(request, _("This request was answered or dismissed before"))
    return redirect("dashboard:links")


@member_required
@require_POST
def restore(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """Undo a dismissal."""
    asked = request_or_404(member, public_id)
    if restore_request(asked.pk):
        messages.success(request, _("The request of %(name)s is back on the list") % {"name": asked.name})
    else:
        messages.info(request, _("%(name)s has asked again, or has an answer") % {"name": asked.name})
    return redirect("dashboard:links")
