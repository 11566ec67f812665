"""Make, find and revoke API keys."""

from __future__ import annotations

from datetime import datetime

from bookonce.accounts.models import ApiKey, Member
from bookonce.lib.tokens import digest, new_public_id, new_token

PREFIX = "bo_"


def make_api_key(member: Member, label: str, *, now: datetime) -> tuple[ApiKey, str]:
    """A new key and its secret; the secret is shown once and never kept."""
    secret = PREFIX + new_token()
    key = ApiKey.objects.create(
        public_id=new_public_id("key"),
        workspace_id=member.workspace_id,
        member=member,
        label=label,
        digest=digest(secret),
        hint=secret[-4:],
        created_at=now,
    )
    return key, secret


def find_api_key(secret: str) -> ApiKey | None:
    """The live key with this secret, of a member who may sign in and has not been removed."""
    live = ApiKey.objects.filter(revoked_at=None, member__removed_at=None, member__user__is_active=True)
    return live.select_related("workspace", "member__user").filter(digest=digest(secret)).first()


def revoke_api_key(key: ApiKey, *, now: datetime) -> bool:
    """Take the key out of use at once; False when it already was."""
    return ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now) == 1
