"""What the database itself refuses, on both engines, whoever writes.

It refuses

- two live blocked times of one host that overlap (`blocked_time_no_overlap`);
- a blocked time that contradicts its appointment (`blocked_time_matches_appointment`);

and it moves blocked times along when an appointment's time, buffers or status change, so that a
cancelled appointment set back to live meets the first rule. Start-up and `doctor` compare what is
installed with the text here (docs/decisions/0004).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

_OVERLAP = f"""EXISTS (SELECT 1 FROM scheduling_blockedtime other
    WHERE other.host_id = NEW.host_id AND other.live AND other.id IS NOT NEW.id
      AND other.starts < NEW.ends AND other.ends > NEW.starts AND other.starts > NEW.starts - {2880})"""
_CONTRADICTION = """NOT EXISTS (SELECT 1 FROM scheduling_appointment a WHERE a.id = NEW.appointment_id
      AND NEW.starts = a.starts - a.buffer_before AND NEW.ends = a.ends + a.buffer_after
      AND NEW.live = (a.status <> 'cancelled'))"""
_FOLLOW = """UPDATE scheduling_blockedtime
    SET starts = NEW.starts - NEW.buffer_before, ends = NEW.ends + NEW.buffer_after,
      live = (NEW.status <> 'cancelled')
    WHERE appointment_id = NEW.id"""

SQLITE_TRIGGERS = {
    "blocked_time_no_overlap_insert": f"""CREATE TRIGGER blocked_time_no_overlap_insert
  BEFORE INSERT ON scheduling_blockedtime WHEN NEW.live AND {_OVERLAP}
  BEGIN SELECT RAISE(ABORT, 'blocked_time_no_overlap'); END""",
    "blocked_time_no_overlap_update": f"""CREATE TRIGGER blocked_time_no_overlap_update
  BEFORE UPDATE ON scheduling_blockedtime WHEN NEW.live AND {_OVERLAP}
  BEGIN SELECT RAISE(ABORT, 'blocked_time_no_overlap'); END""",
    "blocked_time_matches_insert": f"""CREATE TRIGGER blocked_time_matches_insert
  BEFORE INSERT ON scheduling_blockedtime WHEN NEW.appointment_id IS NOT NULL AND {_CONTRADICTION}
  BEGIN SELECT RAISE(ABORT, 'blocked_time_matches_appointment'); END""",
    "blocked_time_matches_update": f"""CREATE TRIGGER blocked_time_matches_update
  BEFORE UPDATE ON scheduling_blockedtime WHEN NEW.appointment_id IS NOT NULL AND {_CONTRADICTION}
  BEGIN SELECT RAISE(ABORT, 'blocked_time_matches_appointment'); END""",
    "appointment_moves_blocked_times": f"""CREATE TRIGGER appointment_moves_blocked_times
  AFTER UPDATE OF starts, ends, buffer_before, buffer_after, status ON scheduling_appointment
  BEGIN {_FOLLOW}; END""",
}

PG_CONSTRAINT = "blocked_time_no_overlap"
PG_EXCLUSION = "EXCLUDE USING gist (host_id WITH =, int4range(starts, ends) WITH &&) WHERE (live)"
PG_FUNCTIONS = {
    "blocked_time_matches": f"""
BEGIN
  IF NEW.appointment_id IS NOT NULL AND {_CONTRADICTION} THEN
    RAISE EXCEPTION 'blocked_time_matches_appointment'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'blocked_time_matches_appointment';
  END IF;
  RETURN NEW;
END
""",
    "appointment_moves": f"""
BEGIN
  {_FOLLOW};
  RETURN NULL;
END
""",
}
PG_TRIGGERS = {
    "blocked_time_matches": (
        "CREATE TRIGGER blocked_time_matches BEFORE INSERT OR UPDATE ON public.scheduling_blockedtime "
        "FOR EACH ROW EXECUTE FUNCTION blocked_time_matches()"
    ),
    "appointment_moves": (
        "CREATE TRIGGER appointment_moves AFTER UPDATE OF starts, ends, buffer_before, buffer_after, status "
        "ON public.scheduling_appointment FOR EACH ROW EXECUTE FUNCTION appointment_moves()"
    ),
}


def install() -> None:
    """Put every guard in place, replacing what stands there by its name."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


def step_aside(*, plan: Sequence[object], **_: Any) -> None:
    """Before migrations run on SQLite: it can't rename a table that a trigger of another one names."""
    if plan:
        drop_triggers()


