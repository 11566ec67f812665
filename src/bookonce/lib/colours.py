"""Colours of six hex digits: contrast, mixtures, and what can be read on them.

Contrast is WCAG 2.2's: relative luminance L = 0.2126 R + 0.7152 G + 0.0722 B of linearised sRGB
(c / 12.92 up to 0.04045, else ((c + 0.055) / 1.055) ** 2.4), ratio (L1 + 0.05) / (L2 + 0.05).
Black or white on any colour reaches at least sqrt(21) = 4.58, so a readable text always exists.
Mixtures are those of CSS `color-mix(in oklab, ...)` (CSS Color 4, section 9.2).
"""

from __future__ import annotations

import re

TEXT_CONTRAST = 4.5
SHAPE_CONTRAST = 3.0
# A page has more than black text: muted, linked, refused. They need this much between it and black or white.
PAGE_CONTRAST = 7.0
BLACK, WHITE = "000000", "ffffff"

Rgb = tuple[int, int, int]
Lab = tuple[float, float, float]
_HEX = re.compile(r"[0-9a-f]{6}")


def parse_colour(colour: str) -> Rgb:
    """Return red, green and blue (0-255) of six lower-case hex digits; ValueError for anything else."""
    if not _HEX.fullmatch(colour):
        raise ValueError(f"not a colour of six hex digits: {colour!r}")
    return int(colour[0:2], 16), int(colour[2:4], 16), int(colour[4:6], 16)


def luminance(rgb: Rgb) -> float:
    """Return the relative luminance (0 black to 1 white) as WCAG 2.2 defines it."""
    red, green, blue = _linear(rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio (1 to 21) of two colours of six hex digits."""
    high, low = sorted((luminance(parse_colour(first)), luminance(parse_colour(second))), reverse=True)
    return (high + 0.05) / (low + 0.05)


def text_on(colour: str) -> str:
    """Return `ffffff` where it is readable on the colour (ratio >= 4.5), else `000000`, which then is."""
    return WHITE if contrast(colour, WHITE) >= TEXT_CONTRAST else BLACK


def towards(colour: str, goal: str, surface: str, ratio: float) -> str:
    """Mix the colour with `goal` in the smallest of 50 steps that reaches `ratio` on the surface."""
    start, end = parse_colour(colour), parse_colour(goal)
    for step in range(51):
        mixed = "".join(f"{round(a + (b - a) * step / 50):02x}" for a, b in zip(start, end, strict=True))
        if contrast(mixed, surface) >= ratio:
            return mixed
    return goal


def mix(colour: str, other: str, share: float) -> str:
    """Return the colour with `share` (0 to 1) of the other one mixed in, evenly to the eye."""
    first, second = oklab(colour), oklab(other)
    lightness, green_red, blue_yellow = (a + (b - a) * share for a, b in zip(first, second, strict=True))
    return from_oklab((lightness, green_red, blue_yellow))


def theme_of(background: str) -> str:
    """Return the theme in which a page of this colour can be read, `light` or `dark`; "" for neither."""
    if contrast(background, BLACK) >= PAGE_CONTRAST:
        return "light"
    return "dark" if contrast(background, WHITE) >= PAGE_CONTRAST else ""


def oklab(colour: str) -> Lab:
    """Return lightness (0 to 1), green to red and blue to yellow of the colour, as Oklab defines them."""
    red, green, blue = _linear(parse_colour(colour))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def from_oklab(lab: Lab) -> str:
    """Return the nearest colour of six hex digits, each part of sRGB clipped to what a screen can show."""
    lightness, green_red, blue_yellow = lab
    long = (lightness + 0.3963377774 * green_red + 0.2158037573 * blue_yellow) ** 3
    medium = (lightness - 0.1055613458 * green_red - 0.0638541728 * blue_yellow) ** 3
    short = (lightness - 0.0894841775 * green_red - 1.2914855480 * blue_yellow) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "".join(f"{round(255 * _encoded(min(1.0, max(0.0, part)))):02x}" for part in linear)


def _linear(rgb: Rgb) -> tuple[float, float, float]:
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in rgb)
    )
    return red, green, blue


def _encoded(linear: float) -> float:
    return 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
