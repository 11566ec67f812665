"""Take a picture of every page and state that guests meet, and write the pages of the docs that show them.

Run by hand after guests' pages changed: `.venv/bin/python -m tools.gallery`; it needs Chromium, and as root
installs the fonts for Arabic, Hebrew, Chinese and Japanese from Debian's packages. The clock stands still, so
that an unchanged page gives the same picture on any day. `... -m tools.gallery month "every question"` takes
these states alone.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.browser import FLAGS
from tests.e2e.guest_states import STATES, Guests
from tests.live import LiveBookonce
from tools import stopped_clock
from tools.packages import find_chromium, install_fonts
from tools.pictures import side_by_side, to_webp

DOCS = Path(__file__).resolve().parent.parent / "docs"
FOLDER = "images/guests"
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE_SCALE = 1.25
LONGEST = 4000  # CSS pixels of a page that are shown
ENGLISH = "en-GB"
LANGUAGES: Mapping[str, str] = {
    "ar": "Arabic",
    "he": "Hebrew",
    "ja": "Japanese",
    "zh-Hans": "Simplified Chinese",
    "de": "German",
}
SAMPLES = (
    "month",
    "week",
    "every question",
    "every question, with errors",
    "taken",
    "booked",
    "upcoming",
    "cancel",
    "used",
)
_HEAD = """# Every page a guest can meet

Each state on a phone (360 px) and at a desk (1280 px), light and dark. Taken by `python -m tools.gallery`
from the table that the tests of these pages share (`tests/e2e/guest_states.py`). The pages that most guests
see, in five other languages: [in other languages](gallery-languages.md).
"""
_HEAD_LANGUAGES = """# Guests' pages in other languages

The pages that most guests see, in {names}:
on a phone (360 px) and at a desk (1280 px), light and dark. All states in English: [the gallery](gallery.md).
What a field of a date says while it is empty is the browser's own, which is an English one here.
"""


class Gallery:
    """The browser, the server with every scene, and what the pictures weigh so far."""

    def __init__(self, browser: Browser, guests: Guests, folder: Path) -> None:
        self.browser, self.guests, self.folder = browser, guests, folder
        self.bytes = 0

    def chapter(self, language: str, names: Sequence[str], *, level: str) -> Iterator[str]:
        """Take these states in a language; yields what the page of the docs says of each."""
        for name in names:
            yield f"{level} {name.capitalize()}\n"
            for told, file in self.state(language, name):
                yield f"![{name.capitalize()} {told}]({FOLDER}/{file})\n"

    def state(self, language: str, name: str) -> Iterator[tuple[str, str]]:
        """One state: the phone's two ways side by side, the desk's alone; what is shown, and its file."""
        prefix = "" if language == ENGLISH else f"{language}-"
        stem = f"{prefix}{name.replace(',', '').replace(' ', '-')}".lower()
        with self.reader(language, PHONE, PHONE_SCALE) as page:
            yield "on a phone", self.keep(side_by_side(list(self.ways(page, name))), f"{stem}-phone.webp")
        with self.reader(language, DESK, 1) as page:
            for scheme, picture in zip(("light", "dark"), self.ways(page, name), strict=True):
                yield f"at a desk, {scheme}", self.keep(picture, f"{stem}-desk-{scheme}.webp")

    @contextmanager
    def reader(self, language: str, size: ViewportSize, scale: float) -> Iterator[Page]:
        """A guest in London who reads this language."""
        context = self.browser.new_context(
            locale=language,
            timezone_id="Europe/London",
            reduced_motion="reduce",
            viewport=size,
            device_scale_factor=scale,
        )
        stopped_clock.of_browser(context)
        yield context.new_page()
        context.close()

    def ways(self, page: Page, name: str) -> Iterator[bytes]:
        """Light, then dark."""
        page.emulate_media(color_scheme="light")
        self.guests.reach(page, name)
        page.evaluate("document.fonts.ready")
        height = min(LONGEST, page.evaluate("document.documentElement.scrollHeight"))
        size = page.viewport_size or DESK
        page.set_viewport_size({**size, "height": height})  # what sticks to the bottom is there
        page.evaluate("scrollTo(0, 0)")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(60)
            yield page.screenshot(animations="disabled", caret="hide")

    def keep(self, picture: bytes, file: str) -> str:
        """Write a picture; returns the file's name."""
        size = to_webp(picture, self.folder / file)
        self.bytes += size
        print(f"{file}: {size // 1024} kB", flush=True)
        return file


@contextmanager
def opened(folder: Path) -> Iterator[Gallery]:
    """A server with every scene, whose clock stands still, and a browser to look at it."""
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        environment = {"BOOKONCE_RATE_LIMITS": "yes", **stopped_clock.of_server()}
        live = LiveBookonce(Path(data) / "data", extra_env=environment)
        live.setup(name="Olga Petrova", workspace="Atelier Petrova")
        live.start()

        chromium = str(find_chromium())
        browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, "--hide-scrollbars"])
        try:
            yield Gallery(browser, Guests(live), folder)
        finally:
            browser.close()
            live.end()


def main(names: list[str]) -> None:
    """Take the pictures (of these states alone, if any are named), and write the pages that show them."""
    install_fonts()
    folder = DOCS / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    if not names:
        for old in folder.glob("*.webp"):
            old.unlink()
    with opened(folder) as gallery:
        lines = [_HEAD, *gallery.chapter(ENGLISH, names or list(STATES), level="##")]
        if not names:
            (DOCS / "gallery.md").write_text("\n".join(lines), encoding="utf-8")
            told = [*LANGUAGES.values()]
            lines = [_HEAD_LANGUAGES.format(names=f"{', '.join(told[:-1])} and {told[-1]}")]
            for code, language in LANGUAGES.items():
                lines += [f"## {language}\n", *gallery.chapter(code, SAMPLES, level="###")]
            (DOCS / "gallery-languages.md").write_text("\n".join(lines), encoding="utf-8")
        print(f"{gallery.bytes // 1024} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
