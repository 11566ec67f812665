"""The database itself refuses two live blocked times of one host that overlap; raw SQL, whoever writes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from bookonce.lib.instants import to_minutes, to_seconds
from bookonce.scheduling import guards
from bookonce.scheduling.models import Appointment, BlockedTime, Booking, LinkRequest, LinkUpload, LinkUse
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, book_through, make_link

HOLD = (
    "INSERT INTO scheduling_blockedtime (host_id, starts, ends, live, expires_at) VALUES (%s, %s, %s, %s, %s)"
)
REFUSED = pytest.raises(IntegrityError, match="blocked_time")


def execute(statement: str, *parameters: int | bool) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


@pytest.fixture
def two(alice: Person) -> tuple[Appointment, Appointment]:
    """Two appointments of Alice's: 09:00 and 10:00, each 30 minutes."""
    first = book_through(make_link(alice), MONDAY_NINE)
    second = book_through(make_link(alice), MONDAY_TEN)
    found = [Booking.objects.get(public_id=booked.public_id).appointment for booked in (first, second)]
    return found[0], found[1]


def test_an_insert_over_a_live_time_is_refused(two: tuple[Appointment, Appointment], alice: Person) -> None:
    at = to_minutes(two[0].starts)
    with REFUSED:
        execute(
            HOLD,
            alice.member.pk,
            at + 29,
            at + 45,
            True,
            to_seconds(NOW) + 600,
        )


def test_a_touching_time_is_allowed(two: tuple[Appointment, Appointment], alice: Person) -> None:
    at = to_minutes(two[0].ends)
    execute(
        HOLD,
        alice.member.pk,
        at,
        at + 30,
        True,
        to_seconds(NOW) + 600,
    )


def test_moving_an_appointment_onto_another_is_refused(two: tuple[Appointment, Appointment]) -> None:
    other = to_minutes(two[1].starts)
    with REFUSED:
        execute(
            "UPDATE scheduling_appointment SET starts = %s, ends = %s WHERE id = %s",
            other - 15,
            other + 15,
            two[0].pk,
        )
    assert to_minutes(BlockedTime.objects.get(appointment=two[0]).starts) == other - 60


def test_widening_buffers_over_a_neighbour_is_refused(two: tuple[Appointment, Appointment]) -> None:
    with REFUSED:
        execute("UPDATE scheduling_appointment SET buffer_after = 31 WHERE id = %s", two[0].pk)


def test_moving_a_blocked_time_alone_is_refused(two: tuple[Appointment, Appointment]) -> None:
    with REFUSED:
        execute(
            "UPDATE scheduling_blockedtime SET starts = starts + 60, ends = ends + 60 "
            "WHERE appointment_id = %s",
            two[0].pk,
        )


def test_a_cancelled_appointment_set_back_to_live_is_refused_when_its_time_is_taken(
    two: tuple[Appointment, Appointment], alice: Person
) -> None:
    execute(
        "UPDATE scheduling_appointment SET status = 'cancelled', cancelled_at = %s WHERE id = %s",
        to_seconds(NOW),
        two[0].pk,
    )
    assert not BlockedTime.objects.get(appointment=two[0]).live
    book_through(make_link(alice), MONDAY_NINE)
    with REFUSED:
        execute(
            "UPDATE scheduling_appointment SET status = 'confirmed', cancelled_at = NULL WHERE id = %s",
            two[0].pk,
        )
    with REFUSED:
        execute("UPDATE scheduling_blockedtime SET live = %s WHERE appointment_id = %s", True, two[0].pk)


def test_giving_an_appointment_to_a_host_who_is_busy_is_refused(
    two: tuple[Appointment, Appointment], bob: Person
) -> None:
    book_through(make_link(bob), MONDAY_NINE)
    with REFUSED:
        execute(
            "UPDATE scheduling_blockedtime SET host_id = %s WHERE appointment_id = %s",
            bob.member.pk,
            two[0].pk,
        )


def test_a_hold_blocks_like_an_appointment(two: tuple[Appointment, Appointment], alice: Person) -> None:
    free = two[1].ends
    BlockedTime.objects.create(
        host=alice.member,
        starts=free,
        ends=free + timedelta(minutes=30),
        live=True,
        expires_at=NOW + timedelta(minutes=10),
    )
    with REFUSED:
        execute(
            "UPDATE scheduling_appointment SET starts = starts + 15, ends = ends + 15 WHERE id = %s",
            two[1].pk,
        )


def test_the_calendar_of_another_host_is_not_touched(
    two: tuple[Appointment, Appointment], bob: Person
) -> None:
    book_through(make_link(bob), MONDAY_NINE)
    assert BlockedTime.objects.filter(live=True).count() == 3


def test_all_guards_stand_after_a_migration(alice: Person) -> None:
    assert guards.faults() == []


@pytest.fixture
def without_guards(transactional_db: None) -> Iterator[None]:
    """The table rebuilt as Django does it in some migrations, and the exclusion gone; put back afterwards."""
    if connection.vendor == "sqlite":
        guards.step_aside(plan=["a migration"])
        with connection.schema_editor() as editor:
            editor._remake_table(BlockedTime)  # type: ignore[attr-defined]
    else:
        execute("ALTER TABLE scheduling_blockedtime DROP CONSTRAINT blocked_time_no_overlap")
    yield
    guards.install()


def test_missing_guards_are_found_and_come_back_with_the_next_migrate(without_guards: None) -> None:
    assert any("blocked_time_no_overlap" in fault for fault in guards.faults())
    call_command("migrate", verbosity=0, interactive=False)
    assert guards.faults() == []


def test_a_guard_with_another_text_is_found(transactional_db: None) -> None:
    if connection.vendor == "sqlite":
        execute("DROP TRIGGER blocked_time_matches_insert")
        execute(
            "CREATE TRIGGER blocked_time_matches_insert BEFORE INSERT ON scheduling_blockedtime WHEN 0 "
            "BEGIN SELECT RAISE(ABORT, 'never'); END"
        )
    else:
        execute("ALTER TABLE scheduling_blockedtime DISABLE TRIGGER blocked_time_matches")
    try:
        assert guards.faults()
    finally:
        guards.install()
    assert guards.faults() == []


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (LinkUse, "link_use_number_unique"),
        (LinkRequest, "link_request_open_once"),  # an index, since it has a condition
        (LinkUpload, "link_upload_to_one_target"),
    ],
)
def test_a_constraint_that_is_gone_is_found(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch, model: type[Model], name: str
) -> None:
    [constraint] = [one for one in model._meta.constraints if one.name == name]
    others = [one for one in model._meta.constraints if one.name != name]
    with monkeypatch.context() as patch, connection.schema_editor() as editor:
        patch.setattr(model._meta, "constraints", others)  # SQLite makes the table anew from its model
        editor.remove_constraint(model, constraint)
    try:
        assert guards.faults() == [f"{name} is missing on {model._meta.db_table}"]
    finally:
        with connection.schema_editor() as editor:
            editor.add_constraint(model, constraint)
    assert guards.faults() == []
