"""The app of these pages."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """No tables."""

    name = "bookonce.dashboard"
    label = "bookonce_dashboard"
