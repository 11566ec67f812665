"""`bookonce slots`: a dry run of the slot engine, without database, settings or Django's set-up."""

from __future__ import annotations

import json
import sys
from typing import NoReturn, TextIO

import click

LARGEST_FILE = 50_000_000  # characters
MOST_SETS = 10_000


@click.command("slots")
@click.option(
    "--file",
    "source",
    type=click.File(encoding="utf-8"),
    required=True,
    help="The rules file, JSON: a rule set or a list of them; - reads standard input.",
)
@click.option("--explain", is_flag=True, help="Say of each other grid start which rule removed it.")
def command(source: TextIO, explain: bool) -> None:  # noqa: FBT001 - click's
    """Answer which starts a calendar with these rules would offer, as JSON."""
    from django.conf import settings

    from bookonce.scheduling.dry_run import answer, answers

    if not settings.configured:
        settings.configure(USE_I18N=False)  # so that sentences need no settings of ours

    raw = _read(source)
    if isinstance(raw, list):
        for number, one in enumerate(answers(raw, explain=explain)):
            click.echo((", " if number else "[") + json.dumps(one), nl=False)
        click.echo("]" if raw else "[]")
        return
    found = answer(raw, explain=explain)
    click.echo(json.dumps(found))
    if "error" in found:
        _fail(*(f"{field or 'file'}: {' '.join(said)}" for field, said in found["error"]["errors"].items()))


def _read(source: TextIO) -> object:
    try:
        text = source.read(LARGEST_FILE + 1)
    except UnicodeDecodeError:
        _fail("the file is not UTF-8 text.")
    if len(text) > LARGEST_FILE:
        _fail(f"the file is larger than {LARGEST_FILE} characters.")
    try:
        raw: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        _fail(f"the file is not JSON: {error}")
    if isinstance(raw, list) and len(raw) > MOST_SETS:
        _fail(f"a file holds at most {MOST_SETS} rule sets.")
    return raw


def _fail(*sentences: str) -> NoReturn:
    for sentence in sentences:
        click.echo(f"bookonce: {sentence}", err=True)
    sys.exit(1)
