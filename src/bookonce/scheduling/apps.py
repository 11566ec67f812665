"""The domain as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class SchedulingConfig(AppConfig):
    """Tables are `scheduling_*`."""

    name = "bookonce.scheduling"

    def ready(self) -> None:
        """Reinstall the guards after every migrate: rebuilding a SQLite table drops its triggers."""
        from bookonce.scheduling import guards

        pre_migrate.connect(guards.step_aside, sender=self)
        post_migrate.connect(guards.reinstall, sender=self)
