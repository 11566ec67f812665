"""On a phone: from the list of calendars to the share sheet in at most three taps; installable."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserType, Page, expect

from tests.e2e import walk
from tests.live import LiveBookonce, NewBookonce

# A phone's share sheet, which headless Chromium does not have; it notes what it was given.
SHARE_SHEET = """
window.shared = [];
navigator.share = (what) => { window.shared.push(what); return Promise.resolve(); };
"""
TAPS = (
    "window.taps = 0; addEventListener('click', (event) => { if (event.isTrusted) window.taps += 1; }, true);"
)
ONE_TIME = re.compile(r"/o/[a-z2-7]{32}$")


@pytest.fixture(scope="module")
def live(new_bookonce: NewBookonce) -> LiveBookonce:
    return new_bookonce()


@pytest.fixture
def phone(browser: Browser, live: LiveBookonce) -> Iterator[Page]:
    page = walk.new_phone(browser)
    page.add_init_script(SHARE_SHEET + TAPS)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    walk.sign_in(page, live.base_url)
    page.goto(f"{live.base_url}/app/calendars/")
    yield page
    page.context.close()
    assert not faults


def test_two_taps_to_the_share_sheet(phone: Page) -> None:
    phone.get_by_role("link", name="Share 30 minute meeting").tap()
    dialog = phone.get_by_role("dialog")
    expect(dialog.get_by_role("tab", name="One Time Link")).to_have_attribute("aria-selected", "true")
    link = dialog.get_by_label("One-time link")
    expect(link).to_have_value(ONE_TIME)
    dialog.get_by_role("button", name="Share").tap()
    [shared] = phone.evaluate("shared")
    assert (shared["url"], shared["title"]) == (link.input_value(), "30 minute meeting")
    assert phone.evaluate("taps") == 2, "PRODUCT allows three"


def test_three_taps_to_another_kind_of_link(phone: Page) -> None:
    phone.get_by_role("link", name="Share 30 minute meeting").tap()
    phone.get_by_role("tab", name="Scheduling Link").tap()
    phone.get_by_role("dialog").get_by_role("button", name="Share").tap()
    assert phone.evaluate("shared")[0]["url"].endswith("/alice/30min")
    assert phone.evaluate("taps") == 3


def test_what_was_shared_is_not_handed_out_again(phone: Page) -> None:
    links = []
    for _opening in range(2):
        phone.get_by_role("link", name="Share 30 minute meeting").tap()
        dialog = phone.get_by_role("dialog")
        expect(dialog.get_by_label("One-time link")).to_have_value(ONE_TIME)
        links.append(dialog.get_by_label("One-time link").input_value())
        dialog.get_by_role("button", name="Share").tap()
        dialog.get_by_role("link", name="Close").tap()
    assert links[0] != links[1]


def test_the_dialog_is_a_sheet_at_the_bottom(phone: Page) -> None:
    phone.get_by_role("link", name="Share 30 minute meeting").tap()
    dialog = phone.get_by_role("dialog")
    expect(dialog.get_by_label("One-time link")).to_be_visible()
    dialog.evaluate("it => Promise.all(it.getAnimations().map(one => one.finished))")  # it slides in
    box = dialog.bounding_box()
    assert box
    assert (box["x"], box["width"]) == (0, 360)
    assert round(box["y"] + box["height"]) == 740
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    for button in ("Copy", "Share"):
        size = dialog.get_by_role("button", name=button, exact=True).bounding_box()
        assert size
        assert size["height"] >= 44, "large enough for a thumb"


def test_the_message_goes_to_the_share_sheet(phone: Page) -> None:
    phone.get_by_role("link", name="Share 30 minute meeting").tap()
    dialog = phone.get_by_role("dialog")
    expect(dialog.get_by_label("One-time link")).to_have_value(ONE_TIME)
    dialog.get_by_role("link", name="Copy as message").tap()
    expect(dialog.get_by_role("heading", name="Copy as message")).to_be_visible()
    dialog.get_by_role("button", name="Share").tap()
    shared = phone.evaluate("shared")[0]
    assert "Which of these times suits you?" in shared["text"]
    assert shared["text"].count("start=") == 4


def test_a_desk_without_a_share_sheet_has_no_such_button(browser: Browser, live: LiveBookonce) -> None:
    page = walk.new_desktop(browser)
    walk.sign_in(page, live.base_url)
    page.get_by_role("link", name="Share 30 minute meeting").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("One-time link")).to_have_value(ONE_TIME)
    expect(dialog.get_by_role("button", name="Share")).to_have_count(0)
    page.context.close()


def test_the_owners_pages_can_be_installed(
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, object],
    live: LiveBookonce,
    tmp_path: Path,
) -> None:
    """By Chromium's own criteria; a window without history, as tests use, never offers it."""
    context = browser_type.launch_persistent_context(str(tmp_path), **browser_type_launch_args)  # type: ignore[arg-type]
    page = context.new_page()
    walk.sign_in(page, live.base_url)
    chromium = context.new_cdp_session(page)
    manifest = chromium.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert json.loads(manifest["data"])["start_url"] == "/app/"
    assert chromium.send("Page.getAppId")["appId"] == f"{live.base_url}/app/"
    assert chromium.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    touch = page.locator('link[rel="apple-touch-icon"]').get_attribute("href")
    assert page.request.get(f"{live.base_url}{touch}").headers["content-type"] == "image/png"
    context.close()
