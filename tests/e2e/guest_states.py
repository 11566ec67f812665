"""Every page and state that a guest can meet: a scene's address, and what is done there to reach the state.

What is done names no words, so that it works in every language. Shared by the tests of all states and the
screenshots: a new page or state is one line here, and its scene one in guest_scenes.py.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from weakref import finalize

import psycopg
from playwright.sync_api import Page

from tests.e2e.foreign_site import ForeignSite, foreign_site
from tests.e2e.own_site import show
from tests.live import LiveBookonce
from tests.races.beside import in_product

_MAKE = "from tests.e2e.guest_scenes import make\nprint(json.dumps(make(given['site'])))"
_TAKE = """
from bookonce.scheduling.book import book
from bookonce.scheduling.offer import Door
start = datetime.fromisoformat(given["start"]).astimezone(timezone.utc).isoformat()
raw = {"start": start, "name": "Kim Lee", "email": "kim@guests.example", "timezone": "UTC"}
calendar = Calendar.objects.order_by("pk")[0]
booked = book(Door.permanent(calendar.permanent_id), raw, now=clock.now())
print(json.dumps(booked.public_id))
"""
_GIVE_BACK = """
from bookonce.scheduling.cancel import cancel
from bookonce.scheduling.events import GUEST
cancel(Booking.objects.get(public_id=given["booking"]).pk, by=GUEST, now=clock.now())
print("true")
"""
SUBMIT = "main form[method=post] button[type=submit]:not([formaction])"
Act = Callable[[Page, "Guests"], None]


@dataclass
class Guests:
    """A server with every scene; `paths` by name. `site`, somebody else's, may show one of them."""

    live: LiveBookonce
    paths: Mapping[str, str] = field(default_factory=dict)
    site: ForeignSite = field(default_factory=ForeignSite)
    mistyped: int = 0  # codes, so far
    kept: str = ""  # the address of a step whose time is kept

    def __post_init__(self) -> None:
        served = ExitStack()
        self.site = served.enter_context(foreign_site())
        finalize(self, served.close)
        self.paths = in_product(self.live, _MAKE, site=self.site.origin)

    def reach(self, page: Page, name: str) -> None:
        """Bring the page into the state of this name."""
        state = STATES[name]
        page.goto(f"{self.live.base_url}{self.paths[state.scene or name]}")
        page.locator("main.busy").wait_for(state="detached")  # a far zone fetches the page anew
        if state.act:
            state.act(page, self)
            page.wait_for_load_state("load")

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """Nobody else can write to the database meanwhile."""
        if self.live.database_url:
            with psycopg.connect(self.live.database_url) as writer:
                writer.execute("LOCK TABLE accounts_member IN ACCESS EXCLUSIVE MODE")
                yield
        else:
            with closing(sqlite3.connect(self.live.data_dir / "bookonce.sqlite3")) as writer:
                writer.execute("BEGIN IMMEDIATE")
                yield

    @contextmanager
    def taken(self, start: str) -> Iterator[None]:
        """Somebody else has booked this time, and cancels afterwards: other states are to find it."""
        booking = in_product(self.live, _TAKE, start=start)
        yield
        in_product(self.live, _GIVE_BACK, booking=booking)


@dataclass(frozen=True)
class State:
    """A state: its scene, where that has another name, and what is done there."""

    scene: str = ""
    act: Act | None = None
    like: str = ""  # the state it is so much like that a bounded run leaves it out


def choose(page: Page, _guests: Guests) -> None:
    """Tap the first time: it turns into time and button."""
    page.locator(".time label").first.click()


def go_on(page: Page, guests: Guests) -> None:
    """Tap the first time, and go on to the details."""
    choose(page, guests)
    page.locator(".time-go:visible").first.click()
    page.locator("#details").wait_for()


def keep(page: Page, guests: Guests) -> None:
    """Choose a time that is kept, or see the one that is kept already: a visitor has few."""
    if guests.kept:
        page.goto(guests.kept)
    else:
        go_on(page, guests)
        guests.kept = page.url


def send(page: Page, _guests: Guests) -> None:
    """Send the form as it is."""
    with page.expect_navigation():
        page.locator(SUBMIT).first.click()


def fill_in(page: Page) -> None:
    """What every form asks for."""
    page.locator("[name=name]").fill("Sam Carter")
    page.locator("[name=email]").fill("sam@carter.example")


def lose_the_time(page: Page, guests: Guests) -> None:
    """Fill in, while somebody else books this time."""
    go_on(page, guests)
    fill_in(page)
    with guests.taken(page.locator("[name=start]").input_value()):
        send(page, guests)


def ask_for_code(page: Page, _guests: Guests) -> None:
    """Ask for the code; it was asked for already when this state was reached before."""
    page.locator("[name=name]").evaluate_all("fields => fields.forEach((field) => { field.value = 'Mara'; })")
    with page.expect_navigation():
        page.locator("button[formaction$='/code']").click()


