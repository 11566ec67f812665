"""Texts hold what can be read: no control characters, of which some end a line."""

from __future__ import annotations

import pytest

from bookonce.lib.fields import Fields


@pytest.mark.parametrize("odd", ["\x00", "\x1f", "\x7f", "\x80", "\x85", "\x9f", "\u2028", "\u2029"])
def test_control_characters_are_refused(odd: str) -> None:
    for lines in (False, True):
        fields = Fields({"name": f"Gi{odd}na"})
        assert fields.text("name", most=9, lines=lines) == ""
        assert list(fields.errors) == ["name"]


@pytest.mark.parametrize("plain", ["Gi na", "Gi\xa0na", "¡Gína!", "名前"])
def test_letters_and_spaces_are_kept(plain: str) -> None:
    assert Fields({"name": plain}).text("name", most=9) == plain
