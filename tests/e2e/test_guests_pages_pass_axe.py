"""Every page and state that a guest meets passes axe, light and dark, narrow and wide, in both directions.

`make test` looks at each state, but those that are much like another, in one of the eight ways; `make proof`
at each in all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import walk
from tests.e2e.guest_states import STATES, Guests
from tests.e2e.inspector import Inspector
from tests.live import NewBookonce
from tests.strength import FULL

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
LANGUAGES = {"ltr": "en-GB", "rtl": "ar"}
PHONE = 360
WAYS = tuple(product(LANGUAGES, (PHONE, 1280), SCHEMES))


@pytest.fixture(scope="module")
def guests(new_bookonce: NewBookonce) -> Guests:
    return Guests(new_bookonce(env={"BOOKONCE_RATE_LIMITS": "yes"}))


@pytest.fixture(scope="module")
def readers(browser: Browser) -> Iterator[dict[str, Page]]:
    """One for each direction of writing, who wants no motion."""
    pages = {}
    for direction, language in LANGUAGES.items():
        context = browser.new_context(locale=language, reduced_motion="reduce", timezone_id="Europe/London")
        context.set_default_timeout(walk.PATIENCE)
        pages[direction] = context.new_page()
    yield pages
    for page in pages.values():
        page.context.close()


@pytest.fixture
def inspector() -> Iterator[Inspector]:
    inspector = Inspector()
    yield inspector
    assert not inspector.found, "\n".join(inspector.found)


@pytest.mark.parametrize("name", [name for name, state in STATES.items() if FULL or not state.like])
def test_state(guests: Guests, readers: dict[str, Page], inspector: Inspector, name: str) -> None:
    number = list(STATES).index(name)
    for direction, width, scheme in WAYS if FULL else [WAYS[number * 3 % len(WAYS)]]:
        page, told = readers[direction], f"{name}, {direction}, {width} px, {scheme}"
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        guests.reach(page, name)
        assert page.evaluate("document.dir") == direction
        inspector.check(page, told)
        inspector.reach(page, told)
        inspector.rest(page, told)
        inspector.fit(page, told)
        large_letters(page, inspector, told)


def large_letters(page: Page, inspector: Inspector, told: str) -> None:
    """At 200 % letters the page still fits a phone."""
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    inspector.fit(page, f"{told}, large letters", PHONE)
    page.evaluate("document.documentElement.style.fontSize = ''")


def test_a_time_that_is_gone_is_told_in_the_guests_own_zone(guests: Guests, browser: Browser) -> None:
    page = walk.new_phone(browser, zone="America/New_York")
    guests.reach(page, "gone")
    expect(page).to_have_url(re.compile("timezone=America"))
    expect(page.locator("main .notice").first).to_contain_text("The chosen time is no longer free")
    page.context.close()
