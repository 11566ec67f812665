"""The outbox: mails kept here while no mail server is configured."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from bookonce.accounts.models import Member
from bookonce.accounts.roles import is_administrator
from bookonce.dashboard.access import member_required
from bookonce.dashboard.show import show
from bookonce.lib.headers import CONTENT_SECURITY_POLICY
from bookonce.lib.sealed import Unreadable
from bookonce.messages.models import OutboxMail
from bookonce.messages.outbox import KeptMail, read_mail

PAGE = 50
# The mail's HTML runs nothing, sends nothing and loads nothing from elsewhere, framed or opened by itself.
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; "
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)


@dataclass(frozen=True)
class Row:
    """A kept mail in the list."""

    kept: OutboxMail
    mail: KeptMail | None


@member_required
@require_safe
def outbox(request: HttpRequest, member: Member) -> HttpResponse:
    """Newest first, 50 a page."""
    before = request.GET.get("before", "")
    if before and not (before.isdecimal() and before.isascii() and len(before) < 19):
        raise Http404
    mails = _mails(member)
    found = list((mails.filter(pk__lt=int(before)) if before else mails).order_by("-pk")[: PAGE + 1])
    shown = found[:PAGE]
    context = {
        "rail_active": "outbox",
        "rows": [Row(kept, _read(kept)) for kept in shown],
        "mail_server": settings.BOOKONCE.mail,
        "next": f"?before={shown[-1].pk}" if len(found) > PAGE else "",
        "later_page": bool(before),
    }
    return show(request, member, "outbox.html", context)


@member_required
@require_safe
def mail(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """One mail: who, what, its text, its HTML in a frame, what is attached."""
    kept = _mail_or_404(member, number)
    context = {"rail_active": "outbox", "kept": kept, "mail": _read(kept)}
    response = show(request, member, "outbox_mail.html", context)
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return response


@member_required
@require_safe
def html(request: HttpRequest, member: Member, number: int) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The HTML part alone, for the frame."""
    found = _read(_mail_or_404(member, number))
    if found is None or not found.html:
        raise Http404
    headers = {"Content-Security-Policy": MAIL_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return HttpResponse(found.html, headers=headers)


@member_required
@require_safe
def invitation(request: HttpRequest, member: Member, number: int) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The attached invitation, to keep."""
    found = _read(_mail_or_404(member, number))
    if found is None or not found.calendar:
        raise Http404
    headers = {"Content-Disposition": 'attachment; filename="invite.ics"'}
    return HttpResponse(found.calendar, content_type="text/calendar; charset=utf-8", headers=headers)


def _read(kept: OutboxMail) -> KeptMail | None:
    """The mail's parts; None when the key it was sealed with is gone."""
    try:
        return read_mail(kept)
    except Unreadable:
        return None


def _mails(member: Member) -> QuerySet[OutboxMail]:
    """Without those that would let a plain member in as an admin."""
    mails = OutboxMail.objects.filter(workspace_id=member.workspace_id)
    return mails if is_administrator(member) else mails.filter(for_admins=False)


def _mail_or_404(member: Member, number: int) -> OutboxMail:
    if number >= 2**63:
        raise Http404
    found: OutboxMail = get_object_or_404(_mails(member), pk=number)
    return found
