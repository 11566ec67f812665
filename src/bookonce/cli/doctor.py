"""`bookonce doctor`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bookonce.cli.start import data_dir_option, fail, start


@click.command("doctor")
@click.option("--repair", is_flag=True, help="First put missing guards against double booking back.")
@data_dir_option
def command(data_dir: Path | None, repair: bool) -> None:  # noqa: FBT001 - click's
    """Check settings, database, guards and promises. Exit code 1 when something is wrong."""
    start(data_dir)
    if repair:
        _put_guards_back()
    from bookonce.cli.checks import CHECKS

    wrong = 0
    for title, check in CHECKS.items():
        faults = check()
        wrong += len(faults)
        click.echo(f"{'FAULT' if faults else 'ok   '}  {title}")
        for fault in faults:
            click.echo(f"       {fault}")
    sys.exit(1 if wrong else 0)


def _put_guards_back() -> None:
    from django.db import DatabaseError

    from bookonce.scheduling import guards

    try:
        guards.install()
    except DatabaseError as error:
        fail(f"the guards can't be put back, probably because appointments overlap already: {error}".strip())
