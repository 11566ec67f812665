"""What an invitation is at this moment, and how it is found and shown."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import QuerySet

from bookonce.accounts.models import Invitation, Member
from bookonce.lib.addresses import join_url
from bookonce.lib.sealed import find_unsealed
from bookonce.lib.tokens import digest

LIFETIME = timedelta(days=7)


class InvitationState(StrEnum):
    """Derived from facts, first match wins: accepted > revoked before its time was up > expired > open."""

    ACCEPTED = "accepted"
    REVOKED = "revoked"
    EXPIRED = "expired"
    OPEN = "open"


def state_of(invitation: Invitation, *, now: datetime) -> InvitationState:
    """The state at `now`."""
    if invitation.accepted_at is not None:
        return InvitationState.ACCEPTED
    if invitation.revoked_at is not None and invitation.revoked_at < invitation.expires_at:
        return InvitationState.REVOKED
    return InvitationState.EXPIRED if invitation.expires_at <= now else InvitationState.OPEN


def find_invitation(token: str) -> Invitation | None:
    """The invitation with this token, in whatever state, with its workspace and who invited."""
    found = Invitation.objects.select_related("workspace", "created_by__user")
    return found.filter(token_digest=digest(token)).first()


def open_invitations(workspace_id: int, *, now: datetime) -> QuerySet[Invitation]:
    """Those that can be accepted now, newest first."""
    waiting = Invitation.objects.filter(workspace_id=workspace_id, accepted_at=None, revoked_at=None)
    return waiting.filter(expires_at__gt=now).select_related("created_by__user").order_by("-pk")


def shown_url(invitation: Invitation) -> str:
    """The address to join by, while it may be shown; "" once it is over, or its key is gone."""
    token = find_unsealed(invitation.sealed_token)
    return join_url(token) if token else ""


def memberships(user_id: int) -> QuerySet[Member]:
    """The workspaces a person belongs to now, earliest first."""
    mine = Member.objects.filter(user_id=user_id, removed_at=None)
    return mine.select_related("workspace", "user").order_by("pk")
