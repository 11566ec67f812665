"""Read recipients from CSV or from pasted lines; pure: rows out, one fault a row, nothing made."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.link_rows import AskedLink
from bookonce.scheduling.recipients_columns import Columns, find_columns
from bookonce.scheduling.recipients_text import decode_recipients

LONGEST_CELL = 10_000
_FORMULA = re.compile(r"=|[+@-]\s*[A-Za-z_.]+\(|[+@=-].*(\||!)")
_ESCAPED = re.compile(r"'(?=[=+\-@\t\r])")  # as our own export writes what a spreadsheet would run
_IDENTIFYING = ("recipient", "label", "external_ref")


@dataclass(frozen=True, slots=True)
class RecipientFile:
    """A text of recipients: what was found out about it, and its rows, read one by one."""

    text: str
    encoding: str
    delimiter: str
    columns: Columns | None  # None: one recipient a line, without a header

    def rows(self) -> Iterator[AskedLink]:
        """Every row that holds something; `place` is the line on which it begins."""
        for place, cells, fault in self._records():
            if fault:
                yield AskedLink(place, {}, {"": [fault]})
            elif any(cell.strip() for cell in cells):
                yield _from_columns(place, cells, self.columns) if self.columns else _from_line(place, cells)

    def first_rows(self, count: int) -> list[AskedLink]:
        """As many rows from the top."""
        return list(islice(self.rows(), count))

    def _records(self) -> Iterator[tuple[int, list[str], str]]:
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter, strict=True)
        skipped = _lines_before(self.text) + (1 if self.columns else 0)
        record = 0
        while True:
            place = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield place, [], _("A quotation mark is not closed, or stands inside a value alone.")
                continue
            record += 1
            if record > skipped:
                yield place, cells, ""


def read_recipients(content: bytes | str) -> RecipientFile:
    """Find out encoding, separator and columns.

    Raises:
        Invalid: of `file`: too large, no text, an unusable header.
    """
    given = content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape")
    text, encoding = decode_recipients(given)
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise Invalid({"file": [_("This is empty.")]})
    delimiter = _delimiter(text)
    first = RecipientFile(text, encoding, delimiter, None)
    header = next((cells for _place, cells, fault in first._records() if not fault), [])  # noqa: SLF001 - its own
    return RecipientFile(text, encoding, delimiter, find_columns(header))


def _lines_before(text: str) -> int:
    """A first line `sep=;`, which spreadsheets write for each other."""
    return 1 if text[:4].lower() == "sep=" else 0


def _delimiter(text: str) -> str:
    if _lines_before(text) and text[4:5] in (",", ";", "\t"):
        return text[4]
    line = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", line)
    return max(",;\t", key=lambda sign: (bare.count(sign), sign == ","))


def _from_columns(place: int, cells: Sequence[str], columns: Columns) -> AskedLink:
    raw: dict[str, Any] = {}
    names: dict[str, str] = {}
    faults: dict[str, list[str]] = {}
    for field, given in zip(columns.fields, cells, strict=False):
        cell = _ESCAPED.sub("", given.strip(), count=1) if given.startswith("'") else given.strip()
        if not cell or not field:
            continue
        if fault := _fault_of(field, cell):
            faults[field.removeprefix("metadata.")] = [fault]
        outer, _dot, inner = field.partition(".")
        if outer not in ("contact_text", "metadata"):
            cell = " ".join(cell.split())  # a line break within a name is a spreadsheet's
        if field in ("first", "last"):
            names[field] = cell
        elif inner:
            raw.setdefault(outer, {})[inner] = cell
        else:
            raw[field] = cell
    if names and not raw.get("recipient", {}).get("name"):
        full = " ".join(names[part] for part in ("first", "last") if part in names)
        raw.setdefault("recipient", {})["name"] = full
    if len(cells) > len(columns.fields) and any(cell.strip() for cell in cells[len(columns.fields) :]):
        numbers = {"cells": len(cells), "columns": len(columns.fields)}
        faults[""] = [
            _("%(cells)s values for %(columns)s columns. Put quotes around a value with a separator in it.")
            % numbers
        ]
    elif not faults and not any(raw.get(name) for name in _IDENTIFYING):
        faults[""] = [_("Give a name, an e-mail address, a phone number, a label or a reference.")]
    return AskedLink(place, _read_lengths(raw), faults)


def _fault_of(field: str, cell: str) -> str:
    if "\ufffd" in cell or any("\ud800" <= sign <= "\udfff" for sign in cell):
        return _("Some characters are lost. Save the file as CSV (UTF-8).")
    if len(cell) > LONGEST_CELL:
        return _("At most %(most)s characters; this has %(count)s.") % {
            "most": LONGEST_CELL,
            "count": len(cell),
        }
    if field != "recipient.phone" and _FORMULA.match(cell):
        return _("This looks like a formula of a spreadsheet. Write plain text.")
    return ""


def _read_lengths(raw: dict[str, Any]) -> Mapping[str, Any]:
    if "durations" in raw:
        raw["durations"] = re.sub(r"[;/ ]+", ",", raw["durations"])
    return raw


def _from_line(place: int, cells: Sequence[str]) -> AskedLink:
    """`Name <mail>`, `mail`, `mail, name` or `name, mail`."""
    parts = [cell.strip() for cell in cells if cell.strip()]
    address = next((part for part in parts if "@" in part), "")
    if not address:
        return AskedLink(place, {}, {"": [_("There is no e-mail address in this line.")]})
    others = [part for part in parts if part is not address]
    if len(others) > 1:
        return AskedLink(
            place,
            {},
            {"": [_("Write one name and one e-mail address, or put a line of column names on top.")]},
        )
    name = others[0] if others else ""
    if "<" in address:
        before, email = parseaddr(address)
        name, address = name or before, email or address
    faults = {
        field: [fault]
        for field, cell in (("recipient.name", name), ("recipient.email", address))
        if cell and (fault := _fault_of(field, cell))
    }
    return AskedLink(place, {"recipient": {"name": name, "email": address}}, faults)
