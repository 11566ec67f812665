"""A series on the guest's pages, without scripts: told before and after, changed one by one."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import icalendar
import pytest
from django.test import Client

from bookonce.scheduling.cancel_series import cancel_series
from bookonce.scheduling.models import Booking, Calendar, OneTimeLink
from bookonce.scheduling.reschedule import reschedule
from tests.cast import NOW, Person, book_through, make_link
from tests.mailbox import mails, text, to
from tests.pages.guest_pages import at_now, book_page, details, read, send  # noqa: F401 - a fixture

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def weekly(alice: Person) -> Person:
    Calendar.objects.filter(pk=alice.calendar.pk).update(repeats="weekly", repeat_count=3)
    return alice


def path_of(person: Person, **options: Any) -> str:
    return f"/o/{make_link(person, **options).token}"


def booked(person: Person, **options: Any) -> tuple[str, list[str]]:
    """The link's path, and the manage pages of a series booked through it."""
    issued = make_link(person, **options)
    series = book_through(issued).series
    return f"/o/{issued.token}", [f"/m/{one.manage_token}" for one in series]


def words(path: str, client: Client | None = None) -> str:
    response = (client or Client()).get(path)
    assert response.status_code == 200
    return read(response).words


def test_the_page_says_so_before_a_time_is_chosen(weekly: Person) -> None:
    page = words(path_of(weekly))
    assert "Every week, 3 appointments" in page
    assert "One choice books them all." in page


def test_the_form_lists_all_dates_and_where_the_guests_clock_changes(weekly: Person) -> None:
    Calendar.objects.filter(pk=weekly.calendar.pk).update(repeat_count=18)
    page = details(path_of(weekly), Client(), timezone="America/New_York")
    assert "All 18 dates" in page.words
    assert "Monday, 30 November 2026, 03:00" in page.words
    # New York changes two weeks before Berlin: for two Mondays the same hour there is another one here.
    assert page.words.count("instead of 03:00, since clocks change") == 2
    assert "Book all 18 appointments" in page.words


def test_one_form_books_them_all_and_the_page_lists_them(weekly: Person) -> None:
    client = Client()
    response = book_page(path_of(weekly), client)
    assert response.status_code == 303
    page = read(client.get(response["Location"]))
    assert (
        "You are booked with Alice for 3 appointments, the first on Monday, 30 November at 09:00"
        in page.words
    )
    for day in ("Mon 30 November", "Mon 7 December", "Mon 14 December"):
        assert day in page.words
    assert "Appointment 1 of 3" in page.words
    others = [link for link in page.links if re.fullmatch(r"/m/[^/]+", link)]
    assert len(others) == 2
    assert "Appointment 2 of 3" in words(others[0])


def test_the_list_says_where_the_guests_clock_changes_but_not_what_was_moved(weekly: Person) -> None:
    Calendar.objects.filter(pk=weekly.calendar.pk).update(repeat_count=18)
    series = book_through(make_link(weekly), timezone="America/New_York").series
    page = f"/m/{series[0].manage_token}"
    assert words(page).count("instead of 03:00, since clocks change") == 2
    moved = Booking.objects.get(public_id=series[1].public_id)
    reschedule(moved.pk, datetime.fromisoformat("2026-12-08T11:00:00+01:00"), by=weekly.actor, now=NOW)
    assert words(page).count("instead of 03:00, since clocks change") == 2


def test_the_file_holds_all_of_them(weekly: Person) -> None:
    _, pages = booked(weekly)
    response = Client().get(f"{pages[1]}/appointments.ics")
    assert response["Content-Type"].startswith("text/calendar")
    assert len(icalendar.Calendar.from_ical(response.content).walk("VEVENT")) == 3


def test_a_requested_series_offers_no_file(weekly: Person) -> None:
    Calendar.objects.filter(pk=weekly.calendar.pk).update(needs_approval=True)
    _, pages = booked(weekly)
    page = words(pages[0])
    assert "Your request for 3 appointments is with Alice" in page
    assert "Calendar file with all" not in page
    assert "Past" not in page
    assert Client().get(f"{pages[0]}/appointments.ics").status_code == 404


