"""The table of all options in docs/one-time-links.md names what dialog, CSV, REST and command line know."""

from __future__ import annotations

import re

from bookonce.cli import link_new
from bookonce.dashboard.link_form import LinkForm
from bookonce.scheduling import link_options
from bookonce.scheduling.recipients_columns import find_columns
from tests.check.source import PACKAGE, ROOT

PAGE = (ROOT / "docs" / "one-time-links.md").read_text(encoding="utf-8")
WHERE_IT_LEADS = {"calendar", "group"}
NOT_OPTIONS = {"--data-dir", "--json"}


def rows() -> list[list[str]]:
    table = PAGE.partition("### All options\n")[2].partition("\n## ")[0]
    lines = [line for line in table.splitlines() if line.startswith("| ")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_field_of_rest_is_in_the_table() -> None:
    named = {field.partition(".")[0] for row in rows() for field in quoted(row[3])}
    assert named == set(link_options.KNOWN) - WHERE_IT_LEADS


def test_what_a_group_does_not_take_has_a_star() -> None:
    starred = {field for row in rows() for field in quoted(row[3]) if row[0].endswith("*")}
    assert starred == set(link_options.OF_ONE_CALENDAR)


def test_a_column_means_a_field_of_its_row() -> None:
    for row in rows():
        for column in quoted(row[2]):
            found = find_columns(["name" if column != "name" else "email", column])
            assert found is not None
            assert any(found.fields[1].startswith(field) for field in quoted(row[3])), row


def test_every_option_of_the_command_is_in_the_table() -> None:
    flags = {flag for row in rows() for flag in quoted(row[4])}
    known = {
        flag
        for parameter in link_new.command.params
        for flag in (*parameter.opts, *parameter.secondary_opts)
        if flag.startswith("--")
    }
    assert flags == known - NOT_OPTIONS


def test_the_dialog_has_the_labels_of_the_table() -> None:
    templates = (PACKAGE / "dashboard" / "templates" / "dashboard").glob("share_*.html")
    folds = "\n".join(path.read_text(encoding="utf-8") for path in templates)
    labels = {str(field.label) for field in LinkForm.base_fields.values()}
    for row in rows():
        said = row[1].partition(", if there")[0]
        if said == "no" or "**" in said:
            continue
        *above, last = said.split(" > ")
        assert all(f'translate "{fold}"' in folds for fold in re.split(", or ", " > ".join(above)) if fold), (
            row
        )
        assert all(label in labels or f'translate "{label}' in folds for label in last.split(", ")), row
