"""A public link that keeps robots away: the guest's browser works out the puzzle while they type.

And it leaves empty what only robots fill in.
"""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e import walk
from tests.live import LiveBookonce, NewBookonce

WORKER = Path(__file__).parents[2] / "src/bookonce/design/assets/js/proof-worker.js"
SALTS = (
    "",
    "5f0c2f9be4b1a2c3d4e5f607?expires=1795421200&",
    "a" * 54,
    "a" * 55,
    "b" * 119,
    "\u00fc\u05d0" * 40,
)
KNOWN = {  # what a browser has kept of its user
    "NAME_FULL": "Sam Carter",
    "EMAIL_ADDRESS": "sam@example.org",
    "PHONE_HOME_WHOLE_NUMBER": "+12125550123",
    "COMPANY_NAME": "Acme",
    "ADDRESS_HOME_STREET_ADDRESS": "1 Main Street",
    "ADDRESS_HOME_CITY": "New York",
    "ADDRESS_HOME_ZIP": "10001",
    "ADDRESS_HOME_COUNTRY": "US",
}
RUN = """async ([script, puzzles]) => {
  const worker = new Worker(URL.createObjectURL(new Blob([script])));
  const found = [];
  for (const puzzle of puzzles) {
    found.push(await new Promise((done) => {
      worker.onmessage = ({ data }) => "part" in data || done(data.number ?? null);
      worker.postMessage(puzzle);
    }));
  }
  return found;
}"""


@pytest.fixture(scope="module")
def live(new_bookonce: NewBookonce) -> LiveBookonce:
    return new_bookonce()


@pytest.fixture(scope="module")
def link(live: LiveBookonce) -> str:
    """The scheduling link of a calendar that asks for a proof."""
    made = live.call("POST", "calendars", {"name": "Open to all", "durations": [30], "proof_of_work": True})
    return str(made["scheduling_link"])


def at_the_form(page: Page, url: str) -> None:
    walk.open_link(page, url)
    walk.choose_a_time(page)
    expect(page.get_by_role("heading", name="Your details")).to_be_visible()


def test_a_guest_books_and_never_waits(browser: Browser, link: str) -> None:
    page = walk.new_phone(browser)
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    at_the_form(page, link)
    expect(page.get_by_role("button", name="Send me a code")).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="Checked: you are no robot")).to_be_visible()
    given = page.locator("[name=altcha]").input_value()
    solved = json.loads(base64.b64decode(given))
    assert set(solved) == {"algorithm", "challenge", "salt", "signature", "number"}
    walk.fill_in(page, email="nobody")  # refused: the page comes back, and another puzzle with it
    expect(page.get_by_text("Enter an e-mail address like").first).to_be_visible()
    expect(page.get_by_text("Checked: you are no robot")).to_be_visible()
    assert page.locator("[name=altcha]").input_value() not in ("", given)
    walk.fill_in(page)
    expect(page.get_by_role("heading", name=walk.BOOKED)).to_be_visible()
    told = [text for text in told if "422" not in text]  # that it was refused
    assert told == []  # e.g. of the security policy
    page.context.close()


def test_sent_too_early_it_goes_off_by_itself(browser: Browser, link: str) -> None:
    page = walk.new_desktop(browser)
    held: list[Route] = []
    page.route("**/challenge", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks it
    at_the_form(page, link)
    expect(page.get_by_text("Checking that you are no robot")).to_be_visible()
    walk.fill_in(page)
    expect(page.get_by_text("Your booking goes out as soon as this check is done")).to_be_visible()
    held[0].continue_()
    expect(page.get_by_role("heading", name=walk.BOOKED)).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("missing", ["**/challenge", "**/proof-worker*", "**/proof.*.js"])
def test_whatever_fails_leaves_the_code(browser: Browser, link: str, missing: str) -> None:
    page = walk.new_desktop(browser)
    page.route(missing, lambda route: route.abort())
    at_the_form(page, link)
    page.get_by_label("Your name").fill("Sam Carter")
    address = f"{missing.strip('*/.js')}@example.org"
    page.get_by_label("E-mail", exact=True).fill(address)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_text(f"We have sent a code to {address}.")).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_value("Sam Carter")
    page.context.close()


def test_people_and_autofill_leave_the_unseen_field_empty(browser: Browser, live: LiveBookonce) -> None:
    made = live.call(
        "POST", "calendars", {"name": "By phone", "durations": [30], "location": {"kind": "phone"}}
    )
    page = walk.new_desktop(browser)
    at_the_form(page, made["scheduling_link"])
    unseen = page.locator("[name='your.subject']")
    assert unseen.evaluate("(field) => field.closest('.unseen').getBoundingClientRect().width") <= 1
    expect(page.get_by_role("textbox", name="Leave this field empty")).to_have_count(0)
    page.get_by_role("link", name="Change").first.focus()
    for _ in range(4):  # past every field
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") != "your.subject"
    autofill(page, "#id_name")
    expect(page.get_by_label("Your name")).to_have_value("Sam Carter")
    expect(page.get_by_label("E-mail", exact=True)).to_have_value("sam@example.org")
    expect(page.get_by_label("Phone number")).not_to_have_value("")
    expect(unseen).to_have_value("")
    page.context.close()


def autofill(page: Page, selector: str) -> None:
    """Let Chromium fill in the form of this field, as its menu of addresses does."""
    page.locator(selector).click()
    session = page.context.new_cdp_session(page)
    fields = [{"name": name, "value": value} for name, value in KNOWN.items()]
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    field = session.send("DOM.describeNode", {"nodeId": node})["node"]["backendNodeId"]
    session.send("Autofill.enable")
    session.send("Autofill.setAddresses", {"addresses": [{"fields": fields}]})
    session.send("Autofill.trigger", {"fieldId": field, "address": {"fields": fields}})


def test_the_solver_knows_sha_256(browser: Browser) -> None:
    page = walk.new_desktop(browser)
    page.goto("about:blank")
    numbers = [0, 9, 10, 999, 1000, 12_345]
    puzzles = [
        {
            "salt": salt,
            "challenge": hashlib.sha256(f"{salt}{number}".encode()).hexdigest(),
            "maxnumber": 20_000,
        }
        for salt in SALTS
        for number in numbers
    ]
    unsolvable = puzzles[0] | {"challenge": "0" * 64, "maxnumber": 50}
    found = page.evaluate(RUN, [WORKER.read_text(), [*puzzles, unsolvable]])
    assert found == [*numbers * len(SALTS), None]
    page.context.close()
