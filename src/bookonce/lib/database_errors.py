"""What a database error means, alike for both engines."""

from __future__ import annotations

import re

from django.db import DatabaseError, Error, connection

RETRYABLE = {"40P01", "40001"}  # deadlock detected, serialization failure
WAITED_TOO_LONG = {"55P03", "57014"}  # lock_timeout, query cancelled


def violated_constraint(error: DatabaseError) -> str:
    """The name of the constraint that refused the statement, or '' when the error is another.

    SQLite names CHECK constraints and our triggers; of UNIQUE ones it tells `table.column, table.column`.
    """
    diagnostic = getattr(error.__cause__, "diag", None)
    if diagnostic is not None:
        return diagnostic.constraint_name or ""
    found = re.search(r"^(?:(?:UNIQUE|CHECK) constraint failed: )?([\w., ]+)$", str(error))
    return found[1] if found else ""


def sqlstate(error: Error) -> str:
    """PostgreSQL's five characters, or ''."""
    return getattr(error.__cause__, "sqlstate", None) or ""


def is_retryable(error: Error) -> bool:
    """Whether the same transaction may succeed when run again at once."""
    return sqlstate(error) in RETRYABLE


def waited_too_long(error: Error) -> bool:
    """Whether a lock was not to be had within the deadline."""
    return sqlstate(error) in WAITED_TOO_LONG or "database is locked" in str(error)


def on_postgres() -> bool:
    """Whether this installation runs on PostgreSQL; SQLite otherwise."""
    return connection.vendor == "postgresql"
