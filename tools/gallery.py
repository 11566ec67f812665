"""Take a picture of every page and state that guests meet, and write the page of the docs that shows them.

Run by hand after guests' pages changed: `.venv/bin/python -m tools.gallery`; it needs Chromium, and as root
installs the fonts for Arabic, Hebrew, Chinese and Japanese from Debian's packages.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import FLAGS
from tests.e2e.guest_states import STATES, Guests
from tests.live import LiveBookonce
from tools.packages import find_chromium, install_fonts
from tools.pictures import montage

DOCS = Path(__file__).resolve().parent.parent / "docs"
FOLDER = "images/guests"
PHONE, DESK = 360, 1280
LONGEST = 1500  # pixels of a phone's page that are shown
LANGUAGES = {
    "ar": "Arabic",
    "he": "Hebrew",
    "ja": "Japanese",
    "zh-Hans": "Simplified Chinese",
    "de": "German",
}
SAMPLES = ("month", "week", "details with errors", "booked")
_HEAD = """# Every page a guest can meet

Each state on a phone (360 px) and at a desk (1280 px), light and dark. Taken by `python -m tools.gallery`
from the table that the tests of these pages share (`tests/e2e/guest_states.py`).
"""


class Gallery:
    """The browser, the server with every scene, and the pictures so far."""

    def __init__(self, browser: Browser, guests: Guests, folder: Path) -> None:
        self.browser, self.guests, self.folder = browser, guests, folder
        self.bytes = 0

    def state(self, name: str) -> str:
        """The state in its four ways; returns the file's name."""
        with self.reader("en-GB") as page:
            pictures = [*self.ways(page, name, PHONE), *self.ways(page, name, DESK)]
        return self.keep(name, pictures, width=1500)

    def language(self, code: str) -> str:
        """Some states in a language, on a phone."""
        with self.reader(code) as page:
            pictures = [next(self.ways(page, name, PHONE)) for name in SAMPLES]
        return self.keep(f"in {code}", pictures, width=1300)

    @contextmanager
    def reader(self, language: str) -> Iterator[Page]:
        """A guest in London who reads this language."""
        context = self.browser.new_context(
            locale=language, timezone_id="Europe/London", reduced_motion="reduce"
        )
        yield context.new_page()
        context.close()

    def ways(self, page: Page, name: str, width: int) -> Iterator[bytes]:
        """Light, then dark."""
        page.set_viewport_size({"width": width, "height": 740 if width == PHONE else 800})
        page.emulate_media(color_scheme="light")
        self.guests.reach(page, name)
        page.evaluate("document.fonts.ready")
        height = min(LONGEST, page.evaluate("document.documentElement.scrollHeight"))
        page.set_viewport_size({"width": width, "height": height})  # what sticks to the bottom is there
        page.evaluate("scrollTo(0, 0)")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(60)
            yield page.screenshot(animations="disabled", caret="hide")

    def keep(self, name: str, pictures: Iterable[bytes], *, width: int) -> str:
        """Write the montage."""
        file = f"{name.replace(',', '').replace(' ', '-').lower()}.webp"
        size = montage([*pictures], self.folder / file, width=width)
        self.bytes += size
        print(f"{file}: {size // 1024} kB", flush=True)
        return file


def main(names: list[str]) -> None:
    """Take the pictures (of these states alone, if any are named), and write the page."""
    install_fonts()
    folder = DOCS / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        live = LiveBookonce(Path(data) / "data", extra_env={"BOOKONCE_RATE_LIMITS": "yes"})
        live.setup(name="Olga Petrova", workspace="Atelier Petrova")
        live.start()
        chromium = str(find_chromium())
        browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, "--hide-scrollbars"])
        try:
            gallery = Gallery(browser, Guests(live), folder)
            lines = [_HEAD]
            for name in names or STATES:
                file = gallery.state(name)
                lines.append(f"## {name.capitalize()}\n\n![{name.capitalize()}]({FOLDER}/{file})\n")
            if not names:
                for code, language in LANGUAGES.items():
                    file = gallery.language(code)
                    told = f"{language}: choosing, the week, mistakes, booked"
                    lines.append(f"## In {language}\n\n![{told}]({FOLDER}/{file})\n")
                (DOCS / "gallery.md").write_text("\n".join(lines), encoding="utf-8")
            print(f"{gallery.bytes // 1024} kB")
        finally:
            browser.close()
            live.end()


if __name__ == "__main__":
    main(sys.argv[1:])
