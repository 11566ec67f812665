"""One-time links as CSV: for a mail merge, or a list to keep. Streamed, some links at a time."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, cast

from django.db.models import QuerySet

from bookonce.lib.instants import iso
from bookonce.scheduling.issue_link import shown_url
from bookonce.scheduling.link_filter import LinkFilter, matching_links
from bookonce.scheduling.link_list import LinkList
from bookonce.scheduling.link_queries import load_links, state_of
from bookonce.scheduling.models import LinkBatch, OneTimeLink
from bookonce.scheduling.targets import WITH_TARGET

BOM = "\ufeff"  # spreadsheets take the file for UTF-8 by it
AT_ONCE = 500
COLUMNS = (
    "name",
    "email",
    "phone",
    "url",
    "state",
    "label",
    "external_ref",
    "expires_at",
    "not_before",
    "max_bookings",
    "booked",
    "opened",
    "made",
    "calendar",
    "link_id",
)
# Full-width signs count too where Chinese and Japanese are written.
_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def batch_csv(batch: LinkBatch, *, now: datetime) -> Iterator[str]:
    """Every row of the batch, with the columns that came with it; links known before come first.

    Links it found by their reference carry their own state: a used one has no address any more.
    """
    everything = matching_links(batch.workspace_id, LinkFilter(), now=now)
    yield BOM + _line([*COLUMNS, *batch.columns])
    if batch.activated_at is None:
        return
    for links in (everything.filter(asked_again_in=batch), everything.filter(batch=batch)):
        for link in _in_pieces(links):
            kept = cast("dict[str, Any]", link.metadata)
            yield _line([*_cells(link), *(_text(kept.get(name)) for name in batch.columns)])


def links_csv(workspace_id: int, wanted: LinkFilter, *, now: datetime) -> Iterator[str]:
    """The links of a list in its order, all pages of it, their metadata as JSON."""
    yield BOM + _line([*COLUMNS, "metadata"])
    with_target = OneTimeLink.objects.select_related(*WITH_TARGET)
    for keys in LinkList(workspace_id, wanted, now=now).pages(AT_ONCE):
        for link in load_links(keys, with_target, now=now):
            kept = json.dumps(link.metadata, ensure_ascii=False) if link.metadata else ""
            yield _line([*_cells(link), kept])


def _in_pieces(links: QuerySet[OneTimeLink]) -> Iterator[OneTimeLink]:
    ordered = links.select_related(*WITH_TARGET).order_by("pk")
    piece = list(ordered[:AT_ONCE])
    while piece:
        yield from piece
        piece = list(ordered.filter(pk__gt=piece[-1].pk)[:AT_ONCE])


def _cells(link: OneTimeLink) -> list[str]:
    state = state_of(link)
    return [
        link.recipient_name,
        link.recipient_email,
        link.recipient_phone,
        shown_url(link, state) or "",
        state.value,
        link.label,
        link.external_ref or "",
        iso(link.expires_at) if link.expires_at else "",
        iso(link.not_before) if link.not_before else "",
        str(link.max_bookings),
        str(link.spent),
        str(link.opened),
        iso(link.created_at),
        link.target.name,
        link.public_id,
    ]


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)


def _line(cells: Sequence[str]) -> str:
    lines: list[str] = []
    csv.writer(_Lines(lines), lineterminator="\r\n").writerow([_harmless(cell) for cell in cells])
    return lines[0]


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet would run as a formula gets an apostrophe (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(_RUN_BY_SPREADSHEETS) else cell


class _Lines:
    """What csv writes to."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def write(self, line: str) -> None:
        """Keep the line."""
        self._lines.append(line)


def joined(lines: Iterable[str], size: int = 64 * 1024) -> Iterator[bytes]:
    """The lines as bytes in pieces worth sending."""
    waiting: list[str] = []
    length = 0
    for line in lines:
        waiting.append(line)
        length += len(line)
        if length >= size:
            yield "".join(waiting).encode()
            waiting, length = [], 0
    yield "".join(waiting).encode()
