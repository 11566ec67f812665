"""The app of the job table."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Tables are `jobs_*`."""

    name = "bookonce.jobs"
