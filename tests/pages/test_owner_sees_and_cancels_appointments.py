"""Appointments by day, the page of one, and calling one off."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookonce.lib import clock
from bookonce.scheduling.models import Appointment, Booking
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.revoke_link import revoke_link
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, book_through, make_link
from tests.pages.owner import read, signed_in, statements_of

pytestmark = pytest.mark.usefixtures("at_now")
APPOINTMENTS = "/app/appointments/"


def booked(person: Person, start: str = MONDAY_NINE, name: str = "Gina Guest") -> Appointment:
    """An appointment through a fresh link."""
    made = book_through(make_link(person, label="Autumn fair"), start, name=name)
    return Booking.objects.get(public_id=made.public_id).appointment


def test_no_appointments_lead_to_sharing(alice: Person) -> None:
    page = read(signed_in(alice), APPOINTMENTS)
    assert "No appointments yet" in page
    assert "Share a calendar" in page


def test_upcoming_ones_stand_by_day_in_the_workspaces_zone(alice: Person) -> None:
    booked(alice, MONDAY_TEN)
    booked(alice, "2026-12-01T16:30:00+01:00", name="Tom Later")
    page = read(signed_in(alice), APPOINTMENTS)
    for told in (
        "Monday, 30 November 2026",
        "10:00",
        "10:30",
        "Tuesday, 1 December 2026",
        "16:30",
        "Autumn fair",
    ):
        assert told in page
    assert page.index("Gina Guest") < page.index("Tom Later")


def test_each_tab_holds_what_its_name_says(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    past, running = booked(alice, MONDAY_NINE), booked(alice, MONDAY_TEN)
    client = signed_in(alice)
    gone = booked(alice, "2026-12-01T10:00:00+01:00")
    client.post(f"{APPOINTMENTS}{gone.public_id}/cancel/", {"reopen": "on"})
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=7, hours=1, minutes=10))  # 10:10 in Berlin
    expected = {"upcoming": {running}, "past": {past}, "cancelled": {gone}, "all": {past, running, gone}}
    for tab, shown in expected.items():
        page = read(client, APPOINTMENTS, tab=tab)
        assert {each for each in (past, running, gone) if each.public_id in page} == shown, tab
    read(client, APPOINTMENTS, 404, tab="nonsense")
    read(client, APPOINTMENTS, 404, after="nonsense")


def _bare_appointments(person: Person, count: int, *, first: int = 0) -> list[Appointment]:
    """Appointments of an hour each, without all that book() takes."""
    start = NOW + timedelta(days=10)
    made = []
    for number in range(first, first + count):
        starts = start + timedelta(
            hours=number // 2
        )  # two at a time: the cursor must tell equal starts apart
        made.append(
            Appointment.objects.create(
                public_id=f"apt_{number:016d}".translate(str.maketrans("0189", "abcd")),
                workspace=person.workspace,
                calendar=person.calendar,
                starts=starts,
                ends=starts + timedelta(hours=1),
                buffer_before=0,
                buffer_after=0,
                status="confirmed",
                location_kind="none",
                created_at=NOW,
            )
        )
    return made


@pytest.mark.parametrize("tab", ["upcoming", "all"])
def test_pages_follow_one_another_without_gap_or_repetition(alice: Person, tab: str) -> None:
    made = {each.public_id for each in _bare_appointments(alice, 53)}
    client = signed_in(alice)
    first = read(client, APPOINTMENTS, tab=tab)
    on_first = {public_id for public_id in made if f'href="{APPOINTMENTS}{public_id}/"' in first}
    assert len(on_first) == 50
    cursor = first.split("after=")[1].split('"')[0]
    second = read(client, APPOINTMENTS, tab=tab, after=cursor)
    on_second = {public_id for public_id in made if f'href="{APPOINTMENTS}{public_id}/"' in second}
    assert on_first | on_second == made
    assert not on_first & on_second


def test_the_list_takes_as_many_statements_for_fifty_as_for_five(alice: Person) -> None:
    client = signed_in(alice)
    booked(alice)
    _bare_appointments(alice, 5)
    few = statements_of(client, APPOINTMENTS)
    booked(alice, MONDAY_TEN)
    _bare_appointments(alice, 40, first=6)
    assert statements_of(client, APPOINTMENTS) == few <= 8


def test_the_page_of_one_tells_who_when_where_and_how(alice: Person) -> None:
    found = booked(alice, MONDAY_NINE)
    page = read(signed_in(alice), f"{APPOINTMENTS}{found.public_id}/")
    told = (
        "Gina Guest",
        "gina@example.org",
        "Monday, 30 November 2026, 09:00",
        "Europe/Berlin",
        "Gina Guest booked",
    )
    for each in (*told, "Autumn fair", "Cancel appointment"):
        assert each in page


@pytest.mark.parametrize(("ticked", "spent"), [(True, 0), (False, 1)])
def test_cancelling_reopens_the_link_unless_unticked(alice: Person, ticked: bool, spent: int) -> None:  # noqa: FBT001
    found = booked(alice)
    client, path = signed_in(alice), f"{APPOINTMENTS}{found.public_id}/cancel/"
    page = read(client, path)
    assert "Reopen the one-time link" in page
    assert 'name="reopen"' in page
    assert "checked" in page.split('name="reopen"')[1].split(">")[0]
    body = {"reason": "I am ill."} | ({"reopen": "on"} if ticked else {})
    answer = client.post(path, body, follow=True)
    assert "The appointment with Gina Guest is cancelled" in answer.content.decode()
    assert "I am ill." in answer.content.decode()
    found.refresh_from_db()
    booking = found.bookings.get()
    assert (found.status, booking.cancel_cause, booking.cancel_reason) == ("cancelled", "host", "I am ill.")
    assert booking.link is not None
    assert booking.link.spent == spent
    event = Event.objects.get(kind=Event.Kind.BOOKING_CANCELLED)
    assert (event.member_id, event.actor) == (alice.member.pk, "page")


def test_a_revoked_link_is_not_offered_to_be_reopened(alice: Person) -> None:
    issued = make_link(alice, max_bookings=2)
    made = book_through(issued)
    revoke_link(issued.link.pk, by=alice.actor, now=NOW)
    found = Booking.objects.get(public_id=made.public_id).appointment
    client, path = signed_in(alice), f"{APPOINTMENTS}{found.public_id}/cancel/"
    assert "Reopen the one-time link" not in read(client, path)
    assert client.post(path).status_code == 302
    issued.link.refresh_from_db()
    assert issued.link.spent == 1


def test_bad_input_is_told_and_changes_nothing(alice: Person) -> None:
    found = booked(alice)
    client, path = signed_in(alice), f"{APPOINTMENTS}{found.public_id}/cancel/"
    for body, told in (
        ({"reason": "x" * 501}, "At most 500 characters"),
        ({"reason": "a\x07"}, "characters that can"),
        ({"reopen": "perhaps"}, "must be true or false"),
    ):
        answer = client.post(path, body)
        assert answer.status_code == 422
        assert told in answer.content.decode()
    found.refresh_from_db()
    assert found.status == "confirmed"


def test_what_has_begun_is_not_cancelled(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    found = booked(alice)
    client, path = signed_in(alice), f"{APPOINTMENTS}{found.public_id}/cancel/"
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=7, minutes=1))
    assert "has begun" in read(client, path)
    assert client.post(path).status_code == 409
    found.refresh_from_db()
    assert found.status == "confirmed"


def test_cancelling_twice_is_once(alice: Person) -> None:
    found = booked(alice)
    client, path = signed_in(alice), f"{APPOINTMENTS}{found.public_id}/cancel/"
    client.post(path, {"reopen": "on"})
    client.post(path, {"reopen": "on"})
    assert Event.objects.filter(kind=Event.Kind.BOOKING_CANCELLED).count() == 1
    assert "cancelled before" in read(client, path)
