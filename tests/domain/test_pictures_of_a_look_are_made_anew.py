"""Logos and covers: decoded and made anew, small, without metadata, and deleted with their last use."""

from __future__ import annotations

import io
import random
import struct
import threading
import zlib

import PIL.Image
import pytest
from django.db import connection

from bookonce.scheduling.errors import Invalid, SchedulingError
from bookonce.scheduling.images import COVER_BYTES, MOST_BYTES, Made, find_image, make_picture
from bookonce.scheduling.look import reset_look, set_look
from bookonce.scheduling.look_rows import get_look
from bookonce.scheduling.models import Image
from tests.cast import NOW, Person

SECRET = b"Shot at 52.5200 N 13.4050 E"


def drawn(size: tuple[int, int], form: str = "PNG", *, mode: str = "RGB", **options: object) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    picture = PIL.Image.new(mode, size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    written = io.BytesIO()
    picture.save(written, form, **options)
    return written.getvalue()


def noise(width: int, height: int) -> bytes:
    """A picture that hardly compresses."""
    picture = PIL.Image.frombytes("RGB", (width, height), random.Random(5).randbytes(width * height * 3))
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=90)
    return written.getvalue()


def seen(made: Made) -> PIL.Image.Image:
    return PIL.Image.open(io.BytesIO(made.body))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_logo_fits_its_box(form: str) -> None:
    made = make_picture(drawn((1000, 800), form), "logo")
    assert (made.content_type, made.width, made.height) == ("image/webp", 200, 160)
    assert seen(made).size == (200, 160)


@pytest.mark.parametrize(
    ("mode", "form"),
    [
        ("L", "PNG"),
        ("LA", "PNG"),
        ("P", "PNG"),
        ("1", "PNG"),
        ("I;16", "PNG"),
        ("CMYK", "JPEG"),
        ("RGBA", "WEBP"),
    ],
)
def test_every_kind_of_picture_is_read(mode: str, form: str) -> None:
    written = io.BytesIO()
    PIL.Image.new(mode, (900, 700)).save(written, form)
    for kind, size in (("logo", (206, 160)), ("cover", (900, 281))):
        made = make_picture(written.getvalue(), kind)
        assert (made.width, made.height) == size
        assert seen(made).size == size


def test_a_small_logo_is_not_enlarged() -> None:
    made = make_picture(drawn((40, 30)), "logo")
    assert (made.width, made.height) == (40, 30)


def test_a_transparent_logo_stays_transparent() -> None:
    picture = PIL.Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    written = io.BytesIO()
    picture.save(written, "PNG")
    made = make_picture(written.getvalue(), "logo")
    assert made.content_type == "image/png"
    assert seen(made).convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]


def test_a_cover_is_cut_to_its_shape_and_stays_light() -> None:
    made = make_picture(drawn((2000, 2000)), "cover")
    assert (made.width, made.height) == (1600, 500)
    made = make_picture(noise(1700, 600), "cover")
    assert (made.content_type, made.width) == ("image/webp", 1600)
    narrow = make_picture(drawn((3000, 300)), "cover")
    assert (narrow.width, narrow.height) == (1600, 160)
    assert len(narrow.body) <= COVER_BYTES


def test_orientation_is_applied_and_nothing_else_is_kept() -> None:
    exif = PIL.Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    exif[0x010E] = SECRET.decode()
    sent = drawn((400, 200), "JPEG", exif=exif, icc_profile=b"profile" * 9, comment=SECRET)
    assert SECRET in sent
    made = make_picture(sent, "cover")
    assert (made.width, made.height) == (200, 62)  # upright 200 x 400, cut
    for body in (made.body, make_picture(sent, "logo").body):
        assert SECRET not in body
        assert b"profile" not in body
        assert not PIL.Image.open(io.BytesIO(body)).getexif()
    turned = seen(make_picture(drawn((100, 50), "JPEG", exif=exif), "logo")).convert("RGB")
    assert turned.size == (50, 100)
    top, bottom = turned.getpixel((25, 10)), turned.getpixel((25, 90))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 200 > bottom[0]  # the left half, red, is above now


def test_the_same_upload_makes_the_same_bytes() -> None:
    assert make_picture(noise(900, 300), "cover").digest == make_picture(noise(900, 300), "cover").digest


