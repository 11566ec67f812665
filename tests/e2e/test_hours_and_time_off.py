"""Hours and time off in a browser: nights are told while one types, days off are taken and given back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from bookonce.lib import clock
from tests.e2e import walk
from tests.live import LiveBookonce, NewBookonce


@pytest.fixture(scope="module")
def live(new_bookonce: NewBookonce) -> LiveBookonce:
    return new_bookonce()


@pytest.fixture
def page(browser: Browser, live: LiveBookonce) -> Iterator[Page]:
    page = walk.new_desktop(browser)
    walk.sign_in(page, live.base_url)
    yield page
    page.context.close()


def test_a_night_is_told_while_one_types_and_after_saving(page: Page, live: LiveBookonce) -> None:
    page.goto(f"{live.base_url}/app/schedules/new/")
    page.get_by_role("textbox", name="Name").fill("Nights")
    hint = page.get_by_role("group", name="Monday").locator(".hours-night")
    expect(hint).to_be_hidden()
    page.get_by_label("Monday, from").fill("22:00")
    page.get_by_label("Monday, to").fill("02:30")
    expect(hint).to_have_text("until 02:30 the next day, 4 h 30 min")
    page.get_by_label("Monday, to").fill("00:00")
    expect(hint).to_be_hidden()
    page.get_by_label("Monday, to").fill("02:00")
    page.get_by_role("button", name="Save hours").last.click()
    page.get_by_role("link", name="Nights", exact=True).click()
    expect(page.get_by_label("Monday, to")).to_have_value("02:00")
    expect(hint).to_have_text("until 02:00 the next day, 4 h")


def test_days_off_are_taken_given_back_and_taken_again(page: Page, live: LiveBookonce) -> None:
    page.goto(f"{live.base_url}/app/time-off/")
    away = page.get_by_role("region", name="Out of office")
    away.get_by_label("First day").fill((clock.now() + timedelta(days=30)).date().isoformat())
    away.get_by_role("button", name="Add time off").click()
    expect(away.get_by_role("listitem")).to_have_count(1)
    away.get_by_role("button", name="Remove these days").click()
    expect(away.get_by_role("listitem")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(away.get_by_role("listitem")).to_have_count(1)
