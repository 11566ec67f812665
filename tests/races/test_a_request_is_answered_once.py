"""Hosts confirm and decline, the guest withdraws, the request expires, all at once: one of them wins."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from bookonce.scheduling import answer_booking, cancel, events, host_time
from bookonce.scheduling.answer_booking import confirm, decline, expire_request
from bookonce.scheduling.book import Booked, book
from bookonce.scheduling.errors import SchedulingError
from bookonce.scheduling.models import Appointment, BlockedTime, Booking, Calendar, OneTimeLink
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.offer import Door
from tests.cast import NOW, Person, book_through, guest, make_link
from tests.strength import times

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = times(2, 20)
IN_TIME, OVERDUE = NOW + timedelta(days=1, seconds=-1), NOW + timedelta(days=1)
Act = Callable[[], object]


def request(person: Person, number: int) -> Booking:
    """A request through a link of its own, on a day of its own."""
    Calendar.objects.filter(pk=person.calendar.pk).update(needs_approval=True)
    start = f"2026-{'11-30' if number == 0 else f'12-{number:02}'}T09:00:00+01:00"
    booked = book_through(make_link(person), start, email=f"guest{number}@example.org")
    return Booking.objects.get(public_id=booked.public_id)


def all_at_once(acts: Sequence[Act]) -> list[object]:
    """What each returned, or the name of its refusal."""
    gate, found, faults = threading.Barrier(len(acts)), list[object](), list[BaseException]()

    def run(act: Act) -> None:
        try:
            gate.wait(30)
            found.append(act())
        except SchedulingError as error:
            found.append(type(error).__name__)
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not faults
    return found


def answers_of(booking: Booking, alice: Person, bob: Person) -> dict[str, Act]:
    """All that can end its waiting."""
    return {
        "alice confirms": partial(confirm, booking.pk, by=alice.actor, now=IN_TIME),
        "bob confirms": partial(confirm, booking.pk, by=bob.actor, now=IN_TIME),
        "alice declines": partial(decline, booking.pk, by=alice.actor, now=IN_TIME),
        "gina withdraws": partial(cancel.cancel, booking.pk, by=events.GUEST, now=IN_TIME),
        "it expires": partial(expire_request, booking.pk, now=OVERDUE),
    }


PAIRS = [
    ("alice confirms", "it expires"),
    ("alice declines", "gina withdraws"),
    ("alice confirms", "bob confirms"),
    ("alice confirms", "alice declines"),
    ("alice declines", "it expires"),
]


@pytest.mark.parametrize("names", [*PAIRS, tuple({name for pair in PAIRS for name in pair})])
def test_exactly_one_wins(alice: Person, bob: Person, names: tuple[str, ...]) -> None:
    days = [day for day in range(1, 100) if day % 7 not in (5, 6)]  # 1 December 2026 is a Tuesday
    for number in days[:ROUNDS]:
        booking = request(alice, number)
        acts = answers_of(booking, alice, bob)
        all_at_once([acts[name] for name in sorted(names)])
        check(booking)


def check(booking: Booking) -> None:
    """One answer was recorded, and link, appointment and blocked time agree with it."""
    booking.refresh_from_db()
    told = list(Event.objects.filter(booking=booking, kind__in=["booking.confirmed", "booking.cancelled"]))
    # A confirmed appointment may be cancelled by its guest; nothing else follows an answer.
    if len(told) == 2:
        assert (told[0].kind, told[1].kind, booking.cancel_cause) == (
            "booking.confirmed",
            "booking.cancelled",
            "guest",
        )
    else:
        assert len(told) == 1, told
    confirmed = booking.status == "confirmed"
    assert booking.answer_by is None
    link = OneTimeLink.objects.get(bookings=booking)
    assert link.spent == int(confirmed or booking.cancel_cause == "guest")
    assert Appointment.objects.get(pk=booking.appointment_id).status == booking.status
    assert BlockedTime.objects.get(appointment=booking.appointment_id).live is confirmed


def test_without_the_condition_two_of_them_win(
    alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    anyway = answer_booking._CONFIRM.replace("status = 'new' AND answer_by > %s", "0 < %s")
    monkeypatch.setattr(answer_booking, "_CONFIRM", anyway)
    booking = request(alice, 1)
    acts = answers_of(booking, alice, bob)
    assert all_at_once([acts["alice confirms"], acts["bob confirms"]]) == [True, True]
    assert Event.objects.filter(kind="booking.confirmed").count() == 2


def test_without_the_host_locks_the_condition_still_lets_one_win(
    alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host_time, "lock_hosts", lambda *_args, **_kwargs: [])
    booking = request(alice, 1)
    acts = answers_of(booking, alice, bob)
    won = all_at_once([acts["alice confirms"], acts["bob confirms"], acts["it expires"]])
    assert won.count(True) == 1
    check(booking)


def test_its_time_is_booked_once_while_it_expires_and_is_confirmed(alice: Person, bob: Person) -> None:
    """Two guests want the time of an overdue request, its job runs, and a host still tries to confirm it."""
    booking = request(alice, 1)
    start = "2026-12-01T09:00:00+01:00"
    doors = [Door.link(make_link(alice).token or "") for _ in range(2)]
    wanted: list[Act] = [
        partial(book, door, guest(start, email=f"late{number}@example.org"), now=OVERDUE)
        for number, door in enumerate(doors)
    ]
    acts = answers_of(booking, alice, bob)
    all_at_once([*wanted, acts["it expires"], acts["alice confirms"]])
    booking.refresh_from_db()
    live = BlockedTime.objects.filter(live=True, appointment__status__in=["new", "confirmed"])
    assert live.count() == 1
    others = Booking.objects.exclude(pk=booking.pk).count()
    assert others == (0 if booking.status == "confirmed" else 1)
    spent = OneTimeLink.objects.filter(spent=1).count()
    assert spent == 1


@pytest.mark.parametrize("with_its_job", [False, True])
def test_one_of_many_books_through_the_link_of_an_overdue_request(
    alice: Person,
    with_its_job: bool,  # noqa: FBT001 - of the cases
) -> None:
    """Each wants a time of their own, so that the link alone decides."""
    asked = request(alice, 1)
    door = Door("link", OneTimeLink.objects.get().token_digest)
    starts = [f"2026-12-01T{hour:02}:00:00+01:00" for hour in range(9, 13)]
    acts: list[Act] = [
        partial(book, door, guest(start, email=f"late{number}@example.org"), now=OVERDUE)
        for number, start in enumerate(starts)
    ]
    found = all_at_once([*acts, *[partial(expire_request, asked.pk, now=OVERDUE)] * with_its_job])
    assert sum(isinstance(one, Booked) for one in found) == 1
    assert found.count("LinkUsed") == len(starts) - 1
    link = OneTimeLink.objects.get()
    assert (link.spent, link.uses.count(), link.uses.filter(returned_at=None).count()) == (1, 2, 1)
    causes = [booking.cancel_cause for booking in Booking.objects.order_by("pk")]
    assert causes == ["expired", ""]
