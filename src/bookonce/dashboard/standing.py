"""What a host can do about one booking now: answer it, say who came, send a new link."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from bookonce.accounts.models import Member
from bookonce.dashboard.access import id_asked_for
from bookonce.scheduling import link_queries
from bookonce.scheduling.issue_link import shown_url
from bookonce.scheduling.mark import MARKS
from bookonce.scheduling.models import Booking, OneTimeLink
from bookonce.scheduling.renew_link import why_not_renewed


def standing_of(booking: Booking, *, now: datetime) -> dict[str, Any]:
    """What the cards of a booking are rendered with; its appointment and link are loaded."""
    request = booking.status == Booking.Status.NEW and booking.answer_by is not None
    begun = booking.appointment.starts is not None and booking.appointment.starts <= now
    return {
        "asked": booking if request else None,
        "overdue": request and booking.answer_by is not None and booking.answer_by <= now,
        "markable": begun and booking.status in MARKS,
        "renewable": why_not_renewed(booking, now=now) is None,
        "nonce": secrets.token_urlsafe(16),
    }


def just_renewed(request: HttpRequest, member: Member, booking: Booking, *, now: datetime) -> dict[str, Any]:
    """The link that was sent a moment ago, to copy."""
    public_id = id_asked_for(request, "renewed")
    if not public_id or booking.link is None:
        return {}
    children = OneTimeLink.objects.select_related("calendar", "group").filter(
        workspace_id=member.workspace_id, parent=booking.link
    )
    child = children.filter(public_id=public_id).first()
    if child is None:
        return {}
    return {
        "renewable": False,
        "answered": {"name": booking.name, "email": booking.email},
        "answer_url": shown_url(child, link_queries.state_now(child, now=now)) or "",
    }
