"""Assets come compressed, typed, cached for ever, and under the hash of their bytes only."""

import gzip
import json
import re

import pytest
from django.http import Http404
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


def test_the_manifest_names_icons_that_exist() -> None:
    manifest = json.loads(bundles.asset("app.webmanifest").body)
    assert all(bundles.find_asset(icon["src"]) for icon in manifest["icons"])


@pytest.mark.parametrize("kind", ["css", "js"])
def test_every_component_is_in_a_bundle(kind: str) -> None:
    used = {part for name, parts in bundles.BUNDLES.items() if name.endswith(kind) for part in parts}
    assert used == {file.stem for file in (bundles.ASSETS / kind).iterdir()}


def test_the_guest_gets_little() -> None:
    sizes = [len(bundles.asset(name).gzipped or b"") for name in ("guest.css", "guest.js")]
    assert sum(sizes) < 12_000


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
