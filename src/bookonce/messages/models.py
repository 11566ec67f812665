"""Mail that was kept because no mail server is configured."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bookonce.accounts.models import Workspace
from bookonce.lib.instants import SecondsField


class OutboxMail(models.Model):
    """One rendered mail, encrypted: it holds links and personal data."""

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT)
    message_id = models.CharField(max_length=120)  # the same for a job that runs twice
    sealed = models.TextField()  # the whole RFC 5322 message
    created_at = SecondsField()
    for_admins = models.BooleanField(default=False)  # it lets its reader into the workspace

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["message_id"], name="outbox_mail_once")]
        indexes: ClassVar = [models.Index(fields=["workspace", "-id"], name="outbox_by_workspace")]
