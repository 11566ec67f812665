"""`bookonce serve`."""

from __future__ import annotations

import multiprocessing
import os
import socket
from pathlib import Path

import click

from bookonce.cli.start import data_dir_option, fail, migrate, start

THREADS = 8  # a worker; each holds one database connection


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@data_dir_option
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes; more than 1 needs PostgreSQL.",
)
@click.option(
    "--no-jobs",
    is_flag=True,
    help="Send no mail and run no other jobs here; run `bookonce worker` beside it.",
)
def command(host: str, port: int, data_dir: Path | None, workers: int, no_jobs: bool) -> None:  # noqa: FBT001 - click's
    """Bring the database up to date, then serve pages, API and jobs until stopped."""
    if no_jobs:
        os.environ["BOOKONCE_JOBS"] = "no"
    start(data_dir)
    from django.conf import settings

    from bookonce.serving import hold

    given = settings.BOOKONCE
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        if workers > 1:
            fail("SQLite has one writing process: use --workers 1, or PostgreSQL (BOOKONCE_DATABASE_URL).", 2)
        if not hold(given.data_dir / "server.lock"):
            fail(f"another server is already running on {given.data_dir}.")
    _check_port(host, port)
    migrate()
    if not given.base_url_given:
        (given.data_dir / "served_at").write_text(f"http://localhost:{port}\n")
        os.environ.pop("BOOKONCE_BASE_URL", None)
    _say_where(
        given.base_url if given.base_url_given else f"http://localhost:{port}", given_url=given.base_url_given
    )
    _run(host, port, workers)


def _check_port(host: str, port: int) -> None:
    """Granian would bind the same port beside another server."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            fail(f"can't listen on {host}:{port} ({error.strerror}). Choose another with --port.")


def _say_where(address: str, *, given_url: bool) -> None:
    from bookonce.dashboard.setup_code import ensure_code
    from bookonce.scheduling.set_up import is_set_up

    click.echo(f"Bookonce is at {address}")
    if not is_set_up():
        click.echo(f"Open {address}/app/setup/ and enter the set-up code {ensure_code()}")
    if not given_url:
        click.echo(
            "Links work on this machine only: set BOOKONCE_BASE_URL to the address your guests will use."
        )


def _run(host: str, port: int, workers: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    # Fork (the default of some versions) would hand workers our settings, connections and locks.
    multiprocessing.set_start_method("spawn", force=True)
    os.environ["BOOKONCE_SERVING"] = "1"
    Granian(
        "bookonce.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        websockets=False,
        log_level=LogLevels.error,  # its warnings are about thread counts, for whoever tunes granian itself
    ).serve()
