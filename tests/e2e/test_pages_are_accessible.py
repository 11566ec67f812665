"""Every page and state passes axe (WCAG 2.2 AA), light and dark, and fits 320 px; booking needs no mouse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e import walk
from tests.live import OWNER, LiveBookonce, NewBookonce

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
OPTIONS = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": RULES}}
SUNDAY = "2029-12-30"
NARROW = 320
SETTINGS = ("settings/", "settings/team/", "settings/keys/", "settings/jobs/", "settings/password/")


class Inspector:
    """Collects what is wrong, so that one run tells all of it."""

    def __init__(self) -> None:
        self.axe = Axe()
        self.found: list[str] = []

    def look(self, page: Page, state: str, *, within: str | None = None) -> None:
        """Look at the page as it stands, in both schemes and at its narrowest.

        `within`: at this part alone, such as an open menu that covers what lies below it for a moment.
        """
        page.wait_for_load_state("networkidle")  # a click may still be on its way
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for broken in self.axe.run(page, context=within, options=OPTIONS).response["violations"]:
                where = "; ".join(str(node["target"]) for node in broken["nodes"])
                why = broken["nodes"][0]["any"] or broken["nodes"][0]["all"] or broken["nodes"][0]["none"]
                self.found.append(
                    f"{state}, {scheme}: {broken['id']}: {where}: {why[0]['message'] if why else ''}"
                )
        page.emulate_media(color_scheme="light")
        self.fit(page, state)

    def fit(self, page: Page, state: str) -> None:
        """Nothing may lie outside the narrowest page."""
        before = page.viewport_size
        page.set_viewport_size({"width": NARROW, "height": 700})
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > NARROW:
            self.found.append(f"{state}: {width} px wide on a page of {NARROW} px")
        if before:
            page.set_viewport_size(before)


@pytest.fixture
def inspector() -> Iterator[Inspector]:
    inspector = Inspector()
    yield inspector
    assert not inspector.found, "\n".join(inspector.found)


@pytest.fixture(scope="module")
def live(new_bookonce: NewBookonce) -> LiveBookonce:
    return new_bookonce()


def new_link(live: LiveBookonce, *options: str) -> dict[str, Any]:
    made = live.run("link", "new", live.owner["calendar"]["slug"], "--json", *options)
    found: dict[str, Any] = json.loads(made.stdout)
    return found


def press_until(page: Page, target: Locator, key: str = "Tab", most: int = 60) -> None:
    """Press the key until the target has the focus, and see that the focus shows."""
    for _ in range(most):
        page.keyboard.press(key)
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{target} is out of the keyboard's reach")


def test_first_run_and_sign_in(browser: Browser, new_bookonce: NewBookonce, inspector: Inspector) -> None:
    page = walk.new_desktop(browser)
    page.goto(f"{new_bookonce(setup=False).base_url}/app/")
    inspector.look(page, "first run")
    page.get_by_role("button", name="Make my first link").click()
    expect(page.get_by_role("alert")).to_be_visible()
    inspector.look(page, "first run with faults")
    page.context.close()


def test_a_class(browser: Browser, live: LiveBookonce, inspector: Inspector) -> None:
    settings = {"name": "Yoga", "durations": [60], "kind": "class", "seats": 4, "shows_seats_left": True}
    url = live.call("POST", "calendars", settings)["scheduling_link"]
    guest = walk.new_phone(browser)
    walk.open_link(guest, f"{url}?party=2")
    inspector.look(guest, "choose places")
    guest.locator(".time").first.locator("label").click()
    inspector.look(guest, "a time with places is chosen")
    walk.take_first_time(guest)
    walk.fill_in(guest)
    expect(guest.get_by_role("heading", name=walk.BOOKED)).to_be_visible()
    inspector.look(guest, "places booked")
    owner = walk.new_desktop(browser)
    walk.sign_in(owner, live.base_url)
    owner.goto(f"{live.base_url}/app/appointments/")
    owner.get_by_role("link", name="Yoga").click()
    expect(owner.get_by_role("heading", name="Guests")).to_be_visible()
    inspector.look(owner, "a session")
    owner.get_by_role("link", name="Cancel the booking of Sam Carter").click()
    expect(owner.get_by_role("heading", name="Cancel this booking")).to_be_visible()
    inspector.look(owner, "cancel a booking")
    owner.keyboard.press("Escape")
    owner.get_by_role("link", name="Sam Carter", exact=True).click()
    inspector.look(owner, "a booking")
    for page in (guest, owner):
        page.context.close()


def test_a_group(browser: Browser, live: LiveBookonce, inspector: Inspector) -> None:
    settings = {"name": "By phone", "durations": [15], "location": {"kind": "phone"}}
    calendars = [live.call("POST", "calendars", settings)["id"], live.owner["calendar"]["id"]]
    wanted = {"name": "Meet us", "description": "Choose how.", "calendars": calendars}
    group = live.call("POST", "calendar-groups", wanted)
    url = live.call("POST", "one-time-links", {"group": group["id"]})["url"]
    guest = walk.new_phone(browser)
    guest.goto(url)
    inspector.look(guest, "a menu")
    guest.goto(f"{url}?calendar=gone")
    inspector.look(guest, "a menu with a notice")
    press_until(guest, guest.get_by_role("link", name="By phone"))
    guest.keyboard.press("Enter")
    expect(guest.get_by_role("heading", name="By phone")).to_be_visible()
    inspector.look(guest, "a calendar of the menu")
    press_until(guest, guest.get_by_role("link", name="Meet us"))
    guest.keyboard.press("Enter")
    expect(guest.get_by_role("heading", name="What would you like to book?")).to_be_visible()
    guest.get_by_role("link", name="30 minute meeting").click()
    walk.take_first_time(guest)
    walk.fill_in(guest)
    expect(guest.get_by_role("heading", name=walk.BOOKED)).to_be_visible()
    owner = walk.new_desktop(browser)
    walk.sign_in(owner, live.base_url)
    inspector.look(owner, "calendars with a group")
    owner.get_by_role("link", name="Meet us", exact=True).click()
    press_until(owner, owner.get_by_role("button", name="Move By phone down"))
    owner.keyboard.press("Enter")
    expect(owner.get_by_role("button", name="Move By phone up")).to_be_visible()
    inspector.look(owner, "a group")
    owner.get_by_role("button", name="Save group").last.click()
    assert live.call("GET", f"calendar-groups/{group['id']}")["calendars"] == calendars[::-1]
    owner.get_by_role("link", name="Share").click()
    inspector.look(owner, "share a group")
    for page in (guest, owner):
        page.context.close()


def test_guests_pages(browser: Browser, live: LiveBookonce, inspector: Inspector) -> None:
    url = new_link(live)["url"]
    page = walk.new_phone(browser)
    walk.open_link(page, url)
    inspector.look(page, "choose")
    page.locator(".time").first.locator("label").click()
    inspector.look(page, "a time is chosen")
    page.locator(".time").first.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Your details")).to_be_visible()
    page.get_by_text("Bring somebody along").click()
    inspector.look(page, "form")
    page.get_by_role("button", name="Book this time").click()
    expect(page.get_by_text("things to mend")).to_be_visible()
    inspector.look(page, "form with faults")
    walk.fill_in(page)
    expect(page.get_by_role("heading", name=walk.BOOKED)).to_be_visible()
    inspector.look(page, "booked")
    page.get_by_role("link", name="Reschedule").click()
    inspector.look(page, "reschedule")
    walk.take_first_time(page)
    expect(page.get_by_role("button", name="Move appointment")).to_be_visible()
    inspector.look(page, "move")
    page.get_by_role("button", name="Move appointment").click()
    expect(page.get_by_text("has been moved")).to_be_visible()
    inspector.look(page, "moved")
    page.get_by_role("link", name="Cancel appointment").click()
    inspector.look(page, "cancel")
    page.get_by_role("button", name="Cancel appointment").click()
    expect(page.get_by_role("heading", name="This appointment is cancelled")).to_be_visible()
    inspector.look(page, "cancelled")
    page.context.close()


def test_a_code_by_mail(browser: Browser, live: LiveBookonce, inspector: Inspector) -> None:
    url = new_link(live, "--recipient-email", "nina@example.org", "--email-lock", "code")["url"]
    page = walk.new_phone(browser)
    walk.open_link(page, url)
    walk.take_first_time(page)
    page.get_by_label("Your name").fill("Nina Vogel")
    inspector.look(page, "code not sent yet")
    page.get_by_role("button", name="Send me the code").click()
    expect(page.get_by_text("We have sent a code")).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_value("Nina Vogel")
    code = page.get_by_label("Code from the mail")
    expect(code).to_be_focused()
    inspector.look(page, "code sent")
    code.fill("000 000")
    page.keyboard.press("Enter")  # books, and does not send another code
    expect(page.get_by_text("This is not the code").first).to_be_visible()
    inspector.look(page, "wrong code")
    page.context.close()


def test_dead_ends(browser: Browser, live: LiveBookonce, inspector: Inspector) -> None:
    page = walk.new_phone(browser)
    used = new_link(live)["url"]
    walk.book(page, used)
    page.context.close()
    page = walk.new_phone(browser)
    page.goto(used)
    inspector.look(page, "used link")
    page.locator("summary", has_text="Ask for a new link").click()
    page.get_by_role("button", name="Send request").click()
    expect(page.get_by_text("things to mend")).to_be_visible()
    inspector.look(page, "request with faults")
    page.get_by_label("Your name").fill("Nina Vogel")
    page.get_by_label("E-mail").fill("nina@example.org")
    page.get_by_role("button", name="Send request").click()
    expect(page.get_by_text("on its way").first).to_be_visible()
    inspector.look(page, "request sent")
    revoked = new_link(live)
    live.run("link", "revoke", revoked["id"])
    later = new_link(live, "--not-before", "2030-01-01T00:00:00Z")
    for state, url in (
        ("revoked link", revoked["url"]),
        ("link that opens later", later["url"]),
        ("unknown link", f"{live.base_url}/o/nothing"),
        ("unknown page", f"{live.base_url}/app/nothing/"),
    ):
        page.goto(url)
        inspector.look(page, state)
    page.context.close()


def test_owners_pages(browser: Browser, live: LiveBookonce, inspector: Inspector) -> None:
    guest = walk.new_phone(browser)
    booked = new_link(live, "--recipient-name", "Sam Carter", "--recipient-email", "sam@example.org")
    walk.book_as_known(guest, booked["url"])
    guest.context.close()
    active = new_link(live, "--label", "For Mara", "--expires", "2030-01-01")
    page = walk.new_desktop(browser)
    page.goto(f"{live.base_url}/app/")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    inspector.look(page, "sign-in with faults")
    walk.sign_in(page, live.base_url)
    calendar, base = live.owner["calendar"]["id"], f"{live.base_url}/app"
    for path in (
        "calendars/new/",
        f"calendars/{calendar}/",
        f"calendars/{calendar}/embed/",
        f"calendars/{calendar}/delete/",
        f"calendars/{calendar}/why/?time=10:10",
        f"calendars/{calendar}/why/?day={SUNDAY}",
        f"links/{booked['id']}/",
        f"links/{active['id']}/",
        f"links/{active['id']}/revoke/",
        f"links/{active['id']}/message/",
        f"links/{active['id']}/message/?times=0",
        "links/",
        "links/?q=nobody",
        "appointments/",
        "appointments/?show=cancelled",
        "outbox/",
        "schedules/",
        "schedules/new/",
        "time-off/",
        *SETTINGS,
    ):
        answer = page.goto(f"{base}/{path}")
        assert answer is not None
        assert answer.status == 200, path
        inspector.look(page, path)
    page.goto(f"{base}/outbox/")
    page.locator(".list-title a").first.click()
    inspector.look(page, "a mail")
    page.goto(f"{base}/appointments/")
    page.get_by_role("link", name="Sam Carter").first.click()
    inspector.look(page, "appointment")
    page.get_by_role("link", name="Cancel appointment").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    inspector.look(page, "cancel, in a dialog")
    page.goto(f"{base}/calendars/")
    page.get_by_role("link", name="Your working hours").click()
    inspector.look(page, "working hours")
    page.get_by_role("button", name="Add a date").click()
    inspector.look(page, "working hours with a date")
    page.goto(f"{base}/calendars/new/")
    page.get_by_role("button", name="Create calendar").click()
    expect(page.get_by_role("alert")).to_be_visible()
    inspector.look(page, "calendar with faults")
    page.context.close()


def test_many_links(browser: Browser, live: LiveBookonce, inspector: Inspector) -> None:
    page, base = walk.new_desktop(browser), f"{live.base_url}/app/links"
    walk.sign_in(page, live.base_url)
    page.goto(f"{base}/many/")
    inspector.look(page, "many links")
    people = page.locator("textarea").first
    people.fill("Sam Okafor <sam@example.org>\nnobody\nKim <kim@example.org>")
    page.get_by_role("button", name="Check the list").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    inspector.look(page, "a list with a faulty row")
    page.locator("textarea").first.fill("Sam Okafor <sam@example.org>\nKim <kim@example.org>")
    page.get_by_role("button", name="Check the list").click()
    expect(page.get_by_role("heading", name="2 people on the list")).to_be_visible()
    inspector.look(page, "what was read of a list")
    page.get_by_role("button", name="Make 2 links").click()
    expect(page.get_by_role("link", name="Download CSV")).to_be_visible(timeout=30_000)
    inspector.look(page, "a batch")
    page.get_by_role("link", name="Revoke", exact=True).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    inspector.look(page, "revoke a batch, in a dialog")
    batch = page.url.rstrip("/").rpartition("/")[2]
    page.goto(f"{base}/?batch={batch}&made_by=alice@example.org&sort=opened&q=a&unused_since=2031-01-01")
    page.locator("summary", has_text="More filters").click()
    inspector.look(page, "every filter of the list of links")
    page.goto(f"{base}/?batch={batch}")
    page.get_by_label("Select the link for Sam Okafor").check()
    inspector.look(page, "a selected link")
    page.get_by_role("button", name="Revoke the selected links").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    inspector.look(page, "revoke chosen links, in a dialog")
    page.get_by_role("button", name="Revoke 1 link").click()
    page.get_by_role("link", name="Sam Okafor").click()
    inspector.look(page, "the history of a link of a batch")
    page.context.close()


def test_share_dialog(browser: Browser, live: LiveBookonce, inspector: Inspector) -> None:
    page = walk.new_desktop(browser)
    walk.sign_in(page, live.base_url)
    inspector.look(page, "calendars")
    page.locator("summary", has_text="More for").first.click()
    inspector.look(page, "three-dot menu", within=".menu details[open]")
    page.keyboard.press("Escape")
    walk.open_share(page)
    for tab in ("Scheduling Link", "Permanent Link", "Embed Code", "One Time Link"):
        page.get_by_role("tab", name=tab).click()
        if tab == "One Time Link":
            expect(page.get_by_label("One-time link")).to_have_value(walk.LINK)
            page.get_by_role("dialog").get_by_text("Options for the next link").click()
        inspector.look(page, f"share, {tab}")
    page.context.close()


def test_booking_by_keyboard_alone(browser: Browser, live: LiveBookonce) -> None:
    page = walk.new_desktop(browser, zone="Europe/Berlin")
    walk.open_link(page, new_link(live)["url"])
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    press_until(page, page.locator("#later"))
    page.keyboard.press("Enter")
    expect(page.locator("main.busy")).to_have_count(0)
    expect(page.locator("#later")).to_be_focused()
    day = page.locator("a.day").nth(1)
    press_until(page, day)
    page.keyboard.press("Enter")
    expect(day).to_have_attribute("aria-current", "true")
    press_until(page, page.locator(".time input").first)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".time input").nth(1)).to_be_checked()
    press_until(page, page.locator(".time").nth(1).get_by_role("button", name="Continue"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your details")).to_be_focused()
    press_until(page, page.get_by_label("Your name"))
    page.keyboard.type("Sam Carter")
    page.keyboard.press("Tab")
    page.keyboard.type("sam@example.org")
    press_until(page, page.get_by_role("button", name="Book this time"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=walk.BOOKED)).to_be_visible()
    press_until(page, page.get_by_role("link", name="Cancel appointment"))
    page.keyboard.press("Enter")
    press_until(page, page.get_by_role("button", name="Cancel appointment"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="This appointment is cancelled")).to_be_visible()
    page.context.close()


def test_signing_in_by_keyboard_alone(browser: Browser, live: LiveBookonce) -> None:
    page = walk.new_desktop(browser)
    page.goto(f"{live.base_url}/app/")
    press_until(page, page.get_by_label("E-mail"))
    page.keyboard.type(OWNER["email"])
    page.keyboard.press("Tab")
    page.keyboard.type(OWNER["password"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Calendars")).to_be_visible()
    page.context.close()


def test_inviting_and_joining(live: LiveBookonce, browser: Browser, inspector: Inspector) -> None:
    page, base = walk.new_desktop(browser), f"{live.base_url}/app"
    walk.sign_in(page, live.base_url)
    page.goto(f"{base}/settings/team/")
    page.get_by_role("button", name="Invite").click()
    expect(page.locator("error-summary")).to_be_visible()
    inspector.look(page, "invite, nothing given")
    page.get_by_label("E-mail").fill("a.very.long.address@of.somebody.in.a.long.company-name.example")
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_text("is invited")).to_be_visible()
    inspector.look(page, "invited")
    address = page.get_by_label("Link to join").input_value()
    page.goto(address)
    inspector.look(page, "an invitation for somebody else")
    guest = walk.new_phone(browser)
    guest.goto(address)
    inspector.look(guest, "join")
    guest.get_by_label("Your name").fill("Dana Doe")
    guest.get_by_label("Password").fill("nine green bottles")
    guest.get_by_role("button", name="Join").click()
    expect(guest.get_by_text("Welcome to")).to_be_visible()
    inspector.look(guest, "joined")
    stranger = walk.new_phone(browser)
    stranger.goto(address)
    inspector.look(stranger, "a used invitation")
    page.goto(f"{base}/settings/team/")
    inspector.look(page, "the team")
    for act in ("Change role", "Remove"):
        page.goto(f"{base}/settings/team/")
        page.locator("summary", has_text="More for Dana").click()
        page.locator("a.menu-item:visible", has_text=act).press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        inspector.look(page, f"{act}, in a dialog")
