"""In Chromium: three-dot menu > Share > One Time Link > Copy; by keyboard; and the same with scripts off."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.live import OWNER, LiveBookonce, NewBookonce

LINK = re.compile(r"/o/[a-z2-7]{32}$")
LABELS = ["Scheduling Link", "Permanent Link", "One Time Link", "Embed Code"]


@pytest.fixture(scope="module")
def live(new_bookonce: NewBookonce) -> LiveBookonce:
    return new_bookonce()


def sign_in(context: BrowserContext, live: LiveBookonce) -> Page:
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto(f"{live.base_url}/app/")
    page.get_by_label("E-mail").fill(OWNER["email"])
    page.get_by_label("Password").fill(OWNER["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Calendars")).to_be_visible()
    return page


@pytest.fixture
def page(browser: Browser, live: LiveBookonce) -> Iterator[Page]:
    context = browser.new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live.base_url)
    page = sign_in(context, live)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert not faults


def open_dialog(page: Page) -> None:
    page.locator("summary", has_text="More for 30 minute meeting").click()
    page.locator(".menu-item", has_text="Share").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def shown_link(page: Page) -> str:
    field = page.get_by_label("One-time link")
    expect(field).to_have_value(LINK)
    return field.input_value()


def test_the_link_is_ready_and_copied(page: Page) -> None:
    open_dialog(page)
    assert [tab.inner_text() for tab in page.get_by_role("tab").all()] == LABELS
    page.get_by_role("tab", name="One Time Link").click()
    link = shown_link(page)
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Copy").click()
    expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link
    expect(dialog.get_by_role("button", name="Copy", exact=True)).to_be_visible(timeout=4000)


def test_one_opening_makes_one_link_and_a_copied_one_is_not_handed_out_again(page: Page) -> None:
    made: list[str] = []
    page.on("request", lambda request: made.append(request.url) if request.method == "POST" else None)
    links = []
    for _opening in range(2):
        open_dialog(page)
        page.get_by_role("tab", name="One Time Link").click()
        links.append(shown_link(page))
        page.keyboard.press("Escape")
    assert links[0] == links[1], "nobody has it yet"
    assert len(made) == 1
    open_dialog(page)
    page.get_by_role("tab", name="One Time Link").click()
    shown_link(page)
    page.get_by_role("dialog").get_by_role("button", name="Copy").click()
    page.keyboard.press("Escape")
    open_dialog(page)
    page.get_by_role("tab", name="One Time Link").click()
    assert shown_link(page) != links[0]
    assert len(made) == 2


def test_generating_keeps_the_earlier_link_active(page: Page) -> None:
    open_dialog(page)
    page.get_by_role("tab", name="One Time Link").click()
    first = shown_link(page)
    page.get_by_role("button", name="Generate New Link").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("p", has_text="The earlier link still works.")).to_be_visible()
    assert shown_link(page) != first
    expect(page.get_by_role("button", name="Generate New Link")).to_be_focused()
    dialog.get_by_text("Options for the next link").click()
    dialog.get_by_label("Recipient's e-mail").fill("sam")
    dialog.get_by_role("button", name="Generate with these options").click()
    expect(dialog.get_by_label("Recipient's e-mail")).to_be_focused()
    expect(dialog.get_by_label("Recipient's e-mail")).to_have_value("sam")
    dialog.get_by_label("Recipient's e-mail").fill("sam@example.org")
    dialog.get_by_role("button", name="Generate with these options").click()
    expect(dialog.locator(".field-error")).to_have_count(0)


CLIPBOARD = """async () => {
    const [item] = await Navigator.prototype.__lookupGetter__("clipboard").call(navigator).read();
    const text = async (type) => (await item.getType(type)).text();
    return Object.fromEntries(await Promise.all(item.types.map(async (type) => [type, await text(type)])));
}"""


def open_message(page: Page) -> str:
    open_dialog(page)
    page.get_by_role("tab", name="One Time Link").click()
    link = shown_link(page)
    page.get_by_role("dialog").get_by_role("link", name="Copy as message").click()
    expect(page.get_by_role("heading", name="Copy as message")).to_be_visible()
    return link


@pytest.mark.parametrize("way", ["clipboard", "selection"])
def test_a_message_is_copied_for_a_mail_and_as_text(page: Page, way: str) -> None:
    if way == "selection":  # what is left on plain-http addresses of a LAN
        page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    link = open_message(page)
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Copy for a mail").click()
    expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate(CLIPBOARD)
    assert copied["text/plain"].count(f"{link}?start=") == 4
    assert copied["text/html"].count("<li><a href=") == 4
    assert "target=" not in copied["text/html"]
    expect(dialog.get_by_role("button", name="Copied")).to_have_count(0)
    dialog.get_by_role("button", name="Copy text").click()
    expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
    again = page.evaluate(CLIPBOARD)
    assert again == {"text/plain": copied["text/plain"]}


def test_a_message_changes_in_place_and_leads_back(page: Page) -> None:
    link = open_message(page)
    dialog = page.get_by_role("dialog")
    times = dialog.locator(".message-preview li")
    expect(times).to_have_count(4)
    dialog.get_by_label("Proposed times").focus()
    dialog.get_by_label("Proposed times").select_option("6")
    expect(times).to_have_count(6)
    expect(dialog.get_by_label("Proposed times")).to_be_focused()
    dialog.get_by_label("Recipient's time zone").select_option("America/New_York")
    expect(dialog.get_by_label("Preview")).to_contain_text("New York time")
    expect(times).to_have_count(6)
    dialog.get_by_role("link", name="Share").click()
    expect(page.get_by_role("heading", name="Share", exact=True)).to_be_visible()
    assert shown_link(page) == link
    page.keyboard.press("Escape")
    open_dialog(page)
    page.get_by_role("tab", name="One Time Link").click()
    assert shown_link(page) != link, "it may be on its way to somebody"


def test_a_message_from_the_list_of_links(page: Page, live: LiveBookonce) -> None:
    open_dialog(page)
    page.get_by_role("tab", name="One Time Link").click()
    link = shown_link(page)
    page.goto(f"{live.base_url}/app/links/")
    page.locator("summary", has_text="More for").first.click()
    page.locator(".menu-item:visible", has_text="Copy as message").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".message-preview li")).to_have_count(4)
    expect(dialog.locator(".message-preview a").first).to_have_attribute("href", re.compile(re.escape(link)))


def test_the_address_is_checked_while_typing_and_changed_in_the_dialog(page: Page) -> None:
    open_dialog(page)
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Change the address").click()
    field = dialog.get_by_label("Last part of the address")
    field.fill("Not Free")
    expect(dialog.get_by_text("Use lower-case letters")).to_be_visible()
    field.fill("half-an-hour")
    expect(dialog.get_by_text("This address is free.")).to_be_visible()
    dialog.get_by_role("button", name="Save address").click()
    expect(dialog.get_by_label("Scheduling link", exact=True)).to_have_value(re.compile(r"/half-an-hour$"))


def test_by_keyboard_alone(page: Page) -> None:
    menu = page.locator("summary", has_text="More for 30 minute meeting")
    menu.focus()
    page.keyboard.press("ArrowDown")
    share = page.locator(".menu-item", has_text="Share")
    expect(share).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("tab", name="Scheduling Link").focus()
    for _right in range(2):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="One Time Link")).to_be_focused()
    shown_link(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("dialog").get_by_role("button", name="Copy")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_without_scripts(browser: Browser, live: LiveBookonce) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = sign_in(context, live)
    page.locator("summary", has_text="More for 30 minute meeting").click()
    page.locator(".menu-item", has_text="Share").click()
    expect(page.get_by_role("heading", name="Share")).to_be_visible()
    page.get_by_role("button", name="One Time Link").click()
    first = shown_link(page)
    expect(page.get_by_text("Works for one booking, then expires.")).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)
    page.reload()
    assert shown_link(page) == first
    page.get_by_role("button", name="Generate New Link").click()
    assert shown_link(page) != first
    expect(page.get_by_text("The earlier link still works.")).to_be_visible()
    page.get_by_role("link", name="Copy as message").first.click()
    expect(page.get_by_label("Preview")).to_contain_text("Which of these times suits you?")
    page.get_by_label("Proposed times").select_option("3")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".message-preview li")).to_have_count(3)
    page.get_by_text("Plain text").click()
    expect(page.get_by_label("Plain text", exact=True)).to_have_value(re.compile(r"start="))
    page.get_by_role("link", name="Share").click()
    page.get_by_role("link", name="Permanent Link").click()
    expect(page.get_by_label("Permanent link", exact=True)).to_be_visible()
    context.close()
