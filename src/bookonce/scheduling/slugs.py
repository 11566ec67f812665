"""Readable addresses: one namespace of the workspace for its calendars and groups."""

from __future__ import annotations

from bookonce.scheduling.models import Slug, Target
from bookonce.scheduling.targets import leads_to


def take_slug(target: Target, slug: str) -> None:
    """Keep the slug for this one and give up its former one, within the caller's transaction.

    Raises:
        IntegrityError: another calendar or group of the workspace has it (`slug_unique`), also where both
            take it in the same moment.
    """
    if Slug.objects.filter(**leads_to(target)).update(slug=slug) == 0:
        Slug.objects.create(workspace_id=target.workspace_id, slug=slug, **leads_to(target))


def slug_is_free(workspace_id: int, slug: str, *, target: Target | None = None) -> bool:
    """Whether it can be taken now, by `target` or a new one; the unique constraint decides on saving."""
    taken = Slug.objects.filter(workspace_id=workspace_id, slug=slug)
    return not (taken.exclude(**leads_to(target)) if target else taken).exists()
