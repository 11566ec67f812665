"""The app of these pages."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """No tables."""

    name = "bookonce.booking_page"
    label = "bookonce_booking_page"
