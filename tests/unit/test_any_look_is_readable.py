"""Whatever colours a look takes, what stands on what can be read, in light and in dark."""

import re

import pytest
from django.http import Http404
from django.test import RequestFactory
from hypothesis import assume, given
from hypothesis import strategies as st

from bookonce.design import accent, bundles, palette, views
from bookonce.lib.colours import contrast, from_oklab, mix, oklab, theme_of
from bookonce.scheduling.models.look import LARGEST_RADIUS

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"{number:06x}")
GROUNDS = ("surface", "surface-raised", "accent-soft", "accent-soft-hover")
STATES = ("danger", "ok", "notice")


@given(COLOURS, COLOURS)
def test_every_text_and_shape_shows_on_any_background(primary: str, background: str) -> None:
    assume(theme_of(background))
    for roles in palette.page_roles(primary, background):
        for text in ("text", "text-muted", "accent-ink"):
            for ground in GROUNDS:
                assert contrast(roles[text], roles[ground]) >= 4.5, (text, ground, roles)
        for state in STATES:
            for ground in ("surface", "surface-raised", f"{state}-soft"):
                assert contrast(roles[state], roles[ground]) >= 4.5, (state, ground, roles)
            assert contrast(roles["text"], roles[f"{state}-soft"]) >= 4.5, (state, roles)
        quiet_day = mix(roles["text-muted"], roles["surface-raised"], 0.1)
        assert contrast(quiet_day, roles["surface-raised"]) >= 4.5
        assert contrast(roles["accent-text"], roles["accent"]) >= 4.5
        assert contrast(roles["accent-text"], roles["accent-hover"]) >= 4.5
        assert contrast(roles["accent-edge"], roles["surface-raised"]) >= 3
        for shape in ("edge", "focus"):
            assert contrast(roles[shape], roles["surface"]) >= 3, (shape, roles)
            assert contrast(roles[shape], roles["surface-raised"]) >= 3, (shape, roles)


@given(COLOURS, COLOURS)
def test_what_is_said_of_a_look_is_what_it_needs(primary: str, background: str) -> None:
    for told in palette.pairs(primary, background if theme_of(background) else ""):
        assert told.ratio >= told.needed


@given(COLOURS)
def test_a_background_stands_in_its_own_theme_and_lends_its_hue_to_the_other(background: str) -> None:
    own = theme_of(background)
    assume(own)
    light, dark = palette.page_roles(accent.DEFAULT, background)
    assert {"light": light, "dark": dark}[own]["surface"] == background
    assert theme_of(light["surface"]) == "light"
    assert theme_of(dark["surface"]) == "dark"


def test_a_colour_between_light_and_dark_is_no_background() -> None:
    assert [theme_of(colour) for colour in ("ffffff", "000000", "777777", "ff0000")] == [
        "light",
        "dark",
        "",
        "",
    ]
    with pytest.raises(ValueError, match="neither"):
        palette.page_roles("0b6e72", "777777")


@given(COLOURS)
def test_a_colour_comes_back_from_oklab(colour: str) -> None:
    assert from_oklab(oklab(colour)) == colour


def test_mixtures_are_those_of_browsers() -> None:
    # Chromium: color-mix(in oklab, #0b6e72 12%, #ffffff), color-mix(in oklab, #ff0000, #0000ff)
    assert mix("ffffff", "0b6e72", 0.12) == "e4eded"
    assert mix("ff0000", "0000ff", 0.5) == "8c53a2"


@pytest.mark.parametrize(
    ("name", "holds", "lacks"),
    [
        ("c2410c--", "--accent:#c2410c", "--surface"),
        ("-fff4e0-", "--surface:#fff4e0", "--radius"),
        ("c2410c-fff4e0-12", "--radius:12px;--radius-card:24px", "oklch"),
        ("--0", "--radius:0px;--radius-card:0px", "--accent"),
        (f"--{LARGEST_RADIUS}", "--radius:24px;--radius-card:28px", "--accent"),
    ],
)
def test_a_style_sheet_follows_from_its_name(name: str, holds: str, lacks: str) -> None:
    answer = views.look_sheet(RequestFactory().get("/"), name)
    assert answer["Content-Type"] == bundles.TYPES["css"]
    assert "immutable" in answer["Cache-Control"]
    assert holds in answer.content.decode()
    assert lacks not in answer.content.decode()
    assert len(re.findall("{", answer.content.decode())) == answer.content.decode().count("}")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "--",
        "red--",
        "0B6E72--",
        "0b6e72",
        "0b6e72-fff4e0",
        "--25",
        "--012",
        "--12.",
        "-777777-",
        "--12\n",
        "---",
    ],
)
def test_a_name_that_means_nothing_is_not_found(name: str) -> None:
    with pytest.raises(Http404):
        views.look_sheet(RequestFactory().get("/"), name)