def drop_triggers(*_: Any) -> None:
    """Within a migration that rebuilds a table named by a trigger, on SQLite; `reinstall` comes after it."""
    if connection.vendor == "sqlite":
        with transaction.atomic(), connection.cursor() as cursor:
            for name in SQLITE_TRIGGERS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def reinstall(**_: Any) -> None:
    """After every migrate; does nothing where all is in place, or while the tables are not there yet."""
    if "scheduling_blockedtime" in connection.introspection.table_names() and faults():
        install()


def faults() -> list[str]:
    """What is missing or differs from the expected text; empty when all guards stand."""
    found = _installed(connection)
    expected = _expected(connection.vendor)
    wrong = [f"{name} is missing" for name in expected if name not in found]
    wrong += [
        f"{name} differs from the expected text"
        for name in expected
        if name in found and found[name] != expected[name]
    ]
    return wrong + _missing_constraints(connection)


def _statements(vendor: str) -> list[str]:
    if vendor == "sqlite":
        drops = [f"DROP TRIGGER IF EXISTS {name}" for name in SQLITE_TRIGGERS]
        return drops + list(SQLITE_TRIGGERS.values())
    statements = ["CREATE EXTENSION IF NOT EXISTS btree_gist"]
    statements += [f"ALTER TABLE scheduling_blockedtime DROP CONSTRAINT IF EXISTS {PG_CONSTRAINT}"]
    statements += [f"ALTER TABLE scheduling_blockedtime ADD CONSTRAINT {PG_CONSTRAINT} {PG_EXCLUSION}"]
    for name, body in PG_FUNCTIONS.items():
        statements.append(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body${body}$body$"
        )
    for name, text in PG_TRIGGERS.items():
        table = text.split(" ON public.")[1].split()[0]
        statements += [f"DROP TRIGGER IF EXISTS {name} ON {table}", text.replace(" ON public.", " ON ")]
    return statements


def _expected(vendor: str) -> dict[str, str]:
    if vendor == "sqlite":
        return {name: _plain(text) for name, text in SQLITE_TRIGGERS.items()}
    expected = {PG_CONSTRAINT: _plain(PG_EXCLUSION)}
    expected |= {f"function {name}": _plain(body) for name, body in PG_FUNCTIONS.items()}
    return expected | {f"trigger {name}": _plain(text) for name, text in PG_TRIGGERS.items()}


def _installed(db: BaseDatabaseWrapper) -> dict[str, str]:
    with db.cursor() as cursor:
        if db.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            return {name: _plain(text) for name, text in cursor.fetchall()}
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conname = %s AND convalidated",
            [PG_CONSTRAINT],
        )
        found = {name: _plain(text) for name, text in cursor.fetchall()}
        cursor.execute(
            "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
        )
        found |= {f"function {name}": _plain(text) for name, text in cursor.fetchall()}
        # tgenabled 'O': fires in ordinary sessions; a disabled trigger guards nothing.
        cursor.execute(
            "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
        )
        return found | {f"trigger {name}": _plain(text) for name, text in cursor.fetchall()}


# What is named in the definitions of each table, and of its indexes; on PostgreSQL only what is enforced.
_DEFINED = {
    "sqlite": "SELECT tbl_name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL",
    "postgresql": """
        SELECT t.relname, '"' || n.conname || '"' FROM pg_constraint n JOIN pg_class t ON t.oid = n.conrelid
        WHERE t.relnamespace = current_schema()::regnamespace AND n.convalidated
        UNION ALL
        SELECT t.relname, '"' || i.relname || '"' FROM pg_index x
        JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
        WHERE t.relnamespace = current_schema()::regnamespace AND x.indisvalid""",
}


def _missing_constraints(db: BaseDatabaseWrapper) -> list[str]:
    """One statement for all tables: Django's introspection takes a third of a second on SQLite."""
    defined: dict[str, str] = defaultdict(str)
    with db.cursor() as cursor:
        cursor.execute(_DEFINED[db.vendor])
        for table, text in cursor.fetchall():
            defined[table] += text
    models = [
        *apps.get_app_config("accounts").get_models(),
        *apps.get_app_config("scheduling").get_models(),
    ]
    return [
        f"{constraint.name} is missing on {model._meta.db_table}"
        for model in models
        for constraint in model._meta.constraints
        if f'"{constraint.name}"' not in defined[model._meta.db_table]
    ]


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
