"""The manage page names the cut-offs, hides what is not allowed and leads back to a reopened link."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bookonce.scheduling.models import Booking, Calendar, OneTimeLink
from tests.cast import MONDAY_TEN, NOW, Person, book_through, make_link
from tests.pages.guest_pages import at_now, book_page, read, send, stop_clock  # noqa: F401 - a fixture
from tests.pages.owner_pages import said_beside, signed_in, text

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]


def booked(alice: Person, **options: Any) -> str:
    return f"/m/{book_through(make_link(alice, **options)).manage_token}"


def test_the_cut_offs_are_told_in_the_guests_time(alice: Person) -> None:
    path = booked(alice, cancel_cutoff=120, reschedule_cutoff=1440, most_reschedules=2)
    page = read(Client().get(path))
    assert "This appointment can be cancelled until Monday, 30 November at 07:00." in page.words
    assert "It can be rescheduled until Sunday, 29 November at 09:00." in page.words
    assert "It can be rescheduled 2 more times." in page.words


def test_after_the_cut_off_the_buttons_are_gone_and_the_host_is_named(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    Calendar.objects.update(contact_text="Call 030 1234.")
    path = booked(alice, cancel_cutoff=120, reschedule_cutoff=1440)
    stop_clock(monkeypatch, NOW + timedelta(days=7) - timedelta(hours=1))
    page = read(Client().get(path))
    assert not {f"{path}/cancel", f"{path}/reschedule"} & set(page.links)
    for words in ("could be cancelled until Monday, 30 November at 07:00", "Contact Alice", "Call 030 1234."):
        assert words in page.words
    for step, form in (("cancel", {}), ("reschedule", {"start": MONDAY_TEN})):
        answers = [Client().get(f"{path}/{step}"), send(f"{path}/{step}", Client(), form)]
        assert [answer.status_code for answer in answers] == [409, 409]
        assert "Contact its host." in read(answers[0]).words
    assert Booking.objects.get().status == "confirmed"


def test_what_is_not_allowed_at_all(alice: Person) -> None:
    path = booked(alice, guests_may_cancel=False, most_reschedules=0)
    page = read(Client().get(path))
    assert "This appointment can't be cancelled online." in page.words
    assert "It can't be rescheduled online." in page.words
    assert not {f"{path}/cancel", f"{path}/reschedule"} & set(page.links)


def test_a_reopened_link_is_offered_and_books_again(alice: Person) -> None:
    issued = make_link(alice, reopens_on_cancel=True)
    path, client = f"/m/{book_through(issued).manage_token}", Client()
    assert "The link you booked with will work again." in read(client.get(f"{path}/cancel")).words
    assert send(f"{path}/cancel", client, {}).status_code == 303
    page = read(client.get(path))
    assert "The link you booked with works again." in page.words
    again = next(link for link in page.links if "/o/" in link)
    assert again.endswith(f"/o/{issued.token}")
    assert book_page(f"/o/{issued.token}", client, MONDAY_TEN).status_code == 303
    assert OneTimeLink.objects.get().spent == 1
    assert not [link for link in read(client.get(path)).links if "/o/" in link]


def test_the_owner_sets_the_rules_of_a_calendar(alice: Person) -> None:
    client, path = signed_in(alice), f"/app/calendars/{alice.calendar.public_id}/"
    sent = {
        "name": "Talk", "slug": "talk", "durations": "30", "interval": "30", "kind": "one_on_one",
        "notice_number": "0", "notice_unit": "hours", "horizon_number": "365", "horizon_count": "days",
        "buffer_before": "0", "buffer_after": "0", "look_busy": "0", "location_kind": "none",
        "cancel_until": "1440", "reschedule_until": "off", "most_reschedules": "3", "reopens_on_cancel": "on",
    }  # fmt: skip
    assert client.post(path, sent).status_code == 302
    calendar = Calendar.objects.get(pk=alice.calendar.pk)
    assert (calendar.guests_may_cancel, calendar.cancel_cutoff) == (True, 1440)
    assert (calendar.guests_may_reschedule, calendar.most_reschedules) == (False, 3)
    assert calendar.reopens_on_cancel
    page = text(client.get(path))
    assert '<option value="1440" selected>' in page
    refused = client.post(path, sent | {"cancel_until": "soon", "most_reschedules": "many"})
    assert refused.status_code == 422
    assert said_beside(text(refused), "id_cancel_until")
    assert said_beside(text(refused), "id_most_reschedules")


def test_an_unusual_cut_off_is_kept_by_the_page(alice: Person) -> None:
    Calendar.objects.update(cancel_cutoff=90)
    page = text(signed_in(alice).get(f"/app/calendars/{alice.calendar.public_id}/"))
    assert '<option value="90" selected>Until 90 minutes before</option>' in page


def test_the_owner_sets_the_rules_of_a_link(alice: Person) -> None:
    client = signed_in(alice)
    sent = {
        "cancel_until": "off",
        "reschedule_until": "60",
        "most_reschedules": "1",
        "reopens_on_cancel": "yes",
    }
    answer = client.post(f"/app/calendars/{alice.calendar.public_id}/share/one-time/", sent, follow=True)
    assert answer.status_code == 200
    link = OneTimeLink.objects.get()
    assert (link.guests_may_cancel, link.cancel_cutoff, link.reschedule_cutoff) == (False, None, 60)
    page = text(client.get(f"/app/links/{link.public_id}/"))
    for words in ("Guest can cancel", "Not at all", "Until 1 hour before", "The link works again"):
        assert words in page
