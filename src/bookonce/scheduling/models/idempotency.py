"""A request that succeeded under a key, so that its retry gets the same answer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bookonce.lib.instants import SecondsField


class IdempotencyKey(models.Model):
    """Only successes stay (a failure rolls its row back); holds ids and numbers, never text or secrets."""

    scope = models.CharField(max_length=80)  # the link, calendar or API key within which the key counts
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    result = models.JSONField(default=dict)
    created_at = SecondsField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scope", "key"], name="idempotency_key_unique")
        ]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="idempotency_by_age")]