def mistype_code(page: Page, guests: Guests) -> None:
    """Send a code that nobody was sent; a code bears five of them, and the next has to be waited for."""
    guests.mistyped += 1
    if guests.mistyped > 4:
        page.goto(f"{guests.live.base_url}{guests.paths['code to mistype later']}")
    if not page.locator("[name=code]").count():
        ask_for_code(page, guests)
    page.locator("[name=code]").fill("000000")
    send(page, guests)


def unfold(page: Page, _guests: Guests) -> None:
    """Open what is folded away."""
    for summary in page.locator("main details:not([open]) > summary").all():
        if summary.is_visible():
            summary.click()


def ask_in_vain(page: Page, guests: Guests) -> None:
    """Ask for a new link without saying who."""
    unfold(page, guests)
    send(page, guests)


def overdo(page: Page, _guests: Guests) -> None:
    """Ask more often than anybody may."""
    page.locator("details.ask > summary").click()
    form = page.locator("details.ask form")
    address = page.evaluate("form => form.action", form.element_handle())
    for number in range(11):
        sent: dict[str, str | float | bool] = {"name": "Sam", "email": f"sam{number}@carter.example"}
        page.request.post(address, form=sent, max_redirects=0)
    fields = {"name": "Sam", "email": "sam@carter.example"}
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)
    with page.expect_navigation():
        form.locator("button[type=submit]").click()


def open_zones(page: Page, _guests: Guests) -> None:
    """Look for another time zone."""
    page.locator("#zone").click()
    page.locator("#zone-list [role=option]").first.wait_for()


def open_languages(page: Page, _guests: Guests) -> None:
    """Look for another language."""
    page.locator(".languages > summary").click()


def embed(page: Page, guests: Guests) -> None:
    """See the calendar on somebody's own site."""
    show(page, guests.site, page.url.partition("?")[0], server=guests.live.base_url)


def send_too_much(page: Page, _guests: Guests) -> None:
    """Send more than anybody types."""
    page.locator("[name=notes]").evaluate("field => { field.value = 'x'.repeat(300000); }")
    send(page, _guests)


def send_to_the_busy(page: Page, guests: Guests) -> None:
    """Send the form while the database answers nobody."""
    fill_in(page)
    with guests.stalled():
        send(page, guests)


STATES: Mapping[str, State] = {
    "month": State(),
    "month, a time is chosen": State("month", choose, like="week, a time is chosen"),
    "week": State(),
    "week, a time is chosen": State("week", choose),
    "later month": State(),
    "class": State(),
    "series": State(),
    "choose host": State(),
    "group": State(),
    "look": State(),
    "pictures": State(),
    "frame": State(),
    "embedded": State(act=embed),
    "another time zone": State("month", open_zones),
    "another language": State("month", open_languages),
    "no times": State(),
    "gone": State(),
    "details": State(like="details, unfolded"),
    "details, unfolded": State("details", unfold),
    "details with errors": State("details", send),
    "known guest": State(),
    "every question": State(),
    "every question, with errors": State("every question", send),
    "series details": State(),
    "too large": State("details", send_too_much),
    "busy": State("details", send_to_the_busy),
    "taken": State("month", lose_the_time),
    "proof": State(),
    "code": State(),
    "code sent": State("code to send", ask_for_code, like="wrong code"),
    "wrong code": State("code to mistype", mistype_code),
    "kept": State("kept", keep),
    "held": State(),
    "used": State(),
    "used, in a frame": State(),
    "used, asking": State("used", unfold),
    "used, asked in vain": State("used", ask_in_vain),
    "asked": State(),
    "asked before": State(like="asked"),
    "expired": State(like="revoked"),
    "revoked": State(),
    "not open": State(),
    "paused": State(),
    "deleted": State(like="paused"),
    "unknown link": State(),
    "unknown page": State(like="unknown link"),
    "too many tries": State("revoked", overdo),
    "booked": State(),
    "upcoming": State(),
    "moved": State(like="upcoming"),
    "cancel": State(),
    "reschedule": State(),
    "move": State(),
    "cancelled by guest": State(like="cancelled by host"),
    "cancelled by host": State(),
    "requested": State(like="request"),
    "request": State(),
    "withdraw": State(like="cancel"),
    "declined": State(),
    "request expired": State(like="declined"),
    "withdrawn": State(like="declined"),
    "begun": State(),
    "past": State(),
    "no show": State(like="past"),
    "showed": State(like="past"),
    "invalid": State(like="cancelled by host"),
    "place in a class": State(),
    "one of a series": State(),
    "cancel series": State(),
    "booked in a frame": State(),
    "with answers": State(),
    "with answers, unfolded": State("with answers", unfold, like="with answers"),
}
