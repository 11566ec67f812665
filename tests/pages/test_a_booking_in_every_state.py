"""The page of a booking in every state: what it says, and the way on from it; none is a dead end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from bookonce.scheduling.answer_booking import confirm, decline, expire_request
from bookonce.scheduling.cancel import cancel
from bookonce.scheduling.events import GUEST, Actor
from bookonce.scheduling.mark import mark
from bookonce.scheduling.models import Booking, Calendar, Event
from bookonce.scheduling.reschedule import reschedule
from tests.cast import NOW, Person, book_through, make_link
from tests.kinds import book_into, make_class
from tests.pages.guest_pages import Page, at_now, read, send, stop_clock  # noqa: F401 - a fixture

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
BEGINS, OVER = NOW + timedelta(days=7), NOW + timedelta(days=7, minutes=31)
LINK, PUBLIC = "/ask", "/atelier/alice-30"
State = Callable[[Person, int], object]


def request(alice: Person, booking: int) -> None:
    Booking.objects.update(status="new", answer_by=NOW + timedelta(days=1))


def declined(alice: Person, booking: int) -> None:
    request(alice, booking)
    decline(booking, by=alice.actor, now=NOW, reason="On holiday")


def expired(alice: Person, booking: int) -> None:
    request(alice, booking)
    expire_request(booking, now=NOW + timedelta(days=1))


def withdrawn(alice: Person, booking: int) -> None:
    request(alice, booking)
    cancel(booking, by=GUEST, now=NOW)


def status(value: str) -> State:
    return lambda _alice, _booking: Booking.objects.update(status=value)


STATES: dict[str, tuple[State, str]] = {
    "upcoming": (lambda _a, _b: None, "You are booked with Alice"),
    "request": (request, "Your request is with Alice"),
    "cancelled by guest": (lambda _a, b: cancel(b, by=GUEST, now=NOW), "This appointment is canc"),
    "cancelled by host": (lambda a, b: cancel(b, by=a.actor, now=NOW), "It was cancelled by Alice"),
    "declined": (declined, "Your request was declined"),
    "expired": (expired, "Your request has expired"),
    "withdrawn": (withdrawn, "Your request is withdrawn"),
    "begun": (lambda _a, _b: None, "Your appointment with Alice has begun"),
    "past": (lambda _a, _b: None, "Your appointment with Alice took place on Monday, 30 November"),
    "showed": (status("showed"), "took place on Monday, 30 November"),
    "no show": (status("no_show"), "You and Alice did not meet on Monday, 30 November"),
    "invalid": (status("invalid"), "This booking does not count"),
}
CLOCKS = {"begun": BEGINS, "past": OVER, "showed": OVER, "no show": OVER}
# What leads on from a booking by a one-time link, and from one by the calendar's own address.
ON = {
    "upcoming": ("/reschedule", "/reschedule"),
    "request": ("/reschedule", "/reschedule"),
    "cancelled by host": ("/o/", PUBLIC),  # the link works again
    "declined": ("/o/", PUBLIC),
    "expired": ("/o/", PUBLIC),
    "begun": ("Call 030 1234567", "Call 030 1234567"),
}


def leads_to(page: Page, way: str) -> bool:
    return way in page.words or any(way in there for there in (*page.links, *page.actions))


def page_of(path: str, state: str, monkeypatch: pytest.MonkeyPatch) -> Page:
    stop_clock(monkeypatch, CLOCKS.get(state, NOW + timedelta(hours=1)))
    response = Client().get(path)
    assert response.status_code == 200
    return read(response)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("by_link", [True, False])
def test_each_state_has_a_way_on(
    alice: Person, monkeypatch: pytest.MonkeyPatch, state: str, *, by_link: bool
) -> None:
    Calendar.objects.update(contact_text="Call 030 1234567")
    booked = book_through(make_link(alice)) if by_link else book_into(alice.calendar)
    act, words = STATES[state]
    act(alice, Booking.objects.get().pk)
    page = page_of(f"/m/{booked.manage_token}", state, monkeypatch)
    assert words in page.words
    assert leads_to(page, ON.get(state, (LINK, PUBLIC))[0 if by_link else 1])
    assert not (by_link and (leads_to(page, PUBLIC) or "/c/" in page.html))
    assert "noindex" in page.html


@pytest.mark.parametrize("state", [state for state in STATES if state not in ("upcoming", "request")])
@pytest.mark.parametrize("closed", ["paused_at", "deleted_at", "one_time_only"])
def test_where_the_calendar_is_closed_the_page_says_whom_to_contact(
    alice: Person, monkeypatch: pytest.MonkeyPatch, state: str, closed: str
) -> None:
    booked = book_into(alice.calendar)
    STATES[state][0](alice, Booking.objects.get().pk)
    Calendar.objects.update(
        contact_text="Call 030 1234567", **{closed: True if closed == "one_time_only" else NOW}
    )
    page = page_of(f"/m/{booked.manage_token}", state, monkeypatch)
    assert "Call 030 1234567" in page.words
    assert PUBLIC not in page.html
    assert alice.calendar.permanent_id not in page.html


def test_without_a_contact_text_the_mail_is_the_way(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    booked = book_into(alice.calendar)
    Calendar.objects.update(deleted_at=NOW)
    page = page_of(f"/m/{booked.manage_token}", "past", monkeypatch)
    assert "Is there something to say to Alice?" in page.words
    assert "This calendar takes no more bookings" in page.words
    assert "alice@example.com" not in page.html


@pytest.mark.parametrize("contact", ["", "Call 030 1234567"])
def test_while_it_goes_on_no_section_is_empty(
    alice: Person, monkeypatch: pytest.MonkeyPatch, contact: str
) -> None:
    """Without mail and without a contact text there is nothing to say below the booking."""
    booked = book_into(alice.calendar)
    Calendar.objects.update(contact_text=contact)
    page = page_of(f"/m/{booked.manage_token}", "begun", monkeypatch)
    assert page.html.count('class="booker-part') == (2 if contact else 1)
    assert ("Is there something to say to Alice?" in page.words) == bool(contact)


def test_nobody_learns_a_public_way_from_what_was_booked_for_them(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    booked = book_into(alice.calendar)
    Booking.objects.get().events.update(actor="api", member=alice.member)
    page = page_of(f"/m/{booked.manage_token}", "past", monkeypatch)
    assert PUBLIC not in page.html
    assert "Alice booked it for you" in page.words


def test_asking_again_after_the_meeting(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"/m/{book_through(make_link(alice)).manage_token}"
    assert send(f"{path}/ask", Client(), {}).status_code == 409
    stop_clock(monkeypatch, OVER)
    answer = send(f"{path}/ask", Client(), {})
    assert (answer.status_code, answer["Location"]) == (303, f"{path}?asked=sent")
    assert "Your request is on its way" in read(Client().get(answer["Location"])).words
    Calendar.objects.update(deleted_at=NOW)
    assert send(f"{path}/ask", Client(), {}).status_code == 409


def test_the_history_tells_the_guest_what_happened_on_their_clock(alice: Person) -> None:
    booked = book_through(make_link(alice), timezone="America/New_York")
    booking = Booking.objects.get().pk
    ten, eleven = BEGINS + timedelta(hours=1), BEGINS + timedelta(hours=2)
    reschedule(booking, ten, by=GUEST, now=NOW)
    reschedule(booking, eleven, by=alice.actor, now=NOW)
    cancel(booking, by=alice.actor, now=NOW, reason="<b>Ill</b>")
    page = read(Client().get(f"/m/{booked.manage_token}"))
    told = [
        "You booked it",
        "You moved it from Monday, 30 November at 03:00 to Monday, 30 November at 04:00",
        "Alice moved it from Monday, 30 November at 04:00 to Monday, 30 November at 05:00",
        "Alice cancelled it",
        "<b>Ill</b>",
    ]
    places = [page.words.index(line) for line in told]
    assert places == sorted(places)
    assert "<b>Ill" not in page.html
    assert "Mon 23 November, 03:00" in page.words


def test_a_booking_moved_ever_again_shows_its_latest_lines(alice: Person) -> None:
    booked = book_into(alice.calendar)
    event = Booking.objects.get().events.get()
    moves = [
        Event(
            workspace=event.workspace,
            kind=Event.Kind.BOOKING_RESCHEDULED,
            at=NOW,
            actor="guest",
            booking=event.booking,
            details={"from": 29_934_240 + number, "to": 29_934_241 + number},
        )
        for number in range(60)
    ]
    Event.objects.bulk_create(moves)
    cancel(event.booking_id or 0, by=GUEST, now=NOW)
    page = read(Client().get(f"/m/{booked.manage_token}"))
    assert page.words.count("You moved it from") == 49
    assert "You cancelled it" in page.words
    assert PUBLIC in page.links  # who booked it is known all the same


def test_the_history_of_a_request(alice: Person) -> None:
    Calendar.objects.update(needs_approval=True)
    booked = book_through(make_link(alice))
    booking = Booking.objects.get().pk
    path = f"/m/{booked.manage_token}"
    assert "You asked for this time" in read(Client().get(path)).words
    confirm(booking, by=alice.actor, now=NOW)
    assert "Alice confirmed it" in read(Client().get(path)).words


def test_the_history_keeps_other_guests_and_what_hosts_noted_to_itself(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    calendar = make_class(alice)
    mine, other = book_into(calendar), book_into(calendar, name="Olga Other")
    cancel(Booking.objects.get(public_id=other.public_id).pk, by=GUEST, now=NOW, reason="Private")
    stop_clock(monkeypatch, OVER + timedelta(hours=1))
    own = Booking.objects.get(public_id=mine.public_id)
    for value in (Booking.Status.NO_SHOW, Booking.Status.SHOWED):
        mark(own.pk, value, by=Actor("page", alice.member.pk), now=OVER + timedelta(hours=1))
    page = read(Client().get(f"/m/{mine.manage_token}"))
    assert "You booked it" in page.words
    assert "You cancelled it" not in page.words
    for secret in ("Olga", "Private", "did not come", "came"):
        assert secret not in page.words
