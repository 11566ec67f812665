"""Holds that lapsed are tidied away after a while; the doctor says so where nobody does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookonce.cli import checks
from bookonce.lib import clock
from bookonce.scheduling.clear_holds import STALE, clear_holds, count_stale
from bookonce.scheduling.hold_time import hold_time
from bookonce.scheduling.models import BlockedTime, Calendar, Hold
from bookonce.scheduling.offer import Door
from bookonce.scheduling.update_link import update_link
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, make_link


def keep(person: Person, start: str = MONDAY_NINE) -> None:
    Calendar.objects.filter(pk=person.calendar.pk).update(hold_minutes=10)
    hold_time(Door.permanent(person.calendar.permanent_id), {"start": start}, visitor="", now=NOW)


def test_live_and_fresh_ones_stay(alice: Person) -> None:
    keep(alice)
    for minutes in (0, 10, 39):
        assert clear_holds(now=NOW + timedelta(minutes=minutes)) == 0
    assert clear_holds(now=NOW + timedelta(minutes=40)) == 1
    assert not Hold.objects.exists()
    assert not BlockedTime.objects.exists()


def test_times_of_links_stay_until_they_expire(alice: Person) -> None:
    link = make_link(alice).link
    update_link(link.pk, {"slots": [MONDAY_TEN], "hold_slots": True}, now=NOW)
    assert clear_holds(now=NOW + timedelta(days=400)) == 0
    update_link(link.pk, {"expires_at": (NOW + timedelta(hours=1)).isoformat()}, now=NOW)
    assert clear_holds(now=NOW + timedelta(hours=2)) == 1
    assert not BlockedTime.objects.exists()


def test_the_doctor_counts_what_nobody_cleared(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(alice)
    late = NOW + timedelta(minutes=10) + STALE
    assert count_stale(now=late - timedelta(seconds=1)) == 0
    assert count_stale(now=late) == 1
    monkeypatch.setattr(clock, "now", lambda: late)
    assert "1 holds lapsed hours ago" in checks.CHECKS["Holds"]()[0]
