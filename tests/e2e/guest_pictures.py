"""A logo and a cover for the scene of a dressed calendar, drawn here: nobody's own are kept."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from bookonce.scheduling.images import Made, make_picture

CLAY, SAND, INK, OCHRE = "#a2401c", "#f0d9b5", "#2c1a10", "#d08a4e"


def pictures() -> dict[str, Made | None]:
    """Both, as an owner uploads them."""
    return {"logo": make_picture(_png(_logo()), "logo"), "cover": make_picture(_png(_cover()), "cover")}


def _logo() -> Image.Image:
    """A mark of two leaves."""
    logo = Image.new("RGBA", (480, 200), (0, 0, 0, 0))
    draw = ImageDraw.Draw(logo)
    draw.pieslice((0, 0, 400, 400), 180, 270, fill=CLAY)
    draw.pieslice((10, -200, 410, 200), 0, 90, fill=OCHRE)
    return logo.crop((0, 0, 412, 200))


def _cover() -> Image.Image:
    """Hills under a low sun."""
    width, height = 1600, 500
    cover = Image.new("RGB", (width, height), SAND)
    draw = ImageDraw.Draw(cover)
    draw.ellipse((1080, 60, 1320, 300), fill="#f7efe0")
    for left, top, colour in (
        (-300, 220, "#d9a066"),
        (500, 260, "#c47a45"),
        (-100, 330, CLAY),
        (800, 350, INK),
    ):
        draw.ellipse((left, top, left + 1400, top + 900), fill=colour)
    return cover


def _png(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
