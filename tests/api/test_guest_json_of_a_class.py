"""A class over JSON: so many places, how many are left, and never more than there are."""

from __future__ import annotations

import pytest

from bookonce.scheduling.models import Appointment, BlockedTime, Booking, Calendar
from tests.api.caller import is_problem
from tests.api.guest_client import at_now, post, slots  # noqa: F401 - a fixture
from tests.api.statements import statements
from tests.cast import MONDAY_NINE, MONDAY_TEN, Person, guest, make_link
from tests.kinds import book_into, make_calendar, make_class

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
YOGA = "/atelier/yoga"


def test_each_start_tells_how_many_places_are_left(alice: Person) -> None:
    book_into(make_class(alice, seats=4), party=3)
    body = slots(YOGA).json()
    assert body["seats"][MONDAY_NINE] == 1
    assert body["seats"][MONDAY_TEN] == 4
    assert list(body["seats"]) == [start for day in body["slots"].values() for start in day]
    assert {"timezone", "duration", "form", "slots", "seats"} == set(body)


def test_a_class_that_keeps_it_to_itself_tells_no_numbers(alice: Person) -> None:
    make_class(alice, shows_seats_left=False)
    assert set(slots(YOGA).json()) == {"timezone", "duration", "form", "slots"}
    assert "seats" not in slots("/atelier/alice-30").json()


def test_other_kinds_tell_no_numbers_whatever_is_set(alice: Person) -> None:
    Calendar.objects.update(shows_seats_left=True)
    assert "seats" not in slots("/atelier/alice-30").json()


def test_only_times_with_room_for_the_party_are_listed(alice: Person) -> None:
    book_into(make_class(alice, seats=4), party=3)
    assert MONDAY_NINE in slots(YOGA, party="1").json()["slots"]["2026-11-30"]
    two = slots(YOGA, party="2").json()
    assert MONDAY_NINE not in two["slots"]["2026-11-30"]
    assert MONDAY_NINE not in two["seats"]
    assert MONDAY_TEN in two["slots"]["2026-11-30"]


@pytest.mark.parametrize(
    ("path", "party", "sentence"),
    [
        (YOGA, "0", "1 to"),
        (YOGA, "-1", "1 to"),
        (YOGA, "two", "number"),
        (YOGA, "11", "At most 10 places."),
        (YOGA, "99999999999999999999", ""),
        ("/atelier/alice-30", "2", "One place can be booked here."),
    ],
)
def test_a_party_that_can_not_come_is_told(alice: Person, path: str, party: str, sentence: str) -> None:
    make_class(alice)
    listed = is_problem(slots(path, party=party), 422, "invalid")
    assert list(listed["errors"]) == ["party"]
    booked = is_problem(post(path, guest(party=party)), 422, "invalid")
    assert booked["errors"] == listed["errors"]
    assert sentence in listed["errors"]["party"][0]


def test_a_list_of_a_class_takes_few_statements(alice: Person) -> None:
    make_class(alice, per_day=3, per_week=9)
    with statements() as found:
        assert slots(YOGA, party="2").status_code == 200
    assert len(found) <= 4


def test_parties_share_a_session_until_it_is_full(alice: Person) -> None:
    make_class(alice, seats=4)
    for number, party in enumerate((2, 1)):
        answer = post(YOGA, guest(email=f"g{number}@example.org", party=party))
        assert answer.status_code == 201
    is_problem(post(YOGA, guest(email="late@example.org", party=2)), 409, "slot_taken")
    assert post(YOGA, guest(email="last@example.org", party=1)).status_code == 201
    is_problem(post(YOGA, guest(email="none@example.org")), 409, "slot_taken")
    session = Appointment.objects.get()
    assert (session.seats_taken, session.bookings.count()) == (4, 3)


def test_the_same_key_books_once(alice: Person) -> None:
    make_class(alice)
    first = post(YOGA, guest(party=2), Idempotency_Key="k")
    again = post(YOGA, guest(party=2), Idempotency_Key="k")
    assert first.json() == again.json()
    assert Appointment.objects.get().seats_taken == 2


def test_a_second_booking_under_one_address_is_told_beside_the_address(alice: Person) -> None:
    calendar = make_class(alice, one_per_email=True)
    book_into(calendar)
    refused = is_problem(post(YOGA, guest(MONDAY_TEN, email="GINA@example.org")), 422, "invalid")
    assert "already an upcoming appointment" in refused["errors"]["email"][0]
    assert Booking.objects.count() == 1


def test_the_answer_names_who_hosts(alice: Person, bob: Person) -> None:
    calendar = make_calendar("collective", alice, bob)
    assert post(YOGA, guest()).json()["calendar"] == {"name": "Yoga", "owner": "Alice, Bob"}
    Calendar.objects.filter(pk=calendar.pk).update(kind="round_robin")
    owner = post(YOGA, guest(MONDAY_TEN)).json()["calendar"]["owner"]
    assert owner == BlockedTime.objects.latest("pk").host.user.name


def test_a_one_time_link_books_one_party(alice: Person) -> None:
    Calendar.objects.update(kind="class", seats=3)
    path = f"/o/{make_link(alice).token}"
    assert post(path, guest(party=2)).status_code == 201
    is_problem(post(path, guest(party=1)), 410, "link_used")


def test_a_host_who_is_not_for_the_guest_to_choose_is_refused(alice: Person, bob: Person) -> None:
    calendar = make_calendar("round_robin", alice, bob)
    refused = is_problem(post(YOGA, guest(host="Bob")), 422, "invalid")
    assert refused["errors"] == {"host": ["This host can't be chosen here."]}
    Calendar.objects.filter(pk=calendar.pk).update(kind="collective")
    assert post(YOGA, guest(host="Bob")).status_code == 201
