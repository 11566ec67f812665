"""The colours of a page from a calendar's look: primary and background in, every role of both themes out.

Whatever the two colours are, each text reaches 4.5 and each shape 3 on what it stands on (WCAG 2.2,
1.4.3 and 1.4.11): the roles are moved towards black or white until they do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bookonce.design.accent import DEFAULT, Roles, accent_roles, both_themes, fill_roles
from bookonce.lib.colours import (
    BLACK,
    SHAPE_CONTRAST,
    TEXT_CONTRAST,
    WHITE,
    contrast,
    from_oklab,
    mix,
    oklab,
    theme_of,
    towards,
)

LARGEST_RADIUS = 24  # px
LARGEST_CARD_RADIUS = 28
# Of the theme that the background does not belong to: tokens.css' own surfaces in its hue.
_LIGHTNESS = {"light": 0.979, "dark": 0.195}
_MOST_COLOUR = {"light": 0.02, "dark": 0.03}  # chroma in Oklab
_STATES = {
    "light": {"danger": "ba2b28", "ok": "1b6c3a", "notice": "81520a", "focus": "1a6fe1"},
    "dark": {"danger": "f7857d", "ok": "77d199", "notice": "eabc6e", "focus": "6ab3fd"},
}
# Of tokens.css, for what is said of a look that changes none of them.
_USUAL = {
    "light": {"surface": "f7f9f9", "surface-raised": WHITE, "text": "182428", "text-muted": "576368"},
    "dark": {"surface": "14191b", "surface-raised": "182023", "text": "e9eeef", "text-muted": "a0abaf"},
}
_TEXT, _MUTED = 12.5, 5.7  # wished; what can be reached on the background decides
_SOFT = 5.4  # of a tint to black or white
_SHEET = re.compile(r"([0-9a-f]{6})?-([0-9a-f]{6})?-(0|[1-9][0-9]?)?")


@dataclass(frozen=True)
class Pair:
    """What stands on what in one theme, and the contrast (1 to 21) between them."""

    theme: str
    over: str  # role
    under: str  # role
    ratio: float
    needed: float


def sheet_name(primary: str, background: str, radius: int | None) -> str:
    """Return the name of the style sheet with these values; "" where all of them are empty."""
    name = f"{primary}-{background}-{'' if radius is None else radius}"
    return "" if name == "--" else name


def sheet_css(name: str) -> str:
    """Return the style sheet of this name (see `sheet_name`); ValueError when there is none."""
    found = _SHEET.fullmatch(name)
    if not found or name == "--":
        raise ValueError(f"no look: {name!r}")
    primary, background, radius = (part or "" for part in found.groups())
    if radius and int(radius) > LARGEST_RADIUS:
        raise ValueError(f"no radius: {radius}")
    css = ""
    if background:
        css = both_themes(*page_roles(primary or DEFAULT, background))
    elif primary:
        css = both_themes(*accent_roles(primary))
    if radius:
        card = min(2 * int(radius), LARGEST_CARD_RADIUS)
        css += f":root{{--radius:{radius}px;--radius-card:{card}px}}\n"
    return css


def page_roles(primary: str, background: str) -> tuple[Roles, Roles]:
    """Return the roles in light and in dark; ValueError where no text could be read on the background."""
    own = theme_of(background)
    if not own:
        raise ValueError(f"neither light nor dark: {background}")
    surfaces = {theme: background if theme == own else _in_its_hue(background, theme) for theme in _LIGHTNESS}
    return _roles(primary, surfaces["light"], "light"), _roles(primary, surfaces["dark"], "dark")


def surface_of(background: str, theme: str) -> str:
    """Return the colour of the page in this theme, `light` or `dark`."""
    return background if theme_of(background) == theme else _in_its_hue(background, theme)


def pairs(primary: str, background: str) -> list[Pair]:
    """Return what a guest reads on what, in both themes, of a look with these colours ("" for none)."""
    return [
        Pair(theme, over, under, contrast(roles[over], roles[under]), needed)
        for theme, roles in seen_roles(primary, background).items()
        for over, under, needed in _SEEN
    ]


def seen_roles(primary: str, background: str) -> dict[str, Roles]:
    """Return the roles of a look with these colours ("" for none) by theme; else those of tokens.css."""
    primary = primary or DEFAULT
    light, dark = page_roles(primary, background) if background else accent_roles(primary)
    return {"light": _USUAL["light"] | light, "dark": _USUAL["dark"] | dark}


_SEEN = (
    ("accent-text", "accent", TEXT_CONTRAST),
    ("text", "surface", TEXT_CONTRAST),
    ("text-muted", "surface", TEXT_CONTRAST),
    ("accent-ink", "surface-raised", TEXT_CONTRAST),
)


def _roles(primary: str, surface: str, theme: str) -> Roles:
    goal = BLACK if theme == "light" else WHITE
    raised = mix(surface, WHITE, 0.65 if theme == "light" else _lift(surface))
    fill = primary if theme == "light" else towards(primary, WHITE, raised, SHAPE_CONTRAST)
    soft, soft_hover = _tint(raised, fill, 0.12, goal), _tint(raised, fill, 0.22, goal)
    plain = _hardest(goal, surface, raised)
    ground = _hardest(goal, surface, raised, soft, soft_hover)
    roles = {
        "surface": surface,
        "surface-raised": raised,
        "text": towards(surface, goal, ground, min(_TEXT, 0.92 * contrast(goal, ground))),
        "text-muted": towards(surface, goal, ground, min(_MUTED, 0.97 * contrast(goal, ground))),
        "line": mix(raised, goal, 0.1),
        "edge": towards(surface, goal, plain, SHAPE_CONTRAST),
        "accent-soft": soft,
        "accent-soft-hover": soft_hover,
        **fill_roles(fill, towards(fill, goal, ground, TEXT_CONTRAST), raised),
    }
    for state, colour in _STATES[theme].items():
        if state == "focus":
            roles[state] = towards(colour, goal, plain, SHAPE_CONTRAST)
            continue
        tint = _tint(raised, colour, 0.1, goal)
        roles[state] = towards(colour, goal, _hardest(goal, plain, tint), TEXT_CONTRAST)
        roles[f"{state}-soft"] = tint
    return roles


def _lift(surface: str) -> float:
    """How much white makes a card stand out from a dark page: more where it is next to black."""
    return 0.05 + max(0.0, 0.12 - oklab(surface)[0])


def _tint(raised: str, colour: str, share: float, goal: str) -> str:
    """The surface with as much of the colour, up to `share`, as leaves room for text on it."""
    steps = (mix(raised, colour, share * step / 6) for step in range(6, 0, -1))
    return next((tint for tint in steps if contrast(tint, goal) >= _SOFT), raised)


def _hardest(goal: str, *grounds: str) -> str:
    return min(grounds, key=lambda ground: contrast(goal, ground))


def _in_its_hue(background: str, theme: str) -> str:
    _lightness, green_red, blue_yellow = oklab(background)
    chroma = (green_red**2 + blue_yellow**2) ** 0.5
    share = min(1.0, _MOST_COLOUR[theme] / chroma) if chroma else 0.0
    return from_oklab((_LIGHTNESS[theme], green_red * share, blue_yellow * share))
