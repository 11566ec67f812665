"""Any accent gets text that can be read on it, in both themes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookonce.design import accent
from bookonce.lib import colours

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"{number:06x}")


def roles(css: str) -> list[dict[str, str]]:
    return [
        dict(re.findall(r"--([a-z-]+):#([0-9a-f]{6})", block)) for block in re.findall(r"{(--[^}]*)}", css)
    ]


def test_contrast_is_that_of_wcag() -> None:
    assert colours.contrast("000000", "ffffff") == pytest.approx(21)
    assert colours.contrast("777777", "ffffff") == pytest.approx(4.48, abs=0.005)
    assert colours.contrast("ff0000", "ffffff") == pytest.approx(4.0, abs=0.005)


@given(COLOURS)
def test_text_on_any_accent_is_readable(colour: str) -> None:
    light, dark, chosen_dark = roles(accent.accent_css(colour))
    assert dark == chosen_dark
    for theme, surface in ((light, accent.LIGHT_SURFACE), (dark, accent.DARK_SURFACE)):
        assert colours.contrast(theme["accent"], theme["accent-text"]) >= 4.5
        assert colours.contrast(theme["accent-hover"], theme["accent-text"]) >= 4.5
        assert colours.contrast(theme["accent-ink"], surface) >= 4.5
        assert colours.contrast(theme["accent-edge"], surface if theme is dark else "ffffff") >= 3
    assert light["accent"] == colour
    assert colours.contrast(dark["accent"], accent.DARK_SURFACE) >= 3


@pytest.mark.parametrize("wrong", ["", "fff", "FFFFFF", "12345g", "#123456", "1234567", "0b6e72\n"])
def test_what_is_no_colour_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a colour"):
        accent.accent_css(wrong)
