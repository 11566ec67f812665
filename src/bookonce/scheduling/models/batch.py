"""Many one-time links made in one go, and the uploaded rows that wait for it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bookonce.accounts.models import Member, Workspace
from bookonce.lib.instants import SecondsField
from bookonce.scheduling.models.calendar import Calendar
from bookonce.scheduling.models.group import ONE_TARGET, CalendarGroup, Target, the_one
from bookonce.scheduling.models.link import OneTimeLink


class LinkBatch(models.Model):
    """Its links exist for nobody before `activated_at`; a batch that failed never gets there."""

    public_id = models.CharField(max_length=24, unique=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="link_batches")
    calendar = models.ForeignKey(
        Calendar, on_delete=models.PROTECT, null=True, blank=True, related_name="link_batches"
    )
    group = models.ForeignKey(
        CalendarGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="link_batches"
    )
    name = models.CharField(max_length=120, blank=True)
    wanted = models.PositiveIntegerField()  # rows that were given
    made = models.PositiveIntegerField(default=0)  # links made of them so far
    attempt = models.PositiveIntegerField(
        default=0
    )  # whose turn it is: an earlier run of the job adds no more
    columns = models.JSONField(default=list, blank=True)  # names of the columns kept as metadata, in order
    known = models.ManyToManyField(OneTimeLink, related_name="asked_again_in")  # rows whose reference existed
    created_at = SecondsField()
    created_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="link_batches_made"
    )
    created_via = models.CharField(max_length=8)  # page, api, cli
    touched_at = SecondsField(null=True, blank=True)  # when its making last went on; null: not begun
    activated_at = SecondsField(null=True, blank=True)
    failed_at = SecondsField(null=True, blank=True)
    failure = models.CharField(max_length=32, blank=True)  # the code of the refusal; `abandoned`
    purged_at = SecondsField(null=True, blank=True)  # when the links of a failed one were gone
    revoked_at = SecondsField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="link_batches_revoked"
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "-id"], name="link_batch_by_workspace"),
            models.Index(
                fields=["created_at"],
                condition=models.Q(activated_at=None, purged_at=None),
                name="link_batch_unfinished",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(activated_at=None) | models.Q(failed_at=None),
                name="link_batch_active_or_failed",
            ),
            models.CheckConstraint(condition=ONE_TARGET, name="link_batch_to_one_target"),
        ]

    def __str__(self) -> str:
        return self.name or self.public_id

    @property
    def target(self) -> Target:
        """The calendar or group that its links lead to."""
        return the_one(self.calendar, self.group)


class LinkUpload(models.Model):
    """Rows of recipients between preview and making: encrypted, and deleted once they have been read."""

    public_id = models.CharField(max_length=24, unique=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="link_uploads")
    calendar = models.ForeignKey(
        Calendar, on_delete=models.PROTECT, null=True, blank=True, related_name="link_uploads"
    )
    group = models.ForeignKey(
        CalendarGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="link_uploads"
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="link_uploads")
    name = models.CharField(max_length=120, blank=True)
    sealed_rows = models.TextField()
    rows = models.PositiveIntegerField()
    created_at = SecondsField()
    batch = models.OneToOneField(
        LinkBatch, on_delete=models.PROTECT, null=True, blank=True, related_name="upload"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=ONE_TARGET, name="link_upload_to_one_target"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def target(self) -> Target:
        """The calendar or group that its links will lead to."""
        return the_one(self.calendar, self.group)
