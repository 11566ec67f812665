"""Members as REST shows them."""

from __future__ import annotations

from bookonce.accounts.models import Member


def person(member: Member) -> dict[str, str]:
    """The member's name and address; both are known throughout the workspace."""
    return {"name": member.user.name, "email": member.user.email}
