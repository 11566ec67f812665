"""The workspace says on which day weeks begin; limits per week follow at once."""

from __future__ import annotations

from datetime import date

import pytest

from bookonce.accounts.models import Workspace
from bookonce.accounts.workspace_settings import SettingsRefused
from bookonce.scheduling.calendars import update_calendar
from bookonce.scheduling.errors import SlotTaken
from bookonce.scheduling.models import Calendar, LimitCount
from bookonce.scheduling.week_start import change_workspace
from tests.cast import NOW, Person, book_through, make_link

EPOCH = date(1970, 1, 1).toordinal()
FRIDAY_NINE, MONDAY_NINE = "2026-11-27T09:00:00+01:00", "2026-11-30T09:00:00+01:00"


def weeks_counted(person: Person) -> list[tuple[str, int]]:
    rows = LimitCount.objects.filter(calendar=person.calendar, unit="week").order_by("first_day")
    return [(date.fromordinal(EPOCH + row.first_day).isoformat(), row.taken) for row in rows]


def version(person: Person) -> int:
    return Calendar.objects.get(pk=person.calendar.pk).version


@pytest.fixture
def weekly(alice: Person) -> Person:
    """Alice takes one appointment a week, and has one on Friday and one on the Monday after."""
    update_calendar(alice.calendar, {"per_week": 1}, by=alice.actor, now=NOW)
    for start in (FRIDAY_NINE, MONDAY_NINE):
        book_through(make_link(alice), start)
    return alice


def test_weeks_begin_on_monday_unless_said_otherwise(weekly: Person) -> None:
    assert weeks_counted(weekly) == [("2026-11-23", 1), ("2026-11-30", 1)]


def test_another_first_day_counts_anew(weekly: Person) -> None:
    before = version(weekly)
    change_workspace(
        weekly.workspace, {"week_start": 5}, now=NOW
    )  # from Friday to Thursday: both in one week
    assert weeks_counted(weekly) == [("2026-11-27", 2)]
    assert version(weekly) > before
    with pytest.raises(SlotTaken):
        book_through(make_link(weekly), "2026-12-02T09:00:00+01:00")
    book_through(make_link(weekly), "2026-11-26T09:00:00+01:00")  # its week was full before
    change_workspace(weekly.workspace, {"week_start": 1}, now=NOW)
    assert weeks_counted(weekly) == [("2026-11-23", 2), ("2026-11-30", 1)]


def test_calendars_without_a_limit_per_week_are_left_alone(alice: Person, charlie: Person) -> None:
    before = version(alice), version(charlie)
    change_workspace(alice.workspace, {"week_start": 0}, now=NOW)
    assert (version(alice), version(charlie)) == before


def test_the_same_day_again_changes_nothing(weekly: Person) -> None:
    before = version(weekly)
    change_workspace(weekly.workspace, {"week_start": 1, "name": "Studio"}, now=NOW)
    assert version(weekly) == before
    assert Workspace.objects.get(pk=weekly.workspace.pk).name == "Studio"


@pytest.mark.parametrize("sent", [7, -1, "x", None, True])
def test_what_is_no_weekday_is_refused_whole(weekly: Person, sent: object) -> None:
    with pytest.raises(SettingsRefused) as refused:
        change_workspace(weekly.workspace, {"week_start": sent, "name": "Studio"}, now=NOW)
    assert list(refused.value.errors) == ["week_start"]
    kept = Workspace.objects.get(pk=weekly.workspace.pk)
    assert (kept.week_start, kept.name) == (1, "Atelier")


def test_a_name_that_is_taken_keeps_the_weeks_too(weekly: Person, charlie: Person) -> None:
    with pytest.raises(SettingsRefused):
        change_workspace(weekly.workspace, {"week_start": 5, "slug": "elsewhere"}, now=NOW)
    assert Workspace.objects.get(pk=weekly.workspace.pk).week_start == 1
    assert weeks_counted(weekly) == [("2026-11-23", 1), ("2026-11-30", 1)]
