"""On PostgreSQL settings may change between a booking's first look and its locks; what stands then counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db.models import F

from bookonce.scheduling import errors, host_time
from bookonce.scheduling.models import Booking, Calendar, CalendarHost, OneTimeLink
from tests.cast import MONDAY_NINE, Person, book_through, make_link


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Do something right before the booking locks its hosts, as if another transaction had committed it."""
    lock_hosts = host_time.lock_hosts

    def arrange(change: Callable[[], object]) -> None:
        def changed(*args: Any, **kwargs: Any) -> None:
            change()
            lock_hosts(*args, **kwargs)

        monkeypatch.setattr(host_time, "lock_hosts", changed)

    return arrange


Meanwhile = Callable[[Callable[[], object]], None]


def test_a_calendar_given_to_another_host(alice: Person, bob: Person, meanwhile: Meanwhile) -> None:
    issued = make_link(alice)
    hosts = CalendarHost.objects.filter(calendar=alice.calendar)
    meanwhile(lambda: hosts.update(member=bob.member))
    with pytest.raises(errors.Busy):
        book_through(issued)
    assert not Booking.objects.exists()


def test_a_calendar_given_away_at_the_last_moment(
    alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued, block = make_link(alice), host_time.block

    def given_away(*args: Any, **kwargs: Any) -> None:
        block(*args, **kwargs)
        CalendarHost.objects.filter(calendar=alice.calendar).update(member=bob.member)

    monkeypatch.setattr(host_time, "block", given_away)
    with pytest.raises(errors.Busy):
        book_through(issued)
    assert not Booking.objects.exists()


@pytest.mark.parametrize("change", [{"first_day": date(2026, 12, 7)}, {"durations": (60,)}])
def test_a_link_whose_options_changed(alice: Person, meanwhile: Meanwhile, change: dict[str, Any]) -> None:
    issued = make_link(alice)
    meanwhile(lambda: OneTimeLink.objects.filter(pk=issued.link.pk).update(**change))
    with pytest.raises((errors.SlotTaken, errors.Invalid)):
        book_through(issued, MONDAY_NINE, duration=30)
    assert not Booking.objects.exists()


def test_a_calendar_with_wider_buffers(alice: Person, meanwhile: Meanwhile) -> None:
    issued = make_link(alice)
    calendars = Calendar.objects.filter(pk=alice.calendar.pk)
    meanwhile(lambda: calendars.update(buffer_after=20, version=F("version") + 1))
    booked = book_through(issued)
    assert Booking.objects.get(public_id=booked.public_id).appointment.buffer_after == 20
