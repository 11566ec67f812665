"""The workspace's accent: one colour in, readable pairs for light and dark out (see lib/colours.py)."""

from __future__ import annotations

from bookonce.lib.colours import (
    BLACK,
    SHAPE_CONTRAST,
    TEXT_CONTRAST,
    WHITE,
    contrast,
    mix,
    parse_colour,
    text_on,
    towards,
)

DEFAULT = "0b6e72"
# The hardest background an accent stands on in each theme: its own soft tint, see css/tokens.css.
LIGHT_SURFACE = "e4eff0"
DARK_SURFACE = "22363a"

Roles = dict[str, str]


def accent_css(colour: str) -> str:
    """Return the style sheet that sets the accent roles for both themes; ValueError if not a colour."""
    return both_themes(*accent_roles(colour))


def accent_roles(colour: str) -> tuple[Roles, Roles]:
    """Return the roles in light and in dark; ValueError if not a colour.

    `--accent` fills shapes, `--accent-text` stands on it (>= 4.5), `--accent-ink` is the accent as
    text or thin line on a surface (>= 4.5). On dark the fill is lightened until it shows (>= 3); on
    light it stays what was chosen, with an edge where it would not show.
    """
    parse_colour(colour)
    fill = towards(colour, WHITE, DARK_SURFACE, SHAPE_CONTRAST)
    light = fill_roles(colour, towards(colour, BLACK, LIGHT_SURFACE, TEXT_CONTRAST), WHITE)
    dark = fill_roles(fill, towards(fill, WHITE, DARK_SURFACE, TEXT_CONTRAST), DARK_SURFACE)
    return light, dark


def fill_roles(fill: str, ink: str, surface: str) -> Roles:
    """Return the roles of an accent; under the pointer it moves away from its text, and stays readable."""
    text = text_on(fill)
    return {
        "accent": fill,
        "accent-text": text,
        "accent-hover": mix(fill, BLACK if text == WHITE else WHITE, 0.12),
        "accent-edge": fill if contrast(fill, surface) >= SHAPE_CONTRAST else ink,
        "accent-ink": ink,
    }


def both_themes(light: Roles, dark: Roles) -> str:
    """Return the style sheet with these roles: the dark ones for the system's wish and for a choice."""
    in_light, in_dark = _declared(light), _declared(dark)
    return (
        f":root{{{in_light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{in_dark}}}}}\n"
        f":root[data-theme=dark]{{{in_dark}}}\n"
    )


def _declared(roles: Roles) -> str:
    return ";".join(f"--{role}:#{colour}" for role, colour in roles.items())
