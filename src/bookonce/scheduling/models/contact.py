"""The workspace's record of a person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bookonce.accounts.models import Workspace
from bookonce.lib.instants import SecondsField


class Contact(models.Model):
    """One person by e-mail; written by bookings, never by guests' requests alone."""

    public_id = models.CharField(max_length=24, unique=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="contacts")
    email = models.CharField(max_length=254)  # lower case
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=32, blank=True)
    created_at = SecondsField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "email"], name="contact_email_unique")
        ]

    def __str__(self) -> str:
        return self.name
