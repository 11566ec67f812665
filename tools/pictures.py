"""Pictures small enough for the repository: WebP, and montages of several."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

QUALITY = 72
GAP = 24
BETWEEN = (128, 128, 132)


def to_webp(png: bytes, path: Path, *, width: int | None = None) -> int:
    """Write a screenshot as WebP, at most so many pixels wide; returns its size in bytes."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    if width and picture.width > width:
        picture = picture.resize(
            (width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS
        )
    picture.save(path, "WEBP", quality=QUALITY, method=6)
    return path.stat().st_size


def montage(pngs: Sequence[bytes], path: Path, *, width: int) -> int:
    """Put screenshots side by side, tops aligned, at most so many pixels wide; returns the size in bytes."""
    pictures = [Image.open(io.BytesIO(png)).convert("RGB") for png in pngs]
    whole = Image.new(
        "RGB",
        (
            sum(one.width for one in pictures) + GAP * (len(pictures) + 1),
            max(one.height for one in pictures) + 2 * GAP,
        ),
        BETWEEN,
    )
    across = GAP
    for one in pictures:
        whole.paste(one, (across, GAP))
        across += one.width + GAP
    out = io.BytesIO()
    whole.save(out, "PNG")
    return to_webp(out.getvalue(), path, width=width)
