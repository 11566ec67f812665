"""The owner makes a team's calendar in a browser, with scripts and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import walk
from tests.e2e.inspector import Inspector
from tests.e2e.test_pages_are_accessible import inspector
from tests.live import OWNER, LiveBookonce, NewBookonce

__all__ = ["inspector"]  # a fixture


@pytest.fixture(scope="module")
def live(new_bookonce: NewBookonce, browser: Browser) -> LiveBookonce:
    """An installation whose owner is joined by Rosa."""
    live = new_bookonce()
    owner, new = walk.new_desktop(browser), walk.new_desktop(browser)
    walk.sign_in(owner, live.base_url)
    owner.goto(f"{live.base_url}/app/settings/team/")
    owner.get_by_label("E-mail").fill("rosa@example.org")
    owner.get_by_role("button", name="Invite").click()
    new.goto(owner.get_by_label("Link to join").input_value())
    new.get_by_label("Your name").fill("Rosa")
    new.get_by_label("Password").fill(OWNER["password"])
    new.get_by_role("button", name="Join").click()
    expect(new.get_by_text("Welcome to")).to_be_visible()
    return live


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def page(live: LiveBookonce, browser: Browser, request: pytest.FixtureRequest) -> Page:
    """The page of a new calendar, with a name."""
    page = walk.new_desktop(browser, scripts=request.param)
    walk.sign_in(page, live.base_url)
    page.goto(f"{live.base_url}/app/calendars/new/")
    page.get_by_label("Name", exact=True).fill("Team call")
    return page


def save(page: Page) -> None:
    page.get_by_role("button", name="Create calendar").last.click()
    expect(page.get_by_role("heading", name="Team call")).to_be_visible()


def test_a_round_robin_is_made_of_two(page: Page) -> None:
    expect(page.get_by_label("Round robin")).to_be_hidden()
    expect(page.get_by_role("button", name="Add host")).to_be_hidden()
    page.locator("#kind_fold summary").click()
    page.get_by_label("Round robin").check()
    page.get_by_label("Equally").check()
    page.get_by_role("button", name="Add host").click()
    expect(page.locator(".host-row")).to_have_count(2)
    expect(page.get_by_label("Name", exact=True)).to_have_value("Team call")
    expect(page.get_by_label("Round robin")).to_be_checked()
    page.get_by_label("Weight", exact=True).nth(1).fill("3")
    page.get_by_role("button", name="Move Rosa up").click()
    expect(page.locator(".host-name").first).to_have_text("Rosa")
    save(page)
    expect(page.locator(".host-name")).to_have_text(["Rosa", OWNER["name"]])
    expect(page.get_by_label("Weight", exact=True).first).to_have_value("3")


def test_a_one_on_one_is_given_to_somebody_else(page: Page) -> None:
    page.get_by_role("button", name="Change host").click()
    expect(page.locator(".host-name")).to_have_text(["Rosa"])
    save(page)
    expect(page.locator(".host-name")).to_have_text(["Rosa"])


def test_seats_show_for_a_class_only(page: Page) -> None:
    page.locator("#kind_fold summary").click()
    expect(page.get_by_label("Seats", exact=True)).to_be_hidden()
    page.get_by_label("Class").check()
    page.get_by_label("Seats", exact=True).fill("12")
    save(page)
    page.locator("#kind_fold summary").click()
    expect(page.get_by_label("Seats", exact=True)).to_have_value("12")


def test_what_is_wrong_in_a_fold_is_in_sight(page: Page) -> None:
    page.locator("#limits_fold summary").click()
    page.get_by_label("Look busy").fill("120")
    page.get_by_role("button", name="Create calendar").last.click()
    expect(page.get_by_text("There is one thing to mend")).to_be_visible()
    expect(page.locator("#id_look_busy_error")).to_be_visible()


def test_all_of_it_is_accessible_and_fits_a_phone(
    live: LiveBookonce, browser: Browser, inspector: Inspector
) -> None:
    page = walk.new_desktop(browser)
    walk.sign_in(page, live.base_url)
    page.goto(f"{live.base_url}/app/calendars/new/")
    for fold in page.locator("details.fold").all():
        fold.evaluate("fold => fold.open = true")
    for kind in ("Collective", "Class", "Round robin"):
        page.get_by_label(kind).check()
        inspector.look(page, f"a new {kind.lower()}")
    page.get_by_label("Equally").check()
    page.get_by_role("button", name="Add host").click()
    expect(page.locator(".host-row")).to_have_count(2)
    inspector.look(page, "two hosts with weights")
    page.get_by_label("Weight", exact=True).first.fill("none")
    page.get_by_label("Look busy").fill("120")
    page.get_by_role("button", name="Create calendar").last.click()
    expect(page.get_by_text("There are 3 things to mend")).to_be_visible()
    inspector.look(page, "wrong hosts and limits")
