"""Invite a person to the workspace, and withdraw that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bookonce.accounts.invitations import LIFETIME
from bookonce.accounts.models import Invitation, Member
from bookonce.jobs.queue import enqueue
from bookonce.lib.fields import Fields
from bookonce.lib.sealed import seal
from bookonce.lib.tokens import digest, new_public_id, new_token
from bookonce.scheduling import events
from bookonce.scheduling.errors import Conflict, Invalid
from bookonce.scheduling.team import lock_team
from bookonce.scheduling.transaction import one_transaction


@one_transaction
def invite(workspace_id: int, raw: Mapping[str, Any], *, by: events.Actor, now: datetime) -> Invitation:
    """An open invitation to the address `email` as `role` (admin or member), and the job that mails it.

    Raises:
        Invalid: by field, among them a member's address, and one that has an open invitation.
        RoleRefused: by neither owner nor admin.
    """
    inviting = lock_team(workspace_id, by=by)
    email, role = parse_invitation(raw)
    if role == Invitation.Role.ADMIN and inviting.role != Member.Role.OWNER:
        raise Invalid({"role": [_("Only an owner can invite admins.")]})
    members = Member.objects.filter(workspace_id=workspace_id, removed_at=None)
    if members.filter(user__email=email).exists():
        raise Invalid({"email": [_("This person is already a member.")]})
    waiting = Invitation.objects.filter(
        workspace_id=workspace_id, email=email, accepted_at=None, revoked_at=None
    )
    waiting.filter(expires_at__lte=now).update(revoked_at=now, sealed_token=None)  # makes room for a new one
    invitation = _insert(workspace_id, email, role, inviting, now)
    if invitation is None:
        raise Invalid(
            {"email": [_("This person has an open invitation: copy its link, or revoke it first.")]}
        )
    enqueue("invitation.send", {"invitation": invitation.pk}, now=now, key=f"invitation:{invitation.pk}")
    return invitation


@one_transaction
def revoke_invitation(invitation: Invitation, *, by: events.Actor, now: datetime) -> bool:
    """Withdraw the invitation; False when it was withdrawn before. Its secret is forgotten.

    Raises:
        Conflict: it was accepted. RoleRefused: by neither owner nor admin.
    """
    lock_team(invitation.workspace_id, by=by)
    waiting = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    if waiting.update(revoked_at=now, sealed_token=None) == 1:
        return True
    if Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=False).exists():
        raise Conflict(
            _("%(email)s has joined already. To undo that, remove them from the team.")
            % {"email": invitation.email}
        )
    return False


def parse_invitation(raw: Mapping[str, Any]) -> tuple[str, str]:
    """Check what was sent; returns address (lower case) and role (a member unless told otherwise).

    Raises:
        Invalid: one sentence per fault, by field.
    """
    fields = Fields(raw)
    fields.only(("email", "role"))
    email = fields.email("email", required=True).lower()
    role = fields.choice("role", Invitation.Role.values, default=Invitation.Role.MEMBER)
    if fields.errors:
        raise Invalid(fields.errors)
    return email, role


def _insert(workspace_id: int, email: str, role: str, by: Member, now: datetime) -> Invitation | None:
    """None when an open invitation to this address exists: the constraint decides."""
    token = new_token()
    invitation = Invitation(
        public_id=new_public_id("inv"),
        workspace_id=workspace_id,
        email=email,
        role=role,
        token_digest=digest(token),
        sealed_token=seal(token),
        created_at=now,
        created_by=by,
        expires_at=now + LIFETIME,
    )
    Invitation.objects.bulk_create([invitation], ignore_conflicts=True)
    return Invitation.objects.filter(public_id=invitation.public_id).first()
