"""Links outlive the migrations of their table, which don't copy all of them anew on SQLite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test.utils import CaptureQueriesContext

from bookonce.scheduling import guards
from bookonce.scheduling.models import OneTimeLink
from tests.cast import Person, book_through, make_link

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
def test_the_indexes_of_lists_come_and_go_without_a_copy_of_the_table(alice: Person) -> None:
    used, unused = make_link(alice, label="Used"), make_link(alice, label="Unused")
    book_through(used)
    links, standing = list(OneTimeLink.objects.order_by("pk").values()), indexes()
    back = migrate(BEFORE)
    assert "link_by_maker" not in indexes()
    assert f"{TABLE}_created_by_id_ea00083f" in indexes()
    forth = migrate()
    assert [f"new__{TABLE}" in statements for statements in (back, forth)] == [False, False]
    assert list(OneTimeLink.objects.order_by("pk").values()) == links
    assert [link["label"] for link in links] == [used.link.label, unused.link.label]
    assert indexes() == standing
    assert guards.faults() == []
