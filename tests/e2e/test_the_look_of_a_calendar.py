"""In Chromium: the preview follows what is typed, and without scripts a button; dressed pages can be read."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import PIL.Image
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.e2e import walk
from tests.live import LiveBookonce, NewBookonce

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
ALL = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": RULES}}
OF_COLOURS = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": ["color-contrast"]}}
LOOKS = (
    {"primary": "#ffd60a", "background": "#9b9b9b", "radius": 24},  # pale, on the darkest of light ones
    {"primary": "#101010", "background": "#101c2e", "theme": "dark", "radius": 0},
)


@pytest.fixture(scope="module")
def live(new_bookonce: NewBookonce) -> LiveBookonce:
    return new_bookonce()


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def page(browser: Browser, live: LiveBookonce, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page of the look, with scripts and without."""
    page = walk.new_desktop(browser, scripts=request.param)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    walk.sign_in(page, live.base_url)
    page.goto(f"{live.base_url}/app/calendars/{live.owner['calendar']['id']}/look/")
    yield page
    page.context.close()
    assert not faults


def logo() -> FilePayload:
    written = io.BytesIO()
    PIL.Image.new("RGB", (400, 100), "teal").save(written, "PNG")
    return {"name": "logo.png", "mimeType": "image/png", "buffer": written.getvalue()}


def violations(page: Page, state: str, options: dict[str, Any]) -> list[str]:
    """What axe finds on the page, in light and in dark."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for broken in Axe().run(page, options=options).response["violations"]:
            where = "; ".join(str(node["target"]) for node in broken["nodes"])
            found.append(f"{state}, {scheme}: {broken['id']}: {where}")
    return found


def test_the_preview_follows_the_form(page: Page, request: pytest.FixtureRequest) -> None:
    scripts = "no-scripts" not in request.node.name
    frame = page.frame_locator("iframe")
    expect(frame.locator("h1")).to_have_text("30 minute meeting")
    page.locator("[name=background]").fill("101c2e")
    page.locator("[name=hides_details]").check()
    page.locator("[name=logo]").set_input_files(logo())
    page.get_by_text("Dark", exact=True).last.click()
    if not scripts:
        page.get_by_role("button", name="Preview").click()
    expect(frame.locator("html")).to_have_attribute("data-theme", "dark")
    expect(frame.locator("body")).to_have_css("background-color", "rgb(16, 28, 46)")
    expect(frame.locator("img.logo")).to_have_js_property("naturalWidth", 320)
    expect(frame.locator(".facts")).to_have_count(0)
    expect(frame.locator(".guest")).to_have_attribute("inert", "")
    words = page.locator("look-preview > .look-said") if scripts else frame.locator(".look-said")
    expect(words).to_contain_text("Text on the background: 1")
    if scripts:
        page.get_by_text("Booking it").click()
        page.locator("[name=button_text]").fill("Count me in")
        expect(frame.get_by_text("Count me in")).to_have_count(1)
        page.locator("[name=background]").fill("777777")
        expect(words).to_contain_text("Choose a lighter or a darker one.")
        assert violations(page, "look", ALL) == []
        expect(page.get_by_label("Choose the background")).to_have_value("#777777")


def test_pages_in_any_colours_can_be_read(browser: Browser, live: LiveBookonce) -> None:
    guest, found = walk.new_desktop(browser), []
    calendar = live.owner["calendar"]
    for number, look in enumerate(LOOKS):
        live.call("PATCH", f"calendars/{calendar['id']}", {"look": look})
        walk.open_link(guest, f"{live.base_url}/alice/{calendar['slug']}")
        found += violations(guest, f"choosing, look {number}", OF_COLOURS)
        walk.take_first_time(guest)
        found += violations(guest, f"the form, look {number}", OF_COLOURS)
    guest.context.close()
    assert found == []
