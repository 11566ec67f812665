"""`?start=...&duration=...&timezone=...`: the form at that time, or the nearest free times and a sentence."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from bookonce.booking_page import opens
from bookonce.scheduling.models import Booking, Calendar, Event, OneTimeLink
from tests.cast import Person, book_through, make_link
from tests.pages.guest_pages import at_now, book_page, read  # noqa: F401 - a fixture

pytestmark = pytest.mark.usefixtures("at_now")
AT_NINE = "start=2026-11-30T08:00Z&duration=30&timezone=America/New_York"
PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36"}


def test_a_free_time_opens_the_form(alice: Person) -> None:
    issued = make_link(alice, recipient_name="Sam Okafor", recipient_email="sam@example.org")
    page = read(Client().get(f"/o/{issued.token}?{AT_NINE}"))
    assert "Your details" in page.words
    assert page.fields["start"] == "2026-11-30T03:00:00-05:00"
    assert page.fields["timezone"] == "America/New_York"
    assert "Sam Okafor" in page.words


@pytest.mark.parametrize(
    "start", ["2026-11-30T09:00:00%2B01:00", "2026-11-30T09:00:00+01:00", "2026-11-30T08:00:00Z"]
)
def test_however_a_mail_program_mangles_the_plus(alice: Person, start: str) -> None:
    page = read(Client().get(f"/o/{make_link(alice).token}?start={start}"))
    assert page.fields["start"] == "2026-11-30T09:00:00+01:00"


def test_taken_meanwhile_shows_that_days_other_times(alice: Person) -> None:
    issued = make_link(alice)
    book_through(make_link(alice))
    page = read(Client().get(f"/o/{issued.token}?{AT_NINE}"))
    assert "The chosen time is no longer free. Choose another one." in page.words
    assert 'value="2026-11-30T03:30:00-05:00"' in page.html, "the next one of that day, on their clock"
    assert OneTimeLink.objects.get(pk=issued.link.pk).spent == 0
    assert book_page(f"/o/{issued.token}", Client(), "2026-11-30T09:30:00+01:00").status_code == 303


@pytest.mark.parametrize(
    ("start", "day", "words"),
    [
        ("2026-12-05T09:00Z", "2026-12-04", "Friday, 4 December"),  # a Saturday morning: Friday is nearer
        ("2026-12-06T20:00Z", "2026-12-07", "Monday, 7 December"),  # a Sunday night
        ("2026-11-23T03:00Z", "2026-11-23", ""),  # before now, the same day
        ("2020-01-01T09:00Z", "2026-11-23", "Monday, 23 November"),  # read years later
    ],
)
def test_never_free_leads_to_the_nearest_free_times(alice: Person, start: str, day: str, words: str) -> None:
    page = read(Client().get(f"/o/{make_link(alice).token}?start={start}&duration=30"))
    assert "no longer free" in page.words
    assert f'id="day-{day}"' in page.html
    assert f'name="start" value="{day}T' in page.html
    if words:
        assert f"The nearest free times are on {words}." in page.words


@pytest.mark.parametrize(
    ("query", "day", "told"),
    [
        ("day=2026-12-10", "Thursday, 10 December", ""),
        ("day=2026-12-12", "Monday, 14 December", "There are no free times on Saturday, 12 December."),
        ("day=2027-01-30", "Monday, 1 February", "There are no free times on Saturday, 30 January."),
        ("day=2026-10-30", "Monday, 23 November", "There are no free times on Friday, 30 October."),
        ("day=2099-01-05", "Monday, 23 November", "There are no free times on Monday, 5 January."),
        ("month=2026-12&day=2026-11-29", "Tuesday, 1 December", ""),
    ],
)
def test_a_day_without_times_leads_to_the_next_one_and_says_so(
    alice: Person, query: str, day: str, told: str
) -> None:
    page = read(Client().get(f"/o/{make_link(alice).token}?{query}"))
    assert re.search(rf'<h2 id="times"[^>]*>{day}<', page.html), query
    assert re.findall(r"There are no free times[^.]+\.", page.words) == ([told] if told else [])


def test_the_last_free_day_stands_in_where_none_follows(alice: Person) -> None:
    Calendar.objects.update(horizon_days=14)
    page = read(Client().get(f"/o/{make_link(alice).token}?day=2026-12-19"))
    assert re.search(r'<h2 id="times"[^>]*>Monday, 7 December<', page.html)
    assert "There are no free times on Saturday, 19 December." in page.words


def test_nothing_is_free_at_all(alice: Person) -> None:
    Calendar.objects.update(last_day="2026-11-22", first_day="2026-11-01", horizon_days=None)
    page = read(Client().get(f"/o/{make_link(alice).token}?{AT_NINE}"))
    assert "The chosen time is no longer free." in page.words
    assert "Ask for a new link" in page.words


@pytest.mark.parametrize(
    "query",
    [
        "start=&duration=&timezone=",
        "start=2026-11-30",
        "start=2026-11-30T08:00",
        "start=2026-11-30T08:00:30Z&duration=30",
        "start=9999-12-31T23:59Z&duration=30",
        "start=0001-01-01T00:00Z",
        "start=2199-12-31T23:59Z",
        "start=2026-11-30T08:00Z&duration=99999999999999999999",
        "start=2026-11-30T08:00Z&duration=-30",
        "start=2026-11-30T08:00Z&timezone=../../etc/passwd",
        "start=2026-11-30T08:00Z&timezone=%00",
        "start=2026-11-30T08:00Z&timezone=<script>alert(1)</script>",
        "start[]=2026-11-30T08:00Z",
        "start=" + "9" * 4000,
        "start=%F0%9F%92%A3&duration=%F0%9F%92%A3",
        "start=%ff%fe",
        "start=2026-11-30T08:00Z&start=x&party=-1&month=x&day=x",
        "start=2026-11-30T08%3A00%2B99%3A99",
    ],
)
def test_hostile_and_mangled_addresses_fall_back(alice: Person, query: str) -> None:
    issued = make_link(alice)
    answer = Client().get(f"/o/{issued.token}?{query}")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    page = read(answer)
    assert 'id="times"' in page.html or "Your details" in page.words
    assert OneTimeLink.objects.get(pk=issued.link.pk).spent == 0


def test_it_uses_nothing_and_counts_as_an_opening(alice: Person) -> None:
    issued = make_link(alice)
    for query in (AT_NINE, AT_NINE, "start=2026-12-05T09:00Z&duration=30"):
        Client(headers=PERSON).get(f"/o/{issued.token}?{query}")
    link = OneTimeLink.objects.get(pk=issued.link.pk)
    assert (link.spent, link.opened) == (0, 0)
    assert (Booking.objects.count(), Event.objects.exclude(kind="link.created").count()) == (0, 0)
    assert opens.take()[issued.link.pk].people == 3
    Client(headers=PERSON).get(f"/o/{issued.token}?start=2026-11-30T09:00:00%2B01:00&duration=30")
    assert opens.take() == {}, "a step within the page"


def test_a_used_link_stays_used(alice: Person) -> None:
    issued = make_link(alice)
    book_through(issued)
    answer = Client().get(f"/o/{issued.token}?{AT_NINE}")
    assert answer.status_code == 410
    page, _foot, _languages = answer.content.decode().partition("<footer")  # which keep the address
    assert "2026-11-30" not in page
