"""Where a calendar keeps times, Continue keeps the chosen one; the page says until when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bookonce.scheduling.models import Booking, Calendar, Hold, OneTimeLink
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, make_link
from tests.pages.guest_pages import MONDAY, Page, at_now, read, send, stop_clock  # noqa: F401 - a fixture

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
GUEST = {"name": "Gina Guest", "email": "gina@example.org"}


@pytest.fixture
def path(alice: Person) -> str:
    """The permanent link of a calendar that keeps times for ten minutes."""
    Calendar.objects.filter(pk=alice.calendar.pk).update(hold_minutes=10)
    return f"/c/{alice.calendar.permanent_id}"


def choose(path: str, client: Client, start: str = MONDAY_NINE, **more: str) -> Any:
    """Press Continue beside this time."""
    asked = {"start": start, "timezone": "Europe/Berlin", "duration": "30"} | more
    return send(f"{path}/hold", client, asked)


def details(path: str, client: Client, start: str = MONDAY_NINE, **more: str) -> Page:
    answer = choose(path, client, start, **more)
    assert answer.status_code == 303
    return read(client.get(answer.headers["Location"]))


def test_continue_is_a_form_that_keeps_the_time(path: str) -> None:
    client = Client()
    page = client.get(path, {"day": MONDAY}).content.decode()
    assert f'action="{path}/hold" method="post"' in page
    shown = details(path, client)
    assert "Kept for you until 09:10" in shown.words
    assert Hold.objects.count() == 1
    booked = send(f"{path}/book", client, shown.fields | GUEST)
    assert booked.status_code == 303
    assert not Hold.objects.exists()
    assert Booking.objects.count() == 1


def test_others_do_not_see_it_meanwhile(path: str) -> None:
    details(path, Client())
    other = Client().get(path, {"day": MONDAY}).content.decode()
    assert MONDAY_NINE not in other
    assert MONDAY_TEN in other
    assert choose(path, Client()).status_code == 409


def test_without_the_setting_continue_is_a_link(alice: Person) -> None:
    path = f"/c/{alice.calendar.permanent_id}"
    page = Client().get(path, {"day": MONDAY}).content.decode()
    assert 'method="get" data-soft' in page
    assert f"{path}/hold" not in page
    shown = details(path, Client())  # it was on when the page was opened
    assert "Kept" not in shown.words
    assert "Your details" in shown.words


def test_looking_and_going_back_change_nothing(path: str) -> None:
    client = Client()
    shown = details(path, client)
    token = shown.fields["hold"]
    back = next(link for link in shown.links if "day=" in link)
    assert f"hold={token}" in back
    page = client.get(back).content.decode()
    assert MONDAY_NINE in page
    assert f'name="hold" value="{token}"' in page
    client.get(path, {"start": MONDAY_TEN})
    assert Hold.objects.count() == 1


def test_another_time_is_kept_in_place_of_it(path: str) -> None:
    client = Client()
    first = details(path, client)
    second = details(path, client, MONDAY_TEN, hold=first.fields["hold"])
    assert "Kept for you until" in second.words
    assert Hold.objects.count() == 1
    assert MONDAY_NINE in Client().get(path, {"day": MONDAY}).content.decode()


def test_the_page_says_when_it_lapsed(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    address = choose(path, client).headers["Location"]
    stop_clock(monkeypatch, NOW + timedelta(minutes=11))
    words = read(client.get(address)).words
    assert "This time was kept for you until 09:10" in words
    Hold.objects.all().delete()
    assert "no longer kept for you" in read(client.get(address)).words
    form = read(client.get(address)).fields
    assert send(f"{path}/book", client, form | GUEST).status_code == 303


def test_a_lapsed_time_that_was_taken_is_told(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    address = choose(path, client).headers["Location"]
    form = read(client.get(address)).fields | GUEST
    stop_clock(monkeypatch, NOW + timedelta(minutes=11))
    other = Client()
    send(f"{path}/book", other, details(path, other).fields | {"name": "Otto", "email": "otto@example.org"})
    assert "no longer free" in read(client.get(address)).words
    late = send(f"{path}/book", client, form)
    assert late.status_code == 409
    assert "Your details are kept" in read(late).words


def test_mistakes_in_the_form_keep_the_time(path: str) -> None:
    client = Client()
    shown = details(path, client)
    wrong = send(f"{path}/book", client, shown.fields | GUEST | {"email": "nobody"})
    assert wrong.status_code == 422
    assert "Kept for you until 09:10" in read(wrong).words
    assert read(wrong).fields["hold"] == shown.fields["hold"]


def test_a_third_time_of_one_visitor_goes_on_without_being_kept(path: str) -> None:
    client = Client()
    for start in (MONDAY_NINE, "2026-11-30T09:30:00+01:00"):
        details(path, client, start)
    shown = details(path, client, MONDAY_TEN)
    assert "Kept" not in shown.words
    assert "Your details" in shown.words


def test_a_held_link_says_so_kindly_and_its_visitor_goes_on(alice: Person, path: str) -> None:
    issued = make_link(alice)
    link, client = f"/o/{issued.token}", Client()
    shown = details(link, client)
    held = Client().get(link)
    assert held.status_code == 409
    assert held.headers["Retry-After"] == "60"
    assert "Someone is booking through this link right now" in read(held).words
    assert "Gina" not in read(held).words
    assert choose(link, Client(), MONDAY_TEN).status_code == 409
    assert OneTimeLink.objects.get().spent == 0
    assert send(f"{link}/book", client, shown.fields | GUEST).status_code == 303
    assert Client().get(link).status_code == 410


def test_bad_choices_are_told_on_the_page(path: str) -> None:
    for form, status in (
        ({"start": "soon"}, 422),
        ({"duration": "30"}, 422),
        ({"start": MONDAY_NINE, "duration": "45"}, 422),
        ({"start": "2026-11-29T09:00:00+01:00"}, 409),
    ):
        answer = send(f"{path}/hold", Client(), form)
        assert answer.status_code == status
        assert "Time" in read(answer).words or "time" in read(answer).words
    foreign = Client().post(f"{path}/hold", {"start": MONDAY_NINE}, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code in (403, 422)
    assert not Hold.objects.exists()


def test_unknown_links_are_not_found(path: str) -> None:
    assert choose("/o/unknown", Client()).status_code == 404
