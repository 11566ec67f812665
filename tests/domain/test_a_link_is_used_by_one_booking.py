"""The promise: a one-time link works for one booking, then it has expired."""

from __future__ import annotations

import pytest

from bookonce.scheduling import errors
from bookonce.scheduling.models import Appointment, Booking, LinkUse, OneTimeLink
from tests.cast import MONDAY_NINE, MONDAY_TEN, Person, book_through, make_link


def test_the_first_booking_uses_the_link(alice: Person) -> None:
    issued = make_link(alice)
    booked = book_through(issued)
    link = OneTimeLink.objects.get(pk=issued.link.pk)
    assert (link.spent, link.last_use) == (1, 1)
    booking = Booking.objects.get(public_id=booked.public_id)
    assert booking.link_id == link.pk
    assert LinkUse.objects.get(link=link).number == 1


def test_a_second_booking_is_told_that_the_link_is_used(alice: Person) -> None:
    issued = make_link(alice)
    book_through(issued, MONDAY_NINE)
    with pytest.raises(errors.LinkUsed):
        book_through(issued, MONDAY_TEN)
    assert Appointment.objects.count() == 1


def test_a_slot_that_is_taken_leaves_the_link_unspent(alice: Person) -> None:
    first, second = make_link(alice), make_link(alice)
    book_through(first, MONDAY_NINE)
    with pytest.raises(errors.SlotTaken):
        book_through(second, MONDAY_NINE)
    assert OneTimeLink.objects.get(pk=second.link.pk).spent == 0
    assert LinkUse.objects.filter(link=second.link).count() == 0
    book_through(second, MONDAY_TEN)


def test_a_link_for_three_works_three_times(alice: Person) -> None:
    issued = make_link(alice, max_bookings=3)
    for hour in ("09", "10", "11"):
        book_through(issued, f"2026-11-30T{hour}:00:00+01:00")
    with pytest.raises(errors.LinkUsed):
        book_through(issued, "2026-11-30T12:00:00+01:00")
    assert list(LinkUse.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
