"""In Chromium: the keys of the owner's lists."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.live import OWNER, LiveBookonce, NewBookonce


@pytest.fixture(scope="module")
def live(new_bookonce: NewBookonce) -> LiveBookonce:
    made = new_bookonce()
    for name in ("Rita", "Sam"):
        json.loads(made.run("link", "new", "30min", "--recipient-name", name, "--json").stdout)
    return made


@pytest.fixture
def page(browser: Browser, live: LiveBookonce) -> Iterator[Page]:
    page = browser.new_page()
    page.set_default_timeout(10_000)
    page.goto(f"{live.base_url}/app/")
    page.get_by_label("E-mail").fill(OWNER["email"])
    page.get_by_label("Password").fill(OWNER["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Calendars")).to_be_visible()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    page.close()
    assert not faults


def test_j_and_k_move_enter_opens_and_slash_searches(page: Page, live: LiveBookonce) -> None:
    page.goto(f"{live.base_url}/app/links/")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Sam", exact=True)).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Rita", exact=True)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Sam")).to_be_visible()
    page.goto(f"{live.base_url}/app/links/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("jk?")
    expect(page.get_by_role("searchbox")).to_have_value("jk?")


def test_a_question_mark_lists_the_keys_which_can_be_switched_off(page: Page) -> None:
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    keys.get_by_label("Use these keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="30 minute meeting", exact=True)).not_to_be_focused()
    page.keyboard.press("?")
    keys.get_by_label("Use these keys").check()


def test_ctrl_k_goes_to_a_page_an_action_or_a_row(page: Page) -> None:
    page.keyboard.press("Control+k")
    places = page.get_by_role("dialog", name="Go to")
    for name in ("Links", "New calendar", "30 minute meeting"):
        expect(places.get_by_role("link", name=name, exact=True)).to_be_visible()
    page.keyboard.type("nowhere")
    expect(places.get_by_text("Nothing here has this name")).to_be_visible()
    for _ in "nowhere":
        page.keyboard.press("Backspace")
    page.keyboard.type("APPO")
    expect(places.get_by_role("link")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Appointments", exact=True)).to_be_visible()
    page.keyboard.press("Meta+k")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("dialog").get_by_role("link").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_x_selects_rows_which_are_revoked_in_a_dialog(page: Page, live: LiveBookonce) -> None:
    for name in ("Ada", "Bo", "Cy"):
        live.run("link", "new", "30min", "--recipient-name", name, "--label", "keys")
    page.goto(f"{live.base_url}/app/links/?label=keys")
    bar = page.locator("[data-chosen]")
    expect(bar).to_be_hidden()
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(bar).to_contain_text("2 selected")
    page.get_by_label("Select the link for Bo").focus()
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="Cy", exact=True)).to_be_focused()
    bar.get_by_role("button", name="Revoke").press("Enter")
    dialog = page.get_by_role("dialog", name="Revoke 2 links?")
    expect(dialog).to_contain_text("2 people can then no longer book")
    page.keyboard.press("Escape")
    expect(bar).to_contain_text("2 selected")  # nothing is lost by thinking again
    bar.get_by_role("button", name="Revoke").press("Enter")
    dialog.get_by_role("button", name="Revoke 2 links").press("Enter")
    expect(page.get_by_text("2 links revoked")).to_be_visible()
    assert page.url.endswith("/app/links/?label=keys")
    page.get_by_label("Select all on this page").check()
    expect(bar).to_contain_text("3 selected")
    bar.get_by_role("button", name="Clear").click()
    expect(bar).to_be_hidden()
