"""Pictures small enough for the repository: WebP, and several side by side."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

QUALITY = 70
GAP = 24
BETWEEN = (128, 128, 132)


def to_webp(png: bytes, path: Path) -> int:
    """Write a screenshot as WebP; returns its size in bytes."""
    Image.open(io.BytesIO(png)).convert("RGB").save(path, "WEBP", quality=QUALITY, method=6)
    return path.stat().st_size


def side_by_side(pngs: Sequence[bytes]) -> bytes:
    """Put screenshots side by side, tops aligned, as one."""
    pictures = [Image.open(io.BytesIO(png)).convert("RGB") for png in pngs]
    width = sum(one.width for one in pictures) + GAP * (len(pictures) + 1)
    height = max(one.height for one in pictures) + 2 * GAP
    whole = Image.new("RGB", (width, height), BETWEEN)
    across = GAP
    for one in pictures:
        whole.paste(one, (across, GAP))
        across += one.width + GAP
    out = io.BytesIO()
    whole.save(out, "PNG")
    return out.getvalue()
