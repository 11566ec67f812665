"""What guests answered before there were questions outlives the migrations, there and back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from bookonce.scheduling import guards
from bookonce.scheduling.models import Booking
from tests.cast import MONDAY_TEN, Person, book_through, make_link

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = "0022_codes_of_guests"


@pytest.fixture
def _restored() -> Iterator[None]:
    """All migrations again, whatever happens."""
    yield
    migrate()
    guards.reinstall()


def migrate(target: str = "") -> None:
    """To this migration, else to the latest."""
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes("scheduling")
    executor.migrate([("scheduling", target)] if target else latest)


@pytest.mark.usefixtures("_restored")
def test_answers_consent_and_guests_there_and_back(alice: Person) -> None:
    full = book_through(
        make_link(alice), answers={"notes": "By train", "size": "M"}, guests=["a@example.org"]
    )
    plain = book_through(make_link(alice), MONDAY_TEN)
    migrate(BEFORE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT guests FROM scheduling_booking WHERE public_id = %s", [full.public_id])
        assert str(cursor.fetchone()[0]).replace("'", '"') == '["a@example.org"]'
        cursor.execute(
            "UPDATE scheduling_booking SET consent_at = created_at WHERE public_id = %s", [full.public_id]
        )
        assert cursor.rowcount == 1
    migrate()
    booking = Booking.objects.get(public_id=full.public_id)
    *texts, last = [(a.key, a.label, a.plain) for a in booking.answers.all()]
    assert sorted(texts) == [("notes", "Notes", "By train"), ("size", "size", "M")]
    assert last == ("consent", "Consent", True)
    assert (booking.guests, booking.guest_count) == ([{"name": "", "email": "a@example.org"}], 1)
    other = Booking.objects.get(public_id=plain.public_id)
    assert (other.answers.count(), other.guests, other.guest_count) == (0, [], 0)
    guards.reinstall()
    assert guards.faults() == []
