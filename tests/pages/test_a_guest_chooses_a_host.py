"""The choice of a host on the guest's page: links, times, the booking; without scripts."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from bookonce.scheduling.calendars import update_calendar
from bookonce.scheduling.models import BlockedTime, Calendar
from tests.cast import MONDAY_NINE, NOW, Person, make_person
from tests.kinds import make_calendar
from tests.pages.guest_pages import MONDAY, Page, read, send

pytestmark = pytest.mark.usefixtures("at_now")


@pytest.fixture
def calendar(alice: Person, bob: Person) -> Calendar:
    return make_calendar("round_robin", alice, bob, guests_choose_host=True)


def open_page(calendar: Calendar, query: str = "") -> Page:
    return read(Client().get(f"/c/{calendar.permanent_id}?day={MONDAY}{query}"))


def link_of(page: Page, name: str) -> str:
    return (
        page.html.partition(f">{name}</a>")[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    )


def host_of(link: str) -> str:
    return link.partition("host=")[2].partition("&")[0]


def test_anyone_comes_first_and_each_host_has_their_times(calendar: Calendar) -> None:
    page = open_page(calendar)
    assert "With AnyoneAliceBob" in page.words
    bob = host_of(link_of(page, "Bob"))
    form = {"start": MONDAY_NINE, "duration": "60", "timezone": "Europe/Berlin"}
    who = {"name": "Gina", "email": "g@example.org"}
    assert send(f"/c/{calendar.permanent_id}/book", Client(), form | who | {"host": bob}).status_code == 303
    assert BlockedTime.objects.get().host.user.name == "Bob"
    assert MONDAY_NINE not in open_page(calendar, f"&host={bob}").html
    assert MONDAY_NINE in open_page(calendar, f"&host={host_of(link_of(page, 'Alice'))}").html
    assert MONDAY_NINE in open_page(calendar).html


def test_the_choice_stays_through_every_step(calendar: Calendar) -> None:
    bob = host_of(link_of(open_page(calendar), "Bob"))
    month = open_page(calendar, f"&host={bob}")
    assert f'name="host" value="{bob}"' in month.html
    details = open_page(calendar, f"&host={bob}&start={MONDAY_NINE.replace('+', '%2B')}")
    assert details.fields["host"] == bob
    assert "Bob" in details.words
    assert all(f"host={bob}" in link for link in details.links if "duration=" in link)


def test_a_taken_time_offers_that_host_s_nearest(calendar: Calendar) -> None:
    bob = host_of(link_of(open_page(calendar), "Bob"))
    form = {"start": MONDAY_NINE, "duration": "60", "timezone": "Europe/Berlin", "host": bob}
    who = {"name": "Gina", "email": "g@example.org"}
    path = f"/c/{calendar.permanent_id}/book"
    send(path, Client(), form | who)
    taken = send(path, Client(), form | who)
    assert taken.status_code == 409
    assert "The nearest free times" in read(taken).words
    assert MONDAY_NINE not in taken.content.decode()
    assert read(taken).fields["host"] == bob


def test_who_left_meanwhile_is_said_kindly(calendar: Calendar, alice: Person) -> None:
    bob = host_of(link_of(open_page(calendar), "Bob"))
    update_calendar(calendar, {"hosts": ["alice@example.com"]}, by=alice.actor, now=NOW)
    page = open_page(calendar, f"&host={bob}")
    assert "This host can't be chosen here" in page.html.replace("&#x27;", "'")
    assert "Anyone" not in page.words
    assert MONDAY_NINE in page.html


def test_programs_list_and_book_by_host(calendar: Calendar) -> None:
    client, path = Client(), f"/c/{calendar.permanent_id}"
    query = f"from={MONDAY}&to={MONDAY}&timezone=Europe/Berlin"
    told = client.get(f"{path}/slots?{query}").json()
    assert [host["name"] for host in told["hosts"]] == ["Alice", "Bob"]
    bob = told["hosts"][1]["host"]
    body = {"start": MONDAY_NINE, "name": "Gina", "email": "g@example.org", "host": bob}
    booked = client.post(f"{path}/book", body, content_type="application/json")
    assert booked.json()["calendar"]["owner"] == "Bob"
    assert MONDAY_NINE not in client.get(f"{path}/slots?{query}&host={bob}").json()["slots"][MONDAY]
    assert MONDAY_NINE in client.get(f"{path}/slots?{query}&host=Alice").json()["slots"][MONDAY]
    assert client.get(f"{path}/slots?{query}&host=Nobody").json()["errors"].keys() == {"host"}
    assert client.post(f"{path}/book", body, content_type="application/json").status_code == 409


def test_many_hosts_stand_in_a_list(alice: Person, bob: Person) -> None:
    people = [make_person(name, alice.workspace, role="member") for name in ("Cleo", "Dora")]
    calendar = make_calendar("round_robin", alice, bob, *people, guests_choose_host=True)
    page = open_page(calendar, "&view=week&host=Dora")
    listed = page.html.partition('name="host">')[2].partition("</select>")[0]
    assert re.findall(r">([^<]+)</option>", listed) == ["Anyone", "Alice", "Bob", "Cleo", "Dora"]
    assert re.search(r'value="hst_\w+" selected>Dora', listed)
    form = page.html.partition('id="host" name="host"')[2].partition("</form>")[0]
    assert 'name="week" value="2026-11-30"' in form
    assert 'type="hidden" name="host"' not in form
