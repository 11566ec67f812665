"""The main job in Chromium, from the share dialog to the expired link and on; with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import walk
from tests.live import OWNER, LiveBookonce, NewBookonce

CONTACT = "Write to studio@atelier.example or call 030 123456."
EXPIRED = "This link has expired"
Open = Callable[..., Page]


@pytest.fixture
def live(new_bookonce: NewBookonce) -> LiveBookonce:
    return new_bookonce()


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def people(browser: Browser, *, scripts: bool) -> Iterator[Open]:
    """A function that gives the page of another person; none of their pages may have a fault."""
    pages: list[Page] = []
    faults: list[str] = []

    def arrive(kind: Callable[..., Page], **options: str) -> Page:
        page = kind(browser, scripts=scripts, **options)
        page.on("pageerror", lambda error: faults.append(str(error)))
        pages.append(page)
        return page

    yield arrive
    for page in pages:
        page.context.close()
    assert not faults


def copied_link(page: Page, live: LiveBookonce, *, scripts: bool) -> str:
    """The owner's part: Calendars, three-dot menu > Share > One Time Link > Copy."""
    page.get_by_role("link", name="Calendars").first.click()
    walk.open_share(page)
    if not scripts:
        page.get_by_role("button", name="One Time Link").click()
        return page.get_by_label("One-time link").input_value()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live.base_url)
    page.get_by_role("tab", name="One Time Link").click()
    expect(page.get_by_label("One-time link")).to_have_value(walk.LINK)
    page.get_by_role("dialog").get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Copied")).to_be_visible()
    copied: str = page.evaluate("navigator.clipboard.readText()")
    page.keyboard.press("Escape")
    return copied


def say_whom_to_contact(page: Page) -> None:
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("Contact text").fill(CONTACT)
    page.get_by_role("button", name="Save settings").click()
    expect(page.get_by_text("Settings saved")).to_be_visible()


def expect_expired_and_no_details(page: Page, url: str) -> None:
    answer = page.goto(url)
    assert answer is not None
    assert answer.status == 410
    expect(page.get_by_role("heading", name=EXPIRED)).to_be_visible()
    expect(page.get_by_text(f"Contact {OWNER['name']}")).to_be_visible()
    expect(page.get_by_text(CONTACT)).to_be_visible()
    source = answer.text()
    for secret in ("Sam Carter", "sam@example.org", "/m/", "30 minute meeting", OWNER["email"]):
        assert secret not in source, secret


def ask_for_a_new_link(page: Page) -> None:
    page.locator("summary", has_text="Ask for a new link").click()
    page.get_by_label("Your name").fill("Nina Vogel")
    page.get_by_label("E-mail").fill("nina@example.org")
    page.get_by_label("Message").fill("May I come as well?")
    page.get_by_role("button", name="Send request").click()
    expect(page.get_by_text("Your request is on its way").first).to_be_visible()


def expect_used(owner: Page, token: str) -> None:
    """The owner's list of links says used, and names the booking; the link is not shown any more."""
    owner.get_by_role("link", name="Links").first.click()
    row = owner.get_by_role("row", name=re.compile("Sam Carter")).first
    expect(row.get_by_text("Used")).to_be_visible()
    assert token not in owner.content()


def answer_the_request(owner: Page) -> None:
    expect(owner.get_by_text("May I come as well?")).to_be_visible()
    owner.get_by_role("button", name="Send new link to Nina Vogel").click()
    expect(owner.get_by_text("May I come as well?")).to_have_count(0)
    expect(
        owner.get_by_role("row", name=re.compile("nina@example.org")).get_by_text("Active")
    ).to_be_visible()


def mailed_link(owner: Page) -> str:
    """The address in the mail to Nina, from the outbox."""
    for _ in range(20):
        owner.goto(re.sub(r"/app/.*", "/app/outbox/", owner.url))
        mail = owner.locator("li", has_text="nina@example.org")
        if mail.count():
            break
        owner.wait_for_timeout(500)
    mail.get_by_role("link").first.click()
    found = re.search(r"https?://[^\s\"<]+/o/[a-z2-7]{32}", owner.content())
    assert found, "the mail carries the new link"
    return found[0]


