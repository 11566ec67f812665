"""Corruption planted past all guards, one kind at a time: `bookonce doctor` names it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from bookonce.cli.checks import CHECKS, NEVER
from bookonce.lib import clock
from bookonce.scheduling import guards
from bookonce.scheduling.models import Calendar
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, book_through, make_link

PLANTED = {
    "pairs of appointments or holds overlap": "UPDATE scheduling_appointment SET starts = "
    "(SELECT MIN(starts) FROM scheduling_appointment), ends = (SELECT MIN(ends) FROM scheduling_appointment)"
    "; UPDATE scheduling_blockedtime SET starts = (SELECT MIN(starts) FROM scheduling_appointment), "
    "ends = (SELECT MIN(ends) FROM scheduling_appointment)",
    "links count other uses than they have": "UPDATE scheduling_onetimelink SET spent = 0",
    "uses of links have no booking": "UPDATE scheduling_booking SET link_use_id = NULL, link_id = NULL",
    "bookings have the use of another link": "UPDATE scheduling_booking SET link_id = "
    "(SELECT MIN(id) FROM scheduling_onetimelink)",
    "bookings are live though the use of their link was returned": "UPDATE scheduling_linkuse SET "
    "returned_at = 1",
    "confirmed bookings block time only until a request would have expired": "UPDATE scheduling_blockedtime "
    "SET expires_at = 1",
    "appointments have no booking": "UPDATE scheduling_booking SET appointment_id = "
    "(SELECT MIN(id) FROM scheduling_appointment)",
    "appointments block no time of a host, or another than their own": "DELETE FROM scheduling_blockedtime",
    "bookings are live though their appointment is cancelled": "UPDATE scheduling_appointment SET "
    "status = 'cancelled', cancelled_at = 1; UPDATE scheduling_blockedtime SET live = (1 = 0)",
    "sessions of a class count other seats than are booked": "UPDATE scheduling_appointment SET "
    "seats_taken = 3",
    "links hold times that can't be booked through them": "INSERT INTO scheduling_hold "
    "(calendar_id, link_id, visitor, party, created_at) "
    "SELECT calendar_id, MIN(id), '', 1, 1 FROM scheduling_onetimelink GROUP BY calendar_id",
    "rows belong to another workspace than what they stand for": "UPDATE scheduling_booking SET "
    "workspace_id = (SELECT id FROM accounts_workspace WHERE slug = 'elsewhere')",
    "calendars or groups have another address than is kept for them": "UPDATE scheduling_slug SET "
    "slug = 'elsewhere' WHERE slug = 'alice-30'",
}
PROMISES = CHECKS["One link, one booking; no overlap"]
REQUESTS = CHECKS["Requests"]


def without_guards() -> None:
    """Rolled back with the test."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in guards.SQLITE_TRIGGERS:
                cursor.execute(f"DROP TRIGGER {name}")
            return
        for name, text in guards.PG_TRIGGERS.items():
            cursor.execute(f"DROP TRIGGER {name} ON {text.split(' ON public.')[1].split()[0]}")
        cursor.execute(f"ALTER TABLE scheduling_blockedtime DROP CONSTRAINT {guards.PG_CONSTRAINT}")


def test_every_kind_is_planted() -> None:
    assert PLANTED.keys() == NEVER.keys()


@pytest.mark.parametrize("what", PLANTED)
def test_what_was_planted_is_named(alice: Person, charlie: Person, what: str) -> None:
    book_through(make_link(alice), MONDAY_NINE)
    book_through(make_link(alice), MONDAY_TEN)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE" if connection.vendor == "postgresql" else "SELECT 1")
    assert PROMISES() == []
    without_guards()
    with connection.cursor() as cursor:
        for statement in PLANTED[what].split("; "):
            cursor.execute(statement)
    assert what in " ".join(PROMISES())


def test_requests_that_nobody_ends_are_told(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    Calendar.objects.filter(pk=alice.calendar.pk).update(needs_approval=True, answer_within=60)
    book_through(make_link(alice), MONDAY_NINE)
    late = NOW + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: late - timedelta(seconds=1))
    assert REQUESTS() == []
    monkeypatch.setattr(clock, "now", lambda: late)
    assert REQUESTS() == ["1 requests have been overdue for an hour or more: is a worker running?"]
    assert PROMISES() == []  # its time may end with it
