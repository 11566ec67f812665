"""The page of a group: a menu of calendars, then the ordinary way to book, without scripts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bookonce.booking_page import opens
from bookonce.scheduling.calendar_groups import set_group_deleted, set_group_paused, update_group
from bookonce.scheduling.calendars import set_deleted, set_paused, update_calendar
from bookonce.scheduling.issue_link import Issued
from bookonce.scheduling.models import (
    Booking,
    BookingAnswer,
    Calendar,
    CalendarGroup,
    LinkRequest,
    OneTimeLink,
)
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person
from tests.groups import make_group, make_group_link
from tests.pages.guest_pages import MONDAY, Page, details, read, send, stop_clock

pytestmark = pytest.mark.usefixtures("at_now")


@pytest.fixture
def group(alice: Person, bob: Person) -> CalendarGroup:
    return make_group(alice, bob.calendar, alice.calendar, description="Pick a person.")


@pytest.fixture
def issued(alice: Person, group: CalendarGroup) -> Issued:
    return make_group_link(alice, group)


@pytest.fixture
def path(issued: Issued) -> str:
    return f"/o/{issued.token}"


def book_here(client: Client, path: str, person: Person, start: str = MONDAY_NINE, **changes: str) -> Any:
    form = details(path, client, start, calendar=person.calendar.public_id).fields
    who = {"name": "Gina Guest", "email": "gina@example.org"}
    return send(f"{path}/book", client, form | who | changes)


def menu_links(page: Page) -> list[str]:
    return [link for link in page.links if "calendar=cal_" in link and "duration" not in link]


def test_the_menu_names_each_calendar_in_order(client: Client, path: str, alice: Person, bob: Person) -> None:
    update_calendar(bob.calendar, {"description": "A first look."}, by=bob.actor, now=NOW)
    response = client.get(path)
    page = read(response)
    assert response.status_code == 200
    chosen = [f"{path}?calendar={person.calendar.public_id}" for person in (bob, alice)]
    assert menu_links(page) == chosen
    for words in (
        "Meet us",
        "Pick a person.",
        "Bob's meeting",
        "A first look.",
        "30 minutes",
        "Alice",
        "Atelier",
    ):
        assert words in page.words
    assert page.words.index("Bob's meeting") < page.words.index("Alice's meeting")


def test_from_the_menu_to_the_booking_and_the_link_is_spent(client: Client, path: str, bob: Person) -> None:
    month = read(client.get(menu_links(read(client.get(path)))[0]))
    assert "Bob's meeting" in month.words
    assert path in month.links, "the way back to the menu"
    assert month.fields["calendar"] == bob.calendar.public_id
    for link in month.links:
        assert "day=" not in link or f"calendar={bob.calendar.public_id}" in link
    done = client.get(book_here(client, path, bob)["Location"])
    assert "You are booked with Bob" in read(done).words
    assert Booking.objects.get().appointment.calendar_id == bob.calendar.pk
    for query in ("", f"?calendar={bob.calendar.public_id}", "?calendar=nowhere"):
        stranger = Client().get(path + query)
        assert stranger.status_code == 410
        assert "This link has expired" in read(stranger).words


def test_the_browser_that_booked_sees_its_booking_again(client: Client, path: str, bob: Person) -> None:
    book_here(client, path, bob)
    page = read(client.get(path))
    assert "You are booked with Bob" in page.words


def test_another_calendar_can_be_booked_while_uses_are_left(
    client: Client, alice: Person, bob: Person, group: CalendarGroup
) -> None:
    path = f"/o/{make_group_link(alice, group, max_bookings=2).token}"
    book_here(client, path, bob)
    shown = read(client.get(path))
    another = next(link for link in shown.links if "another" in link)
    assert len(menu_links(read(client.get(another)))) == 2
    assert book_here(client, path, alice, MONDAY_TEN).status_code == 303
    assert Client().get(path).status_code == 410


def test_choosing_a_calendar_counts_one_opening(
    client: Client, path: str, issued: Issued, bob: Person
) -> None:
    browser = {"User-Agent": "Mozilla/5.0"}
    client.get(path, headers=browser)
    client.get(f"{path}?calendar={bob.calendar.public_id}", headers=browser)
    assert opens.take()[issued.link.pk].people == 1


@pytest.mark.parametrize("chosen", ["cal_aaaaaaaaaaaaaaaa", "nowhere", "%00", "<b>", "x" * 5000, "é"])
def test_an_unknown_calendar_leads_back_to_the_menu(client: Client, path: str, chosen: str) -> None:
    response = client.get(f"{path}?calendar={chosen}")
    page = read(response)
    assert response.status_code == 200
    assert "This calendar can't be booked here. Choose another one." in page.words
    assert len(menu_links(page)) == 2
    assert "<b>" not in page.html


def test_a_paused_calendar_says_so_and_leads_to_the_others(client: Client, path: str, bob: Person) -> None:
    set_paused(bob.calendar, paused=True, now=NOW)
    assert len(menu_links(read(client.get(path)))) == 1
    response = client.get(f"{path}?calendar={bob.calendar.public_id}")
    assert response.status_code == 503
    assert "Choose another calendar" in read(response).words
    assert path in read(response).links
    set_deleted(bob.calendar, deleted=True, now=NOW)
    assert client.get(f"{path}?calendar={bob.calendar.public_id}").status_code == 410


def test_a_calendar_without_free_times_leads_to_the_others(
    client: Client, alice: Person, bob: Person, group: CalendarGroup
) -> None:
    day = NOW.date() + timedelta(days=5)  # a Saturday: nobody works
    path = f"/o/{make_group_link(alice, group, first_day=day, last_day=day).token}"
    page = read(client.get(f"{path}?calendar={bob.calendar.public_id}"))
    assert "This calendar has no free times left." in page.words
    assert "Choose another calendar" in page.words
    assert page.links.count(path) == 2
    assert f"{path}/ask" in page.actions


@pytest.mark.parametrize(("close", "status"), [(set_group_paused, 503), (set_group_deleted, 410)])
def test_a_closed_group_is_a_dead_end(
    client: Client, path: str, group: CalendarGroup, bob: Person, close: Any, status: int
) -> None:
    name = "paused" if close is set_group_paused else "deleted"
    close(group, now=NOW, **{name: True})
    for address in (path, f"/c/{group.permanent_id}", "/atelier/meet-us"):
        for query in ("", f"?calendar={bob.calendar.public_id}"):
            response = client.get(address + query)
            assert response.status_code == status, address
            assert "Choose another calendar" not in read(response).words
    close(group, now=NOW, **{name: False})
    assert client.get(path).status_code == 200


def test_an_empty_menu_says_so_kindly_and_takes_a_request(
    client: Client, path: str, alice: Person, bob: Person
) -> None:
    for person in (alice, bob):
        set_paused(person.calendar, paused=True, now=NOW)
    page = read(client.get(path))
    assert "None of these calendars takes bookings right now." in page.words
    assert f"{path}/ask" in page.actions
    sent = send(f"{path}/ask", client, {"name": "Gina", "email": "gina@example.org", "message": ""})
    assert sent.status_code == 303
    assert "Your request is on its way" in read(client.get(sent["Location"])).words
    assert LinkRequest.objects.get().link.group is not None


def test_a_calendar_taken_off_the_menu_loses_nothing_that_was_typed(
    client: Client, path: str, alice: Person, bob: Person, group: CalendarGroup
) -> None:
    form = details(path, client, calendar=bob.calendar.public_id).fields
    update_group(group, {"calendars": [alice.calendar.public_id]}, now=NOW)
    typed = {"name": "Gina Guest", "email": "gina@example.org", "notes": "By train."}
    response = send(f"{path}/book", client, form | typed)
    assert response.status_code == 422
    menu = read(response)
    assert "your details are kept, and nothing has been used up" in menu.words
    assert OneTimeLink.objects.get().spent == 0
    kept = {name: menu.fields[name] for name in ("name", "email", "notes", "timezone", "key", "form")}
    again = read(send(f"{path}/book", client, kept | {"calendar": alice.calendar.public_id}))
    assert again.fields["name"] == "Gina Guest"
    assert "By train." in again.words
    assert "Alice's meeting" in again.words
    chosen = again.fields | {"start": MONDAY_TEN, "notes": "By train."}
    assert send(f"{path}/book", client, chosen).status_code == 303
    assert BookingAnswer.objects.get().value == "By train."


def test_a_form_without_a_calendar_leads_to_the_menu(client: Client, path: str, bob: Person) -> None:
    form = details(path, client, calendar=bob.calendar.public_id).fields
    form.pop("calendar")
    response = send(f"{path}/book", client, form | {"name": "Gina", "email": "gina@example.org"})
    assert response.status_code == 422
    assert not Booking.objects.exists()


def test_an_expiry_while_the_form_is_open_has_its_grace(
    client: Client, alice: Person, bob: Person, group: CalendarGroup, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/o/{make_group_link(alice, group, expires_at=NOW + timedelta(minutes=5)).token}"
    form = details(path, client, calendar=bob.calendar.public_id).fields
    stop_clock(monkeypatch, NOW + timedelta(minutes=10))
    assert Client().get(path).status_code == 410
    sent = form | {"name": "Gina", "email": "gina@example.org"}
    assert send(f"{path}/book", client, sent).status_code == 303


def test_the_public_menu_hides_what_only_one_time_links_may_book(
    client: Client, path: str, alice: Person, bob: Person, group: CalendarGroup
) -> None:
    update_calendar(bob.calendar, {"one_time_only": True}, by=bob.actor, now=NOW)
    for address in (f"/c/{group.permanent_id}", "/atelier/meet-us"):
        page = read(client.get(address))
        assert menu_links(page) == [f"{address}?calendar={alice.calendar.public_id}"]
        hidden = read(client.get(f"{address}?calendar={bob.calendar.public_id}"))
        for each in (page, hidden):
            assert "Bob" not in each.words
            assert bob.calendar.permanent_id not in each.html
        slots = client.get(f"{address}/slots?from={MONDAY}&to={MONDAY}&calendar={bob.calendar.slug}")
        assert slots.status_code == 422
    assert "Bob's meeting" in read(client.get(path)).words


def test_nothing_on_a_group_links_pages_is_another_way_in(
    client: Client, path: str, alice: Person, bob: Person, group: CalendarGroup
) -> None:
    update_group(group, {"one_time_only": True}, now=NOW)
    assert client.get(f"/c/{group.permanent_id}").status_code == 404
    assert client.get("/atelier/meet-us").status_code == 404
    chosen = f"{path}?calendar={bob.calendar.public_id}"
    pages = [client.get(path), client.get(chosen), book_here(client, path, bob), client.get(path)]
    secrets = [group.permanent_id, group.slug, *(p.calendar.permanent_id for p in (alice, bob))]
    for response in pages:
        for secret in [*secrets, alice.calendar.slug, bob.calendar.slug]:
            assert secret not in response.content.decode()


def test_looking_uses_nothing_up(client: Client, path: str, bob: Person) -> None:
    for query in ("", f"?calendar={bob.calendar.public_id}"):
        client.get(path + query)
        assert client.head(path + query).status_code == 200
    assert OneTimeLink.objects.get().spent == 0


def test_a_kept_time_goes_along_to_the_menu_and_when_asking(
    client: Client, path: str, alice: Person, bob: Person
) -> None:
    Calendar.objects.update(hold_minutes=10)
    chosen = {"calendar": bob.calendar.public_id, "timezone": "Europe/Berlin", "start": MONDAY_NINE}
    shown = read(client.get(send(f"{path}/hold", client, chosen)["Location"]))
    token = shown.fields["hold"]
    [back] = [link for link in shown.links if "hold=" in link and "calendar=" not in link]
    menu = client.get(back)
    assert menu.status_code == 200
    other = menu_links(read(menu))[1]
    assert f"hold={token}" in other
    month = client.get(other)
    assert month.status_code == 200
    asking = f"{path}/ask?hold={token}"
    asked = send(asking, client, {"name": "Gina", "email": "gina@example.org"})
    assert asked.status_code == 303
    told = client.get(asked["Location"])
    assert (told.status_code, LinkRequest.objects.count()) == (200, 1)
    again = read(month).fields | {"calendar": alice.calendar.public_id, "start": MONDAY_TEN}
    moved = read(client.get(send(f"{path}/hold", client, again)["Location"]))
    assert "Kept for you until" in moved.words
    who = {"name": "Gina Guest", "email": "gina@example.org"}
    assert send(f"{path}/book", client, moved.fields | who).status_code == 303
