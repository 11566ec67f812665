"""After a test that committed: its rows go, table by table that holds any.

Django's own way empties all tables and then makes its permissions anew: half a second for each such test.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

KEPT = {"django_migrations", "django_content_type", "auth_permission"}  # as the migrations leave them


@pytest.fixture(scope="session", autouse=True)
def _empty_only_what_was_written() -> None:
    setattr(TransactionTestCase, "_fixture_teardown", lambda _: empty())


def empty() -> None:
    """Delete every row that is not the migrations'."""
    with transaction.atomic(), connection.cursor() as cursor:  # foreign keys are looked at when it ends
        if connection.vendor == "postgresql":  # there row by row, by plans made for tables that were small
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{t}' WHERE EXISTS (SELECT 1 FROM {t})" for t in _tables())
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {table}")


@cache
def _tables() -> Sequence[str]:
    return sorted(set(connection.introspection.table_names()) - KEPT)
