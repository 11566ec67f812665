"""Take the screenshots that the docs show, from a fresh installation with sample data.

Run by hand after the pages changed: `.venv/bin/python -m tools.screenshots [DIRECTORY]`; it needs Chromium.
"""

from __future__ import annotations

import json
import sys
import tempfile
import urllib.request
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import FLAGS
from tests.e2e import walk
from tests.live import LiveBookonce
from tools import stopped_clock
from tools.packages import find_chromium

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
SITE = "book.atelier.example"  # what the pages show as their address; the browser alone resolves it
OWNER = {"name": "Olga Petrova", "email": "olga@atelier.example", "password": "paper lantern river stone"}
WORKSPACE = {"workspace": "Atelier Petrova", "timezone": "Europe/Berlin"}
CONTACT = "Write to studio@atelier.example or call 030 123456."
CALENDARS = (
    {
        "name": "First conversation",
        "slug": "first-conversation",
        "durations": [30, 60],
        "description": "We look at your idea together, and I show you what the studio can make of it.",
        "location": {"kind": "video", "value": "https://meet.atelier.example/olga"},
        "one_time_only": True,
    },
    {
        "name": "Studio visit",
        "slug": "studio-visit",
        "durations": [60],
        "location": {"kind": "place", "value": "Lindenweg 12, Berlin"},
    },
    {"name": "Phone call", "slug": "phone-call", "durations": [15], "location": {"kind": "phone"}},
)
LINKS: tuple[dict[str, Any], ...] = (
    {
        "label": "Spring commission",
        "recipient": {"name": "Mara Lindqvist", "email": "mara@lindqvist.example"},
    },
    {"label": "After the fair", "recipient": {"name": "Tomás Rivera", "email": "tomas@rivera.example"}},
    {"recipient": {"name": "Yuki Tanaka", "email": "yuki@tanaka.example"}, "expires_in": 6},
)


