"""In Chromium: a calendar within pages of other origins, one that it allows and one that it does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.e2e import walk
from tests.e2e.foreign_site import ForeignSite, foreign_site
from tests.live import LiveBookonce, NewBookonce

LISTEN = """
window.heard = [];
const types = ["ready", "date_selected", "time_selected", "booked", "rescheduled", "cancelled", "closed"];
for (const type of types) {
  document.addEventListener(`bookonce:${type}`, (event) => heard.push([type, event.detail]));
}
"""
FRAME = "#here iframe"
PLAIN_LINK = "Book: half an hour with Olga"


@pytest.fixture(scope="module")
def live(new_bookonce: NewBookonce) -> LiveBookonce:
    return new_bookonce()


@pytest.fixture(scope="module")
def allowed() -> Iterator[ForeignSite]:
    with foreign_site() as site:
        yield site


@pytest.fixture(scope="module")
def stranger() -> Iterator[ForeignSite]:
    with foreign_site() as site:
        yield site


@pytest.fixture(scope="module")
def calendar(live: LiveBookonce, allowed: ForeignSite) -> dict[str, Any]:
    settings = {"embed_origins": [allowed.origin]}
    return live.call("PATCH", f"calendars/{live.owner['calendar']['id']}", settings)


def visit(page: Page, site: ForeignSite) -> FrameLocator:
    """Open the site; returns what is in the frame, and notes what the page hears."""
    page.add_init_script(LISTEN)
    page.goto(site.origin)
    return page.frame_locator(FRAME)


def book_in(frame: FrameLocator, email: str) -> str:
    """Choose the first time of the last day on show, fill in, book; returns the start."""
    frame.locator("a.day").last.click()
    expect(frame.locator("a.day").last).to_have_attribute("aria-current", "true")
    first = frame.locator(".time").first
    first.locator("label").click()
    start = first.locator("input").input_value()
    first.get_by_role("button", name="Continue").click()
    frame.get_by_label("Your name", exact=True).fill("Sam Carter")
    frame.get_by_label("E-mail", exact=True).fill(email)
    frame.get_by_role("button", name="Book this time").click()
    expect(frame.get_by_role("heading", name=walk.BOOKED)).to_be_visible()
    return start


def heard(page: Page) -> dict[str, Any]:
    return dict(page.evaluate("heard"))


def test_a_guest_books_within_the_page(
    browser: Browser, live: LiveBookonce, calendar: dict[str, Any], allowed: ForeignSite
) -> None:
    allowed.show(live.base_url, calendar["permanent_link"], further='data-name="Sam" data-theme="dark"')
    page = walk.new_desktop(browser)
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    frame = visit(page, allowed)
    expect(frame.get_by_role("heading", name="30 minute meeting")).to_be_visible()
    expect(page.get_by_role("link", name=PLAIN_LINK)).to_be_hidden()
    expect(frame.locator("html")).to_have_attribute("data-theme", "dark")
    box, inner = page.locator(FRAME).bounding_box(), frame.locator("html").bounding_box()
    assert box
    assert inner
    assert abs(box["height"] - inner["height"]) <= 1, "as high as what it shows"
    start = book_in(frame, "inline@example.org")
    told = heard(page)
    assert list(told) == ["ready", "date_selected", "time_selected", "booked"]
    assert set(told["booked"]) == {"id", "start", "end", "status"}
    assert told["time_selected"]["start"] == start

    assert told["booked"]["id"].startswith("bkg_")
    frame.get_by_role("link", name="Cancel appointment").click()
    frame.get_by_role("button", name="Cancel appointment").click()
    expect(frame.get_by_role("heading", name="This appointment is cancelled")).to_be_visible()
    assert heard(page)["cancelled"] == {"id": told["booked"]["id"]}
    assert faults == []
    page.context.close()


def test_a_guest_books_by_keyboard_in_a_window_above_the_page(
    browser: Browser, live: LiveBookonce, calendar: dict[str, Any], allowed: ForeignSite
) -> None:
    allowed.show(live.base_url, calendar["permanent_link"], mode="popup")
    page = walk.new_desktop(browser)
    frame = visit(page, allowed)
    opener = page.get_by_role("button", name=PLAIN_LINK)
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert page.evaluate("document.documentElement.style.overflow") == "hidden"
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    frame = page.frame_locator("dialog iframe")
    expect(frame.locator(".time").first).to_be_visible()
    for _step in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('dialog, body').nodeName") in ("DIALOG", "BODY")
        assert not page.evaluate("document.activeElement === document.querySelector('#here a')")
    frame.locator(".time input").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    frame.get_by_label("Your name", exact=True).fill("Sam Carter")
    frame.get_by_label("E-mail", exact=True).fill("popup@example.org")
    page.keyboard.press("Enter")
    expect(frame.get_by_role("heading", name=walk.BOOKED)).to_be_visible()
    frame.locator("main").focus()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    page.wait_for_function("document.documentElement.style.overflow === ''")  # a window tells its end later
    assert {"booked", "closed"} <= set(heard(page))
    page.context.close()


def test_another_site_shows_the_link_and_nothing_else(
    browser: Browser, live: LiveBookonce, calendar: dict[str, Any], stranger: ForeignSite
) -> None:
    stranger.show(live.base_url, calendar["permanent_link"])
    page = walk.new_desktop(browser)
    visit(page, stranger)
    expect(page.locator("#here")).to_have_attribute("aria-busy", "false")
    expect(page.get_by_role("link", name=PLAIN_LINK)).to_be_visible()
    expect(page.locator(FRAME)).to_be_hidden()
    assert all(frame.query_selector("main") is None for frame in page.frames[1:])
    assert heard(page) == {}
    page.get_by_role("link", name=PLAIN_LINK).click()
    expect(page.get_by_role("heading", name="30 minute meeting")).to_be_visible()
    page.context.close()


def test_messages_from_elsewhere_are_not_heard(
    browser: Browser,
    live: LiveBookonce,
    calendar: dict[str, Any],
    allowed: ForeignSite,
    stranger: ForeignSite,
) -> None:
    allowed.show(live.base_url, calendar["permanent_link"])
    stranger.page = "<p>Stranger</p>"
    allowed.policy += f" {stranger.origin}"
    page = walk.new_desktop(browser)
    frame = visit(page, allowed)
    expect(frame.locator(".time").first).to_be_visible()
    page.evaluate("Bookonce.theme('dark')")
    expect(frame.locator("html")).to_have_attribute("data-theme", "dark")
    # To the frame itself: a window that is not around it says something.
    frame.locator("html").evaluate(
        "() => postMessage({source: 'bookonce', type: 'theme', theme: 'light'}, '*')"
    )
    page.wait_for_timeout(200)
    expect(frame.locator("html")).to_have_attribute("data-theme", "dark")
    # To the page: it says so to itself; another frame does; the right frame does, at another origin.
    forged = "postMessage({source: 'bookonce', type: 'booked', id: 'bkg_forged'}, '*')"
    page.evaluate(forged)
    page.evaluate("document.body.append(document.createElement('iframe'))")
    page.frames[-1].evaluate(f"() => parent.{forged}")
    page.evaluate("(origin) => { document.querySelector('#here iframe').src = origin }", stranger.origin)
    expect(frame.locator("p")).to_have_text("Stranger")
    frame.locator("p").evaluate(f"() => parent.{forged}")
    page.wait_for_timeout(200)
    assert "booked" not in heard(page)
    expect(page.get_by_role("link", name=PLAIN_LINK)).to_be_visible()
    page.context.close()


def test_a_guest_books_while_the_browser_keeps_no_storage_for_frames(
    browser: Browser, live: LiveBookonce, allowed: ForeignSite
) -> None:
    """A private window of Chromium blocks it, as other browsers always do: said first, to stay so.

    The calendar asks for a proof of work, too, whose worker has to start within the frame.
    """
    settings = {"name": "30 minute meeting", "durations": [30], "proof_of_work": True}
    proving = live.call("POST", "calendars", settings | {"embed_origins": [allowed.origin]})
    allowed.show(live.base_url, proving["permanent_link"])
    page = walk.new_desktop(browser)
    frame = visit(page, allowed)
    expect(frame.locator(".time").first).to_be_visible()
    kept = "() => { try { return String(localStorage) } catch (error) { return error.name } }"
    assert frame.locator("html").evaluate(kept) == "SecurityError"
    book_in(frame, "blocked@example.org")
    assert "booked" in heard(page)
    assert page.context.cookies() == []
    page.context.close()


def test_without_scripts_there_is_a_link(
    browser: Browser, live: LiveBookonce, calendar: dict[str, Any], allowed: ForeignSite
) -> None:
    allowed.show(live.base_url, calendar["permanent_link"], mode="floating")
    page = walk.new_desktop(browser, scripts=False)
    page.goto(allowed.origin)
    assert page.locator("iframe").count() == 0
    page.get_by_role("link", name=PLAIN_LINK).click()
    expect(page.get_by_role("heading", name="30 minute meeting")).to_be_visible()
    page.context.close()
