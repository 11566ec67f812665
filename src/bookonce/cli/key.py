"""`bookonce key new | rotate`: the keys that encrypt link secrets and kept mail."""

from __future__ import annotations

import time
from pathlib import Path

import click

from bookonce.cli.start import data_dir_option, fail, migrate, refusals_end_the_command, start

WAIT_SECONDS = 30


@click.group("key")
def command() -> None:
    """Make and change the keys that encrypt link secrets and kept mail."""


@command.command("new")
def new() -> None:
    """Print a fresh key for BOOKONCE_SEAL_KEY; nothing is changed."""
    from bookonce.configuration import new_seal_key

    click.echo(new_seal_key())


@command.command("rotate")
@click.option(
    "--wait",
    default=WAIT_SECONDS,
    show_default=True,
    type=click.IntRange(0, 3600),
    help="Seconds that running servers get to finish what they began with the old key.",
)
@click.option("--only-server", is_flag=True, help="On PostgreSQL: no server has a data directory of its own.")
@click.option("--leave-unreadable", is_flag=True, help="Go on though the key of some values is gone.")
@data_dir_option
@refusals_end_the_command
def rotate(wait: int, data_dir: Path | None, *, only_server: bool, leave_unreadable: bool) -> None:
    """Encrypt everything anew under a fresh key, then take the old one away, while servers run.

    Ended in the middle, it goes on where it was when it is run again. With BOOKONCE_SEAL_KEY it encrypts
    under the first key of that list and leaves the list to you.
    """
    start(data_dir)
    migrate()
    from django.conf import settings
    from django.db import connection

    from bookonce.scheduling.reseal import count_seals

    file = settings.BOOKONCE.seal_key_file
    if file and connection.vendor == "postgresql" and not only_server:
        fail(
            "other servers may read keys from a data directory of their own. Give all of them "
            "BOOKONCE_SEAL_KEY (docs/operations.md), or say --only-server when there are none.",
            2,
        )
    lost = count_seals().unreadable
    if lost and not leave_unreadable:
        fail(
            f"{lost} values were sealed with a key that is not here. Does the server run with a "
            "BOOKONCE_SEAL_KEY that this command was not given? "
            "If that key is gone for good, say --leave-unreadable."
        )
    _rotate_file(file, wait) if file else _reseal()


def _rotate_file(file: Path, wait: int) -> None:
    from bookonce.configuration import new_seal_key
    from bookonce.lib.sealed import current_keys, write_keys
    from bookonce.serving import hold

    if not hold(file.with_name("rotate.lock")):
        fail("another `bookonce key rotate` is running.")
    keys = current_keys()
    if len(keys) == 1:
        write_keys(file, (new_seal_key(), *keys))
        click.echo("A new key is in front; the old one is still read.")
    else:
        click.echo("Going on where an earlier run ended.")
    _reseal()
    click.echo(f"Waiting {wait} seconds for what was begun with the old key.")
    time.sleep(wait)
    _reseal()
    write_keys(file, current_keys()[:1])
    click.echo("The old key has been taken away.")


def _reseal() -> None:
    """Once more until nothing is left: servers may have written meanwhile."""
    from bookonce.scheduling.reseal import count_seals, reseal_all

    while count := reseal_all(lambda done: click.echo(f"{done} values encrypted anew ...", err=True)):
        click.echo(f"{count} values are under the new key.")
    left = count_seals()
    click.echo(f"Under the new key: {left.newest}. Under an old one: {left.older}.")
