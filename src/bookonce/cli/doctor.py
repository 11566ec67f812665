"""`bookonce doctor`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bookonce.cli.start import data_dir_option, start


@click.command("doctor")
@data_dir_option
def command(data_dir: Path | None) -> None:
    """Check settings, database, guards and promises; changes nothing. Exit code 1 when something is wrong."""
    start(data_dir)
    from bookonce.cli.checks import CHECKS

    wrong = 0
    for title, check in CHECKS.items():
        faults = check()
        wrong += len(faults)
        click.echo(f"{'FAULT' if faults else 'ok   '}  {title}")
        for fault in faults:
            click.echo(f"       {fault}")
    sys.exit(1 if wrong else 0)
