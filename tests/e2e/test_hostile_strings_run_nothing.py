"""In a real browser no text of a guest's runs, asks another origin, or turns the words beside it round."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Dialog, Page, Request

from tests.e2e import walk
from tests.hostile import KINDS
from tests.live import LiveBookonce, NewBookonce
from tests.strength import FULL

WORST = [
    text
    for kind in ("markup", "attributes", "templates", "directions", "formulas")
    for text in KINDS[kind]
    if len(text) <= 120 and not any(ord(letter) < 32 for letter in text)
]
TRIED = WORST if FULL else WORST[::9]


@pytest.fixture(scope="module")
def live(new_bookonce: NewBookonce) -> LiveBookonce:
    return new_bookonce()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A desk at which everything that should not happen is noted."""
    page = walk.new_desktop(browser)
    found: list[str] = []

    def asked(request: Request) -> None:
        if not request.url.startswith(("http://localhost:", "data:", "about:", "blob:")):
            found.append(f"asked {request.url}")

    def asked_the_reader(dialog: Dialog) -> None:
        found.append(f"dialog {dialog.message}")
        dialog.dismiss()

    page.on("request", asked)
    page.on("dialog", asked_the_reader)
    page.on("console", lambda said: found.append(said.text) if "Content Security" in said.text else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', (e) => console.error('Content Security', e.blockedURI))"
    )
    yield page
    assert not found, "\n".join(found[:30])
    page.context.close()


def look(page: Page, url: str, typed: str) -> None:
    """Open it, and see that nothing ran."""
    page.goto(url)
    assert page.evaluate("window.__x") is None, f"{typed!r} ran at {url}"
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
    assert page.evaluate("window.__x") is None, f"{typed!r} ran at {url}"


def book(page: Page, url: str, body: dict[str, object]) -> str:
    """Book as a program does; the manage page."""
    headers = {"Content-Type": "application/json"}
    answer = page.request.post(f"{url}/book", data=json.dumps(body), headers=headers)
    assert answer.status == 201, answer.text()
    return str(answer.json()["manage_url"])


def book_all(live: LiveBookonce, page: Page) -> list[tuple[str, str]]:
    """Book with each text as name, place and notes; what was typed, and the manage page."""
    settings = {"name": "Short", "durations": [5], "interval": 5, "location": {"kind": "ask"}}
    calendar = live.call("POST", "calendars", settings)
    url = live.call("POST", "one-time-links", {"calendar": calendar["id"], "max_bookings": 500})["url"]
    window = page.request.get(f"{url}/slots?from=2027-01-04&to=2027-01-30&timezone=UTC").json()
    starts = [start for day in window["slots"].values() for start in day]
    booked = []
    for typed, start in zip(TRIED, starts, strict=False):
        body = {"start": start, "name": typed, "email": "g@example.org", "location": typed}
        booked.append((typed, book(page, url, body | {"answers": {"notes": typed}})))
    return booked


def test_guests_pages(live: LiveBookonce, page: Page) -> None:
    booked = book_all(live, page)
    assert len(booked) == len(TRIED)
    link = live.call("POST", "one-time-links", {"calendar": live.owner["calendar"]["id"]})["url"]
    for typed, manage in booked:
        look(page, f"{manage}?booked=1", typed)
        look(page, f"{manage}/cancel", typed)
        words = quote(typed)
        look(page, f"{link}?name={words}&email={words}&notes={words}&timezone={words}&lang={words}", typed)
    walk.open_link(page, link)
    walk.take_first_time(page)
    for typed in TRIED[::3]:
        page.get_by_label("Your name").fill(typed)
        page.locator("[name=email]").fill(typed)
        with page.expect_navigation():
            page.get_by_role("button", name="Book this time").click()
        assert page.evaluate("window.__x") is None
        assert page.get_by_label("Your name").input_value() == typed


def test_owners_pages(live: LiveBookonce, page: Page) -> None:
    book_all_again = live.call("GET", "appointments?limit=200")["items"]
    walk.sign_in(page, live.base_url)
    for path in ("appointments/", "links/", "outbox/"):
        look(page, f"{live.base_url}/app/{path}", path)
    for item in book_all_again:
        name = item["bookings"][0]["guest"]["name"]
        look(page, f"{live.base_url}/app/appointments/{item['id']}/", name)
    page.goto(f"{live.base_url}/app/outbox/")
    mails = [str(link.get_attribute("href")) for link in page.locator(".list-title a").all()]
    assert mails
    for mail in mails[: len(TRIED)]:
        look(page, f"{live.base_url}{mail}", mail)


def test_words_keep_their_order(live: LiveBookonce, page: Page) -> None:
    """Beside a name that turns the direction, the sentence goes on from left to right."""
    calendar = live.call("GET", f"calendars/{live.owner['calendar']['id']}")
    url = calendar["scheduling_link"]
    window = page.request.get(f"{url}/slots?from=2027-02-01&to=2027-02-20&timezone=UTC").json()
    starts = [start for day in window["slots"].values() for start in day]
    names = ("\u202eevil", "Gina\u2069\u202eevil", "נועה לוי", "Gina")
    for name, start in zip(names, starts, strict=False):
        body = {"start": start, "name": name, "email": "g@example.org"}
        answer = page.request.post(
            f"{url}/book", data=json.dumps(body), headers={"Content-Type": "application/json"}
        )
        page.goto(answer.json()["manage_url"])
        fact = page.locator(".fact", has_text="with Alice Owner").first
        letters = fact.evaluate(_LETTERS, "with Alice Owner")
        assert letters == sorted(letters), f"{name!r} turns the sentence round"


# Where each letter of these words begins.
_LETTERS = """(element, words) => {
  const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    return [...words].map((_letter, index) => {
      const range = document.createRange();
      range.setStart(node, at + index);
      range.setEnd(node, at + index + 1);
      return range.getBoundingClientRect().left;
    });
  }
  return [1, 0];
}"""