def test_one_is_cancelled_alone_and_the_link_stays_used(weekly: Person) -> None:
    Calendar.objects.filter(pk=weekly.calendar.pk).update(reopens_on_cancel=True)
    link, pages = booked(weekly)
    assert "stays used" in words(f"{pages[0]}/cancel")
    assert send(f"{pages[0]}/cancel", Client(), {}).status_code == 303
    assert Client().get(link).status_code == 410
    assert "Cancelled" in words(pages[1])
    assert "works again" in words(f"{pages[1]}/cancel-all").replace("will work", "works")
    assert send(f"{pages[1]}/cancel-all", Client(), {"reason": "Moving"}).status_code == 303
    assert set(Booking.objects.values_list("status", flat=True)) == {"cancelled"}
    assert Client().get(link).status_code == 200


def test_those_past_the_cutoff_stay(weekly: Person) -> None:
    Calendar.objects.filter(pk=weekly.calendar.pk).update(cancel_cutoff=10 * 1440)
    _, pages = booked(weekly)
    page = words(f"{pages[0]}/cancel-all")
    assert "Cancel 2 appointments?" in page
    assert "1 appointment stays: it can no longer be cancelled online." in page
    send(f"{pages[0]}/cancel-all", Client(), {})
    assert Booking.objects.filter(status="confirmed").get().series_number == 1


def test_an_appointment_by_itself_has_nothing_of_a_series(alice: Person) -> None:
    page = f"/m/{book_through(make_link(alice)).manage_token}"
    assert "of 1" not in words(page)
    for ending in ("cancel-all", "appointments.ics"):
        assert Client().get(f"{page}/{ending}").status_code == 404


def test_opening_the_pages_changes_nothing(weekly: Person) -> None:
    _, pages = booked(weekly)
    for page in (pages[0], f"{pages[0]}/cancel-all", f"{pages[0]}/appointments.ics"):
        assert Client().head(page).status_code == 200
        assert Client().get(page).status_code == 200
    assert Booking.objects.filter(status="confirmed").count() == 3


def test_life_of_a_link_recurring_one_use_is_the_whole_series(weekly: Person) -> None:
    """Used by the series; the host cancels all of it; the link from the mail that tells so books again."""
    link = path_of(weekly)
    body = {"start": "2026-11-30T09:00:00+01:00", "name": "Gina", "email": "gina@example.org"}
    first = Client().post(f"{link}/book", body, content_type="application/json")
    assert first.status_code == 201
    series = first.json()["series"]
    assert [one["start"][:10] for one in series] == ["2026-11-30", "2026-12-07", "2026-12-14"]
    assert first.json()["manage_url"] == series[0]["manage_url"]
    again = Client().post(f"{link}/book", body, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (410, "link_used")
    mails()
    cancel_series(Booking.objects.order_by("pk")[0].pk, by=weekly.actor, now=NOW)
    told = text(to("gina@example.org", mails()))
    found = re.search(r"http\S+/o/\S+", told)
    assert found
    reopened = urlsplit(found[0]).path
    assert Client().get(f"{reopened}/slots?from=2026-11-30&to=2026-11-30").json()["series"] == {
        "repeats": "weekly",
        "count": 3,
    }
    assert Client().post(f"{reopened}/book", body, content_type="application/json").status_code == 201
    assert OneTimeLink.objects.get().spent == 1


def test_a_time_taken_in_the_middle_keeps_the_answers_and_the_link(weekly: Person) -> None:
    link, client = path_of(weekly), Client()
    form = details(link, client).fields | {"name": "Gina Guest", "email": "gina@example.org"}
    book_through(make_link(weekly), "2026-12-07T09:00:00+01:00")
    response = send(f"{link}/book", client, form)
    assert response.status_code == 409
    page = read(response)
    assert "One of the appointments that begin with this time has just been booked" in page.words
    assert page.fields["name"] == "Gina Guest"
    assert client.get(link).status_code == 200
