"""A one-time link may offer hand-picked times only: of the free ones, those."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bookonce.lib.instants import from_minutes, to_minutes, to_seconds
from bookonce.scheduling.calendars import update_calendar
from bookonce.scheduling.errors import Invalid, SlotTaken
from bookonce.scheduling.events import GUEST
from bookonce.scheduling.issue_link import Issued, issue_link
from bookonce.scheduling.link_fit import misfits
from bookonce.scheduling.link_options import parse_link_options
from bookonce.scheduling.link_rows import AskedLink, RowsInvalid, parse_link_rows
from bookonce.scheduling.models import Booking, Calendar, OneTimeLink
from bookonce.scheduling.models.link import MOST_SLOTS
from bookonce.scheduling.offer import Door, free_starts, get_offer
from bookonce.scheduling.picked_slots import FURTHEST
from bookonce.scheduling.request_link import answer_request, request_link
from bookonce.scheduling.reschedule import free_moves, get_move, picks_left, reschedule
from bookonce.scheduling.update_link import update_link
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, book_through, make_link

MONDAY_ELEVEN = "2026-11-30T11:00:00+01:00"
PICKABLE = (MONDAY_NINE, MONDAY_TEN, MONDAY_ELEVEN)
NINE, TEN, ELEVEN = (to_minutes(datetime.fromisoformat(start)) for start in PICKABLE)
WEEK = 7 * 1440


def issue(person: Person, **raw: Any) -> Issued:
    """A link with options as any door hands them in."""
    calendar = Calendar.objects.select_related("schedule").get(pk=person.calendar.pk)
    return issue_link(calendar, parse_link_options(raw, calendar, now=NOW), by=person.actor, now=NOW)


def faults(person: Person, **raw: Any) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as refused:
        issue(person, **raw)
    assert not OneTimeLink.objects.exists()
    return {name: list(said) for name, said in refused.value.errors.items()}


def offered(issued: Issued, *, duration: int = 30, now: int = to_seconds(NOW)) -> list[int]:
    """What the link offers over three weeks."""
    offer = get_offer(Door("link", issued.link.token_digest))
    return free_starts(offer, duration=duration, start=NINE - WEEK, end=NINE + 2 * WEEK, now=now)


def test_only_the_picked_times_are_offered_and_booked(alice: Person) -> None:
    issued = issue(alice, slots=[MONDAY_ELEVEN, MONDAY_NINE])
    assert issued.link.slots == (NINE, ELEVEN)
    assert offered(issued) == [NINE, ELEVEN]
    with pytest.raises(SlotTaken):
        book_through(issued, MONDAY_TEN)
    assert book_through(issued, MONDAY_ELEVEN).start == ELEVEN


def moves(booking: Booking, *, now: datetime = NOW) -> list[int]:
    """Where it can be moved to, over three weeks."""
    found = free_moves(get_move(booking.pk), start=NINE - WEEK, end=NINE + 2 * WEEK, now=to_seconds(now))
    return list(found)


def move(booking: Booking, start: str) -> None:
    reschedule(booking.pk, datetime.fromisoformat(start), by=GUEST, now=NOW)


def test_a_booking_moves_among_the_picked_times_that_are_free(alice: Person) -> None:
    issued = issue(alice, slots=list(PICKABLE))
    booking = Booking.objects.get(public_id=book_through(issued, MONDAY_NINE).public_id)
    assert moves(booking) == [TEN, ELEVEN]
    with pytest.raises(SlotTaken):
        move(booking, "2026-11-30T12:00:00+01:00")
    move(booking, MONDAY_ELEVEN)
    book_through(make_link(alice), MONDAY_TEN)
    assert moves(booking) == [NINE]
    assert picks_left(get_move(booking.pk), now=to_seconds(NOW))
    book_through(make_link(alice), MONDAY_NINE)
    assert moves(booking) == []
    assert not picks_left(get_move(booking.pk), now=to_seconds(NOW))


def test_a_booking_moves_to_times_that_its_link_still_holds(alice: Person) -> None:
    issued = issue(alice, slots=list(PICKABLE), hold_slots=True, max_bookings=2)
    booking = Booking.objects.get(public_id=book_through(issued, MONDAY_NINE).public_id)
    assert moves(booking) == [TEN, ELEVEN]
    move(booking, MONDAY_TEN)
    assert offered(issued) == [NINE, ELEVEN]  # the one that was left is held again, for the link alone
    for start in (MONDAY_NINE, MONDAY_ELEVEN):
        with pytest.raises(SlotTaken):
            book_through(make_link(alice), start)
    book_through(issued, MONDAY_ELEVEN)
    assert moves(booking) == [NINE]  # used up, it holds nothing; the picked times stay
    book_through(make_link(alice), MONDAY_NINE)


def test_times_picked_for_a_series_bind_its_beginning_alone(alice: Person) -> None:
    update_calendar(alice.calendar, {"repeats": "weekly", "repeat_count": 2}, by=alice.actor, now=NOW)
    book_through(issue(alice, slots=[MONDAY_NINE, MONDAY_TEN]), MONDAY_NINE)
    second = Booking.objects.get(series_number=2)
    assert NINE + WEEK + 120 in moves(second)
    move(second, "2026-12-07T11:00:00+01:00")


def test_a_picked_time_that_was_taken_falls_away(alice: Person) -> None:
    issued = issue(alice, slots=[MONDAY_NINE, MONDAY_TEN])
    book_through(make_link(alice), MONDAY_NINE)
    assert offered(issued) == [TEN]
    with pytest.raises(SlotTaken):
        book_through(issued, MONDAY_NINE)


def test_past_times_fall_away_until_none_is_left(alice: Person) -> None:
    issued = issue(alice, slots=[MONDAY_NINE, MONDAY_TEN])
    assert offered(issued, now=NINE * 60 + 1) == [TEN]
    assert offered(issued, now=TEN * 60 + 1) == []


def test_lengths_and_days_narrow_together(alice: Person) -> None:
    update_calendar(alice.calendar, {"durations": [30, 60], "interval": 30}, by=alice.actor, now=NOW)
    late = "2026-11-30T16:30:00+01:00"  # an hour would run past the hours
    issued = issue(alice, slots=[MONDAY_NINE, late, "2026-12-01T09:00:00+01:00"], durations=[30, 60])
    assert offered(issued, duration=60) == [NINE, NINE + 1440]
    assert len(offered(issued)) == 3
    update_link(issued.link.pk, {"window": {"to": "2026-11-30"}}, now=NOW)
    assert offered(issued, duration=60) == [NINE]


@pytest.mark.parametrize(
    ("slots", "field", "words"),
    [
        ("monday", "slots.0", "Enter a time with its offset"),
        (["2026-11-30T09:00:00"], "slots.0", "Enter a time with its offset"),
        ([None], "slots.0", "Fill this in"),
        ([MONDAY_NINE, 7], "slots.1", "This must be text"),
        (["2026-11-30T09:00:30+01:00"], "slots.0", "whole minute"),
        ({"a": 1}, "slots", f"at most {MOST_SLOTS}"),
        ([MONDAY_NINE] * (MOST_SLOTS + 1), "slots", f"at most {MOST_SLOTS}"),
        ([MONDAY_NINE, "2026-11-30T09:10:00+01:00"], "slots", "Not free in this calendar: 2026-11-30 09:10."),
        (["2026-11-29T09:00:00+01:00"], "slots", "2026-11-29 09:00"),
        (["2026-11-20T09:00:00+01:00"], "slots", "2026-11-20 09:00"),
        (["2199-01-01T09:00:00+01:00"], "slots", "2199-01-01 09:00"),
    ],
)
def test_what_can_t_be_picked_is_named(alice: Person, slots: Any, field: str, words: str) -> None:
    told = faults(alice, slots=slots)
    assert list(told) == [field]
    assert words in told[field][0]


def test_the_options_that_narrow_it_decide_what_can_be_picked(alice: Person) -> None:
    assert list(faults(alice, slots=[MONDAY_NINE], window={"from": "2026-12-01"})) == ["slots"]


def test_a_time_further_ahead_than_any_list_reaches_is_refused(alice: Person) -> None:
    update_calendar(alice.calendar, {"horizon_days": 3650}, by=alice.actor, now=NOW)
    far = from_minutes(NINE + (FURTHEST + 3 - FURTHEST % 7) * 1440 + WEEK)
    assert list(faults(alice, slots=[far.isoformat()])) == ["slots"]


def test_text_with_spaces_is_a_list_too(alice: Person) -> None:
    assert issue(alice, slots=f"{MONDAY_NINE}  {MONDAY_TEN}\n{MONDAY_NINE}").link.slots == (NINE, TEN)


def test_other_times_can_be_picked_later_and_those_it_has_may_stay(alice: Person) -> None:
    issued = issue(alice, slots=[MONDAY_NINE])
    book_through(make_link(alice), MONDAY_NINE)
    update_link(issued.link.pk, {"slots": [MONDAY_NINE, MONDAY_TEN]}, now=NOW)
    assert offered(issued) == [TEN]
    with pytest.raises(Invalid):
        update_link(issued.link.pk, {"slots": ["2026-11-30T09:10:00+01:00"]}, now=NOW)
    update_link(issued.link.pk, {"slots": None}, now=NOW)
    assert len(offered(issued)) > 2


def test_rows_of_a_list_have_their_own_times(alice: Person) -> None:
    rows = [AskedLink(1, {"slots": f"{MONDAY_NINE} {MONDAY_TEN}"}), AskedLink(2, {"slots": MONDAY_TEN})]
    assert [row.slots for row in parse_link_rows(rows, alice.calendar, now=NOW)] == [(NINE, TEN), (TEN,)]
    bad = [
        AskedLink(1, {"slots": "2026-11-29T09:00Z"}),
        AskedLink(2, {"slots": MONDAY_TEN, "hold_slots": True}),
    ]
    with pytest.raises(RowsInvalid) as refused:
        parse_link_rows(bad, alice.calendar, now=NOW)
    assert list(refused.value.errors) == ["links.1.slots", "links.2.hold_slots"]


def test_the_owner_is_told_of_picked_times_that_are_gone(alice: Person) -> None:
    issued = issue(alice, slots=[MONDAY_NINE, MONDAY_TEN], max_bookings=2)
    book_through(issued, MONDAY_NINE)  # through the link itself: no reason to worry
    calendar = Calendar.objects.get(pk=alice.calendar.pk)
    assert misfits(calendar, now=NOW) == []
    book_through(make_link(alice), MONDAY_TEN)
    assert [misfit.gone for misfit in misfits(calendar, now=NOW)] == [(TEN,)]
    assert misfits(calendar, now=from_minutes(TEN)) == []


def test_the_answer_to_a_request_keeps_the_times_that_are_ahead(alice: Person) -> None:
    issued = issue(alice, slots=[MONDAY_NINE, MONDAY_TEN])
    book_through(issued, MONDAY_NINE)
    request_link(issued.link.pk, {"name": "Gina", "email": "gina@example.org"}, now=NOW)
    asked = issued.link.requests.get()
    again = answer_request(asked.pk, by=alice.actor, now=from_minutes(NINE + 1))
    assert again.link.slots == (TEN,)
    assert to_minutes(NOW + timedelta(days=7, hours=1)) == TEN
