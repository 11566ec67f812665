"""Two changes of one calendar at once never combine into settings that nobody checked together."""

from __future__ import annotations

import pytest

from bookonce.scheduling.calendars import update_calendar
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.models import Calendar
from tests.cast import NOW, Person


def test_a_change_is_checked_against_what_stands_now_not_what_was_read_before(alice: Person) -> None:
    stale = Calendar.objects.select_related("workspace", "schedule").get(pk=alice.calendar.pk)
    video = {"location": {"kind": "video", "value": "https://meet.example.org/alice"}}
    update_calendar(alice.calendar, video, by=alice.actor, now=NOW)
    # As it was read it has no place, and the address would be dropped; by now it needs a link.
    with pytest.raises(Invalid):
        update_calendar(stale, {"location": {"value": "Room 5"}}, by=alice.actor, now=NOW)
    assert Calendar.objects.get(pk=stale.pk).location == "https://meet.example.org/alice"


def test_pausing_keeps_the_first_instant(alice: Person) -> None:
    stale = Calendar.objects.select_related("workspace", "schedule").get(pk=alice.calendar.pk)
    update_calendar(alice.calendar, {"paused": True}, by=alice.actor, now=NOW)
    update_calendar(stale, {"paused": True}, by=alice.actor, now=NOW.replace(hour=9))
    assert Calendar.objects.get(pk=stale.pk).paused_at == NOW