def _png_header(width: int, height: int) -> bytes:
    """A PNG that says it is this large, and holds nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def _webp_header(width: int, height: int) -> bytes:
    """The same as a WebP of the extended kind."""
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + canvas
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (b"", "no picture"),
        (b"GIF89a" + b"\0" * 50, "no picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "no picture"),
        (drawn((20, 20))[:60], "no picture"),
        (drawn((20, 20), "GIF"), "no picture"),
        (drawn((20, 20), "BMP"), "no picture"),
        (drawn((20, 20), "TIFF"), "no picture"),
        (b"\0" * (MOST_BYTES + 1), "at most 5 MB"),
        (_png_header(8000, 5001), "too many pixels"),
        (_png_header(12_000, 12_000), "too many pixels"),
        (_png_header(60_000, 60_000), "too many pixels"),
        (_png_header(0, 10), "no picture"),
        (_png_header(10, 10), "no picture"),
        (_webp_header(16_000, 16_000), "too many pixels"),
    ],
)
def test_what_is_no_picture_is_told(sent: bytes, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        make_picture(sent, "cover")
    assert words in refused.value.errors["cover"][0]


def test_broken_pictures_are_refused_and_break_nothing() -> None:
    dice = random.Random(11)
    for whole in (drawn((60, 40)), drawn((60, 40), "JPEG"), drawn((60, 40), "WEBP")):
        for _attempt in range(120):
            broken = bytearray(whole)
            for _bit in range(dice.randrange(1, 6)):
                broken[dice.randrange(len(broken))] ^= 1 << dice.randrange(8)
            try:
                made = make_picture(bytes(broken), "logo")
            except Invalid:
                continue
            assert made.width <= 320


def keep(person: Person, **pictures: Made | None) -> None:
    set_look(person.calendar, {}, pictures=pictures, by=person.actor, now=NOW)


def test_a_picture_lives_as_long_as_a_look_shows_it(alice: Person, bob: Person) -> None:
    first, second = (make_picture(drawn((width, 60)), "logo") for width in (90, 120))
    keep(alice, logo=first, cover=second)
    keep(bob, logo=first)
    assert Image.objects.count() == 2
    logo = get_look(alice.calendar.pk).logo
    assert logo
    assert (logo.digest, logo.width, logo.height) == (first.digest, 90, 60)
    assert find_image(first.digest, "image/webp") == first.body
    assert find_image(first.digest, "image/png") is None
    keep(alice, logo=None)
    assert find_image(first.digest, "image/webp")  # Bob's shows it still
    keep(bob, logo=second)
    assert [image.digest for image in Image.objects.all()] == [second.digest]
    reset_look(alice.calendar, by=alice.actor)
    assert Image.objects.count() == 1
    reset_look(bob.calendar, by=bob.actor)
    assert Image.objects.count() == 0


def test_pictures_of_two_workspaces_are_apart(alice: Person, charlie: Person) -> None:
    same = make_picture(drawn((90, 60)), "logo")
    keep(alice, logo=same)
    keep(charlie, logo=same)
    assert Image.objects.count() == 2
    keep(alice, logo=None)
    assert get_look(charlie.calendar.pk).logo
    assert find_image(same.digest, "image/webp") == same.body


@pytest.mark.django_db(transaction=True)
def test_a_picture_taken_into_use_while_its_last_use_ends_is_kept(alice: Person, bob: Person) -> None:
    one, other = (make_picture(drawn((width, 60)), "logo") for width in (90, 120))
    for _round in range(6):
        keep(alice, logo=one)
        keep(bob, logo=other)
        barrier, failed = threading.Barrier(2), []

        def turn(person: Person, logo: Made | None, barrier: threading.Barrier = barrier) -> None:
            try:
                barrier.wait(timeout=10)
                keep(person, logo=logo)
            except SchedulingError as error:
                failed.append(error)  # noqa: B023 - read after the threads of this round have ended
            finally:
                connection.close()

        threads = [threading.Thread(target=turn, args=each) for each in ((alice, None), (bob, one))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failed
        assert [image.digest for image in Image.objects.all()] == [one.digest]
        assert find_image(one.digest, "image/webp") == one.body
