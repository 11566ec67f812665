"""The domain as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SchedulingConfig(AppConfig):
    """Tables are `scheduling_*`."""

    name = "bookonce.scheduling"

    def ready(self) -> None:
        """Reinstall the guards after every migrate: Django rebuilds SQLite tables and drops their triggers."""
        from bookonce.scheduling import guards

        post_migrate.connect(guards.reinstall, sender=self)
