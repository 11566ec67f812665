"""The time zone is found by typing, with the keyboard alone; and a time of the week is booked."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e import walk
from tests.live import LiveBookonce, NewBookonce


@pytest.fixture(scope="module")
def live(new_bookonce: NewBookonce) -> LiveBookonce:
    return new_bookonce()


def test_by_keyboard_from_zone_to_booking(browser: Browser, live: LiveBookonce) -> None:
    url = live.call("POST", "one-time-links", {"calendar": live.owner["calendar"]["id"]})["url"]
    page = walk.new_desktop(browser, zone="Europe/Berlin")
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    walk.open_link(page, f"{url}?view=week&name=Sam+Carter")
    page.locator("#zone").focus()
    page.keyboard.press("Enter")
    search = page.get_by_role("combobox")
    expect(search).to_be_focused()
    page.keyboard.type("sao pau")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#zone")).to_be_focused()
    page.keyboard.press("Enter")
    expect(search).to_be_focused()
    page.keyboard.type("no such city")
    expect(page.get_by_text("No city has this name.")).to_be_visible()
    search.fill("tok")
    expect(page.get_by_role("option").first).to_contain_text("Tokyo")
    expect(page.get_by_role("option").filter(has_text="Vostok").first).to_be_visible()
    search.fill("")
    expect(page.get_by_role("option").first).to_contain_text("Abidjan")
    page.keyboard.type("argentina ush")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#zone")).to_contain_text("Ushuaia")
    expect(page.locator("main.busy")).to_have_count(0)
    expect(page.locator(".week")).to_be_visible()
    first = page.locator(".time").first
    assert first.locator("input").input_value().endswith("-03:00")
    first.locator("input").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(first.get_by_role("button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your name")).to_have_value("Sam Carter")
    page.get_by_label("E-mail", exact=True).fill("sam@example.org")
    page.get_by_role("button", name="Book this time").click()
    expect(page.get_by_role("heading", name=walk.BOOKED)).to_be_visible()
    assert not faults
    page.context.close()


def test_an_address_that_names_a_time_is_read_in_the_guests_own_zone(
    browser: Browser, live: LiveBookonce
) -> None:
    url = live.call("POST", "one-time-links", {"calendar": live.owner["calendar"]["id"]})["url"]
    page = walk.new_phone(browser, zone="America/New_York")
    walk.open_link(page, f"{url}?timezone=UTC")
    start = datetime.fromisoformat(page.locator("input[name=start]").first.input_value())
    page.goto(f"{url}?start={start:%Y-%m-%dT%H:%M:%SZ}&name=Sam+Carter")
    expect(page.locator("main")).to_contain_text("New York time")
    expect(page.get_by_label("Your name")).to_have_value("Sam Carter")
    sent = datetime.fromisoformat(page.locator("form[method=post] input[name=start]").input_value())
    assert sent == start
    assert sent.utcoffset() == start.astimezone(ZoneInfo("America/New_York")).utcoffset()
    expect(page.locator("form[method=post] input[name=timezone]")).to_have_value("America/New_York")
    page.context.close()