def move_it(page: Page, taken: str) -> str:
    page.get_by_role("link", name="Reschedule").click()
    expect(page.get_by_role("heading", name="Choose another time")).to_be_visible()
    start = walk.take_first_time(page)
    expect(page.get_by_role("heading", name="Move this appointment?")).to_be_visible()
    page.get_by_role("button", name="Move appointment").click()
    expect(page.get_by_text("Your appointment has been moved.")).to_be_visible()
    assert start != taken
    return start


def cancel_it(page: Page) -> None:
    page.get_by_role("link", name="Cancel appointment").click()
    page.get_by_label("Reason").fill("A cold")
    page.get_by_role("button", name="Cancel appointment").click()
    expect(page.get_by_role("heading", name="This appointment is cancelled")).to_be_visible()


def test_from_the_share_dialog_to_the_expired_link(
    people: Open, live: LiveBookonce, *, scripts: bool
) -> None:
    owner = people(walk.new_desktop)
    walk.sign_in(owner, live.base_url)
    say_whom_to_contact(owner)
    url = copied_link(owner, live, scripts=scripts)
    assert walk.LINK.search(url)

    guest = people(walk.new_phone, zone="America/New_York")
    start = walk.book(guest, url)
    expect(guest.get_by_text("New York time" if scripts else "Berlin time")).to_be_visible()

    owner.get_by_role("link", name="Appointments").click()
    expect(owner.get_by_role("link", name="Sam Carter").first).to_be_visible()
    expect_used(owner, url.rsplit("/", 1)[1])

    stranger = people(walk.new_phone, zone="Asia/Tokyo")
    expect_expired_and_no_details(stranger, url)
    ask_for_a_new_link(stranger)
    owner.reload()
    answer_the_request(owner)
    new = mailed_link(owner)
    assert new != url
    walk.open_link(stranger, new)
    expect(stranger.locator(".time").first).to_be_visible()

    walk.open_link(guest, url)
    expect(guest.get_by_role("heading", name=walk.BOOKED)).to_be_visible()
    expect(guest.get_by_text("Sam Carter")).to_be_visible()
    move_it(guest, start)
    cancel_it(guest)
    walk.open_link(guest, url)
    expect(guest.get_by_role("heading", name="This appointment is cancelled")).to_be_visible()
    expect_expired_and_no_details(stranger, url)
    expect_used(owner, url.rsplit("/", 1)[1])


def test_the_very_first_run(new_bookonce: NewBookonce, people: Open, *, scripts: bool) -> None:
    live = new_bookonce(setup=False)
    printed = live.log.read_text()
    found = re.search(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}\b", printed)
    assert found, printed
    owner = people(walk.new_desktop, zone="Europe/Lisbon")
    owner.goto(live.base_url)
    expect(owner.get_by_role("heading", name="Welcome to Bookonce")).to_be_visible()
    if scripts:
        expect(owner.get_by_label("Time zone")).to_have_value("Europe/Lisbon")
    owner.get_by_label("Set-up code").fill(found[0].lower())
    owner.get_by_label("Your name").fill(OWNER["name"])
    owner.get_by_label("E-mail").fill(OWNER["email"])
    owner.get_by_label("Password").fill(OWNER["password"])
    owner.get_by_label("Time zone").select_option("Europe/Berlin")
    owner.get_by_role("button", name="Make my first link").click()
    expect(owner.get_by_role("heading", name="Your calendar can be booked")).to_be_visible()
    url = owner.get_by_label("One-time link").input_value()
    owner.get_by_role("link", name="Go to your calendars").click()
    expect(owner.get_by_role("heading", name="Calendars")).to_be_visible()

    visitor = people(walk.new_phone)
    visitor.goto(f"{live.base_url}/app/setup/")
    expect(visitor.get_by_role("heading", name="Sign in to Bookonce")).to_be_visible()
    expect(visitor.get_by_label("Set-up code")).to_have_count(0)
    walk.book(visitor, url)
    owner.get_by_role("link", name="Appointments").click()
    expect(owner.get_by_role("link", name="Sam Carter")).to_be_visible()
