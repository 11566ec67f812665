"""On change days and ordinary ones, in odd zones: every listed start can be booked, and nothing else can.

Through the guest's JSON door, in a real database; the pure function has its own tests (tests/unit).
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils.crypto import get_random_string

from bookonce.lib import clock
from bookonce.lib.instants import from_minutes, iso, to_minutes
from bookonce.scheduling.models import Calendar, Schedule
from bookonce.scheduling.schedules import update_schedule
from tests.cast import NOW, Person, make_link
from tests.strength import times

pytestmark = pytest.mark.django_db

CHANGE_DAYS = {
    "Europe/Berlin": (date(2027, 3, 28), date(2026, 10, 25)),
    "America/New_York": (date(2027, 3, 14), date(2026, 11, 1)),
    "Australia/Lord_Howe": (date(2026, 10, 4), date(2027, 4, 4)),  # by half an hour
    "Africa/Cairo": (date(2027, 4, 30), date(2026, 10, 29)),  # around midnight
    "Atlantic/Azores": (date(2027, 3, 28), date(2026, 10, 25)),
    "Asia/Kathmandu": (date(2026, 12, 1),),  # never; +05:45
}
GUESTS = ("Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns", "Europe/Berlin", "UTC")
DAY = 1440
SAMPLE = times(6, 60)
CASES = [(zone, day) for zone, days in CHANGE_DAYS.items() for day in days]


def arrange(alice: Person, zone: str, dice: random.Random) -> None:
    """Hours around the clock, with odd gaps; odd rules."""
    weekly = [
        {"days": [0, 1, 2, 3, 4, 5, 6], "start": start, "end": end}
        for start, end in (("00:00", "01:20"), ("01:20", "04:05"), ("09:10", "17:00"), ("22:00", "24:00"))
    ]
    given = {"name": "Odd", "timezone": zone, "weekly": weekly}
    update_schedule(Schedule.objects.get(pk=alice.schedule.pk), given, by=alice.member, now=NOW)
    Calendar.objects.filter(pk=alice.calendar.pk).update(
        durations=(dice.choice([15, 30, 45, 60, 90]),),
        interval=dice.choice([10, 15, 20, 25, 30]),
        buffer_before=dice.choice([0, 5, 15]),
        buffer_after=dice.choice([0, 10]),
        notice=dice.choice([0, 7, 60, 300]),
        horizon_days=dice.choice([None, 2, 3]),
    )


def listed(path: str, first: date, last: date, zone: str) -> list[str]:
    """What the door lists from one guest's day to another."""
    answer = Client().get(f"{path}/slots?from={first}&to={last}&timezone={zone}")
    assert answer.status_code == 200, answer.content
    days: dict[str, list[str]] = answer.json()["slots"]
    assert all(day == start[:10] for day, starts in days.items() for start in starts)
    return [start for starts in days.values() for start in starts]


def try_to_book(alice: Person, start: str, zone: str, now: datetime, *, keep: bool = False) -> Any:
    """Status and body of an attempt through a new link, undone afterwards unless it is kept."""
    undo = transaction.savepoint()
    body = {"start": start, "name": "Gina", "email": f"{get_random_string(6)}@example.org", "timezone": zone}
    path = f"/o/{make_link(alice, now=now).token}/book"
    answer = Client().post(path, body, content_type="application/json")
    (transaction.savepoint_commit if keep else transaction.savepoint_rollback)(undo)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(("zone", "day"), CASES)
def test_all_that_is_listed_and_nothing_else(
    alice: Person, monkeypatch: pytest.MonkeyPatch, zone: str, day: date
) -> None:
    dice = random.Random(f"{zone} {day}")
    arrange(alice, zone, dice)
    now = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(minutes=dice.randint(30, 1500))
    now = now.replace(second=dice.randint(0, 59))
    monkeypatch.setattr(clock, "now", lambda: now)
    guests = dice.choice(GUESTS)
    path = f"/c/{alice.calendar.permanent_id}"
    first, last = day - timedelta(days=1), day + timedelta(days=1)
    for start in dice.sample(listed(path, first, last, guests), 2):
        assert try_to_book(alice, start, guests, now, keep=True)[0] in {201, 409}  # 409: beside the other
    offered = listed(path, first, last, guests)
    assert offered == sorted(set(offered), key=datetime.fromisoformat)
    for start in dice.sample(offered, min(SAMPLE, len(offered))):
        status, reply = try_to_book(alice, start, guests, now)
        assert (status, reply["start"]) == (201, start)
        assert try_to_book(alice, start[:17] + "01" + start[19:], guests, now)[0] == 422
    minutes = {to_minutes(datetime.fromisoformat(start)) for start in offered}
    middle = range(min(minutes), max(minutes))
    others = [minute for minute in middle if minute not in minutes]
    near = [minute + step for minute in minutes for step in (-1, 1) if minute + step in middle]
    for minute in dice.sample(others, min(SAMPLE, len(others))) + dice.sample(near, min(SAMPLE, len(near))):
        status, reply = try_to_book(alice, iso(from_minutes(minute)), guests, now)
        assert (status, reply["code"]) == (409, "slot_taken")


@pytest.mark.parametrize(("zone", "day"), CASES)
def test_windows_of_single_days_hold_what_a_wide_one_holds(
    alice: Person, monkeypatch: pytest.MonkeyPatch, zone: str, day: date
) -> None:
    arrange(alice, zone, random.Random(f"{day} {zone}"))
    Calendar.objects.filter(pk=alice.calendar.pk).update(horizon_days=None)
    now = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: now)
    path = f"/c/{alice.calendar.permanent_id}"
    days = [day + timedelta(days=step) for step in range(-2, 3)]
    for guests in {zone, *GUESTS}:
        wide = listed(path, days[0], days[-1], guests)
        assert [start for one in days for start in listed(path, one, one, guests)] == wide
        assert wide


@pytest.mark.parametrize(("notice", "seconds"), [(60, 0), (60, 1), (60, 59), (0, 0), (0, 1)])
def test_the_edge_of_the_notice(
    alice: Person, monkeypatch: pytest.MonkeyPatch, notice: int, seconds: int
) -> None:
    Calendar.objects.filter(pk=alice.calendar.pk).update(notice=notice)
    start = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    now = start - timedelta(minutes=notice) + timedelta(seconds=seconds)
    monkeypatch.setattr(clock, "now", lambda: now)
    offered = listed(f"/c/{alice.calendar.permanent_id}", date(2026, 11, 30), date(2026, 11, 30), "UTC")
    in_time = seconds == 0
    assert ("2026-11-30T09:00:00+00:00" in offered) is in_time
    assert try_to_book(alice, iso(start), "UTC", now)[0] == (201 if in_time else 409)
