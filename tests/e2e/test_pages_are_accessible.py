"""The owner's pages, and guests' beside them, pass axe (WCAG 2.2 AA), light and dark, and fit 320 px."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e import walk
from tests.e2e.inspector import Inspector
from tests.live import OWNER, LiveBookonce, NewBookonce

SUNDAY = "2029-12-30"
SETTINGS = ("settings/", "settings/team/", "settings/keys/", "settings/jobs/", "settings/password/")


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
        inspector.look(page, path, settled=True)  # loaded: nothing was clicked
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
        expect(page.get_by_role("tabpanel", name=tab)).to_be_visible()
        if tab == "Embed Code":
            expect(page.frame_locator(".embed-frame").get_by_role("heading", level=1)).to_be_visible()
        inspector.look(page, f"share, {tab}", settled=True)  # a frame that is not shown never has loaded
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
