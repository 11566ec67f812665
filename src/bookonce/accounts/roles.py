"""What a role may do."""

from __future__ import annotations

from bookonce.accounts.models import Member

ADMINISTRATORS = (Member.Role.OWNER, Member.Role.ADMIN)


def is_administrator(member: Member) -> bool:
    """Whether the member may change the workspace and what belongs to others in it."""
    return member.role in ADMINISTRATORS
