"""`bookonce password`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bookonce.cli.start import data_dir_option, fail, migrate, start


@click.command("password")
@click.argument("email")
@data_dir_option
def command(email: str, data_dir: Path | None) -> None:
    """Set the password of the member with this e-mail; asks for it, or reads it from standard input."""
    start(data_dir)
    migrate()
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from bookonce.accounts.models import User

    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        fail(f"no member has the e-mail address {email}.")
    if sys.stdin.isatty():
        password = click.prompt("New password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\n")
    try:
        validate_password(password, user)
    except ValidationError as error:
        fail(" ".join(error.messages))
    user.set_password(password)
    user.save(update_fields=["password"])
    click.echo(f"{user.email} can sign in with the new password. Other sessions are signed out.")
