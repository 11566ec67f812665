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
# In units of the mark's 24 x 24 box: radius, strokes, and the arcs in degrees clockwise from three o'clock.
RADIUS, RING, SLOT = 8.5, 2.4, 5.6
RING_ARC, SLOT_ARC = (3.0, 267.0), (285.0, 345.0)
SAMPLES = 4


def main() -> None:
    """Write favicon.svg, favicon.ico and the app icons."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    IMAGES.joinpath("favicon.svg").write_text(_svg(), "utf-8")
    small = _png(32, scale=1.04)
    IMAGES.joinpath("favicon.ico").write_bytes(
        struct.pack("<3H4B2H2I", 0, 1, 1, 32, 32, 0, 0, 1, 32, len(small), 22) + small
    )
    for name, size in (("touch-180", 180), ("icon-192", 192), ("icon-512", 512)):
        IMAGES.joinpath(f"{name}.png").write_bytes(_png(size, scale=0.62, ground=True))


def _svg() -> str:
    colour = "#{:02x}{:02x}{:02x}".format(*(round(c + (255 - c) * 0.12) for c in ACCENT))
    arcs = "".join(
        f'<path d="{_arc(*arc)}" stroke-width="{stroke}"/>' for arc, stroke in ((RING_ARC, 3), (SLOT_ARC, 6))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="{colour}">{arcs}</svg>\n'
    )


def _arc(start: float, end: float) -> str:
    points = [
        f"{12 + RADIUS * math.cos(math.radians(a)):.2f} {12 + RADIUS * math.sin(math.radians(a)):.2f}"
        for a in (start, end)
    ]
    return f"M{points[0]}A{RADIUS} {RADIUS} 0 {int(end - start > 180)} 1 {points[1]}"


def _png(size: int, *, scale: float, ground: bool = False) -> bytes:
    rows = b"".join(b"\0" + bytes(_row(y, size, scale, ground)) for y in range(size))
    header = struct.pack(">2I5B", size, size, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _row(y: int, size: int, scale: float, ground: bool) -> Iterator[int]:
    for x in range(size):
        cover = _cover(x, y, size, scale)
        if ground:
            yield from (round(a + (w - a) * cover) for a, w in zip(ACCENT, WHITE, strict=True))
            yield 255
        else:
            yield from ACCENT
            yield round(255 * cover)


def _cover(x: int, y: int, size: int, scale: float) -> float:
    """Return how much of a pixel (0 to 1) the mark covers, by a grid of samples."""
    unit = 24 / size / scale
    hits = 0
    for step in range(SAMPLES * SAMPLES):
        right = (x + (step % SAMPLES + 0.5) / SAMPLES - size / 2) * unit
        down = (y + (step // SAMPLES + 0.5) / SAMPLES - size / 2) * unit
        away = abs(math.hypot(right, down) - RADIUS)
        angle = math.degrees(math.atan2(down, right)) % 360
        in_ring = away <= RING / 2 and RING_ARC[0] <= angle <= RING_ARC[1]
        in_slot = away <= SLOT / 2 and SLOT_ARC[0] <= angle <= SLOT_ARC[1]
        hits += in_ring or in_slot
    return hits / (SAMPLES * SAMPLES)


if __name__ == "__main__":
    main()
