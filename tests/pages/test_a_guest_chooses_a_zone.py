"""The page of time zones: a plain form with the time it is in each, in the reader's words."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.cast import MONDAY_NINE, Person
from tests.pages.guest_pages import Page, read

pytestmark = pytest.mark.usefixtures("at_now")


def shown(person: Person, query: str = "", **headers: str) -> Page:
    return read(Client().get(f"/c/{person.calendar.permanent_id}?{query}", headers=headers))


def zones_of(page: Page) -> dict[str, str]:
    """What is said of each zone in the list."""
    return dict(re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)</option>', page.html))


def test_the_days_show_the_zone_and_its_time_and_lead_to_the_others(alice: Person) -> None:
    page = shown(alice, "timezone=Asia/Tokyo&month=2026-12&name=Gina")
    assert "Your time zone Tokyo 17:00" in page.words
    assert "<option" not in page.html.partition("<footer")[0], "490 zones weigh more than the rest of it"
    [way] = [link for link in page.links if "zones=1" in link]
    listed = read(Client().get(way))
    zones = zones_of(listed)
    assert len(zones) > 400
    assert zones["Asia/Tokyo"] == "Tokyo, 17:00"
    assert zones["America/New_York"] == "New York, 03:00"
    assert zones["Asia/Kathmandu"] == "Kathmandu, 13:45"
    assert re.search(r'<option value="Asia/Tokyo"[^>]* selected>', listed.html)
    assert (listed.fields["month"], listed.fields["name"]) == ("2026-12", "Gina")
    back = next(link for link in listed.links if "month=2026-12" in link and "timezone" in link)
    assert "December 2026" in read(Client().get(back)).words


def test_another_zone_moves_the_times(alice: Person) -> None:
    listed = shown(alice, "zones=1&day=2026-11-30&clock=12")
    assert zones_of(listed)["Europe/Berlin"] == "Berlin, 9:00 am"
    form = {name: value for name, value in listed.fields.items() if name not in ("zones", "lang")}
    page = read(Client().get(f"/c/{alice.calendar.permanent_id}", form | {"timezone": "Asia/Tokyo"}))
    assert MONDAY_NINE not in page.html
    assert "2026-11-30T17:00:00+09:00" in page.html
    assert "5:00 pm" in page.words


def test_cities_are_named_in_the_reader_s_language(alice: Person) -> None:
    german = zones_of(shown(alice, "zones=1&lang=de"))
    assert german["Europe/Brussels"] == "Brüssel, 09:00"
    assert german["Asia/Tokyo"] == "Tokio, 17:00"
    assert zones_of(shown(alice, "zones=1&lang=ja"))["Asia/Tokyo"].startswith("東京")


def test_a_zone_that_is_in_no_list_stays_chosen(alice: Person) -> None:
    listed = shown(alice, "zones=1&timezone=Etc/GMT%2B5")
    assert zones_of(listed)["Etc/GMT+5"] == "GMT+5, 03:00"
    assert re.search(r'<option value="Etc/GMT\+5"[^>]* selected>', listed.html)


def test_a_zone_that_only_the_browser_knows_is_no_mistake(alice: Person) -> None:
    typed = shown(alice, "timezone=America/Atlantis")
    assert "This is not a time zone" in typed.words
    guessed = shown(alice, "timezone=America/Atlantis&guess=1")
    assert "This is not a time zone" not in guessed.words
    assert "Your time zone Berlin" in guessed.words
    assert not any("guess=" in link or "Atlantis" in link for link in guessed.links)
