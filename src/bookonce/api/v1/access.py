"""Who calls: an API key, and each noun fetched from its workspace, or it is not there."""

from __future__ import annotations

import re
from typing import Any, TypeVar, cast

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from ninja.security import HttpBearer

from bookonce.accounts.api_keys import find_api_key
from bookonce.accounts.models import ApiKey
from bookonce.scheduling.errors import NotFound
from bookonce.scheduling.events import Actor

Noun = TypeVar("Noun", bound=Model)
PUBLIC_ID = re.compile(r"[a-z]{3}_[a-z2-7]{16}")


class Key(HttpBearer):
    """`Authorization: Bearer KEY`."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:  # noqa: ARG002 - ninja's signature
        """The live key, or None: unknown, malformed and revoked keys are told alike."""
        return find_api_key(token)


def caller(request: HttpRequest) -> ApiKey:
    """The key that authenticated this request, with its workspace and member."""
    return cast("ApiKey", cast("Any", request).auth)


def acting(key: ApiKey) -> Actor:
    """The key's member as the actor of a verb."""
    return Actor("api", key.member_id)


def get_noun(nouns: QuerySet[Noun], public_id: str) -> Noun:
    """The noun of this id among those of the caller's workspace.

    Raises:
        NotFound: unknown, malformed or another workspace's: told alike.
    """
    # No text but an id reaches the database: PostgreSQL takes no NUL.
    found = nouns.filter(public_id=public_id).first() if PUBLIC_ID.fullmatch(public_id) else None
    if found is None:
        raise NotFound
    return found
