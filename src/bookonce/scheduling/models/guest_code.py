"""Codes for guests of public addresses."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bookonce.lib.instants import SecondsField


class GuestCode(models.Model):
    """A code mailed to whoever wants to book at a public address and brings no proof of work."""

    subject = models.CharField(max_length=64)  # digest of the door, the calendar and the address
    calendar = models.ForeignKey(
        "scheduling.Calendar", on_delete=models.CASCADE, related_name="guest_codes", db_index=False
    )
    language = models.CharField(max_length=8, blank=True, db_default="")  # of the page it was asked on
    sealed_email = models.TextField(null=True, blank=True)  # encrypted until it has been sent
    digest = models.CharField(max_length=64)
    sealed_code = models.TextField(null=True, blank=True)  # likewise
    created_at = SecondsField()
    expires_at = SecondsField()
    attempts = models.PositiveSmallIntegerField(default=0)
    used_at = SecondsField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "-id"], name="guest_code_by_subject"),
            models.Index(fields=["expires_at"], name="guest_code_by_age"),
        ]
