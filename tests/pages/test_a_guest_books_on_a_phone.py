"""In Chromium at phone size, with scripts and without: choose, fill in, done; then the link has expired."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.live import LiveBookonce

PHONE: ViewportSize = {"width": 360, "height": 740}


def new_link(live: LiveBookonce) -> str:
    made = live.run("link", "new", live.owner["calendar"]["slug"], "--json")
    url: str = json.loads(made.stdout)["url"]
    return url


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def phone(browser: Browser, *, scripts: bool) -> Iterator[Page]:
    context = browser.new_context(
        viewport=PHONE,
        has_touch=True,
        java_script_enabled=scripts,
        timezone_id="America/New_York",
        locale="en-US",
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert not faults


def choose_a_time(page: Page) -> str:
    """Choose the last day on show and its first time; returns the start."""
    page.locator("a.day").last.click()
    expect(page.locator("a.day").last).to_have_attribute("aria-current", "true")
    first = page.locator(".time").first
    first.locator("label").click()
    start: str = first.locator("input").input_value()
    first.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Your details")).to_be_visible()
    return start


def test_a_booking_from_link_to_expired_link(
    browser: Browser, live_bookonce: LiveBookonce, phone: Page, *, scripts: bool
) -> None:
    url = new_link(live_bookonce)
    phone.goto(url)
    if scripts:  # the browser's zone, and twice twelve hours
        expect(phone.locator("#zone")).to_contain_text("New York")
        expect(phone.locator(".time time").first).to_have_text(re.compile("[ap]m$", re.IGNORECASE))
    else:
        expect(phone.locator("#zone")).to_contain_text("Berlin")
    start = choose_a_time(phone)
    assert start.endswith(("-05:00", "-04:00")) is scripts
    phone.get_by_role("button", name="Book this time").click()
    expect(phone.get_by_text("things to mend")).to_be_visible()
    phone.get_by_label("Your name").fill("Gina Guest")
    phone.get_by_label("E-mail", exact=True).fill("gina@example.org")
    phone.get_by_role("button", name="Book this time").click()
    expect(
        phone.get_by_role("heading", name=re.compile("^You are booked with Alice Owner on"))
    ).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"] if scripts else True
    phone.goto(url)
    expect(phone.get_by_role("heading", name=re.compile("^You are booked"))).to_be_visible()
    stranger = browser.new_context(viewport=PHONE).new_page()
    stranger.goto(url)
    expect(stranger.get_by_role("heading", name="This link has expired")).to_be_visible()
    expect(stranger.get_by_text("Contact Alice Owner for a new one")).to_be_visible()
    stranger.context.close()


def test_months_days_and_the_way_back(live_bookonce: LiveBookonce, phone: Page) -> None:
    phone.goto(new_link(live_bookonce))
    here = phone.locator("#month").inner_text()
    phone.locator("#later").click()
    expect(phone.locator("#month")).not_to_have_text(here)
    choose_a_time(phone)
    phone.go_back()
    expect(phone.locator("#month")).not_to_have_text(here)
    phone.go_back()
    phone.go_back()
    expect(phone.locator("#month")).to_have_text(here)


def test_a_click_too_many_books_once(live_bookonce: LiveBookonce, phone: Page) -> None:
    phone.goto(new_link(live_bookonce))
    choose_a_time(phone)
    phone.get_by_label("Your name").fill("Gina Guest")
    phone.get_by_label("E-mail", exact=True).fill("twice@example.org")
    phone.get_by_role("button", name="Book this time").dblclick()
    expect(phone.get_by_role("heading", name=re.compile("^You are booked"))).to_be_visible()
    assert "booked=1" in phone.url


def test_a_browser_that_only_looks_uses_nothing_up(live_bookonce: LiveBookonce, phone: Page) -> None:
    url = new_link(live_bookonce)
    for _ in range(3):
        phone.goto(url)
        phone.wait_for_timeout(500)
        phone.reload()
    expect(phone.locator(".time").first).to_be_visible()
