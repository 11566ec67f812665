"""Check the rows of a bulk request: every one is looked at, and each faulty one is told of in one message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bookonce.lib.fields import Fields
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.link_options import LinkOptions, parse_link_options
from bookonce.scheduling.models import Target
from bookonce.scheduling.picked_slots import Picks

MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class AskedLink:
    """One row: its place (a line of a file, an index of a list), its options, what its reader found wrong."""

    place: int
    raw: Mapping[str, Any]
    faults: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one row, by field; a field of "" is the row as a whole."""

    place: int
    errors: Mapping[str, Sequence[str]]

    @property
    def sentence(self) -> str:
        """All of it in one line, each field by the name its column has."""
        named = {
            name.removeprefix("recipient.").replace("_", " "): said for name, said in self.errors.items()
        }
        return " ".join(
            f"{name}: {' '.join(said)}" if name else " ".join(said) for name, said in named.items()
        )


class RowsInvalid(Invalid):
    """Rows that can't be used, so that nothing was made; `faults` in the order of the rows."""

    def __init__(self, faults: Sequence[RowFault]) -> None:
        super().__init__(
            {
                f"links.{fault.place}.{name}".rstrip("."): reasons
                for fault in faults
                for name, reasons in fault.errors.items()
            }
        )
        self.faults = faults


def parse_link_rows(rows: Iterable[AskedLink], target: Target, *, now: datetime) -> list[LinkOptions]:
    """The options of every row, checked like those of a single link.

    Raises:
        RowsInvalid: one fault for each row that can't be used; a reference that stands in two rows is one of
            the second.
        Invalid: there are no rows, or more than MOST_ROWS.
    """
    options: list[LinkOptions] = []
    faults: list[RowFault] = []
    seen: dict[str, int] = {}
    picks = Picks(target, now)
    for count, row in enumerate(rows, 1):
        if count > MOST_ROWS:
            raise Invalid({"links": [_("At most %(most)s rows at once.") % {"most": f"{MOST_ROWS:,}"}]})
        checked = _check(row, picks, seen)
        if isinstance(checked, RowFault):
            faults.append(checked)
        elif not faults:
            options.append(checked)
    if faults:
        raise RowsInvalid(faults)
    if not options:
        raise Invalid({"links": [_("There are no rows.")]})
    return options


def _check(row: AskedLink, picks: Picks, seen: dict[str, int]) -> LinkOptions | RowFault:
    errors: dict[str, Sequence[str]] = dict(row.faults)
    checked = None
    try:
        checked = parse_link_options(row.raw, picks.target, now=picks.now, picks=picks)
    except Invalid as invalid:
        errors = dict(invalid.errors) | errors
    if Fields(row.raw).boolean("hold_slots", default=False):
        errors["hold_slots"] = [_("Times are held for single links, not for those of a list.")]
    for name in ("calendar", "group"):
        if name in row.raw:
            errors[name] = [_("All links of a batch lead to the same calendar or group; name it once.")]
    reference = row.raw.get("external_ref")
    if isinstance(reference, str) and (reference := reference.strip()):
        first = seen.setdefault(reference, row.place)
        if first != row.place:
            errors["external_ref"] = [_("Row %(first)s has the same reference.") % {"first": first}]
    if errors or checked is None:
        return RowFault(row.place, errors)
    return checked
