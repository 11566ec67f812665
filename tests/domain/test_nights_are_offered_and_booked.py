"""Hours that run over midnight: what the list shows after midnight can be booked, and nothing beyond."""

from __future__ import annotations

from typing import Any

import pytest

from bookonce.scheduling.errors import Invalid, SlotTaken
from bookonce.scheduling.models import WeeklyHours
from bookonce.scheduling.schedules import parse_schedule
from tests.cast import Person, book_through, make_link
from tests.domain.hours_of_a_host import offered, set_hours

NIGHT = [{"days": [1], "start": "22:00", "end": "02:00"}]


def test_the_small_hours_belong_to_the_evening_before(alice: Person) -> None:
    set_hours(alice, weekly=NIGHT)
    assert offered(alice, "2026-11-30") == ["22:00", "22:30", "23:00", "23:30"]
    assert offered(alice, "2026-12-01") == ["00:00", "00:30", "01:00", "01:30"]
    book_through(make_link(alice), "2026-12-01T01:30:00+01:00")
    assert offered(alice, "2026-12-01") == ["00:00", "00:30", "01:00"]
    for start in ("2026-12-01T02:00:00+01:00", "2026-12-01T22:00:00+01:00"):
        with pytest.raises(SlotTaken):
            book_through(make_link(alice), start)


def test_a_date_with_other_hours_may_have_a_night_too(alice: Person) -> None:
    ranges = [{"start": "23:00", "end": "01:00"}]
    set_hours(alice, weekly=[], overrides=[{"date": "2026-12-31", "ranges": ranges}])
    assert offered(alice, "2026-12-31") == ["23:00", "23:30"]
    assert offered(alice, "2027-01-01") == ["00:00", "00:30"]
    book_through(make_link(alice), "2027-01-01T00:30:00+01:00")


def test_an_end_at_24_00_is_midnight(alice: Person) -> None:
    set_hours(alice, weekly=[{"days": [1], "start": "23:00", "end": "24:00"}])
    assert offered(alice, "2026-11-30") == ["23:00", "23:30"]
    assert offered(alice, "2026-12-01") == []
    assert WeeklyHours.objects.get(schedule=alice.schedule).ends == 1440


@pytest.mark.parametrize(
    ("weekly", "reason"),
    [
        ([{"days": [1], "start": "22:00", "end": "22:00"}], "must end after it starts"),
        ([*NIGHT, {"days": [1], "start": "23:00", "end": "24:00"}], "overlap"),
        ([*NIGHT, {"days": [2], "start": "01:00", "end": "09:00"}], "Monday 22:00 to 02:00 and Tuesday"),
        ([{"days": [1], "start": "22:00", "end": "26:00"}], "24:00 may end a day"),
    ],
)
def test_nights_that_can_t_be_are_named(weekly: list[dict[str, Any]], reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_schedule({"timezone": "Europe/Berlin", "weekly": weekly})
    assert reason in str(refused.value.errors)
