"""Somebody else books the time while the form is open: answers stay, and the nearest times are there."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from django.test import Client

from bookonce.scheduling.models import Booking, Calendar, LinkRequest, OneTimeLink
from tests.cast import MONDAY_NINE, MONDAY_TEN, Person, book_through, make_link
from tests.kinds import book_into, make_class
from tests.pages.guest_pages import Page, at_now, details, read, send  # noqa: F401 - a fixture

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
TYPED = {"name": "Gina Guest", "email": "gina@example.org", "notes": "By the <back> door"}


def offered(page: str) -> list[str]:
    return re.findall(r'type="radio" name="start" value="([^"]+)"', page)


def test_answers_stay_and_the_nearest_times_on_both_sides_are_buttons(alice: Person) -> None:
    link, client = make_link(alice), Client()
    path = f"/o/{link.token}"
    form = details(path, client, MONDAY_TEN).fields | TYPED
    book_through(make_link(alice), MONDAY_TEN)
    answer = send(f"{path}/book", client, form)
    page = read(answer)
    assert answer.status_code == 409
    assert "Someone has just booked this time" in page.words
    assert (page.fields["name"], page.fields["email"]) == ("Gina Guest", "gina@example.org")
    assert "By the &lt;back&gt; door" in page.html
    starts = offered(page.html)
    assert starts == sorted(starts)
    assert len(starts) == 6
    assert starts[0] < MONDAY_TEN < starts[-1]
    assert MONDAY_TEN not in starts
    assert "Monday, 30 November" in page.words
    assert "Berlin time" in page.words
    booked = send(f"{path}/book", client, page.fields | TYPED | {"start": starts[0]})
    assert booked.status_code == 303
    assert OneTimeLink.objects.get(pk=link.link.pk).spent == 1


def test_all_times_and_other_lengths_keep_what_was_typed(alice: Person) -> None:
    Calendar.objects.update(durations=(30, 60))
    link, client = make_link(alice), Client()
    path = f"/o/{link.token}"
    form = details(path, client).fields | TYPED
    book_through(make_link(alice))
    page = read(send(f"{path}/book", client, form))
    assert "Times for 1 hour" in page.words
    button = f'<button class="button button-small" type="submit" formmethod="get" formaction="{path}"'
    assert f'{button} name="times" value="30">See all free times' in page.html
    assert f'{button} name="times" value="60">Times for 1 hour' in page.html
    # As a browser sends them, with a time that was chosen already.
    sent = page.fields | TYPED | {"start": MONDAY_TEN}
    for length in ("30", "60"):
        chosen = client.get(f"{path}?{urlencode(sent | {'times': length})}")
        assert chosen.status_code == 200
        shown = chosen.content.decode()
        assert "Your details" not in shown
        times = Page(shown.partition('class="times-scroll"')[2].partition("</form>")[0])
        again = client.get(f"{path}?{urlencode(times.fields | {'start': MONDAY_TEN})}")
        filled = again.content.decode().partition('class="form"')[2].partition("</form>")[0]
        assert (Page(filled).fields["name"], Page(filled).fields["duration"]) == ("Gina Guest", length)
        assert "By the &lt;back&gt; door" in filled


def test_nothing_else_is_free(alice: Person) -> None:
    Calendar.objects.update(durations=(480,), interval=480, horizon_days=7, contact_text="Call 030 1234567")
    link, client = make_link(alice), Client()
    path = f"/o/{link.token}"
    form = details(path, client, "2026-11-24T09:00:00+01:00").fields | TYPED
    for day in ("23", "24", "25", "26", "27", "30"):
        book_through(make_link(alice), f"2026-11-{day}T09:00:00+01:00")
    page = read(send(f"{path}/book", client, form))
    assert "There is no other free time. Contact Alice to find one." in page.words
    assert "Call 030 1234567" in page.words
    assert "Book this time" not in page.words
    assert f'formaction="{path}/ask"' in page.html
    asked = send(f"{path}/ask", client, page.fields | TYPED)
    assert asked.status_code == 303
    assert LinkRequest.objects.get().email == "gina@example.org"
    assert not OneTimeLink.objects.get(pk=link.link.pk).spent


def test_places_of_a_class_are_gone(alice: Person) -> None:
    calendar = make_class(alice, seats=2)
    path, client = f"/c/{calendar.permanent_id}", Client()
    form = details(path, client, party="2").fields | TYPED
    book_into(calendar, name="Olga Other")
    page = read(send(f"{path}/book", client, form))
    assert "This time no longer has 2 free places. Your details are kept" in page.words
    assert MONDAY_NINE not in offered(page.html)
    assert page.fields["party"] == "2"


def test_a_series_that_lost_one_of_its_appointments(alice: Person) -> None:
    Calendar.objects.update(repeats="weekly", repeat_count=3)
    link, client = make_link(alice), Client()
    path = f"/o/{link.token}"
    form = details(path, client).fields | TYPED
    Calendar.objects.update(repeats="", repeat_count=None)
    book_through(make_link(alice), "2026-12-07T09:00:00+01:00")
    Calendar.objects.update(repeats="weekly", repeat_count=3)
    page = read(send(f"{path}/book", client, form))
    assert "One of the appointments that begin with this time has just been booked" in page.words
    assert offered(page.html)
    assert Booking.objects.count() == 1
