"""One-time links keep what they were made with; the owner is told when the calendar has moved on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from bookonce.scheduling.calendar_groups import set_group_deleted
from bookonce.scheduling.calendars import set_deleted, set_paused, update_calendar
from bookonce.scheduling.link_fit import misfits, misfits_of_groups
from bookonce.scheduling.models import Calendar, CalendarGroup
from bookonce.scheduling.revoke_link import revoke_link
from tests.cast import NOW, Person, book_through, make_link
from tests.groups import make_group, make_group_link

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 10)


def change(person: Person, **settings: Any) -> None:
    update_calendar(person.calendar, settings, by=person.actor, now=NOW)


def found(person: Person) -> list[tuple[str, tuple[int, ...], bool]]:
    calendar = Calendar.objects.get(pk=person.calendar.pk)
    return [(misfit.link.label, misfit.lengths, misfit.no_days) for misfit in misfits(calendar, now=NOW)]


def test_what_fits_is_not_told(alice: Person) -> None:
    change(alice, durations=[30, 60])
    make_link(alice)
    make_link(alice, durations=(60,), first_day=FIRST, last_day=LAST)
    change(alice, window={"from": "2026-12-10", "to": None})
    assert found(alice) == []


def test_lengths_the_calendar_no_longer_has(alice: Person) -> None:
    change(alice, durations=[30, 60, 90])
    make_link(alice, label="Long", durations=(30, 60, 90))
    change(alice, durations=[30])
    assert found(alice) == [("Long", (60, 90), False)]


@pytest.mark.parametrize(
    "window",
    [{"from": "2026-12-11", "to": None}, {"to": "2026-11-30"}, {"from": "2027-01-01", "to": "2027-02-01"}],
)
def test_days_that_have_none_in_common_with_the_calendar(alice: Person, window: dict[str, Any]) -> None:
    make_link(alice, label="December", first_day=FIRST, last_day=LAST)
    change(alice, window=window)
    assert found(alice) == [("December", (), True)]


def test_dead_links_are_nobody_s_worry(alice: Person) -> None:
    options: dict[str, Any] = {"durations": (30,)}
    book_through(make_link(alice, **options))
    revoke_link(make_link(alice, **options).link.pk, by=alice.actor, now=NOW)
    make_link(alice, expires_at=NOW, **options)
    make_link(alice, label="Not open", not_before=NOW + timedelta(days=2), **options)
    make_link(alice, label="Usable", **options)
    change(alice, durations=[45])
    set_paused(alice.calendar, paused=True, now=NOW)
    assert [label for label, _lengths, _days in found(alice)] == ["Usable", "Not open"]


def test_others_links_are_not_looked_at(alice: Person, bob: Person) -> None:
    make_link(bob, durations=(30,))
    change(alice, durations=[45])
    assert found(alice) == []


def test_a_link_to_a_group_whose_days_none_of_its_calendars_has(alice: Person, bob: Person) -> None:
    group = make_group(alice, alice.calendar, bob.calendar)
    make_group_link(alice, group, label="December", first_day=FIRST, last_day=LAST)
    make_group_link(alice, group, label="Any day")

    def labels() -> list[str]:
        found = misfits_of_groups(CalendarGroup.objects.all(), now=NOW)
        assert all(misfit.no_days for misfit in found)
        return [misfit.link.label for misfit in found]

    change(alice, window={"to": "2026-11-30"})
    assert labels() == []  # Bob's is left
    change(bob, window={"from": "2026-12-11", "to": None})
    assert labels() == ["December"]
    change(bob, window={"from": "2026-12-10", "to": None})
    assert labels() == []
    set_deleted(bob.calendar, deleted=True, now=NOW)
    assert labels() == ["December"]
    set_group_deleted(group, deleted=True, now=NOW)
    assert labels() == []  # it can't be used


def test_asking_of_groups_without_such_links_takes_one_statement(
    alice: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_group_link(alice, make_group(alice, alice.calendar))
    with django_assert_num_queries(1):
        assert misfits_of_groups(CalendarGroup.objects.all(), now=NOW) == []
