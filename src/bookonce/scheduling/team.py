"""Who may change the team: one change at a time, by a member whose role reaches that far."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from bookonce.accounts.models import Invitation, Member
from bookonce.accounts.roles import is_administrator
from bookonce.scheduling import events
from bookonce.scheduling.errors import RoleRefused


def lock_team(workspace_id: int, *, by: events.Actor) -> Member:
    """Make changes of this team wait for each other; who acts, as they are now.

    Two owners who demote each other must not leave a workspace without any. The members are locked as
    bookings lock hosts, by id, and before anything else.

    Raises:
        RoleRefused: not, or no longer, an owner or admin here.
    """
    team = Member.objects.select_for_update(no_key=True).filter(workspace_id=workspace_id)
    for member in team.order_by("pk"):
        if member.pk == by.member_id and member.removed_at is None and is_administrator(member):
            return member
    raise RoleRefused(_("Only owners and admins change the team."))


def withdraw_invitations(member_id: int, roles: Iterable[str], *, now: datetime) -> int:
    """Revoke what the member may no longer invite to: they know those addresses. Returns how many."""
    waiting = Invitation.objects.filter(created_by_id=member_id, accepted_at=None, revoked_at=None)
    return waiting.filter(role__in=[*roles]).update(revoked_at=now, sealed_token=None)
