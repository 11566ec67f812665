"""The week layout, the two clocks and what is said of other zones; plain links and forms do it all."""

from __future__ import annotations

import pytest
from django.test import Client

from bookonce.scheduling.models import Booking, Calendar
from tests.cast import MONDAY_NINE, Person, book_through, make_link
from tests.kinds import make_class
from tests.pages.guest_pages import Page, book_page, read, send

pytestmark = pytest.mark.usefixtures("at_now")


def path_of(person: Person) -> str:
    return f"/c/{person.calendar.permanent_id}"


def shown(path: str, query: str = "", **headers: str) -> Page:
    return read(Client().get(f"{path}?{query}", headers=headers))


def test_the_week_lists_the_times_of_each_day(alice: Person) -> None:
    page = shown(path_of(alice), "view=week")
    assert "23\N{EN DASH}29 Nov 2026" in page.words
    assert all(f"{day} November" in page.words for day in ("Monday, 23", "Friday, 27", "Sunday, 29"))
    assert page.html.count('type="radio"') == 16 + 4 * 16
    assert "2026-11-23T09:00:00+01:00" in page.html
    assert MONDAY_NINE not in page.html


def test_weeks_are_links_and_stay_weeks(alice: Person) -> None:
    path = path_of(alice)
    page = shown(path, "view=week&timezone=Europe/Berlin")
    later = next(link for link in page.links if link.endswith("week=2026-11-30"))
    second = read(Client().get(later))
    assert MONDAY_NINE in second.html
    assert any(link.endswith("week=2026-11-23") for link in second.links)
    assert not any(link.endswith("week=2026-11-16") for link in page.links)
    assert all("view=" in link for link in second.links if "timezone=" in link)


def test_a_time_of_the_week_is_booked(alice: Person) -> None:
    client, path = Client(), f"/o/{make_link(alice).token}"
    week = read(client.get(f"{path}?view=week&week=2026-11-30&clock=12"))
    form = {name: value for name, value in week.fields.items() if name not in ("page_language", "lang")}
    assert (form["view"], form["clock"]) == ("week", "12")
    details = read(client.get(path, form | {"start": MONDAY_NINE}))
    assert "Monday, 30 November 2026" in details.words
    assert "9:00 am" in details.words
    assert any("view=week" in link and "day=2026-11-30" in link for link in details.links)
    answer = send(f"{path}/book", client, details.fields | {"name": "Gina", "email": "g@example.org"})
    assert answer["Location"].endswith("?booked=1&clock=12")
    assert "9:00 am" in read(client.get(answer["Location"])).words
    assert Booking.objects.count() == 1


def test_a_calendar_opens_in_its_own_layout_and_the_guest_changes_it(alice: Person) -> None:
    Calendar.objects.update(layout="week")
    path = path_of(alice)
    page = shown(path)
    assert 'class="week"' in page.html
    month = next(link for link in page.links if "view=month" in link)
    assert "November 2026" in read(Client().get(month)).words
    assert 'class="week"' not in read(Client().get(month)).html


def test_an_empty_week_leads_to_the_next_free_day(alice: Person) -> None:
    Calendar.objects.update(first_day="2026-12-09")
    page = shown(path_of(alice), "view=week&week=2026-11-30")
    assert "This week has no free times." in page.words
    jump = next(link for link in page.links if "day=2026-12-09" in link)
    assert "7\N{EN DASH}13 Dec 2026" in read(Client().get(jump)).words


def test_what_makes_no_sense_is_left_out_and_said(alice: Person) -> None:
    page = shown(path_of(alice), "view=year&clock=13")
    assert "Free times are shown by month or by week." in page.words
    assert "Clocks count to 12 or to 24." in page.words
    assert "November 2026" in page.words
    page = shown(path_of(alice), "view=week&week=someday")
    assert "Enter a date" in page.words
    assert "23\N{EN DASH}29 Nov 2026" in page.words
    assert "23\N{EN DASH}29 Nov 2026" in shown(path_of(alice), "view=week&week=1999-01-01").words


def test_the_clock_and_the_week_follow_the_reader(alice: Person) -> None:
    american = {"accept-language": "en-US,en;q=0.9"}
    page = shown(path_of(alice), "day=2026-11-30", **american)
    assert "9:00 am" in page.words
    assert "Su</abbr>" in page.html.partition("Mo</abbr>")[0]
    other = next(link for link in page.links if "clock=24" in link)
    changed = read(Client().get(other, headers=american))
    assert "09:00" in changed.words
    assert "am" not in changed.words.replace("Name", "").split("Morning")[1][:40]
    assert "29 Nov" in shown(path_of(alice), "view=week&week=2026-11-30", **american).words


def test_a_class_tells_its_places_in_the_week_too(alice: Person) -> None:
    yoga = make_class(alice, seats=3)
    assert "3 places left" in shown(f"/c/{yoga.permanent_id}", "view=week").words


def test_times_on_another_day_of_the_calendar_are_marked(alice: Person) -> None:
    query = "timezone=Pacific/Auckland&view="
    month = shown(path_of(alice), f"{query}month&day=2026-12-02")
    assert "Before 21:00, it is still Tuesday, 1 December in Berlin." in month.words
    week = shown(path_of(alice), f"{query}week&day=2026-12-02")
    assert "\N{MINUS SIGN}1: on the day before in Berlin." in week.words
    assert "+1:" not in week.words
    start = next(part[:25] for part in week.html.split('value="') if part.startswith("2026-12-02T00:00"))
    details = shown(path_of(alice), f"timezone=Pacific/Auckland&start={start.replace('+', '%2B')}")
    assert "In Berlin it is then Tuesday, 1 December, 12:00." in details.words


def test_changed_clocks_are_told_in_the_month_they_change(alice: Person) -> None:
    said = "Your clocks go forward by 1 hour on Sunday, 28 March."
    assert said in shown(path_of(alice), "month=2027-03").words
    assert said in shown(path_of(alice), "view=week&week=2027-03-22").words
    assert "clocks go" not in shown(path_of(alice), "month=2027-02").words
    far = shown(path_of(alice), "month=2027-03&timezone=Asia/Tokyo").words
    assert "In Berlin, clocks go forward by 1 hour on Sunday, 28 March." in far
    assert "From then on, Berlin is 7 hours behind you." in far


def test_moving_has_weeks_too(alice: Person) -> None:
    booked = book_through(make_link(alice))
    page = read(Client().get(f"/m/{booked.manage_token}/reschedule?view=week&week=2026-11-30"))
    assert 'class="week"' in page.html
    assert "Choose another time" in page.words


def test_a_settled_page_still_books_by_month(alice: Person) -> None:
    client, path = Client(), f"/o/{make_link(alice).token}"
    assert book_page(path, client).status_code == 303
