"""Draw the mark as the product's image files: `python -m bookonce.design.draw_app_icons`.

Run after changing the mark; the files are committed, nothing draws at run time. Needs no library.
"""

import math
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

IMAGES = Path(__file__).parent / "assets" / "img"
ACCENT = (11, 110, 114)
WHITE = (255, 255, 255)
# In units of the mark's 24 x 24 box; angles in degrees clockwise from three o'clock.
RADIUS, STROKE, DOT = 8.5, 2.6, 3.5
ARC, DOT_AT = (-1.0, 271.0), 315.0
SAMPLES = 4
CORNER = 0.22  # of an icon's side
# Name, side, size of the mark, corners of the ground. Launchers cut a maskable icon to a shape of theirs, and
# Apple rounds the corners itself, so their ground fills the square; the mark stays in the inner 80 % of it.
ICONS = (
    ("touch-180", 180, 0.62, 0.0),
    ("icon-192", 192, 0.66, CORNER),
    ("icon-512", 512, 0.66, CORNER),
    ("maskable-192", 192, 0.54, 0.0),
    ("maskable-512", 512, 0.54, 0.0),
)


def main() -> None:
    """Write favicon.svg, favicon.ico and the app icons."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    IMAGES.joinpath("favicon.svg").write_text(_svg(), "utf-8")
    small = _png(32, scale=1.04)
    IMAGES.joinpath("favicon.ico").write_bytes(
        struct.pack("<3H4B2H2I", 0, 1, 1, 32, 32, 0, 0, 1, 32, len(small), 22) + small
    )
    for name, size, scale, corner in ICONS:
        IMAGES.joinpath(f"{name}.png").write_bytes(_png(size, scale=scale, corner=corner))


def _svg() -> str:
    colour = "#{:02x}{:02x}{:02x}".format(*(round(c + (255 - c) * 0.12) for c in ACCENT))
    (start, end), dot = (_point(angle) for angle in ARC), _point(DOT_AT)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="{colour}">'
        f'<path d="M{start[0]:.2f} {start[1]:.2f}A{RADIUS} {RADIUS} 0 1 1 {end[0]:.2f} {end[1]:.2f}"'
        f' stroke-width="3" stroke-linecap="round"/>'
        f'<circle cx="{dot[0]:.2f}" cy="{dot[1]:.2f}" r="{DOT}" fill="{colour}" stroke="none"/></svg>\n'
    )


def _point(angle: float) -> tuple[float, float]:
    return 12 + RADIUS * math.cos(math.radians(angle)), 12 + RADIUS * math.sin(math.radians(angle))


def _png(size: int, *, scale: float, corner: float | None = None) -> bytes:
    """Draw the mark on a ground with these corners, or on nothing."""
    rows = b"".join(b"\0" + bytes(_row(y, size, scale, corner)) for y in range(size))
    header = struct.pack(">2I5B", size, size, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _row(y: int, size: int, scale: float, corner: float | None) -> Iterator[int]:
    for x in range(size):
        cover = _cover(x, y, size, scale)
        if corner is None:
            yield from ACCENT
            yield round(255 * cover)
        else:
            yield from (round(a + (w - a) * cover) for a, w in zip(ACCENT, WHITE, strict=True))
            yield round(255 * _ground(x, y, size, corner * size))


def _ground(x: int, y: int, size: int, radius: float) -> float:
    """Return how much of a pixel (0 to 1) the ground with these round corners covers."""
    across, down = (max(radius - place - 0.5, place + 0.5 - (size - radius), 0) for place in (x, y))
    return min(max(radius + 0.5 - math.hypot(across, down), 0.0), 1.0) if across and down else 1.0


def _cover(x: int, y: int, size: int, scale: float) -> float:
    """Return how much of a pixel (0 to 1) the mark covers, by a grid of samples."""
    unit = 24 / size / scale
    hits = 0
    for step in range(SAMPLES * SAMPLES):
        across = 12 + (x + (step % SAMPLES + 0.5) / SAMPLES - size / 2) * unit
        down = 12 + (y + (step // SAMPLES + 0.5) / SAMPLES - size / 2) * unit
        hits += _is_inside((across, down))
    return hits / (SAMPLES * SAMPLES)


def _is_inside(point: tuple[float, float]) -> bool:
    turn = (math.degrees(math.atan2(point[1] - 12, point[0] - 12)) - ARC[0]) % 360
    on_ring = abs(math.dist(point, (12, 12)) - RADIUS) <= STROKE / 2 and turn <= ARC[1] - ARC[0]
    in_cap = any(math.dist(point, _point(angle)) <= STROKE / 2 for angle in ARC)
    return on_ring or in_cap or math.dist(point, _point(DOT_AT)) <= DOT


if __name__ == "__main__":
    main()
