"""After booking the browser goes on to the owner's own page: with scripts, without, and back again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e import walk
from tests.live import LiveBookonce, NewBookonce


class Thanks(BaseHTTPRequestHandler):
    """The owner's own page, which keeps what it was asked for."""

    asked: list[tuple[str, str | None]]

    def do_GET(self) -> None:
        """Say thanks."""
        self.asked.append((self.path, self.headers.get("Referer")))
        body = b"<!doctype html><title>Thanks</title><h1>Thanks</h1>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@pytest.fixture
def thanks() -> Iterator[tuple[str, list[tuple[str, str | None]]]]:
    Thanks.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Thanks)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}", Thanks.asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def live(new_bookonce: NewBookonce) -> LiveBookonce:
    return new_bookonce()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_owner_names_the_site_and_guests_are_led_there(
    live: LiveBookonce,
    browser: Browser,
    thanks: tuple[str, list[tuple[str, str | None]]],
    *,
    scripts: bool,
) -> None:
    site, asked = thanks
    owner = walk.new_desktop(browser)
    walk.sign_in(owner, live.base_url)
    owner.goto(f"{live.base_url}/app/settings/")
    owner.get_by_label("Sites guests may be led to").fill(f"{site}/")
    owner.get_by_role("button", name="Save settings").click()
    expect(owner.get_by_text("Settings saved")).to_be_visible()
    calendar = live.owner["calendar"]["id"]
    led = live.call("PATCH", f"calendars/{calendar}", {"redirect_url": f"{site}/thanks?from=us"})
    assert led["redirect_url"] == f"{site}/thanks?from=us"

    guest = walk.new_phone(browser, scripts=scripts)
    walk.open_link(guest, led["scheduling_link"])
    if scripts:
        walk.choose_a_time(guest)
    else:
        walk.take_first_time(guest)
    walk.fill_in(guest, email=f"{'with' if scripts else 'without'}@example.org")
    expect(guest.get_by_role("heading", name="Thanks")).to_be_visible()
    [(path, referrer)] = [(path, ref) for path, ref in asked if path.startswith("/thanks")]
    query = parse_qs(urlsplit(path).query)
    assert query["from"] == ["us"]
    assert query["booking"][0].startswith("bkg_")
    assert referrer is None  # nothing of the manage link
    assert live.call("GET", "appointments")["items"]

    guest.go_back()  # past the page that led on: nobody is caught between the two
    assert guest.url.startswith(led["scheduling_link"])
