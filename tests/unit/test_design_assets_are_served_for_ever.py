"""Assets come compressed, typed, cached for ever, and under the hash of their bytes only."""

import gzip
import json
import math
import re
import struct
import zlib

import pytest
from django.http import Http404
from django.template import RequestContext, Template
from django.test import RequestFactory

from bookonce.design import bundles, views

TOKENS = (bundles.ASSETS / "css" / "tokens.css").read_text("utf-8")
GET = RequestFactory().get


@pytest.mark.parametrize("name", [*bundles.BUNDLES, "app.webmanifest"])
def test_every_bundle_is_served(name: str) -> None:
    found = bundles.asset(name)
    answer = views.serve_asset(GET("/"), found.file)
    assert answer.status_code == 200
    assert answer["Content-Type"] == bundles.TYPES[name.rpartition(".")[2]]
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.content == found.body


def test_gzip_is_sent_to_those_who_take_it() -> None:
    found = bundles.asset("guest.css")
    packed = views.serve_asset(GET("/", headers={"Accept-Encoding": "br, gzip"}), found.file)
    assert packed["Content-Encoding"] == "gzip"
    assert packed["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.content) == found.body
    plain = views.serve_asset(GET("/", headers={"Accept-Encoding": "gzip;q=0, br"}), found.file)
    assert "Content-Encoding" not in plain


@pytest.mark.parametrize("file", ["app.css", "app.000000000000.css", "nothing.js", "", "../settings.py", "x"])
def test_any_other_name_is_not_found(file: str) -> None:
    with pytest.raises(Http404):
        views.serve_asset(GET("/"), file)


def test_an_accent_is_a_style_sheet_or_not_found() -> None:
    answer = views.accent_sheet(GET("/"), "c2410c")
    assert answer["Content-Type"].startswith("text/css")
    assert "immutable" in answer["Cache-Control"]
    with pytest.raises(Http404):
        views.accent_sheet(GET("/"), "red")


def test_the_favicon_has_a_fixed_name() -> None:
    assert views.favicon(GET("/favicon.ico")).content.startswith(b"\0\0\1\0")


def test_the_manifest_makes_an_app_of_the_owners_pages() -> None:
    manifest = json.loads(bundles.asset("app.webmanifest").body)
    assert manifest["id"] == manifest["start_url"] == manifest["scope"] == "/app/"
    assert manifest["display"] == "standalone"
    assert (manifest["name"], manifest["short_name"]) == ("Bookonce", "Bookonce")
    kinds = {(icon["purpose"], icon["sizes"]) for icon in manifest["icons"]}
    assert kinds == {(purpose, f"{n}x{n}") for purpose in ("any", "maskable") for n in (192, 512)}


def test_icons_have_the_sizes_that_they_say() -> None:
    for icon in json.loads(bundles.asset("app.webmanifest").body)["icons"]:
        found = bundles.find_asset(icon["src"])
        assert found
        assert found.content_type == icon["type"]
        assert found.body.startswith(b"\x89PNG\r\n\x1a\n")
        # PNG, 11.2.2: the header chunk holds width and height, then depth and colour type 6, with alpha.
        width, height, depth, colour = struct.unpack(">2I2B", found.body[16:26])
        assert f"{width}x{height}" == icon["sizes"]
        assert (depth, colour) == (8, 6)


def pixels(name: str) -> list[list[tuple[int, ...]]]:
    """The rows of one of our own icons, as RGBA; they are written without filters."""
    body = bundles.asset(name).body
    size = struct.unpack(">I", body[16:20])[0]
    start = body.index(b"IDAT") + 4
    length = struct.unpack(">I", body[start - 8 : start - 4])[0]
    raw = zlib.decompress(body[start : start + length])
    rows = [raw[y * (size * 4 + 1) + 1 : (y + 1) * (size * 4 + 1)] for y in range(size)]
    return [[tuple(row[x * 4 : x * 4 + 4]) for x in range(size)] for row in rows]


def test_a_maskable_icon_may_be_cut_to_a_circle() -> None:
    """The mark lies in the safe zone, a circle of 80 % (W3C Manifest, 2.7.2.1); around it is the ground."""
    rows = pixels("maskable-192.png")
    ground = rows[0][0]
    assert ground[3] == 255
    middle = (len(rows) - 1) / 2
    outside = [
        rows[y][x]
        for y in range(len(rows))
        for x in range(len(rows))
        if math.hypot(x - middle, y - middle) > 0.4 * len(rows)
    ]
    assert set(outside) == {ground}
    assert len({pixel for row in rows for pixel in row}) > 1, "there is a mark"
    assert pixels("icon-192.png")[0][0][3] == 0, "the other one has round corners of its own"


def test_the_frame_of_a_phone_has_the_colour_of_the_page() -> None:
    page = Template("{% load design %}{% theme_colours %}")
    request = GET("/")
    both = page.render(RequestContext(request))
    assert re.findall(r'scheme: (\w+)\)" content="(#\w+)"', both) == [*bundles.SURFACES.items()]
    request.COOKIES["theme"] = "dark"
    assert page.render(RequestContext(request)) == '<meta name="theme-color" content="#14191b">'
    request.COOKIES["theme"] = '"><script>'
    assert "script" not in page.render(RequestContext(request))


@pytest.mark.parametrize("kind", ["css", "js"])
def test_every_component_is_in_a_bundle(kind: str) -> None:
    used = {part for name, parts in bundles.BUNDLES.items() if name.endswith(kind) for part in parts}
    assert used == {file.stem for file in (bundles.ASSETS / kind).iterdir()}


def test_the_guest_gets_little() -> None:
    sizes = [len(bundles.asset(name).gzipped or b"") for name in ("guest.css", "guest.js")]
    assert sum(sizes) < 12_000


def test_the_puzzle_costs_little_to_load() -> None:
    assert sum(len(bundles.asset(name).gzipped or b"") for name in ("proof.js", "proof-worker.js")) < 4000


def test_dark_is_the_same_by_choice_and_by_system() -> None:
    dark = [
        re.findall(r"(--[a-z-]+): ([^;]+);", block)
        for block in re.findall(
            r':root(?:\[data-theme="dark"\]|:not\(\[data-theme="light"\]\)) {([^}]*)}', TOKENS
        )
    ]
    assert len(dark) == 2
    assert dark[0] == dark[1]
    light = {name for name, _ in re.findall(r"(--[a-z-]+): ([^;]+);", TOKENS.split("@media")[0])}
    assert light == {name for name, _ in dark[0]}
