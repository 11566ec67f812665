"""The steps of the main job in a browser, for the owner and the guest; with scripts and without."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.live import OWNER

PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
LINK = re.compile(r"/o/[a-z2-7]{32}$")
BOOKED = re.compile("^You are booked with")
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
PATIENCE = 10_000  # milliseconds


def new_phone(
    browser: Browser, *, zone: str = "America/New_York", scripts: bool = True, **options: Any
) -> Page:
    """A page in a context of its own: another person, on a phone."""
    touch = {"has_touch": True, "is_mobile": True}
    return _new_page(browser, PHONE, zone, f"{AGENT} Mobile", scripts=scripts, **touch, **options)


def new_desktop(
    browser: Browser, *, zone: str = "Europe/Berlin", scripts: bool = True, **options: Any
) -> Page:
    """A page in a context of its own, at a desk."""
    return _new_page(browser, DESKTOP, zone, AGENT, scripts=scripts, **options)


def _new_page(
    browser: Browser, size: ViewportSize, zone: str, agent: str, *, scripts: bool, **options: Any
) -> Page:
    context = browser.new_context(
        viewport=size,
        timezone_id=zone,
        locale="en-GB",
        user_agent=agent,
        java_script_enabled=scripts,
        **options,
    )
    context.set_default_timeout(PATIENCE)
    return context.new_page()


def sign_in(page: Page, base_url: str, *, email: str = OWNER["email"], password: str = "") -> None:
    """Sign the owner in; ends on the list of calendars."""
    page.goto(f"{base_url}/app/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password or OWNER["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Calendars")).to_be_visible()


def open_share(page: Page, calendar: str = "30 minute meeting") -> None:
    """From the list of calendars: three-dot menu, Share."""
    page.locator("summary", has_text=f"More for {calendar}").click()
    page.locator(".menu-item:visible", has_text="Share").click()
    expect(page.get_by_role("heading", name="Share", exact=True)).to_be_visible()


def open_link(page: Page, url: str) -> None:
    """Open a guest's page, and let it take the browser's zone."""
    page.goto(url)
    expect(page.locator("main.busy")).to_have_count(0)


def choose_a_time(page: Page) -> str:
    """Choose the last day on show and its first time; returns the start. Ends on the form."""
    page.locator("a.day").last.click()
    expect(page.locator("a.day").last).to_have_attribute("aria-current", "true")
    return take_first_time(page)


def take_first_time(page: Page) -> str:
    """Choose the first time of the day on show; returns the start."""
    first = page.locator(".time").first
    first.locator("label").click()
    start: str = first.locator("input").input_value()
    first.get_by_role("button", name="Continue").click()
    return start


def fill_in(page: Page, *, name: str = "Sam Carter", email: str = "sam@example.org") -> None:
    """The form, and the button that books."""
    expect(page.get_by_role("heading", name="Your details")).to_be_visible()
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail", exact=True).fill(email)
    page.get_by_role("button", name="Book this time").click()


def book(page: Page, url: str, **details: str) -> str:
    """Open the link, choose a time, fill in, book; returns the start. Ends on the confirmation."""
    open_link(page, url)
    start = choose_a_time(page)
    fill_in(page, **details)
    expect(page.get_by_role("heading", name=BOOKED)).to_be_visible()
    return start


def book_as_known(page: Page, url: str) -> None:
    """Book the first time of a link that knows its recipient: choose, confirm."""
    open_link(page, url)
    take_first_time(page)
    page.get_by_role("button", name="Book this time").click()
    expect(page.get_by_role("heading", name=BOOKED)).to_be_visible()
