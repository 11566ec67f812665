"""The app of workspaces, members and sign-in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Named plainly: its tables are `accounts_*`."""

    name = "bookonce.accounts"
