"""A visitor's time is kept for minutes while they complete the form; nobody else can book it meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bookonce.lib.instants import to_minutes, to_seconds
from bookonce.scheduling import errors
from bookonce.scheduling.book import Booked, book
from bookonce.scheduling.calendar_groups import set_group_deleted
from bookonce.scheduling.calendars import create_calendar, set_deleted, set_paused, update_calendar
from bookonce.scheduling.cancel import cancel
from bookonce.scheduling.hold_time import MOST_HOLDS, hold_time
from bookonce.scheduling.issue_link import issue_link
from bookonce.scheduling.link_options import LinkOptions, parse_link_options
from bookonce.scheduling.models import Appointment, BlockedTime, Booking, Calendar, Hold, OneTimeLink
from bookonce.scheduling.offer import Door, ask, free_starts, get_offer
from bookonce.scheduling.reschedule import free_moves, get_move, reschedule
from bookonce.scheduling.revoke_link import revoke_link
from bookonce.scheduling.visitor_holds import Kept, find_kept
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, book_through, guest, make_link
from tests.groups import make_group, make_group_link
from tests.kinds import make_calendar, make_class

HALF_PAST_NINE = "2026-11-30T09:30:00+01:00"
NINE, HALF, TEN = (to_minutes(datetime.fromisoformat(at)) for at in (MONDAY_NINE, HALF_PAST_NINE, MONDAY_TEN))
AT = to_seconds(NOW)
LATER = NOW + timedelta(minutes=10)


def keeping(calendar: Calendar, minutes: int = 10) -> Door:
    """The public door of the calendar, which keeps times from now on."""
    Calendar.objects.filter(pk=calendar.pk).update(hold_minutes=minutes)
    return Door.permanent(calendar.permanent_id)


def keep(door: Door, start: str = MONDAY_NINE, *, visitor: str = "", now: datetime = NOW, **raw: Any) -> Kept:
    return hold_time(door, {"start": start, **raw}, visitor=visitor, now=now)


def take(door: Door, start: str = MONDAY_NINE, *, now: datetime = NOW, **raw: Any) -> Booked:
    return book(door, guest(start, **raw), now=now)


def offered(door: Door, *, hold: str = "", now: int = AT, party: int = 1) -> list[int]:
    """The starts until ten that are offered to whoever has this hold."""
    offer = get_offer(door.holding(hold))
    return free_starts(offer, duration=30, start=NINE, end=TEN + 1, now=now, party=party)


def seats_left(door: Door, *, hold: str = "", at: int = AT) -> int:
    offer = get_offer(door.holding(hold))
    return ask(offer, duration=30, start=NINE, end=NINE + 1, now=at).seats_left([NINE])[NINE]


def blocked() -> list[tuple[int, int]]:
    rows = BlockedTime.objects.filter(live=True).order_by("starts", "pk")
    return [(to_minutes(row.starts), to_minutes(row.ends)) for row in rows]


def test_a_kept_time_is_offered_to_its_visitor_alone(alice: Person) -> None:
    door = keeping(alice.calendar)
    other = create_calendar(alice.member, {"name": "Other", "durations": [30]}, now=NOW)
    kept = keep(door)
    assert (kept.start, kept.duration, kept.expires_at) == (NINE, 30, AT + 600)
    assert offered(door) == offered(Door.permanent(other.permanent_id)) == [HALF, TEN]
    assert offered(door, hold=kept.token) == [NINE, HALF, TEN]
    assert offered(door, hold="another") == [HALF, TEN]
    with pytest.raises(errors.SlotTaken):
        take(door)
    assert take(door, hold=kept.token).start == NINE
    assert not Hold.objects.exists()
    assert blocked() == [(NINE, NINE + 30)]


def test_keeping_a_time_raises_the_version_of_what_shows_it(alice: Person) -> None:
    door = keeping(alice.calendar)
    before = Calendar.objects.get(pk=alice.calendar.pk).version
    keep(door)
    assert Calendar.objects.get(pk=alice.calendar.pk).version > before


def test_a_time_is_free_again_the_moment_it_lapses(alice: Person) -> None:
    door = keeping(alice.calendar)
    kept = keep(door)
    assert offered(door, now=kept.expires_at - 1) == [HALF, TEN]
    assert offered(door, now=kept.expires_at) == [NINE, HALF, TEN]
    take(door, now=LATER)
    assert blocked() == [(NINE, NINE + 30)]
    with pytest.raises(errors.SlotTaken):
        take(door, hold=kept.token, email="late@example.org", now=LATER)


def test_who_is_late_can_still_book_what_nobody_took(alice: Person) -> None:
    door = keeping(alice.calendar)
    kept = keep(door)
    assert take(door, hold=kept.token, now=LATER + timedelta(hours=1)).start == NINE


def test_a_booking_that_fails_leaves_the_time_kept(alice: Person) -> None:
    door = keeping(alice.calendar)
    kept = keep(door)
    with pytest.raises(errors.Invalid):
        take(door, hold=kept.token, email="nobody")
    take(door, MONDAY_TEN)
    with pytest.raises(errors.SlotTaken):
        take(door, MONDAY_TEN, hold=kept.token, email="other@example.org")
    assert find_kept(kept.token, get_offer(door)) == kept
    assert offered(door) == [HALF]


def test_another_time_replaces_the_one_kept_before(alice: Person) -> None:
    door = keeping(alice.calendar)
    first = keep(door)
    second = keep(door, HALF_PAST_NINE, hold=first.token)
    assert offered(door) == [NINE, TEN]
    assert find_kept(first.token, get_offer(door)) is None
    with pytest.raises(errors.SlotTaken):
        keep(door, "2026-11-29T09:00:00+01:00", hold=second.token)
    assert offered(door) == [NINE, TEN]  # nothing was let go
    assert take(door, MONDAY_TEN, hold=second.token).start == TEN
    assert offered(door) == [NINE, HALF]


def test_buffers_are_kept_too(alice: Person) -> None:
    update_calendar(alice.calendar, {"buffer_before": 5, "buffer_after": 10}, by=alice.actor, now=NOW)
    keep(keeping(alice.calendar))
    assert blocked() == [(NINE - 5, NINE + 40)]


def test_a_visitor_keeps_a_few_times_at_a_calendar(alice: Person, bob: Person) -> None:
    door = keeping(alice.calendar)
    first = keep(door, visitor="one")
    keep(door, HALF_PAST_NINE, visitor="one")
    assert MOST_HOLDS == 2
    with pytest.raises(errors.TooManyHolds):
        keep(door, MONDAY_TEN, visitor="one")
    keep(door, MONDAY_TEN, visitor="one", hold=first.token)  # in place of the first
    keep(keeping(bob.calendar), visitor="one")
    keep(door, visitor="two")
    keep(door, MONDAY_TEN, visitor="one", now=LATER)


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({"start": None}, "start"),
        ({"start": "tomorrow"}, "start"),
        ({"start": "2026-11-30T09:00:30+01:00"}, "start"),
        ({"duration": 45}, "duration"),
        ({"duration": "long"}, "duration"),
        ({"party": 2}, "party"),
        ({"timezone": "Mars/Base"}, "timezone"),
        ({"hold": "x" * 65}, "hold"),
        ({"hold": 7}, "hold"),
        ({"name": "Gina"}, "name"),
    ],
)
def test_bad_input_keeps_nothing_and_is_named(alice: Person, raw: dict[str, Any], field: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        hold_time(keeping(alice.calendar), {"start": MONDAY_NINE} | raw, visitor="", now=NOW)
    assert set(refused.value.errors) == {field}
    assert not Hold.objects.exists()


def test_where_no_times_are_kept_that_is_told(alice: Person) -> None:
    with pytest.raises(errors.Conflict):
        keep(keeping(alice.calendar, 0))
    door = keeping(alice.calendar)
    set_paused(alice.calendar, paused=True, now=NOW)
    with pytest.raises(errors.CalendarPaused):
        keep(door)


def test_one_link_is_held_while_its_uses_are_all_kept(alice: Person) -> None:
    keeping(alice.calendar)
    issued = make_link(alice, max_bookings=2)
    door = Door("link", issued.link.token_digest)
    first = keep(door)
    second = keep(door, HALF_PAST_NINE)
    for act in (keep, take):
        with pytest.raises(errors.LinkHeld):
            act(door, MONDAY_TEN)
    keep(door, MONDAY_TEN, hold=second.token)  # who keeps a time may change it
    take(door, hold=first.token)
    with pytest.raises(errors.LinkHeld):
        take(door, HALF_PAST_NINE)
    take(door, HALF_PAST_NINE, now=LATER, email="other@example.org")
    with pytest.raises(errors.LinkUsed):
        keep(door, now=LATER)


def test_a_time_kept_through_a_link_spends_nothing(alice: Person) -> None:
    keeping(alice.calendar)
    issued = make_link(alice)
    keep(Door("link", issued.link.token_digest))
    link = OneTimeLink.objects.get(pk=issued.link.pk)
    assert (link.spent, link.last_use) == (0, 0)
    revoke_link(link.pk, by=alice.actor, now=NOW)


def test_a_link_that_holds_its_times_keeps_none_for_single_visitors(alice: Person) -> None:
    keeping(alice.calendar)
    calendar = Calendar.objects.select_related("schedule").get(pk=alice.calendar.pk)
    options = parse_link_options({"slots": [MONDAY_NINE], "hold_slots": True}, calendar, now=NOW)
    issued = issue_link(calendar, options, by=alice.actor, now=NOW)
    with pytest.raises(errors.Conflict):
        keep(Door("link", issued.link.token_digest))


def test_one_host_of_a_round_robin_is_kept(alice: Person, bob: Person) -> None:
    door = keeping(make_calendar("round_robin", alice, bob))
    first = keep(door)
    keep(door)
    with pytest.raises(errors.SlotTaken):
        keep(door)
    assert take(door, hold=first.token).start == NINE
    assert BlockedTime.objects.filter(starts=NINE).values("host").distinct().count() == 2


def test_kept_times_count_towards_a_limit(alice: Person) -> None:
    update_calendar(alice.calendar, {"per_day": 1}, by=alice.actor, now=NOW)
    door = keeping(alice.calendar)
    kept = keep(door)
    assert offered(door) == []
    assert offered(door, hold=kept.token) == [NINE, HALF, TEN]
    with pytest.raises(errors.SlotTaken):
        keep(door, MONDAY_TEN)
    take(door, MONDAY_TEN, hold=kept.token)
    assert offered(door) == []


def test_all_appointments_of_a_series_are_kept(alice: Person) -> None:
    update_calendar(alice.calendar, {"repeats": "weekly", "repeat_count": 3}, by=alice.actor, now=NOW)
    door = keeping(alice.calendar)
    kept = keep(door)
    week = 7 * 1440
    assert blocked() == [(NINE + n * week, NINE + n * week + 30) for n in range(3)]
    assert len(take(door, hold=kept.token).series) == 3


def test_all_appointments_of_a_kept_series_count_towards_a_limit(alice: Person) -> None:
    moving = Booking.objects.get(
        public_id=book_through(make_link(alice), "2026-12-01T09:00:00+01:00").public_id
    )
    door, changes = keeping(alice.calendar), {"repeats": "weekly", "repeat_count": 3, "per_day": 1}
    update_calendar(alice.calendar, changes, by=alice.actor, now=NOW)
    kept, last = keep(door), TEN + 2 * 7 * 1440
    nothing_kept = get_offer(door.holding(kept.token))
    assert last in free_starts(nothing_kept, duration=30, start=last, end=last + 1, now=AT)
    assert free_starts(get_offer(door), duration=30, start=last, end=last + 1, now=AT) == []
    move = get_move(moving.pk)  # alone, though by now the calendar repeats
    assert free_moves(move, start=last, end=last + 1, now=AT) == {}
    assert list(free_moves(move, start=last, end=last + 1, now=kept.expires_at)) == [last]


def test_places_of_a_class_are_kept(alice: Person) -> None:
    door = keeping(make_class(alice, seats=5, durations=(30,), interval=30))
    first, second = keep(door, party=2), keep(door, party=2)
    assert seats_left(door) == 1
    assert seats_left(door, hold=first.token) == 3
    assert NINE in offered(door)
    assert NINE not in offered(door, party=2)
    with pytest.raises(errors.SlotTaken):
        keep(door, party=2)
    with pytest.raises(errors.SlotTaken):
        take(door, party=2)
    assert take(door, party=1, email="o@example.org").start == NINE  # opens the session
    assert take(door, party=2, hold=second.token).start == NINE
    assert take(door, party=2, hold=first.token, email="p@example.org").start == NINE
    assert Appointment.objects.get().seats_taken == 5


def test_places_of_a_class_keep_its_host_from_all_else(alice: Person) -> None:
    door = keeping(make_class(alice, seats=5, durations=(30,), interval=30))
    first = keep(door, now=NOW)
    second = keep(door, now=NOW + timedelta(minutes=5))
    assert blocked() == [(NINE, NINE + 30)]  # once for both
    elsewhere = Door.permanent(alice.calendar.permanent_id)
    assert offered(elsewhere, now=AT + 899) == [HALF, TEN]
    assert offered(elsewhere, now=AT + 900) == [NINE, HALF, TEN]
    keep(
        door, HALF_PAST_NINE, hold=second.token, now=NOW + timedelta(minutes=5)
    )  # the first one is still kept
    assert offered(elsewhere) == [TEN]
    assert offered(elsewhere, now=AT + 601) == [NINE, TEN]
    take(door, hold=first.token)
    assert blocked() == [(NINE, NINE + 30), (HALF, HALF + 30)]


def test_when_a_session_ends_kept_places_keep_its_time(alice: Person) -> None:
    door = keeping(make_class(alice, seats=5, durations=(30,), interval=30))
    booked = take(door)
    kept = keep(door, party=3)
    assert blocked() == [(NINE, NINE + 30)]
    cancel(Booking.objects.get(public_id=booked.public_id).pk, by=alice.actor, now=NOW)
    assert blocked() == [(NINE, NINE + 30)]
    assert offered(Door.permanent(alice.calendar.permanent_id)) == [HALF, TEN]
    assert take(door, party=3, hold=kept.token).start == NINE


def test_a_session_moves_to_where_places_are_kept(alice: Person) -> None:
    door = keeping(make_class(alice, seats=5, durations=(30,), interval=30))
    booked = Booking.objects.get(public_id=take(door, MONDAY_TEN).public_id)
    kept = keep(door, party=2)
    reschedule(booked.pk, datetime.fromisoformat(MONDAY_NINE), by=alice.actor, now=NOW)
    assert blocked() == [(NINE, NINE + 30)]
    assert seats_left(door) == 2
    assert take(door, party=2, hold=kept.token).start == NINE
    assert Appointment.objects.get().seats_taken == 3


def test_when_a_session_moves_away_kept_places_keep_its_time(alice: Person) -> None:
    door = keeping(make_class(alice, seats=5, durations=(30,), interval=30))
    booked = Booking.objects.get(public_id=take(door).public_id)
    kept = keep(door, party=2)
    reschedule(booked.pk, datetime.fromisoformat(MONDAY_TEN), by=alice.actor, now=NOW)
    assert blocked() == [(NINE, NINE + 30), (TEN, TEN + 30)]
    assert offered(Door.permanent(alice.calendar.permanent_id)) == [HALF]
    assert take(door, party=2, hold=kept.token).start == NINE


def test_what_is_kept_through_a_link_ends_with_it(alice: Person) -> None:
    public = keeping(alice.calendar)
    issued, other = make_link(alice), make_link(alice)
    keep(Door("link", issued.link.token_digest))
    stays = keep(Door("link", other.link.token_digest), HALF_PAST_NINE)
    before = Calendar.objects.get(pk=alice.calendar.pk).version
    revoke_link(issued.link.pk, by=alice.actor, now=NOW)
    assert offered(public) == [NINE, TEN]
    assert Calendar.objects.get(pk=alice.calendar.pk).version > before
    assert find_kept(stays.token, get_offer(public)) == stays


def test_places_kept_through_a_revoked_link_leave_the_others(alice: Person) -> None:
    yoga = make_class(alice, seats=5, durations=(30,), interval=30)
    public = keeping(yoga)
    issued = issue_link(yoga, LinkOptions(), by=alice.actor, now=NOW)
    first = keep(public)
    keep(Door("link", issued.link.token_digest), now=NOW + timedelta(minutes=5))
    revoke_link(issued.link.pk, by=alice.actor, now=NOW)
    assert seats_left(public) == 4
    elsewhere = Door.permanent(alice.calendar.permanent_id)
    assert offered(elsewhere, now=AT + 599) == [HALF, TEN]
    assert offered(elsewhere, now=AT + 600) == [NINE, HALF, TEN]
    assert take(public, hold=first.token).start == NINE


def test_what_is_kept_of_a_deleted_calendar_is_free_for_others(alice: Person) -> None:
    door = keeping(alice.calendar)
    other = create_calendar(alice.member, {"name": "Other", "durations": [30]}, now=NOW)
    keep(door)
    before = Calendar.objects.get(pk=other.pk).version
    set_deleted(alice.calendar, deleted=True, now=NOW)
    assert not Hold.objects.exists()
    assert blocked() == []
    assert offered(Door.permanent(other.permanent_id)) == [NINE, HALF, TEN]
    assert Calendar.objects.get(pk=other.pk).version > before


def test_what_is_kept_through_a_link_to_a_deleted_group_is_free_for_others(alice: Person) -> None:
    public, group = keeping(alice.calendar), make_group(alice, alice.calendar)
    keep(Door.link(make_group_link(alice, group).token or ""), calendar=alice.calendar.public_id)
    before = Calendar.objects.get(pk=alice.calendar.pk).version
    set_group_deleted(group, deleted=True, now=NOW)
    assert not Hold.objects.exists()
    assert offered(public) == [NINE, HALF, TEN]
    assert Calendar.objects.get(pk=alice.calendar.pk).version > before


def test_a_hold_of_one_workspace_is_none_of_another(alice: Person, charlie: Person) -> None:
    kept = keep(keeping(alice.calendar))
    assert find_kept(kept.token, get_offer(keeping(charlie.calendar))) is None
    keep(keeping(charlie.calendar))
