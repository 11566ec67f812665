"""What a guest has typed is there again after a reload, in this tab alone, and gone once it is booked."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import walk
from tests.live import LiveBookonce, NewBookonce

KEPT = "Object.keys(sessionStorage).filter(name => name.startsWith('answers:')).length"
BLOCKED = "Object.defineProperty(window, 'sessionStorage', {get() { throw new DOMException('no') }})"


@pytest.fixture(scope="module")
def live(new_bookonce: NewBookonce) -> LiveBookonce:
    return new_bookonce()


@pytest.fixture(scope="module")
def calendar(live: LiveBookonce) -> dict[str, Any]:
    """One that asks for a company, a tea and topics, and for consent."""
    tea = {"label": "Which tea?", "kind": "choice", "choices": ["Green", "Black"]}
    topics = {"label": "Topics", "kind": "several", "choices": ["Design", "Print", "Web"]}
    for question in ({"label": "Company", "kind": "short"}, tea, topics):
        live.call("POST", "questions", question)
    asked = [{"question": key} for key in ("company", "which-tea", "topics")]
    settings = {"questions": asked, "consent_text": "You may call me."}
    return live.call("PATCH", f"calendars/{live.owner['calendar']['id']}", settings)


def fill_in(page: Page, calendar: dict[str, Any]) -> None:
    walk.open_link(page, calendar["scheduling_link"])
    walk.take_first_time(page)
    page.get_by_label("Your name").fill("Gina Guest")
    page.get_by_label("Company").fill("Acme")
    page.get_by_label("Black").check()
    page.get_by_label("Web").check()
    page.get_by_label("Design").check()
    page.get_by_text("Bring somebody along").click()
    page.get_by_label("Their e-mail").first.fill("ben@example.org")
    page.get_by_label("You may call me.").check()


def test_a_reload_keeps_what_was_typed_until_it_is_booked(browser: Browser, calendar: dict[str, Any]) -> None:
    page = walk.new_phone(browser)
    fill_in(page, calendar)
    page.reload()
    expect(page.get_by_label("Your name")).to_have_value("Gina Guest")
    expect(page.get_by_label("Company")).to_have_value("Acme")
    expect(page.get_by_label("Black")).to_be_checked()
    expect(page.get_by_label("Web")).to_be_checked()
    expect(page.get_by_label("Print")).not_to_be_checked()
    expect(page.get_by_label("Their e-mail").first).to_be_visible()
    expect(page.get_by_label("Their e-mail").first).to_have_value("ben@example.org")
    expect(page.get_by_label("You may call me.")).not_to_be_checked()
    page.get_by_label("You may call me.").check()
    page.get_by_role("button", name="Book this time").click()
    expect(page.get_by_text("There is one thing to mend")).to_be_visible()
    page.get_by_label("E-mail", exact=True).fill("gina@example.org")
    page.get_by_role("button", name="Book this time").click()
    expect(page.get_by_role("heading", name=walk.BOOKED)).to_be_visible()
    assert page.evaluate(KEPT) == 0
    page.context.close()


def test_another_language_keeps_what_was_typed_after_a_mistake(
    browser: Browser, calendar: dict[str, Any]
) -> None:
    page = walk.new_phone(browser)
    fill_in(page, calendar)
    page.get_by_role("button", name="Book this time").click()
    expect(page.get_by_text("There is one thing to mend")).to_be_visible()
    page.locator("details.languages > summary").click()
    page.get_by_role("button", name="Deutsch").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_label("Company")).to_have_value("Acme")
    expect(page.get_by_label("Design")).to_be_checked()
    page.context.close()


def test_reload_and_back_never_ask_to_send_the_form_again(browser: Browser, calendar: dict[str, Any]) -> None:
    page = walk.new_phone(browser)
    fill_in(page, calendar)
    page.get_by_role("button", name="Book this time").click()
    expect(page.get_by_text("There is one thing to mend")).to_be_visible()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)
    page.reload()
    expect(page.get_by_label("Company")).to_have_value("Acme")
    assert sent == []
    page.get_by_label("You may call me.").check()
    page.get_by_role("button", name="Book this time").click()
    expect(page.get_by_text("There is one thing to mend")).to_be_visible()
    page.get_by_label("E-mail", exact=True).fill("gina@example.org")
    page.get_by_role("button", name="Book this time").click()
    expect(page.get_by_role("heading", name=walk.BOOKED)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("30 minute meeting")
    page.context.close()


def test_without_storage_no_other_language_is_offered_after_a_mistake(
    browser: Browser, calendar: dict[str, Any]
) -> None:
    page = walk.new_phone(browser)
    page.add_init_script(BLOCKED)
    fill_in(page, calendar)
    expect(page.locator("details.languages")).to_be_visible()
    page.get_by_role("button", name="Book this time").click()
    expect(page.get_by_text("There is one thing to mend")).to_be_visible()
    expect(page.locator("details.languages")).to_be_hidden()
    page.context.close()


def test_where_storage_is_blocked_the_form_works_as_ever(browser: Browser, calendar: dict[str, Any]) -> None:
    page = walk.new_phone(browser)
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.add_init_script(BLOCKED)
    fill_in(page, calendar)
    page.reload()
    expect(page.get_by_label("Your name")).to_have_value("")
    page.get_by_label("Your name").fill("Gina Guest")
    page.get_by_role("button", name="Book this time").click()
    expect(page.get_by_label("Your name")).to_have_value("Gina Guest")
    assert page.url.endswith("/book")  # a reload there sends all of it again, which is better than to lose it
    assert faults == []
    page.context.close()
