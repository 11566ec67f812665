"""docs/life-of-a-link.md has a row for each case, and each row leads to tests that are there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.check.source import ROOT

PAGE = ROOT / "docs" / "life-of-a-link.md"
CASES = """
what consumes
atomic
two at once on one link
one slot through two links
double click, retry, back, reload
same browser reopens its used link
expiry while the form is open
guest cancels
guest cancels, and the link is to reopen
host cancels
host declines a request
reschedule
no-show
approval needed
approval needed, and nobody answers
approval needed, and the guest withdraws
revoke
calendar paused, deleted, restored
calendar renamed, settings edited
no slots left
class
recurring
group link
hand-picked slots
held slots
someone is completing its form
opens counted
status codes
secrets
retention
everything in any order
"""
LINK = re.compile(r"\[(?P<name>[^\]]*)\]\((?P<file>[^)]*)\)")


def wrong_in(text: str, page: Path, cases: list[str]) -> Iterator[str]:
    """A sentence for each row that is missing or leads to no test, and for each test that is not there."""
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("| ")
    ][2:]
    for missing in sorted(set(cases) - {row[0] for row in rows}):
        yield f"no row: {missing}"
    for case, *between, tests in rows:
        if len(between) != 1 or not between[0]:
            yield f"{case}: does not say what happens"
        for word in re.split(r",\s*", tests):
            found = LINK.fullmatch(word)
            if found is None:
                yield f"{case}: no link to a test: {word}"
            elif fault := fault_of(found["name"], page.parent / found["file"]):
                yield f"{case}: {fault}"


def fault_of(name: str, file: Path) -> str:
    """What is wrong with the link to this test, or nothing."""
    if not file.is_file() or ROOT / "tests" not in file.resolve().parents:
        return f"no such file of tests: {file.name}"
    if not re.fullmatch(r"test_\w+", name):
        return f"not the name of a test: {name}"
    there = re.findall(r"^def (test_\w+)\(", file.read_text(encoding="utf-8"), re.MULTILINE)
    return "" if name in there else f"no {name} in {file.name}"


def test_each_case_has_a_row_and_each_row_its_tests() -> None:
    faults = list(wrong_in(PAGE.read_text(encoding="utf-8"), PAGE, CASES.strip().splitlines()))
    assert not faults, "\n".join(faults)


def test_no_test_of_a_case_is_left_out() -> None:
    named = {(link["name"], Path(link["file"]).name) for link in LINK.finditer(PAGE.read_text("utf-8"))}
    of_cases = re.compile(r"^def (test_(?:life_of_a_link|group_link|status_codes)\w*)\(", re.MULTILINE)
    there = {
        (name, file.name)
        for file in (ROOT / "tests" / "pages").glob("test_*.py")
        for name in of_cases.findall(file.read_text("utf-8"))
    }
    assert len(there) > 40
    assert sorted(there - named) == []


HERE = f"../tests/check/{Path(__file__).name}"
GOOD = f"[test_each_case_has_a_row_and_each_row_its_tests]({HERE})"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (f"| class | One party. | {GOOD}, {GOOD} |", ""),
        (f"| series | One party. | {GOOD} |", "no row: class"),
        ("| class | One party. |  |", "class: no link to a test: "),
        (f"| class |  | {GOOD} |", "class: does not say what happens"),
        ("| class | One party. | `test_a_class` |", "class: no link to a test: `test_a_class`"),
        (f"| class | One party. | {GOOD}, later |", "class: no link to a test: later"),
        ("| class | One party. | [test_x](../tests/test_x.py) |", "class: no such file of tests: test_x.py"),
        ("| class | One party. | [test_x](../README.md) |", "class: no such file of tests: README.md"),
        (f"| class | One party. | [test_x]({HERE}) |", f"class: no test_x in {Path(__file__).name}"),
        (f"| class | One party. | [all of them]({HERE}) |", "class: not the name of a test: all of them"),
        (  # there is such a test, in another file
            "| class | One party. | [test_every_setting_is_documented]" + f"({HERE}) |",
            f"class: no test_every_setting_is_documented in {Path(__file__).name}",
        ),
    ],
)
def test_what_is_missing_is_told(row: str, fault: str) -> None:
    page = f"| case | what happens | shown by |\n| --- | --- | --- |\n{row}\n"
    assert list(wrong_in(page, PAGE, ["class"])) == ([fault] if fault else [])
