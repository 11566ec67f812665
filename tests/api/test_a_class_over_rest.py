"""A class over REST: its sessions with all their parties, cancelled one by one or together."""

from __future__ import annotations

from bookonce.scheduling.models import Appointment, Booking, OneTimeLink
from tests.api.caller import Caller, call_as, is_problem
from tests.cast import Person, book_through
from tests.kinds import book_into, make_calendar, make_class


def test_a_session_lists_each_party_with_its_seats(api: Caller, alice: Person) -> None:
    calendar = make_class(alice)
    book_into(calendar, party=2)
    book_into(calendar, name="Tom")
    [session] = api.get("/appointments").json()["items"]
    assert session["seats_taken"] == 3
    parties = [(booking["guest"]["name"], booking["party"]) for booking in session["bookings"]]
    assert parties == [("Gina Guest", 2), ("Tom", 1)]
    assert {booking["appointment"] for booking in session["bookings"]} == {session["id"]}


def test_all_hosts_are_listed_in_order(api: Caller, alice: Person, bob: Person) -> None:
    book_into(make_calendar("collective", bob, alice))
    [appointment] = api.get("/appointments").json()["items"]
    assert [host["name"] for host in appointment["hosts"]] == ["Bob", "Alice"]
    assert appointment["seats_taken"] is None


def test_one_party_is_cancelled_and_the_others_stay(api: Caller, alice: Person) -> None:
    calendar = make_class(alice)
    gina = book_into(calendar, party=2).public_id
    book_into(calendar, name="Tom")
    answer = api.post(f"/bookings/{gina}/cancel", {"reason": "Too many"})
    assert answer.status_code == 200
    assert (answer.json()["id"], answer.json()["status"]) == (gina, "cancelled")
    assert answer.json()["cancelled"] == {"at": "2026-11-23T08:00:00Z", "cause": "host", "reason": "Too many"}
    session = api.get(f"/appointments/{answer.json()['appointment']}").json()
    assert (session["status"], session["seats_taken"], session["cancelled"]) == ("confirmed", 1, None)
    assert [booking["status"] for booking in session["bookings"]] == ["cancelled", "confirmed"]
    assert api.post(f"/bookings/{gina}/cancel").json() == answer.json()


def test_the_last_party_ends_the_session(api: Caller, alice: Person) -> None:
    booked = book_into(make_class(alice)).public_id
    answer = api.post(f"/bookings/{booked}/cancel").json()
    session = api.get(f"/appointments/{answer['appointment']}").json()
    assert (session["status"], session["seats_taken"]) == ("cancelled", 0)
    assert session["cancelled"]["cause"] == "host"


def test_any_appointment_can_be_ended_by_its_booking(api: Caller, alice: Person) -> None:
    from tests.cast import make_link

    booked = book_through(make_link(alice)).public_id
    api.post(f"/bookings/{booked}/cancel", {"reopen_link": False})
    assert Appointment.objects.get().status == "cancelled"
    assert OneTimeLink.objects.get().spent == 1


def test_a_session_is_cancelled_for_all(api: Caller, alice: Person) -> None:
    calendar = make_class(alice)
    for name in ("Gina", "Tom", "Vera"):
        book_into(calendar, name=name)
    session = Appointment.objects.get().public_id
    answer = api.post(f"/appointments/{session}/cancel", {"reason": "Burst pipe"}).json()
    assert answer["status"] == "cancelled"
    assert {booking["cancelled"]["reason"] for booking in answer["bookings"]} == {"Burst pipe"}


def test_bookings_are_read_with_their_appointment(api: Caller, alice: Person) -> None:
    booked = book_into(alice.calendar).public_id
    is_problem(api.get("/bookings"), 404, "not_found")
    is_problem(api.get(f"/bookings/{booked}"), 405, "method_not_allowed")  # it can only be marked


def test_another_workspace_can_cancel_nothing(alice: Person, charlie: Person) -> None:
    booked = book_into(make_class(alice)).public_id
    is_problem(call_as(charlie).post(f"/bookings/{booked}/cancel"), 404, "not_found")
    assert Booking.objects.get().status == "confirmed"
