"""docs/life-of-a-link.md names a test for each case, and each test that it names is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "life-of-a-link.md"
CASES = 25


def cases() -> list[list[str]]:
    """The names in the last column of each row."""
    rows = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [re.findall(r"`(test_\w+(?:\.py)?)`", row.rstrip("| ").rpartition(" | ")[2]) for row in rows[2:]]


def test_each_case_names_a_test() -> None:
    found = cases()
    assert len(found) >= CASES
    assert all(found)


def test_each_named_test_is_there() -> None:
    files = list((ROOT / "tests").rglob("test_*.py"))
    there = {file.name for file in files}
    for file in files:
        there.update(re.findall(r"^def (test_\w+)\(", file.read_text(encoding="utf-8"), re.MULTILINE))
    assert {name for names in cases() for name in names} - there == set()
