"""What every command does first: settings, Django, a current database."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn, ParamSpec

import click
from django.core.exceptions import ImproperlyConfigured

P = ParamSpec("P")
MIGRATION_LOCK = 7_268_015  # an arbitrary key for PostgreSQL's advisory lock

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
data_dir_option = click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the database and the keys live (BOOKONCE_DATA_DIR).",
)


def fail(sentence: str, code: int = 1) -> NoReturn:
    """End the command with a sentence on standard error."""
    click.echo(f"bookonce: {sentence}", err=True)
    sys.exit(code)


def start(data_dir: Path | None = None) -> None:
    """Read the settings and set Django up; a wrong setting ends the command with its sentence."""
    os.umask(0o077)  # the database and the keys are nobody else's
    if data_dir is not None:
        os.environ["BOOKONCE_DATA_DIR"] = str(data_dir)
    os.environ["DJANGO_SETTINGS_MODULE"] = "bookonce.settings"
    import django

    try:
        django.setup()
    except ImproperlyConfigured as error:
        fail(str(error), 2)


def migrate() -> None:
    """Bring the database up to date, one process at a time, and refuse to go on without its guards."""
    from django.core.management import call_command
    from django.db import OperationalError, connection

    from bookonce.scheduling import guards

    try:
        connection.ensure_connection()
        without_deadline(connection)
        with _one_at_a_time(connection):
            if _plan(connection):
                _refuse_under_a_running_server(connection)
                call_command("migrate", interactive=False, verbosity=0)
        wrong = guards.faults()
    except OperationalError as error:
        fail(f"can't use the database: {error}".strip())
    if wrong:
        fail(
            "the database lacks what refuses double bookings: "
            + "; ".join(wrong)
            + ". See docs/operations.md."
        )
    connection.close()


def refusals_end_the_command(command: Callable[P, None]) -> Callable[P, None]:
    """Say why the domain refused, with exit code 1; every field of bad input on a line of its own."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        from django.db import InterfaceError, OperationalError

        from bookonce.scheduling.errors import Invalid, SchedulingError

        try:
            command(*args, **kwargs)
        except Invalid as error:
            fail(
                "\n".join(
                    f"{field}: {' '.join(map(str, reasons))}" for field, reasons in error.errors.items()
                )
            )
        except SchedulingError as error:
            fail(str(error))
        except (OperationalError, InterfaceError) as error:
            fail(f"can't use the database: {error}".strip())

    return run


def _plan(connection: Any) -> list[Any]:
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return executor.migration_plan(executor.loader.graph.leaf_nodes())


def _refuse_under_a_running_server(connection: Any) -> None:
    """An older server that is still running on this SQLite file must not see its tables change."""
    from django.conf import settings

    from bookonce.serving import hold

    if connection.vendor == "sqlite" and not hold(settings.BOOKONCE.data_dir / "server.lock"):
        fail("an older version is running on this data: stop it, then start `bookonce serve` again.")


class _one_at_a_time:  # noqa: N801 - reads as a sentence
    """Only one process migrates: a lock file beside SQLite, an advisory lock on PostgreSQL."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def __enter__(self) -> None:
        from django.conf import settings

        if self.connection.vendor == "sqlite":
            self.file = (settings.BOOKONCE.data_dir / "migrate.lock").open("a")
            fcntl.flock(self.file, fcntl.LOCK_EX)
            return
        with self.connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 0")
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])

    def __exit__(self, *_: object) -> None:
        if self.connection.vendor == "sqlite":
            self.file.close()
            return
        self.connection.close()  # releases the lock, and the next connection has its deadline again


def without_deadline(connection: Any) -> None:
    """Let this connection's calls last as long as they need, until it is closed."""
    if connection.vendor == "postgresql":
        connection.connection.deadline = None
