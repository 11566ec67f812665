"""Booking, moving and cancelling by keyboard alone, and in the order in which a screen reader reads."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e import walk
from tests.live import LiveBookonce, NewBookonce


@pytest.fixture(scope="module")
def live(new_bookonce: NewBookonce) -> LiveBookonce:
    return new_bookonce()


def new_link(live: LiveBookonce, **options: object) -> str:
    made = live.call("POST", "one-time-links", {"calendar": live.owner["calendar"]["id"], **options})
    return str(made["url"])


def press_until(page: Page, target: Locator, key: str = "Tab", most: int = 60) -> None:
    """Press the key until the target has the focus, and see that the focus shows."""
    for _ in range(most):
        page.keyboard.press(key)
        if target.evaluate("element => element === document.activeElement"):
            outline = target.evaluate(
                "element => { const style = getComputedStyle(element.closest('label') ?? element);"
                " const own = getComputedStyle(element);"
                " return [style, own].some((one) => parseFloat(one.outlineWidth) > 0"
                " && one.outlineStyle !== 'none' || one.boxShadow !== 'none'); }"
            )
            assert outline, f"{target} has the focus, and nothing shows it"
            return
    raise AssertionError(f"{target} is out of the keyboard's reach")


def press(page: Page, target: Locator) -> None:
    """Reach it by Tab, and press Enter."""
    press_until(page, target)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("view", ["month", "week"])
def test_booking_by_keyboard_alone(browser: Browser, live: LiveBookonce, view: str) -> None:
    page = walk.new_desktop(browser, zone="Europe/Berlin")
    walk.open_link(page, f"{new_link(live)}?view={view}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    press_until(page, page.locator("#later"))
    page.keyboard.press("Enter")
    expect(page.locator("main.busy")).to_have_count(0)
    expect(page.locator("#later")).to_be_focused()
    if view == "month":
        day = page.locator("a.day").nth(1)
        press(page, day)
        expect(day).to_have_attribute("aria-current", "true")
    press_until(page, page.locator(".time input").first)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".time input").nth(1)).to_be_checked()
    press(page, page.locator(".time").nth(1).get_by_role("button", name="Continue"))
    expect(page.get_by_role("heading", name="Your details")).to_be_focused()
    press_until(page, page.get_by_label("Your name"))
    page.keyboard.type("Sam Carter")
    page.keyboard.press("Tab")
    page.keyboard.type("sam@example.org")
    press(page, page.get_by_role("button", name="Book this time"))
    expect(page.get_by_role("heading", name=walk.BOOKED)).to_be_visible()
    press(page, page.get_by_role("link", name="Reschedule"))
    press_until(page, page.locator(".time input").first)
    page.keyboard.press("Space")
    press(page, page.locator(".time").first.get_by_role("button", name="Continue"))
    press(page, page.get_by_role("button", name="Move appointment"))
    expect(page.get_by_text("has been moved")).to_be_visible()
    press(page, page.get_by_role("link", name="Cancel appointment"))
    press(page, page.get_by_role("button", name="Cancel appointment"))
    expect(page.get_by_role("heading", name="This appointment is cancelled")).to_be_visible()
    page.context.close()


def outline(page: Page) -> list[str]:
    """What a screen reader's list of headings says, in order, by the accessibility tree."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    by_id = {node["nodeId"]: node for node in nodes}
    found: list[str] = []

    def walk_tree(node: dict[str, object]) -> None:
        role = node.get("role", {}).get("value")  # type: ignore[attr-defined]
        name = node.get("name", {}).get("value", "")  # type: ignore[attr-defined]
        if not node.get("ignored") and role == "heading":
            [level] = [one["value"]["value"] for one in node["properties"] if one["name"] == "level"]  # type: ignore[attr-defined]
            found.append(f"{level} {name}")
        for child in node.get("childIds", []):  # type: ignore[attr-defined]
            if child in by_id:
                walk_tree(by_id[child])

    walk_tree(nodes[0])
    return found


def unnamed(page: Page) -> list[str]:
    """Controls of the accessibility tree that say nothing."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    roles = {"link", "button", "textbox", "checkbox", "radio", "combobox", "spinbutton", "searchbox"}
    return [
        str(node["role"]["value"])
        for node in nodes
        if not node.get("ignored") and node.get("role", {}).get("value") in roles
        if not node.get("name", {}).get("value", "").strip()
    ]


def test_what_a_screen_reader_reads(browser: Browser, live: LiveBookonce) -> None:
    page = walk.new_phone(browser, zone="Europe/Berlin")
    page.add_init_script(_HEAR)
    walk.open_link(page, new_link(live))
    first = outline(page)
    assert first[0] == "1 30 minute meeting"
    assert len([level for level in first if level.startswith("1 ")]) == 1
    assert first.index(next(one for one in first if one.startswith("2 "))) == 1  # no level is left out
    assert unnamed(page) == []
    day = page.locator("a.day").nth(2)
    day.click()
    expect(day).to_have_attribute("aria-current", "true")
    title = page.locator("#times").inner_text()
    assert any(title in words for words in heard(page)), heard(page)
    walk.take_first_time(page)
    expect(page.get_by_role("heading", name="Your details")).to_be_focused()  # which a reader reads
    assert outline(page)[0] == "1 30 minute meeting"
    assert unnamed(page) == []
    page.get_by_role("button", name="Book this time").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    assert "2 things to mend" in summary.inner_text()
    name = page.get_by_label("Your name")
    described = page.locator(f"#{name.get_attribute('aria-describedby')}")
    assert name.get_attribute("aria-invalid") == "true"
    expect(described).to_have_text("Fill this in.")
    walk.fill_in(page)
    expect(page.get_by_role("heading", name=walk.BOOKED)).to_be_visible()
    booked = outline(page)
    assert booked[0].startswith("1 You are booked with Alice Owner on ")
    assert all(level.startswith("2 ") for level in booked[1:])
    assert unnamed(page) == []
    page.context.close()


# What live regions say, in order.
_HEAR = """
window.heard = [];
document.addEventListener("DOMContentLoaded", () => {
  new MutationObserver((changes) => {
    for (const change of changes) {
      const node = change.target.nodeType === 1 ? change.target : change.target.parentElement;
      const region = node?.closest("[role=status], [role=alert], [aria-live]");
      if (region?.textContent.trim()) window.heard.push(region.textContent.trim());
    }
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
});
"""


def heard(page: Page) -> list[str]:
    said: list[str] = page.evaluate("window.heard")
    return said


def test_a_code_by_mail_is_told(browser: Browser, live: LiveBookonce) -> None:
    url = new_link(live, recipient={"email": "nina@example.org"}, email_lock="code")
    page = walk.new_phone(browser)
    walk.open_link(page, url)
    walk.take_first_time(page)
    page.get_by_label("Your name").fill("Nina Vogel")
    page.get_by_role("button", name="Send me the code").click()
    expect(page.get_by_role("status").filter(has_text="We have sent a code")).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_value("Nina Vogel")
    code = page.get_by_label("Code from the mail")
    expect(code).to_be_focused()
    code.fill("000 000")
    page.keyboard.press("Enter")  # books, and does not send another code
    expect(page.get_by_text("This is not the code").first).to_be_visible()
    expect(page.get_by_role("alert")).to_be_focused()
    page.context.close()
