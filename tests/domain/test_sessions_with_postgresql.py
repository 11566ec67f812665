"""What a session says to PostgreSQL when it connects (lib/postgres/base.py)."""

from __future__ import annotations

import pytest
from django.db import connection

from bookonce.configuration import DEADLINE_SECONDS


@pytest.mark.parametrize(
    ("setting", "value"),
    [("lock_timeout", f"{DEADLINE_SECONDS - 1}s"), ("statement_timeout", "0"), ("jit", "off")],
)
def test_a_session_keeps_its_deadline_and_compiles_nothing(db: None, setting: str, value: str) -> None:
    if connection.vendor != "postgresql":
        return  # SQLite knows neither
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {setting}")
        assert cursor.fetchone() == (value,)
