"""One piece of outside work owed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bookonce.lib.instants import SecondsField


class Job(models.Model):
    """`run_at` is also the lease: a claimed job whose worker died runs again when it has passed."""

    kind = models.CharField(max_length=40)
    payload = models.JSONField()  # ids and numbers only
    run_at = SecondsField()
    attempts = models.PositiveSmallIntegerField(default=0)
    key = models.CharField(max_length=120, null=True, blank=True)
    error = models.TextField(blank=True)
    dead_at = SecondsField(null=True, blank=True)
    created_at = SecondsField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["key"], name="job_key_unique")]
        indexes: ClassVar = [
            models.Index(fields=["run_at"], condition=models.Q(dead_at=None), name="job_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Tick(models.Model):
    """The latest tick of a periodic job that was owed; outlives the job, so that no tick is served twice."""

    kind = models.CharField(max_length=40, primary_key=True)
    number = models.BigIntegerField()  # seconds since the epoch divided by the kind's period

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
