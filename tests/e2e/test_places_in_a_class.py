"""Two places in a class, booked on a phone; with scripts and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e import walk
from tests.live import LiveBookonce, NewBookonce

SEATS = 4


@pytest.fixture
def live(new_bookonce: NewBookonce) -> LiveBookonce:
    return new_bookonce()


def make_class(live: LiveBookonce) -> str:
    """A class; returns the address of its scheduling link."""
    settings = {"name": "Yoga", "durations": [60], "kind": "class", "seats": SEATS, "shows_seats_left": True}
    return str(live.call("POST", "calendars", settings)["scheduling_link"])


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_two_places_are_chosen_booked_and_missing_for_others(
    live: LiveBookonce, browser: Browser, *, scripts: bool
) -> None:
    url, faults = make_class(live), []
    page = walk.new_phone(browser, zone="Europe/Berlin", scripts=scripts)
    page.on("pageerror", lambda error: faults.append(str(error)))
    walk.open_link(page, url)
    expect(page.get_by_text(f"{SEATS} places left").first).to_be_visible()
    page.get_by_label("Places", exact=True).select_option("2")
    if not scripts:
        page.get_by_role("button", name="Show times").click()
    page.wait_for_url("**party=2**")
    start = walk.choose_a_time(page)
    expect(page.locator(".booker-what").get_by_text("2 places")).to_be_visible()
    walk.fill_in(page)
    expect(page.get_by_role("heading", name=walk.BOOKED)).to_be_visible()
    expect(page.get_by_text("2 places")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    other = walk.new_phone(browser, zone="Europe/Berlin", scripts=scripts)
    walk.open_link(other, f"{url}?day={start[:10]}")
    same = other.locator(".time", has=other.locator(f'input[value="{start}"]'))
    expect(same.get_by_text("2 places left")).to_be_visible()
    walk.open_link(other, f"{url}?day={start[:10]}&party=3")
    expect(other.locator(f'input[value="{start}"]')).to_have_count(0)
    assert not faults
