"""A series on the owner's pages: set on the calendar, listed at each appointment, called off as a whole."""

from __future__ import annotations

import pytest
from django.test import Client

from bookonce.scheduling.models import Appointment, Booking, Calendar, OneTimeLink
from tests.cast import Person, book_through, make_link
from tests.kinds import book_into, make_class
from tests.pages.owner import read, signed_in
from tests.pages.test_why_a_time_is_not_offered import rows, why

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


@pytest.fixture
def booked(alice: Person) -> list[Booking]:
    """A series of four through a one-time link."""
    Calendar.objects.filter(pk=alice.calendar.pk).update(repeats="weekly", repeat_count=4)
    book_through(make_link(alice))
    return list(Booking.objects.order_by("series_number"))


def page_of(booking: Booking) -> str:
    return f"/app/appointments/{booking.appointment.public_id}/"


def cancelling(booking: Booking) -> str:
    return f"/app/bookings/{booking.public_id}/cancel-series/"


def test_each_appointment_lists_its_series(alice: Person, booked: list[Booking]) -> None:
    page = read(signed_in(alice), page_of(booked[1]))
    assert "Series of 4 appointments" in page
    assert "Cancel all that are left" in page
    for other in (booked[0], booked[2], booked[3]):
        assert f"/app/bookings/{other.public_id}/" in page


def test_all_that_are_left_are_cancelled_and_the_link_reopens(alice: Person, booked: list[Booking]) -> None:
    client = signed_in(alice)
    page = read(client, cancelling(booked[0]))
    assert "4 appointments of this series are cancelled." in page
    assert "Reopen the one-time link" in page
    response = client.post(cancelling(booked[0]), {"reason": "ill", "reopen": "on"})
    assert response.status_code == 302
    assert not Appointment.objects.exclude(status="cancelled").exists()
    assert OneTimeLink.objects.get().spent == 0
    assert "Nothing of this series is left to cancel." in read(client, cancelling(booked[0]))


def test_the_box_unticked_keeps_the_link_used(alice: Person, booked: list[Booking]) -> None:
    signed_in(alice).post(cancelling(booked[2]), {"reason": ""})
    assert OneTimeLink.objects.get().spent == 1
    assert not Booking.objects.exclude(status="cancelled").exists()


def test_a_guest_of_a_class_has_the_series_on_their_page(alice: Person) -> None:
    calendar = make_class(alice, repeats="weekly", repeat_count=2)
    book_into(calendar)
    book_into(calendar, name="Tom Guest")
    first = Booking.objects.order_by("pk")[0]
    page = read(signed_in(alice), f"/app/bookings/{first.public_id}/")
    assert "Series of 2 appointments" in page
    signed_in(alice).post(cancelling(first), {})
    assert Booking.objects.exclude(status="cancelled").count() == 2


def test_charlie_sees_and_cancels_nothing(charlie: Person, booked: list[Booking]) -> None:
    client = signed_in(charlie)
    assert client.get(cancelling(booked[0])).status_code == 404
    assert client.post(cancelling(booked[0]), {}).status_code == 404
    assert Client().post(cancelling(booked[0]), {}).status_code == 302
    assert Booking.objects.filter(status="confirmed").count() == 4


def test_repeating_is_set_and_taken_away_on_the_calendars_page(alice: Person) -> None:
    client, path = signed_in(alice), f"/app/calendars/{alice.calendar.public_id}/"
    sent = {
        "name": "Lesson",
        "slug": "alice-30",
        "durations": "30",
        "kind": "one_on_one",
        "buffer_before": "0",
        "buffer_after": "0",
        "notice_number": "0",
        "notice_unit": "hours",
        "horizon_number": "365",
        "horizon_count": "days",
        "look_busy": "0",
        "location_kind": "none",
        "cancel_until": "0",
        "reschedule_until": "0",
        "seats": "10",
        "distribution": "availability",
    }
    answer = client.post(path, sent | {"repeats": "weekly", "repeat_count": ""})
    assert answer.status_code == 422
    assert 'id="id_repeat_count_error"' in answer.content.decode()
    assert client.post(path, sent | {"repeats": "weekly", "repeat_count": "8"}).status_code == 302
    calendar = Calendar.objects.get(pk=alice.calendar.pk)
    assert (calendar.repeats, calendar.repeat_count) == ("weekly", 8)
    assert "every week, 8 appointments" in read(client, path)
    assert client.post(path, sent | {"repeats": "", "repeat_count": "8"}).status_code == 302
    calendar.refresh_from_db()
    assert (calendar.repeats, calendar.repeat_count) == ("", None)


def test_why_not_names_the_appointment_that_is_in_the_way(alice: Person) -> None:
    book_through(make_link(alice), "2026-12-07T09:00:00+01:00")
    Calendar.objects.filter(pk=alice.calendar.pk).update(repeats="weekly", repeat_count=2)
    page = why(alice)
    assert "a later appointment of its series can't be booked: Mon 7 Dec, 09:00." in rows(page)["09:00"]
    assert "?day=2026-12-07" in page
    Calendar.objects.filter(pk=alice.calendar.pk).update(repeats="daily", per_week=1)
    assert "all appointments of the series together go beyond a limit" in why(alice)