class Studio:
    """The sample installation, and the browser that looks at it."""

    def __init__(self, live: LiveBookonce, browser: Browser, images: Path) -> None:
        self.live, self.browser, self.images = live, browser, images
        self.site = f"http://{SITE}"

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """One call of the REST API. Raises HTTPError when it is refused."""
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{self.live.base_url}/api/v1/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Host": SITE,
                "Authorization": f"Bearer {self.live.owner['api_key']}",
                "Content-Type": "application/json",
            },
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            answered: dict[str, Any] = json.loads(answer.read())
        return answered

    def shoot(self, page: Page, name: str, *, full: bool = False) -> None:
        """Write one image, once the page is at rest."""
        page.evaluate("document.fonts.ready")
        page.wait_for_timeout(400)
        page.screenshot(path=self.images / f"{name}.png", full_page=full, animations="disabled", caret="hide")
        print(name, (self.images / f"{name}.png").stat().st_size // 1024, "kB")

    def phone(self, **options: Any) -> Page:
        """A guest on a phone."""
        return self.stopped(walk.new_phone(self.browser, zone="Europe/London", **options))

    def desk(self) -> Page:
        """The owner at a desk."""
        return self.stopped(walk.new_desktop(self.browser))

    def stopped(self, page: Page) -> Page:
        """The page, by the clock of all pictures."""
        stopped_clock.of_browser(page.context)
        return page


def fill(studio: Studio) -> list[str]:
    """Calendars, links and a few bookings; returns the addresses of two unused links."""
    first = studio.call("GET", "calendars")["items"][0]["id"]
    studio.call("PATCH", f"calendars/{first}", CALENDARS[0])
    for calendar in CALENDARS[1:]:
        studio.call("POST", "calendars", calendar)
    calendars = [item["id"] for item in studio.call("GET", "calendars")["items"]]
    made = []
    for number, link in enumerate(LINKS):
        options = dict(link)
        if days := options.pop("expires_in", None):
            last = datetime.fromisoformat(stopped_clock.NOW) + timedelta(days=days)
            options["expires_at"] = last.date().isoformat()
        made.append(studio.call("POST", "one-time-links", options | {"calendar": calendars[number]}))
    withdrawn = studio.call(
        "POST", "one-time-links", {"calendar": first, "label": "Sent to the wrong address"}
    )
    studio.call("POST", f"one-time-links/{withdrawn['id']}/revoke")
    for number in (0, 1):
        guest = studio.phone()
        walk.book_as_known(guest, made[number]["url"])
        guest.context.close()
    new = [studio.call("POST", "one-time-links", {"calendar": first}) for _ in range(2)]
    return [link["url"] for link in new]


def settle(studio: Studio, page: Page) -> None:
    """The words for dead links."""
    page.goto(f"{studio.site}/app/settings/")
    page.get_by_label("Contact text").fill(CONTACT)
    page.get_by_role("button", name="Save settings").click()
    page.get_by_text("Settings saved").wait_for()


def groups(studio: Studio, page: Page) -> None:
    """A group as its owner sets it up, and its menu on a guest's phone."""
    calendars = [item["id"] for item in studio.call("GET", "calendars")["items"]]
    asked = {"name": "Meet the studio", "description": "Choose how we meet.", "calendars": calendars}
    group = studio.call("POST", "calendar-groups", asked)["id"]
    page.set_viewport_size({"width": 1280, "height": 1140})
    page.goto(f"{studio.site}/app/groups/{group}/")
    studio.shoot(page, "group")
    guest = studio.phone()
    guest.goto(studio.call("POST", "one-time-links", {"group": group})["url"])
    studio.shoot(guest, "group-phone")


def batch(studio: Studio, page: Page) -> None:
    """Links for many at once, one of them booked through."""
    names = ("Kim Lee", "Noor Haddad", "Ines Duarte", "Sam Okafor", "Lea Brandt", "Ravi Menon")
    rows = [
        {"recipient": {"name": name, "email": f"{name.split()[0].lower()}@guests.example"}} for name in names
    ]
    visit = next(
        item["id"] for item in studio.call("GET", "calendars")["items"] if item["slug"] == "studio-visit"
    )
    made = studio.call(
        "POST", "one-time-links/bulk", {"calendar": visit, "name": "Autumn fair", "links": rows}
    )
    walk.book_as_known(studio.phone(), made["items"][1]["url"])
    page.set_viewport_size(walk.DESKTOP)
    page.wait_for_timeout(11_000)  # opens are kept every ten seconds
    page.goto(f"{studio.site}/app/links/batches/{made['batch']}/")
    studio.shoot(page, "batch")


def first_run(studio: Studio) -> None:
    """The form of an empty installation, in a data directory of its own."""
    empty = LiveBookonce(studio.live.data_dir.with_name("empty"))
    empty.start()
    try:
        page = studio.desk()
        page.goto(f"{empty.base_url}/app/")
        page.get_by_label("Set-up code").fill("K7MQ-2XRA")
        page.get_by_label("Your name").fill(OWNER["name"])
        page.get_by_label("E-mail").fill(OWNER["email"])
        page.get_by_label("Name of your workspace").fill(WORKSPACE["workspace"])
        page.get_by_label("Name of your workspace").blur()
        studio.shoot(page, "first-run", full=True)
    finally:
        empty.kill()


def guests(studio: Studio, url: str) -> None:
    """What a guest sees, from the link to the appointment, and what others see afterwards."""
    guest, desk = studio.phone(), studio.desk()
    walk.open_link(desk, url)
    studio.shoot(desk, "book-desktop")
    desk.emulate_media(color_scheme="dark")
    studio.shoot(desk, "book-dark")
    walk.open_link(guest, url)
    studio.shoot(guest, "book-phone")
    walk.take_first_time(guest)
    walk.fill_in(guest)
    guest.get_by_role("heading", name=walk.BOOKED).wait_for()
    studio.shoot(guest, "booked-phone", full=True)
    other = studio.phone()
    other.goto(url)
    studio.shoot(other, "used-link-phone")
    guest.get_by_role("link", name="Reschedule").click()
    studio.shoot(guest, "manage-phone")


def team(studio: Studio, page: Page) -> None:
    """Somebody joins by invitation; somebody else is invited."""
    address = f"{studio.site}/app/settings/team/"
    for name, email in (("Jonas Weber", "jonas@atelier.example"), ("", "lena@atelier.example")):
        page.goto(address)
        page.get_by_label("E-mail").fill(email)
        page.get_by_role("button", name="Invite").click()
        page.get_by_text("is invited").wait_for()
        if name:
            new = studio.phone()
            new.goto(page.get_by_label("Link to join").input_value())
            new.get_by_label("Your name").fill(name)
            new.get_by_label("Your name").blur()
            studio.shoot(new, "join", full=True)
            new.get_by_label("Password").fill(OWNER["password"])
            new.get_by_role("button", name="Join").click()
            new.get_by_text("Welcome to").wait_for()
    page.goto(address)
    studio.shoot(page, "team", full=True)


def owner(studio: Studio, page: Page) -> None:
    """The owner's lists, and the dialog."""
    page.wait_for_timeout(11_000)  # opens are kept every ten seconds
    page.goto(f"{studio.site}/app/calendars/")
    studio.shoot(page, "calendars")
    walk.open_share(page, "First conversation")
    page.get_by_role("tab", name="One Time Link").click()
    page.get_by_role("button", name="Copy").first.wait_for()
    studio.shoot(page, "share-one-time-link")
    page.get_by_role("dialog").get_by_role("link", name="Copy as message").click()
    page.get_by_role("heading", name="Copy as message").wait_for()
    studio.shoot(page, "message")
    for name, path in (("links", "links/"), ("appointments", "appointments/"), ("settings", "settings/")):
        page.goto(f"{studio.site}/app/{path}")
        studio.shoot(page, name)
    stranger = studio.desk()
    stranger.goto(f"{studio.site}/app/")
    studio.shoot(stranger, "sign-in")


def calendar(studio: Studio, page: Page) -> None:
    """The settings of a calendar that becomes a round robin; nothing is saved."""
    page.goto(f"{studio.site}/app/calendars/")
    page.get_by_role("link", name="Studio visit", exact=True).click()
    page.locator("#kind_fold summary").click()
    page.get_by_label("Round robin").check()
    page.get_by_role("button", name="Add host").click()
    page.locator(".host-row").nth(1).wait_for()
    page.set_viewport_size({"width": 1280, "height": 1100})
    page.locator("#who").evaluate("heading => heading.scrollIntoView()")
    studio.shoot(page, "calendar")


def look(studio: Studio, page: Page) -> None:
    """A calendar's look and its preview; nothing is saved."""
    page.goto(f"{studio.site}/app/calendars/")
    page.get_by_role("link", name="Studio visit", exact=True).click()
    page.get_by_role("link", name="Look", exact=True).click()
    page.set_viewport_size({"width": 1280, "height": 1000})
    page.locator("[name=primary]").fill("a2401c")
    page.locator("[name=background]").fill("fbf3e6")
    page.locator("[name=radius]").fill("14")
    page.wait_for_timeout(1500)
    studio.shoot(page, "look")


def main(images: Path) -> None:
    """Start the installation, fill it, take every image, end it."""
    images.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        environment = {"BOOKONCE_BASE_URL": f"http://{SITE}", **stopped_clock.of_server()}
        live = LiveBookonce(Path(folder) / "data", extra_env=environment)
        rules = f"--host-resolver-rules=MAP {SITE}:80 127.0.0.1:{live.port}"
        browser = playwright.chromium.launch(
            executable_path=str(find_chromium()), args=[*FLAGS, "--hide-scrollbars", rules]
        )
        studio = Studio(live, browser, images)
        live.setup(**OWNER, **WORKSPACE)
        live.start()
        try:
            page = studio.desk()
            walk.sign_in(page, studio.site, email=OWNER["email"], password=OWNER["password"])
            settle(studio, page)
            unused = fill(studio)
            guests(studio, unused[0])
            owner(studio, page)
            team(studio, page)
            calendar(studio, page)
            look(studio, page)
            groups(studio, page)
            batch(studio, page)
            first_run(studio)
        finally:
            live.kill()
            browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else IMAGES)
