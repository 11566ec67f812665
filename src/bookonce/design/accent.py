"""The workspace's accent: one colour in, readable pairs for light and dark out.

Contrast is WCAG 2.2's: relative luminance L = 0.2126 R + 0.7152 G + 0.0722 B of linearised sRGB
(c / 12.92 up to 0.04045, else ((c + 0.055) / 1.055) ** 2.4), ratio (L1 + 0.05) / (L2 + 0.05).
Black or white on any colour reaches at least sqrt(21) = 4.58, so a readable text always exists.
"""

import re

TEXT_CONTRAST = 4.5
SHAPE_CONTRAST = 3.0
DEFAULT = "0b6e72"
# The hardest background an accent stands on in each theme: its own soft tint, see css/tokens.css.
LIGHT_SURFACE = "e4eff0"
DARK_SURFACE = "22363a"

Rgb = tuple[int, int, int]
_HEX = re.compile(r"[0-9a-f]{6}")


def parse_colour(colour: str) -> Rgb:
    """Return red, green and blue (0-255) of six lower-case hex digits; ValueError for anything else."""
    if not _HEX.fullmatch(colour):
        raise ValueError(f"not a colour of six hex digits: {colour!r}")
    return int(colour[0:2], 16), int(colour[2:4], 16), int(colour[4:6], 16)


def luminance(rgb: Rgb) -> float:
    """Return the relative luminance (0 black to 1 white) as WCAG 2.2 defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in rgb)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio (1 to 21) of two colours of six hex digits."""
    high, low = sorted((luminance(parse_colour(first)), luminance(parse_colour(second))), reverse=True)
    return (high + 0.05) / (low + 0.05)


def text_on(colour: str) -> str:
    """Return `ffffff` where it is readable on the colour (ratio >= 4.5), else `000000`, which then is."""
    return "ffffff" if contrast(colour, "ffffff") >= TEXT_CONTRAST else "000000"


def towards(colour: str, goal: str, surface: str, ratio: float) -> str:
    """Mix the colour with `goal` in the smallest of 50 steps that reaches `ratio` on the surface."""
    start, end = parse_colour(colour), parse_colour(goal)
    for step in range(51):
        mixed = "".join(f"{round(a + (b - a) * step / 50):02x}" for a, b in zip(start, end, strict=True))
        if contrast(mixed, surface) >= ratio:
            return mixed
    return goal


def accent_css(colour: str) -> str:
    """Return the style sheet that sets the accent roles for both themes; ValueError if not a colour.

    `--accent` fills shapes, `--accent-text` stands on it (>= 4.5), `--accent-ink` is the accent as
    text or thin line on a surface (>= 4.5). On dark the fill is lightened until it shows (>= 3).
    """
    parse_colour(colour)
    fill = towards(colour, "ffffff", DARK_SURFACE, SHAPE_CONTRAST)
    light = _roles(colour, towards(colour, "000000", LIGHT_SURFACE, TEXT_CONTRAST))
    dark = _roles(fill, towards(fill, "ffffff", DARK_SURFACE, TEXT_CONTRAST))
    return (
        f":root{{{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\n"
        f":root[data-theme=dark]{{{dark}}}\n"
    )


def _roles(fill: str, ink: str) -> str:
    return f"--accent:#{fill};--accent-text:#{text_on(fill)};--accent-ink:#{ink}"
