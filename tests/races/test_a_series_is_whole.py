"""Series that meet: of one link one is booked, of two that cross one, always whole; its use returns once."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import connection

from bookonce.scheduling import cancel, host_time
from bookonce.scheduling.book import Booked, book
from bookonce.scheduling.cancel_series import cancel_series
from bookonce.scheduling.models import (
    Appointment,
    BlockedTime,
    Booking,
    Calendar,
    LimitCount,
    LinkUse,
    OneTimeLink,
)
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.offer import Door
from tests.cast import NOW, Person, book_through, guest, make_link
from tests.kinds import make_class
from tests.races.test_a_request_is_answered_once import Act, all_at_once
from tests.strength import times

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = times(2, 30)
AT_ONCE = 8
COUNT = 4
MONDAY = datetime.fromisoformat("2026-11-30T09:00:00+01:00")


@pytest.fixture
def weekly(alice: Person) -> Person:
    """Alice, who gives four appointments a week apart, at most twelve a week."""
    columns = {"repeats": "weekly", "repeat_count": COUNT, "per_week": 12}
    Calendar.objects.filter(pk=alice.calendar.pk).update(**columns)
    return alice


def booking(door: Door, start: datetime, number: int) -> Act:
    """Guest so and so books."""
    return partial(book, door, guest(start.isoformat(), email=f"guest{number}@example.org"), now=NOW)


def check_series(expected: int) -> None:
    """So many series, each whole; nothing is left of those that were refused."""
    bookings = list(Booking.objects.exclude(status="cancelled"))
    by_series: dict[str | None, list[int]] = {}
    for one in bookings:
        by_series.setdefault(one.series, []).append(one.series_number)
    assert sorted(sorted(numbers) for numbers in by_series.values()) == [[1, 2, 3, 4]] * expected
    assert Appointment.objects.exclude(status="cancelled").count() == COUNT * expected
    assert BlockedTime.objects.filter(live=True).count() == COUNT * expected
    assert LinkUse.objects.filter(returned_at=None).count() == expected
    assert sum(OneTimeLink.objects.values_list("spent", flat=True)) == expected
    weeks = LimitCount.objects.filter(unit="week").values_list("taken", flat=True)
    assert sum(weeks) == COUNT * expected


def test_eight_at_once_on_one_link_get_one_whole_series(weekly: Person) -> None:
    for number in range(ROUNDS):
        door = Door.link(make_link(weekly).token or "")
        starts = [MONDAY + timedelta(minutes=30 * half, days=number % 5) for half in range(AT_ONCE)]
        found = all_at_once([booking(door, start, n) for n, start in enumerate(starts)])
        assert sum(isinstance(one, Booked) for one in found) == 1
        assert [one for one in found if not isinstance(one, Booked)] == ["LinkUsed"] * (AT_ONCE - 1)
        check_series(1)
        clear()


def test_of_two_links_that_cross_at_one_appointment_one_wins(weekly: Person) -> None:
    for number in range(ROUNDS):
        doors = [Door.link(make_link(weekly).token or "") for _ in range(2)]
        start = MONDAY + timedelta(days=number % 5)
        # The last appointment of the one is the first of the other.
        starts = [start, start + timedelta(weeks=COUNT - 1)]
        found = all_at_once(
            [booking(door, at, n) for n, (door, at) in enumerate(zip(doors, starts, strict=True))]
        )
        assert sorted(type(one).__name__ if isinstance(one, Booked) else str(one) for one in found) == [
            "Booked",
            "SlotTaken",
        ]
        check_series(1)
        clear()


def test_series_of_a_class_never_take_more_seats_than_there_are(alice: Person) -> None:
    yoga = make_class(alice, seats=3, repeats="weekly", repeat_count=COUNT)
    door = Door.permanent(yoga.permanent_id)
    starts = [MONDAY + timedelta(weeks=number % 3) for number in range(AT_ONCE)]
    found = all_at_once([booking(door, start, n) for n, start in enumerate(starts)])
    came = sum(isinstance(one, Booked) for one in found)
    assert came >= 3
    assert all(one == "SlotTaken" for one in found if not isinstance(one, Booked))
    sessions = Appointment.objects.values_list("seats_taken", flat=True)
    assert sum(taken or 0 for taken in sessions) == COUNT * came
    assert max(taken or 0 for taken in sessions) <= 3


def test_the_last_two_cancelled_at_once_give_the_use_back_once(weekly: Person) -> None:
    for _ in range(ROUNDS):
        link, last = two_left(weekly)
        all_at_once([partial(cancel.cancel, one, by=weekly.actor, now=NOW) for one in last])
        assert given_back(link) == (0, 1)
        clear()


def test_all_and_one_cancelled_at_once_give_the_use_back_once(weekly: Person) -> None:
    for _ in range(ROUNDS):
        link, (first, second) = two_left(weekly)
        all_at_once(
            [
                partial(cancel_series, first, by=weekly.actor, now=NOW),
                partial(cancel.cancel, second, by=weekly.actor, now=NOW),
            ]
        )
        assert given_back(link) == (0, 1)
        clear()


def test_without_the_locks_of_the_hosts_the_use_is_lost(
    weekly: Person, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    """Each still sees the other's booking: neither is the last one. SQLite has one writer anyway."""
    both = threading.Barrier(2)
    give_back = cancel.return_use

    def meet(link_id: int, use_id: int, now: datetime) -> cancel.Returned:
        both.wait(10)  # both bookings are cancelled, neither is committed
        returned = give_back(link_id, use_id, now)
        both.wait(10)  # both have looked for the other
        return returned

    link, last = two_left(weekly)
    monkeypatch.setattr(host_time, "lock_hosts", lambda *_args, **_kwargs: [])
    if engine == "postgresql":
        monkeypatch.setattr(cancel, "return_use", meet)
    all_at_once([partial(cancel.cancel, one, by=weekly.actor, now=NOW) for one in last])
    assert not Booking.objects.exclude(status="cancelled").exists()
    assert given_back(link) == ((1, 0) if engine == "postgresql" else (0, 1))


def test_without_the_condition_the_first_to_go_gives_the_use_back(
    weekly: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, last = two_left(weekly)
    kept = cancel._LOWER_SPENT.partition("AND NOT EXISTS")[0]
    whatever_is_left = kept + "AND %s > 0 RETURNING expires_at"
    monkeypatch.setattr(cancel, "_LOWER_SPENT", whatever_is_left)
    cancel.cancel(last[0], by=weekly.actor, now=NOW)
    assert given_back(link) == (0, 1)
    assert Booking.objects.exclude(status="cancelled").count() == 1


def two_left(person: Person) -> tuple[OneTimeLink, list[int]]:
    """The link of a series of which two appointments are left, and these."""
    issued = make_link(person)
    rows = [Booking.objects.get(public_id=one.public_id).pk for one in book_through(issued).series]
    for row in rows[:-2]:
        cancel.cancel(row, by=person.actor, now=NOW)
    return issued.link, rows[-2:]


def given_back(link: OneTimeLink) -> tuple[int, int]:
    """Uses that are spent, and events that say it works again."""
    link.refresh_from_db()
    return link.spent, Event.objects.filter(kind="link.reopened", link=link).count()


def clear() -> None:
    """Make room for the next round."""
    with connection.cursor() as cursor:
        for table in (
            "event",
            "booking",
            "blockedtime",
            "appointment",
            "linkuse",
            "onetimelink",
            "limitcount",
        ):
            cursor.execute(f"DELETE FROM scheduling_{table}")
