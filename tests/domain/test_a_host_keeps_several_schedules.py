"""Schedules are made, changed in part, copied and deleted; a host is open when any of theirs is."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from bookonce.lib.database_errors import on_postgres
from bookonce.scheduling import schedules as noun
from bookonce.scheduling.calendars import set_deleted, update_calendar
from bookonce.scheduling.errors import Conflict, Invalid, NotAllowed, NotFound, SlotTaken
from bookonce.scheduling.models import Schedule
from bookonce.scheduling.schedules import (
    create_schedule,
    delete_schedule,
    duplicate_schedule,
    schedule_rules,
    update_schedule,
)
from bookonce.scheduling.transaction import REFUSALS
from tests.cast import MONDAY_NINE, NOW, Person, book_through, make_link
from tests.domain.hours_of_a_host import offered, version

EVENING: dict[str, Any] = {
    "name": "Evenings",
    "timezone": "Europe/Berlin",
    "weekly": [{"days": [1], "start": "20:00", "end": "21:00"}],
}


def use(person: Person, *schedules: Schedule) -> None:
    host = {"member": person.user.email, "schedules": [schedule.public_id for schedule in schedules]}
    update_calendar(person.calendar, {"hosts": [host]}, by=person.actor, now=NOW)


def test_hours_of_each_are_offered_and_booked(alice: Person) -> None:
    evening = create_schedule(alice.member, EVENING, now=NOW)
    assert offered(alice, "2026-11-30")[-1] == "16:30", "no calendar uses them yet"
    use(alice, alice.schedule, evening)
    assert offered(alice, "2026-11-30")[-3:] == ["16:30", "20:00", "20:30"]
    book_through(make_link(alice), "2026-11-30T20:30:00+01:00")
    use(alice, evening)
    assert offered(alice, "2026-11-30") == ["20:00"]
    with pytest.raises(SlotTaken):
        book_through(make_link(alice), MONDAY_NINE)


def test_a_change_of_any_of_them_counts_at_once(alice: Person) -> None:
    evening = create_schedule(alice.member, EVENING, now=NOW)
    use(alice, alice.schedule, evening)
    before = version(alice)
    update_schedule(evening, {"weekly": []}, by=alice.member, now=NOW)
    assert version(alice) == before + 1
    assert offered(alice, "2026-11-30")[-1] == "16:30"


def test_only_what_is_sent_is_changed(alice: Person) -> None:
    rules = EVENING | {
        "overrides": [
            {"date": "2026-12-24", "ranges": []},
            {"date": "2026-12-31", "ranges": [{"start": "22:00", "end": "01:00"}]},
        ]
    }
    schedule = create_schedule(alice.member, rules, now=NOW)
    assert schedule_rules(schedule) == rules
    update_schedule(schedule, {"name": "Late"}, by=alice.member, now=NOW)
    assert schedule_rules(Schedule.objects.get(pk=schedule.pk)) == rules | {"name": "Late"}
    night = [{"days": [0, 6], "start": "18:00", "end": "24:00"}]
    update_schedule(schedule, {"weekly": night, "overrides": None}, by=alice.member, now=NOW)
    changed = schedule_rules(Schedule.objects.get(pk=schedule.pk))
    assert changed == rules | {"name": "Late", "weekly": night, "overrides": []}


def test_a_copy_says_so_and_has_the_same_hours(alice: Person, bob: Person) -> None:
    copy = duplicate_schedule(alice.schedule, by=alice.member, now=NOW)
    assert schedule_rules(copy) == schedule_rules(alice.schedule) | {"name": "Copy of Working hours"}
    assert duplicate_schedule(bob.schedule, by=alice.member, now=NOW).member == bob.member
    assert duplicate_schedule(alice.schedule, by=bob.member, now=NOW).member == bob.member


def test_a_long_name_still_makes_a_copy(alice: Person) -> None:
    update_schedule(alice.schedule, {"name": "x" * 80}, by=alice.member, now=NOW)
    assert len(duplicate_schedule(alice.schedule, by=alice.member, now=NOW).name) == 80


def test_hours_in_use_are_kept_and_their_calendars_named(alice: Person) -> None:
    evening = create_schedule(alice.member, EVENING, now=NOW)
    use(alice, alice.schedule, evening)
    with pytest.raises(Conflict) as refused:
        delete_schedule(evening, by=alice.member, now=NOW)
    assert "Alice's meeting" in str(refused.value.message)
    assert schedule_rules(evening) == EVENING | {"overrides": []}, "nothing of it is gone"
    set_deleted(alice.calendar, deleted=True, now=NOW)
    with pytest.raises(Conflict) as refused:
        delete_schedule(evening, by=alice.member, now=NOW)
    assert "Alice's meeting (deleted)" in str(refused.value.message)
    use(alice, alice.schedule)
    delete_schedule(evening, by=alice.member, now=NOW)
    with pytest.raises(NotFound):
        delete_schedule(evening, by=alice.member, now=NOW)


def test_the_last_one_stays(alice: Person, bob: Person) -> None:
    use(alice, bob.schedule)
    with pytest.raises(Conflict) as refused:
        delete_schedule(alice.schedule, by=alice.member, now=NOW)
    assert "only schedule" in str(refused.value.message)


def test_what_is_gone_can_t_be_changed(alice: Person) -> None:
    evening = create_schedule(alice.member, EVENING, now=NOW)
    stale = Schedule.objects.get(pk=evening.pk)
    delete_schedule(evening, by=alice.member, now=NOW)
    for act in (
        lambda: update_schedule(stale, {"name": "x"}, by=alice.member, now=NOW),
        lambda: duplicate_schedule(stale, by=alice.member, now=NOW),
    ):
        with pytest.raises(NotFound):
            act()


def test_members_change_their_own_and_owners_all(alice: Person, bob: Person, charlie: Person) -> None:
    update_schedule(bob.schedule, {"name": "By Alice"}, by=alice.member, now=NOW)
    assert (
        create_schedule(alice.member, EVENING | {"member": "bob@example.com"}, now=NOW).member == bob.member
    )
    for act, refusal in (
        (lambda: update_schedule(alice.schedule, {"name": "x"}, by=bob.member, now=NOW), NotAllowed),
        (lambda: delete_schedule(alice.schedule, by=bob.member, now=NOW), NotAllowed),
        (
            lambda: create_schedule(bob.member, EVENING | {"member": "alice@example.com"}, now=NOW),
            NotAllowed,
        ),
        (lambda: update_schedule(alice.schedule, {"name": "x"}, by=charlie.member, now=NOW), NotFound),
        (lambda: duplicate_schedule(alice.schedule, by=charlie.member, now=NOW), NotFound),
        (lambda: delete_schedule(alice.schedule, by=charlie.member, now=NOW), NotFound),
        (
            lambda: create_schedule(charlie.member, EVENING | {"member": "bob@example.com"}, now=NOW),
            Invalid,
        ),
    ):
        with pytest.raises(refusal):
            act()
    alice.schedule.refresh_from_db()
    assert alice.schedule.name == "Working hours"


def test_there_is_a_limit(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noun, "MOST_OF_A_MEMBER", 2)
    create_schedule(alice.member, EVENING, now=NOW)
    with pytest.raises(Conflict):
        create_schedule(alice.member, EVENING, now=NOW)
    with pytest.raises(Conflict):
        duplicate_schedule(alice.schedule, by=alice.member, now=NOW)


@pytest.mark.parametrize("field", ["timezone", "weekly", "overrides", "name", "kind"])
def test_bad_hours_are_named(alice: Person, field: str) -> None:
    bad = {"timezone": "Mars/Base", "weekly": [7], "overrides": [7], "name": "x" * 81, "kind": "x"}
    for act in (
        lambda: create_schedule(alice.member, EVENING | {field: bad[field]}, now=NOW),
        lambda: update_schedule(alice.schedule, {field: bad[field]}, by=alice.member, now=NOW),
    ):
        with pytest.raises(Invalid) as refused:
            act()
        assert {name.split(".")[0] for name in refused.value.errors} == {field}


def test_a_schedule_that_vanishes_in_the_very_moment_is_told_in_words(alice: Person) -> None:
    """On PostgreSQL its foreign keys refuse; SQLite has one writer."""
    if on_postgres():
        with connection.cursor() as cursor:
            cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'f'")
            kept = {row[0] for row in cursor.fetchall()}
        assert {name for name in REFUSALS if "_fk_" in name} <= kept
