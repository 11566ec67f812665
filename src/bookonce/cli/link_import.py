"""`bookonce link import`: a link for every row of a CSV file, or none at all."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from bookonce.cli.start import data_dir_option, fail, migrate, refusals_end_the_command, start

if TYPE_CHECKING:
    from bookonce.scheduling.models import LinkBatch, Target


@click.command("import")
@click.argument("csv", type=click.File("rb"))
@click.option(
    "--calendar", required=True, help="The calendar or group that the links lead to (its slug or id)."
)
@click.option("--name", default="", help="What the batch is called in your list.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help="Write the CSV with the addresses there instead of standard output.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the batch as JSON.")
@data_dir_option
@refusals_end_the_command
def command(
    csv: IO[bytes],
    calendar: str,
    name: str,
    out: Path | None,
    as_json: bool,  # noqa: FBT001 - click's
    data_dir: Path | None,
) -> None:
    """Make a one-time link for every row of CSV (- for standard input), or none at all.

    The result is the same list with the column `url`, for a mail merge: person, label, reference, expiry,
    opening, number of bookings and your own columns; other options are kept, but don't come back. A row
    whose `ref` is known gets the link that was made before.
    """
    start(data_dir)
    migrate()
    from bookonce.cli.link import find_target

    batch = _make(csv, find_target(calendar), name)
    if not as_json or out:
        with _target(out) as target:
            _write(batch, target)
    if as_json:
        numbers = {"wanted": batch.wanted, "made": batch.made, "known": batch.wanted - batch.made}
        click.echo(json.dumps({"batch": batch.public_id, "name": batch.name, **numbers}))


def _make(csv: IO[bytes], target: Target, name: str) -> LinkBatch:
    from bookonce.lib import clock
    from bookonce.lib.fields import Fields
    from bookonce.scheduling.errors import Invalid
    from bookonce.scheduling.events import Actor
    from bookonce.scheduling.issue_links import issue_links
    from bookonce.scheduling.link_rows import RowsInvalid, parse_link_rows
    from bookonce.scheduling.recipients_csv import read_recipients
    from bookonce.scheduling.recipients_text import MOST_BYTES

    now = clock.now()
    fields = Fields({"name": name})
    name = fields.text("name", most=120)
    if fields.errors:
        raise Invalid(fields.errors)
    file = read_recipients(csv.read(MOST_BYTES + 1))
    try:
        options = parse_link_rows(file.rows(), target, now=now)
    except RowsInvalid as invalid:
        lines = [f"line {fault.place}: {fault.sentence}" for fault in invalid.faults]
        rows = "1 row" if len(lines) == 1 else f"{len(lines)} rows"
        fail("\n".join([f"{rows} can't be used. Nothing was made.", *lines]))
    columns = file.columns.kept if file.columns else ()
    batch = issue_links(
        target, options, by=Actor("cli"), now=now, name=name, columns=columns, tell=_tell(len(options))
    )
    click.echo(f"{batch.made} links made, {batch.wanted - batch.made} known before.", err=True)
    return batch


class _tell:  # noqa: N801 - reads as a sentence
    """Progress on standard error: rewritten in place on a terminal, a line for each tenth elsewhere."""

    def __init__(self, rows: int) -> None:
        self.rows, self.shown = rows, 0

    def __call__(self, done: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{done} of {self.rows}", nl=done == self.rows, err=True)
        elif done * 10 // self.rows > self.shown:
            self.shown = done * 10 // self.rows
            click.echo(f"{done} of {self.rows}", err=True)


@contextmanager
def _target(out: Path | None) -> Iterator[IO[bytes]]:
    if out is None:
        yield sys.stdout.buffer
        return
    try:
        with out.open("wb") as file:
            yield file
    except OSError as error:
        fail(f"the links are made, but {out} can't be written ({error.strerror}); their list has them.")


def _write(batch: LinkBatch, target: IO[bytes]) -> None:
    from bookonce.lib import clock
    from bookonce.scheduling.links_csv import batch_csv, joined

    for piece in joined(batch_csv(batch, now=clock.now())):
        target.write(piece)
    target.flush()
