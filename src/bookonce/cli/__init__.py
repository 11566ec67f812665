"""`bookonce ...`: one file per command, thin over the domain."""

from __future__ import annotations

import importlib

import click

COMMANDS = {
    "serve": "Run the product: pages, API and jobs.",
    "worker": "Run jobs only (PostgreSQL).",
    "setup": "First run without the browser.",
    "link": "Make, list and revoke one-time links.",
    "slots": "Try rules out: which starts would be offered.",
    "key": "Make and change the keys that encrypt link secrets.",
    "password": "Set a member's password.",
    "doctor": "Check this installation.",
}


class Commands(click.Group):
    """Loads a command when it is named: Django's set-up costs half a second."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """All of them, most used first."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command of this name, from the file of this name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"bookonce.cli.{cmd_name}").command
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="bookonce")
def main() -> None:
    """Appointment scheduling you host yourself, built around the one-time link."""
