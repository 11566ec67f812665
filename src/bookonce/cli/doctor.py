"""`bookonce doctor`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from bookonce.cli.start import data_dir_option, fail, start, without_deadline


@click.command("doctor")
@click.option("--repair", is_flag=True, help="First put missing guards against double booking back.")
@data_dir_option
def command(data_dir: Path | None, repair: bool) -> None:  # noqa: FBT001 - click's
    """Check settings, database, guards and promises. Exit code 1 when something but a setting is wrong."""
    start(data_dir)
    if repair:
        _put_guards_back()
    from bookonce.cli.checks import CHECKS, advice

    wrong, said = 0, _look(advice)
    click.echo(f"{'warn ' if said else 'ok   '}  Settings")
    for sentence in said:
        click.echo(f"       {sentence}")
    for title, check in CHECKS.items():
        faults = _look(check)
        wrong += len(faults)
        click.echo(f"{'FAULT' if faults else 'ok   '}  {title}")
        for fault in faults:
            click.echo(f"       {fault}")
    sys.exit(1 if wrong else 0)


def _look(check: Callable[[], list[str]]) -> list[str]:
    """The faults that a check finds; that the database can't be asked is one."""
    from django.db import Error, connection

    try:
        connection.ensure_connection()
        without_deadline(connection)  # counting takes its time on a large database
        return check()
    except Error as error:
        connection.close()
        return [f"This can't be checked: {str(error).strip()}"]


def _put_guards_back() -> None:
    from django.db import DatabaseError

    from bookonce.scheduling import guards

    try:
        guards.install()
    except DatabaseError as error:
        fail(f"the guards can't be put back, probably because appointments overlap already: {error}".strip())
