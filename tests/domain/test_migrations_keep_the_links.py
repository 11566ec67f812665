"""Links outlive the migrations of their table, which copy them no more often than needed on SQLite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test.utils import CaptureQueriesContext

from bookonce.scheduling import guards
from bookonce.scheduling.models import OneTimeLink
from tests.cast import NOW, Person, book_through, make_link

pytestmark = pytest.mark.django_db(transaction=True)
TABLE = "scheduling_onetimelink"
BEFORE = "0017_calendar_groups"


@pytest.fixture
def _restored() -> Iterator[None]:
    """All migrations again, whatever happens."""
    yield
    migrate()
    guards.reinstall()


def migrate(target: str = "") -> str:
    """To this migration, else to the latest; returns the statements."""
    with CaptureQueriesContext(connection) as asked:
        executor = MigrationExecutor(connection)
        latest = executor.loader.graph.leaf_nodes("scheduling")
        executor.migrate([("scheduling", target)] if target else latest)
    return "\n".join(query["sql"] for query in asked)


def indexes() -> dict[str, tuple[object, ...]]:
    with connection.cursor() as cursor:
        there = connection.introspection.get_constraints(cursor, TABLE)
    return {
        name: (found["columns"], found["unique"], found["index"], found["foreign_key"], found["check"])
        for name, found in there.items()
        if not name.startswith("__")
    }


@pytest.mark.usefixtures("_restored")
def test_the_table_changes_there_and_back_with_one_copy_at_most(alice: Person) -> None:
    used, unused = make_link(alice, label="Used"), make_link(alice, label="Unused")
    book_through(used)
    forgotten = make_link(alice, recipient_email="gina@example.org", email_lock="code", expires_at=NOW)
    links, standing = list(OneTimeLink.objects.order_by("pk").values()), indexes()
    OneTimeLink.objects.filter(pk=forgotten.link.pk).update(recipient_email="")
    back = migrate(BEFORE)
    assert "link_by_maker" not in indexes()
    assert f"{TABLE}_created_by_id_ea00083f" in indexes()
    forth = migrate()
    copies = int(connection.vendor == "sqlite")  # for a constraint of 0019; the indexes of 0018 need none
    assert [statements.count(f'CREATE TABLE "new__{TABLE}"') for statements in (back, forth)] == [copies] * 2
    *others, last = OneTimeLink.objects.order_by("pk").values()
    assert others == links[:2]
    assert [link["label"] for link in others] == [used.link.label, unused.link.label]
    assert last == links[2] | {
        "recipient_email": "",
        "email_lock": "off",
    }  # there is no lock without it there
    assert indexes() == standing
    assert guards.faults() == []
