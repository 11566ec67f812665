"""Calendars lead guests only to sites that the workspace names."""

from __future__ import annotations

import pytest

from bookonce.accounts.workspace_settings import SettingsRefused
from bookonce.scheduling.calendars import create_calendar, update_calendar
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.models import Calendar, RedirectOrigin
from bookonce.scheduling.redirect_origins import find_redirect, list_redirect_origins
from bookonce.scheduling.week_start import change_workspace
from tests.cast import NOW, Person
from tests.unit.test_addresses_to_be_led_to_are_plain import HOSTILE

pytestmark = pytest.mark.django_db(transaction=True)
THANKS = "https://example.com/thanks?from=us#top"


def lead_to(alice: Person, address: str) -> Calendar:
    return update_calendar(alice.calendar, {"redirect_url": address}, by=alice.actor, now=NOW)


def list_sites(person: Person, *sites: str) -> None:
    change_workspace(person.workspace, {"redirect_origins": list(sites)}, now=NOW)


def test_only_to_a_site_on_the_list(alice: Person, charlie: Person) -> None:
    list_sites(charlie, "https://example.com")
    with pytest.raises(Invalid) as refused:
        lead_to(alice, THANKS)
    assert "https://example.com is not among the sites" in refused.value.errors["redirect_url"][0]
    list_sites(alice, "https://Example.com:443/", "http://localhost:3000", "https://example.com")
    assert list_redirect_origins(alice.workspace.pk) == ["http://localhost:3000", "https://example.com"]
    calendar = lead_to(alice, THANKS)
    led = find_redirect(calendar, "bkg_a")
    assert led == "https://example.com/thanks?from=us&booking=bkg_a#top"
    new = create_calendar(
        alice.member, {"name": "New", "duration": 30, "redirect_url": "http://localhost:3000/"}, now=NOW
    )
    assert find_redirect(new) == "http://localhost:3000/"
    for other in ("https://example.com.evil.example/", "http://example.com/", "https://www.example.com/"):
        with pytest.raises(Invalid):
            lead_to(alice, other)


@pytest.mark.parametrize("address", [address for address in HOSTILE if address.strip() == address != ""])
def test_hostile_addresses_are_refused_and_lead_nowhere(alice: Person, address: str) -> None:
    list_sites(alice, "https://example.com")
    with pytest.raises(Invalid) as refused:
        lead_to(alice, address)
    assert set(refused.value.errors) == {"redirect_url"}
    if "\x00" not in address:  # PostgreSQL keeps none
        Calendar.objects.update(redirect_url=address)
        assert find_redirect(Calendar.objects.get()) == ""


def test_a_site_taken_off_the_list_is_led_to_no_more(alice: Person) -> None:
    list_sites(alice, "https://example.com")
    lead_to(alice, THANKS)
    list_sites(alice, "https://other.example")
    calendar = Calendar.objects.get()
    assert find_redirect(calendar, "bkg_a") == ""
    assert lead_to(alice, THANKS).redirect_url == THANKS  # as it was: all else can still be saved
    list_sites(alice, "https://example.com")
    assert find_redirect(calendar, "bkg_a")
    assert lead_to(alice, "").redirect_url == ""


@pytest.mark.parametrize(
    "sites",
    [["https://example.com/path"], ["example.com"], [f"https://{n}.example" for n in range(21)], 7, [7], {}],
)
def test_what_is_no_list_of_sites(alice: Person, sites: object) -> None:
    list_sites(alice, "https://example.com")
    if sites == {}:
        change_workspace(alice.workspace, {"redirect_origins": ""}, now=NOW)
        assert not RedirectOrigin.objects.exists()
        return
    with pytest.raises(SettingsRefused) as refused:
        change_workspace(alice.workspace, {"redirect_origins": sites, "name": ""}, now=NOW)
    assert set(refused.value.errors) == {"redirect_origins", "name"}
    assert list_redirect_origins(alice.workspace.pk) == ["https://example.com"]


def test_next_steps_and_searchable(alice: Person) -> None:
    update_calendar(alice.calendar, {"next_steps": "One.\nTwo.", "searchable": True}, by=alice.actor, now=NOW)
    calendar = Calendar.objects.get()
    assert (calendar.next_steps, calendar.searchable) == ("One.\nTwo.", True)
    with pytest.raises(Invalid) as refused:
        update_calendar(
            alice.calendar, {"next_steps": "x" * 1001, "searchable": "maybe"}, by=alice.actor, now=NOW
        )
    assert set(refused.value.errors) == {"next_steps", "searchable"}
