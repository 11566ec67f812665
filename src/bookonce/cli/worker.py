"""`bookonce worker`."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import click

from bookonce.cli.start import data_dir_option, fail, migrate, start


@click.command("worker")
@data_dir_option
def command(data_dir: Path | None) -> None:
    """Run jobs, such as mail, until stopped; any number of these may run beside `serve --no-jobs`."""
    start(data_dir)
    from django.db import connection

    from bookonce.jobs.worker import work

    if connection.vendor == "sqlite":
        fail("on SQLite `bookonce serve` runs the jobs itself; a worker beside it needs PostgreSQL.", 2)
    migrate()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    click.echo("Running jobs.")
    work(stop)
