"""Which component files make up which asset, read once, joined and hashed in memory.

A new component is a new file in `assets/css` or `assets/js` and one word in the table below. There is
no build step and no collectstatic: the process that serves the pages serves these bytes.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

ASSETS = Path(__file__).parent / "assets"

_EVERY_PAGE = ("tokens", "base", "type", "button", "field", "pill", "notice", "mark", "stack")
BUNDLES: Mapping[str, tuple[str, ...]] = {
    "app.css": (
        *_EVERY_PAGE,
        *(
            "rail",
            "page-header",
            "card",
            "list",
            "table",
            "menu",
            "dialog",
            "tabs",
            "toast",
            "empty",
            "filters",
        ),
        *("copy-field", "qr", "switch", "details", "stepper", "hours", "keys", "skeleton", "auth", "message"),
        *(
            "facts",
            "month",
            "times",
            "share",
            "pick-times",
            "message-preview",
            "location",
            "mail",
            "calendar-form",
            "why",
            "progress",
            "series",
        ),
        "select",
        *("look-form", "look-said"),
    ),
    "guest.css": (
        *_EVERY_PAGE,
        "booker",
        "month",
        "times",
        "week",
        "zone",
        "choices",
        "summary",
        "known",
        "people",
        "details",
        "facts",
        "message",
        "filters",
        "guest-states",
        "kept",
        "series",
        "proof",
        "unseen",
        "languages",
        "look",
    ),
    "proof.js": ("proof-of-work",),
    "proof-worker.js": ("proof-worker",),
    "preview.css": ("look-said", "preview"),
    "frame.css": ("frame",),
    "frame.js": ("frame",),
    "embed.js": ("embed",),
    "styleguide.css": ("styleguide",),
    "app.js": (
        *(
            "submit-once",
            "error-summary",
            "copy-field",
            "tab-list",
            "menu-button",
            "dialog-link",
            "share-sheet",
            "toast-stack",
        ),
        *("shortcuts", "go-to", "theme-switch"),
        *("detect-zone", "slug-check", "in-place-form", "night-hint", "one-time-link", "send-on-change"),
        "select-rows",
        *("colour-field", "look-preview"),
    ),
    "guest.js": (
        "submit-once",
        "error-summary",
        "soft-page",
        "zone-field",
        "month-keys",
        "send-on-change",
        "kept-until",
        "keep-answers",
    ),
    "zones.js": ("zone-dialog",),
    "favicon.svg": ("favicon.svg",),
    "favicon.ico": ("favicon.ico",),
    "touch.png": ("touch-180.png",),
    "icon-192.png": ("icon-192.png",),
    "icon-512.png": ("icon-512.png",),
    "maskable-192.png": ("maskable-192.png",),
    "maskable-512.png": ("maskable-512.png",),
}
TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "ico": "image/x-icon",
    "webmanifest": "application/manifest+json",
}
EMBED = "embed.js"  # for other sites: a classic script, under an address of its own
APP = "/app/"  # where the owner's pages begin
SURFACES = {"light": "#f7f9f9", "dark": "#14191b"}  # --surface in tokens.css, for the frame around the page
_COMPRESSED = {"css", "js", "svg", "webmanifest"}
_COMMENT_OR_INDENT = re.compile(r"/\*.*?\*/|^[ \t]+|\n(?=\n)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Asset:
    """One file as it is served; `file` is its name with the hash of its bytes, `name.<hash>.<ext>`."""

    file: str
    content_type: str
    body: bytes
    gzipped: bytes | None


def asset(name: str) -> Asset:
    """Return the asset of a bundle such as `app.css`; KeyError for a name that is not in the table."""
    return _assets()[name]


def find_asset(file: str) -> Asset | None:
    """Return the asset whose hashed file name this is, or None (another version, or none at all)."""
    stem, _, extension = file.rpartition(".")
    found = _assets().get(f"{stem.rpartition('.')[0]}.{extension}")
    return found if found and found.file == file else None


def _assets() -> Mapping[str, Asset]:
    if settings.DEBUG:
        _read_all.cache_clear()
    return _read_all()


@cache
def _read_all() -> Mapping[str, Asset]:
    assets = {name: _asset(name, _joined(name, parts)) for name, parts in BUNDLES.items()}
    assets["app.webmanifest"] = _asset("app.webmanifest", _manifest(assets))
    return assets


def _joined(name: str, parts: tuple[str, ...]) -> bytes:
    extension = name.rpartition(".")[2]
    if extension == "css":
        texts = (ASSETS.joinpath("css", f"{part}.css").read_text("utf-8") for part in parts)
        return "".join(_COMMENT_OR_INDENT.sub("", text) for text in texts).encode()
    if name == EMBED:
        return _COMMENT_OR_INDENT.sub("", ASSETS.joinpath("js", EMBED).read_text("utf-8")).encode()
    if extension == "js":
        # A block gives each file its own scope; the files import nothing.
        texts = (ASSETS.joinpath("js", f"{part}.js").read_text("utf-8") for part in parts)
        return "".join(f"{{\n{_COMMENT_OR_INDENT.sub('', text)}}}\n" for text in texts).encode()
    return b"".join(ASSETS.joinpath("img", part).read_bytes() for part in parts)


def _asset(name: str, body: bytes) -> Asset:
    stem, _, extension = name.rpartition(".")
    digest = hashlib.sha256(body).hexdigest()[:12]
    gzipped = gzip.compress(body, 9, mtime=0) if extension in _COMPRESSED else None
    return Asset(f"{stem}.{digest}.{extension}", TYPES[extension], body, gzipped)


def _manifest(assets: Mapping[str, Asset]) -> bytes:
    """What makes the owner's pages an app on a phone (W3C Web Application Manifest)."""
    icons = [
        {
            "src": assets[f"{name}-{size}.png"].file,
            "sizes": f"{size}x{size}",
            "type": TYPES["png"],
            "purpose": purpose,
        }
        for name, purpose in (("icon", "any"), ("maskable", "maskable"))
        for size in (192, 512)
    ]
    return json.dumps(
        {
            "id": APP,
            "name": "Bookonce",
            "short_name": "Bookonce",
            "start_url": APP,
            "scope": APP,
            "display": "standalone",
            "background_color": SURFACES["light"],
            "theme_color": SURFACES["light"],
            "icons": icons,
        }
    ).encode()
