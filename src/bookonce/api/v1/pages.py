"""Lists, a page at a time: by key, so that the hundredth page costs what the first does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from bookonce.lib.fields import Fields
from bookonce.lib.sealed import Unreadable, seal, unseal
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.idempotency import fingerprint

Noun = TypeVar("Noun", bound=Model)
DEFAULT_LIMIT, MOST_ITEMS = 50, 200
PAGING = ("limit", "cursor")
LONGEST_CURSOR = 500


@dataclass(frozen=True, slots=True)
class Page:
    """How many items, after which one; `subject` is the list a cursor belongs to, with its filters."""

    limit: int
    after: tuple[int, ...]  # the sort key of the last item shown; () on the first page
    subject: str

    def of(
        self,
        nouns: QuerySet[Noun],
        sort_key: Callable[[Noun], tuple[int, ...]],
        shown: Callable[[Noun], dict[str, Any]],
    ) -> dict[str, Any]:
        """The page as JSON; `nouns` are in order and begin after `after`."""
        found = list(nouns[: self.limit + 1])
        items = found[: self.limit]
        last = sort_key(items[-1]) if len(found) > self.limit else None
        return self.made_of([shown(noun) for noun in items], last)

    def made_of(self, items: list[dict[str, Any]], last: tuple[int, ...] | None) -> dict[str, Any]:
        """The page of these items, where the list goes on after `last`."""
        return {"items": items, "next": _cursor(self.subject, last) if last else None}


def read_page(fields: Fields, workspace_id: int, name: str) -> Page:
    """`limit` and `cursor` of a list's query; call it last, when the filters have been read.

    Raises:
        Invalid: with these and all earlier faults of the query; a cursor of another list is one.
    """
    limit = fields.integer("limit", least=1, most=MOST_ITEMS, default=DEFAULT_LIMIT) or DEFAULT_LIMIT
    filters = {key: value for key, value in fields.raw.items() if key not in PAGING}
    subject = f"{name}:{workspace_id}:{fingerprint(filters)[:16]}"
    cursor = fields.text("cursor", most=LONGEST_CURSOR)
    after = _after(subject, cursor) if cursor else ()
    if after is None:
        fields.fault("cursor", _("This is not a cursor of this list."))
    if fields.errors:
        raise Invalid(fields.errors)
    return Page(limit, after or (), subject)


def _cursor(subject: str, key: tuple[int, ...]) -> str:
    """Encrypted: row numbers would tell how much the whole installation is used."""
    return seal(f"{subject} {','.join(map(str, key))}")


def _after(subject: str, cursor: str) -> tuple[int, ...] | None:
    try:
        found, _, key = unseal(cursor).partition(" ")
    except Unreadable:
        return None
    return tuple(map(int, key.split(","))) if found == subject else None
