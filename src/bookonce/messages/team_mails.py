"""The mail to a person who is invited to a workspace."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bookonce.accounts.invitations import InvitationState, state_of
from bookonce.accounts.models import Invitation
from bookonce.lib.addresses import join_url
from bookonce.lib.sealed import unseal
from bookonce.messages.ics import Party, plain
from bookonce.messages.letter import Letter
from bookonce.messages.outdated import Outdated
from bookonce.messages.send import deliver
from bookonce.messages.when import moment


def send_invitation(payload: Mapping[str, Any], now: datetime) -> None:
    """The job `invitation.send`: the address to join by, while that is of use.

    Raises:
        JobFailed: as `send`.
    """
    number = int(payload["invitation"])
    deliver("team_invitation", lambda: team_invitation(number, now), key=f"invitation:{number}", now=now)


def team_invitation(number: int, now: datetime) -> Letter:
    """To who is invited: by whom, to what, until when."""
    invitation = Invitation.objects.select_related("workspace", "created_by__user").get(pk=number)
    if state_of(invitation, now=now) is not InvitationState.OPEN or not invitation.sealed_token:
        raise Outdated("the invitation is over")
    workspace, by = invitation.workspace, invitation.created_by.user
    role = _("Admin") if invitation.role == Invitation.Role.ADMIN else _("Member")
    rows = [
        (_("Your role"), role),
        (_("Open until"), moment(invitation.expires_at, workspace.timezone)),
    ]
    return Letter(
        to=Party("", invitation.email),
        reply_to=Party(by.name, by.email),
        words={
            "by": by.name,
            "workspace": workspace.name,
            "rows": [(label, plain(value)) for label, value in rows],
            "button_text": _("Join"),
            "button_url": join_url(unseal(invitation.sealed_token)),
        },
        workspace_id=invitation.workspace_id,
        for_admins=True,
    )
