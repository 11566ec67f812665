"""Pictures of a look: what was uploaded is decoded and made anew, and nothing else of it is kept."""

from __future__ import annotations

import hashlib
import io
import struct
import threading
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import PIL.Image
import PIL.ImageOps
from django.utils.translation import gettext as _

from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.models import Image

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
BOXES = {"logo": (320, 160), "cover": (1600, 500)}  # px; a page shows them at half of it or less
COVER_BYTES = 120_000  # aimed at
QUALITIES = (82, 74, 66, 58, 50, 42)
ORIENTATION, LYING = 0x0112, {5, 6, 7, 8}  # Exif 2.32, 4.6.5: rows and columns are exchanged
FORMATS = ("PNG", "JPEG", "WEBP")  # SVG is a program, and others are rare: neither is opened
_one_at_a_time = threading.Lock()  # a picture takes up to 350 MB while it is decoded
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    OverflowError,
    IndexError,
    KeyError,
    TypeError,
    RuntimeError,
    struct.error,
    zlib.error,
    PIL.Image.DecompressionBombError,
    PIL.Image.DecompressionBombWarning,
)


@dataclass(frozen=True, slots=True)
class Made:
    """A picture as it will be served."""

    body: bytes
    content_type: str
    width: int
    height: int

    @property
    def digest(self) -> str:
        """SHA-256 of the body, in hexadecimal digits."""
        return hashlib.sha256(self.body).hexdigest()


def make_picture(upload: bytes, kind: str) -> Made:
    """Make a `logo` or a `cover` of an uploaded file: upright, small enough, without its metadata.

    A cover is cut to 16:5 where it is taller. The same upload always makes the same bytes.

    Raises:
        Invalid: by the kind, in a sentence.
    """
    if len(upload) > MOST_BYTES:
        raise Invalid({kind: [_("The picture may have at most 5 MB.")]})
    with _one_at_a_time:
        picture = _decoded(upload, kind)
        return _logo(picture) if kind == "logo" else _cover(picture)


def keep_image(workspace_id: int, made: Made, *, now: datetime) -> int:
    """The row of the picture, inserted where it is new, and locked, within the caller's transaction."""
    row = Image(
        workspace_id=workspace_id,
        digest=made.digest,
        content_type=made.content_type,
        width=made.width,
        height=made.height,
        body=made.body,
        created_at=now,
    )
    Image.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["workspace", "digest"], update_fields=["content_type"]
    )
    return row.pk


def forget_unused(images: Collection[int]) -> None:
    """Delete those of the pictures that no look shows any more, within the caller's transaction.

    They are locked first: whoever takes one of them into use at this moment is waited for, and seen.
    """
    ids = sorted(images)
    list(Image.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))
    Image.objects.filter(pk__in=ids, logo_of=None, cover_of=None).delete()


def find_image(digest: str, content_type: str) -> bytes | None:
    """The bytes that are served under this digest; None when no look shows such a picture."""
    body = (
        Image.objects.filter(digest=digest, content_type=content_type).values_list("body", flat=True).first()
    )
    return None if body is None else bytes(body)


def _decoded(upload: bytes, kind: str) -> PIL.Image.Image:
    """Upright, cut and shrunk, with nothing of what came along."""
    unreadable = Invalid({kind: [_("This is no picture that can be read. Choose a PNG, JPEG or WebP file.")]})
    too_many = Invalid({kind: [_("The picture has too many pixels: at most 40 million.")]})
    try:
        picture = PIL.Image.open(io.BytesIO(upload), formats=FORMATS)
        if picture.width * picture.height > MOST_PIXELS:
            raise too_many
        side = 2 * max(BOXES[kind])
        picture.draft("RGB", (side, side))  # a JPEG is decoded no larger than it takes
        turned = picture.getexif().get(ORIENTATION) in LYING
        upright = PIL.ImageOps.exif_transpose(_shrunk(picture, kind, turned=turned))
        return PIL.Image.frombytes(upright.mode, upright.size, upright.tobytes())
    except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning) as error:
        raise too_many from error
    except _BROKEN as error:
        raise unreadable from error


def _shrunk(picture: PIL.Image.Image, kind: str, *, turned: bool) -> PIL.Image.Image:
    """First, while it may still lie on its side: all that follows then copies little."""
    most_width, most_height = BOXES[kind]
    width, height = picture.size[::-1] if turned else picture.size
    kept = min(height, max(1, width * most_height // most_width)) if kind == "cover" else height
    above = (height - kept) // 2
    share = min(1.0, most_width / width, most_height / kept)
    size = max(1, round(width * share)), max(1, round(kept * share))
    box = 0, above, width, above + kept
    if turned:
        size, box = size[::-1], (above, 0, above + kept, width)
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    mode = "RGBA" if has_alpha else "RGB"
    plain = picture if picture.mode == mode else picture.convert(mode)
    return plain.resize(size, PIL.Image.Resampling.LANCZOS, box=box, reducing_gap=2.0)


def _logo(picture: PIL.Image.Image) -> Made:
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema() != (255, 255):
        return _made(picture, "PNG", "image/png", optimize=True)
    return _made(picture.convert("RGB"), "WEBP", "image/webp", quality=90, method=4)


def _cover(picture: PIL.Image.Image) -> Made:
    for quality in QUALITIES:
        made = _made(picture, "WEBP", "image/webp", quality=quality, method=4)
        if len(made.body) <= COVER_BYTES:
            break
    return made


def _made(picture: PIL.Image.Image, form: str, content_type: str, **options: object) -> Made:
    written = io.BytesIO()
    picture.save(written, form, **options)
    return Made(written.getvalue(), content_type, picture.width, picture.height)
