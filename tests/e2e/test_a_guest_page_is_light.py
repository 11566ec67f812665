"""The first view of a booking page, with nothing in the cache, keeps within its budget on every address."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urlsplit

import PIL.Image
import pytest
from playwright.sync_api import Browser, FilePayload

from tests.e2e import walk
from tests.e2e.wire import Wire
from tests.live import LiveBookonce, NewBookonce

BYTES, SCRIPT, REQUESTS = 60_000, 25_000, 8
FAR = "America/New_York"  # the page is fetched a second time, with the times of the guest's own clock


@pytest.fixture(scope="module")
def live(new_bookonce: NewBookonce) -> LiveBookonce:
    return new_bookonce()


@pytest.fixture(scope="module")
def busy_calendar(live: LiveBookonce) -> dict[str, Any]:
    """One with many times: a start every five minutes, several lengths, a long description, a class."""
    settings = {
        "name": "Come whenever you like",
        "description": "What we do together, at length. " * 30,
        "durations": [5, 15, 30, 60],
        "interval": 5,
        "kind": "class",
        "seats": 40,
        "shows_seats_left": True,
    }
    return live.call("POST", "calendars", settings)


def addresses(live: LiveBookonce, calendar: dict[str, Any]) -> dict[str, str]:
    one_time = live.call("POST", "one-time-links", {"calendar": calendar["id"]})["url"]
    readable, permanent = calendar["scheduling_link"], calendar["permanent_link"]
    return {
        "scheduling link": readable,
        "permanent link": permanent,
        "one-time link": one_time,
        "week": f"{one_time}?view=week",
        "month": f"{one_time}?view=month",
    }


def test_first_view(browser: Browser, live: LiveBookonce, busy_calendar: dict[str, Any]) -> None:
    for name, url in addresses(live, busy_calendar).items():
        page = walk.new_phone(browser, zone=FAR)
        wire = Wire(page)
        page.goto(url, wait_until="networkidle")
        wire.settle()
        told = f"{name}: {wire.total} bytes: " + ", ".join(f"{one.kind} {one.bytes}" for one in wire.answers)
        assert wire.total <= BYTES, told
        assert wire.script <= SCRIPT, told
        assert len(wire.answers) <= REQUESTS, told
        assert wire.origins == {urlsplit(url).netloc}, told
        assert page.context.cookies() == []
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
        assert page.evaluate("indexedDB.databases()") == []
        assert page.locator(".time").count() > 0
        page.context.close()


def test_pictures_of_the_owners_add_themselves_alone(
    browser: Browser, live: LiveBookonce, busy_calendar: dict[str, Any]
) -> None:
    """A logo and a cover are two requests more; all the rest keeps to the same limits."""
    desk = walk.new_desktop(browser)
    walk.sign_in(desk, live.base_url)
    desk.goto(f"{live.base_url}/app/calendars/{busy_calendar['id']}/look/")
    desk.locator("[name=logo]").set_input_files(picture("logo", 320, 80))
    desk.locator("[name=cover]").set_input_files(picture("cover", 1600, 500))
    desk.get_by_role("button", name="Save look").last.click()
    desk.get_by_text("Guests see the new look now.").wait_for()
    desk.context.close()
    page = walk.new_phone(browser, zone=FAR)
    wire = Wire(page)
    page.goto(busy_calendar["permanent_link"], wait_until="networkidle")
    wire.settle()
    pictures = [one for one in wire.answers if "/assets/image/" in one.url]
    assert len(pictures) == 2
    assert wire.total - sum(one.bytes for one in pictures) <= BYTES
    assert len(wire.answers) <= REQUESTS, [one.url for one in wire.answers]
    page.context.close()


def picture(name: str, width: int, height: int) -> FilePayload:
    written = io.BytesIO()
    PIL.Image.effect_noise((width, height), 40).convert("RGB").save(written, "PNG")
    return {"name": f"{name}.png", "mimeType": "image/png", "buffer": written.getvalue()}


def test_times_are_in_the_first_answer(
    browser: Browser, live: LiveBookonce, busy_calendar: dict[str, Any]
) -> None:
    context = browser.new_context()
    for name, url in addresses(live, busy_calendar).items():
        answer = context.request.get(url)
        assert answer.text().count('name="start"') > 10, name
        assert "set-cookie" not in answer.headers
        assert answer.headers["content-encoding"] == "gzip"
    context.close()


def test_the_step_for_details_fetches_a_page_alone(browser: Browser, live: LiveBookonce) -> None:
    """What the first view brought is not fetched again."""
    calendar = live.call("GET", f"calendars/{live.owner['calendar']['id']}")
    page = walk.new_phone(browser)
    walk.open_link(page, calendar["scheduling_link"])
    page.wait_for_load_state("networkidle")
    wire = Wire(page)
    walk.take_first_time(page)
    page.get_by_role("heading", name="Your details").wait_for()
    wire.settle()
    assert [one.kind for one in wire.answers] in (["Fetch"], ["Document"]), wire.answers
    assert wire.total <= BYTES // 4
    page.context.close()
