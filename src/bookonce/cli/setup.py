"""`bookonce setup`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from bookonce.cli.start import data_dir_option, migrate, refusals_end_the_command, start


@click.command("setup")
@click.option("--name", required=True, help="Your name, as guests see it.")
@click.option("--email", required=True, help="You sign in with it.")
@click.option("--password", required=True, help="At least ten characters.")
@click.option("--workspace", required=True, help="Name of the practice, company or person.")
@click.option("--timezone", required=True, help="Zone of your working hours, like Europe/Berlin.")
@data_dir_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@refusals_end_the_command
def command(
    name: str,
    email: str,
    password: str,
    workspace: str,
    timezone: str,
    data_dir: Path | None,
    as_json: bool,  # noqa: FBT001
) -> None:
    """First run without the browser: owner, workspace, a 30 minute calendar and an API key."""
    start(data_dir)
    migrate()
    from bookonce.accounts.api_keys import make_api_key
    from bookonce.dashboard import setup_code
    from bookonce.lib import addresses, clock
    from bookonce.scheduling.set_up import set_up

    raw = {"name": name, "email": email, "password": password, "workspace": workspace, "timezone": timezone}
    made = set_up(raw, now=clock.now())
    setup_code.forget()
    _, secret = make_api_key(made.member, "Made by bookonce setup", now=clock.now())
    if as_json:
        calendar = {"id": made.calendar.public_id, "slug": made.calendar.slug}
        click.echo(json.dumps({"workspace": made.workspace.slug, "calendar": calendar, "api_key": secret}))
        return
    click.echo(f"Workspace {made.workspace.name} is ready.")
    click.echo(f"Calendar: {addresses.scheduling_link_url(made.workspace.slug, made.calendar.slug)}")
    click.echo(f"API key, shown once: {secret}")
    click.echo(f"One-time link: bookonce link new {made.calendar.slug}")
