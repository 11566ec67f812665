"""Invitations, and the people who accept them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bookonce.accounts.invitations import shown_url
from bookonce.accounts.models import Invitation, Member
from bookonce.lib.sealed import unseal
from bookonce.scheduling.invite import invite
from bookonce.scheduling.join import join
from tests.cast import NOW, Person

DANA = "dana@example.org"


def make_invitation(by: Person, email: str = DANA, *, now: datetime = NOW, **raw: str) -> Invitation:
    """An open invitation to the person's workspace."""
    return invite(by.workspace.pk, {"email": email, **raw}, by=by.actor, now=now)


def token_of(invitation: Invitation) -> str:
    """The secret that was sent."""
    assert invitation.sealed_token
    return unseal(invitation.sealed_token)


def path_of(invitation: Invitation) -> str:
    """Where its link leads."""
    return "/" + shown_url(invitation).split("/", 3)[3]


def answers(**changes: str) -> dict[str, str]:
    """What an invited person sends."""
    return {"name": "Dana Doe", "password": "nine green bottles", "timezone": "Asia/Tokyo"} | changes


def joined(by: Person, *, now: datetime = NOW, **changes: Any) -> Member:
    """Dana, who was invited and has joined."""
    return join(make_invitation(by, now=now, **changes), answers(), user=None, now=now)
