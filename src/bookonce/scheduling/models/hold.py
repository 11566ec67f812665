"""Time kept for someone who has not booked yet, and counts of tries."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bookonce.lib.instants import MinutesField, SecondsField
from bookonce.scheduling.models.calendar import Calendar
from bookonce.scheduling.models.link import OneTimeLink


class Hold(models.Model):
    """A visitor's time for minutes while they complete the form, or the hand-picked times of a link.

    What it keeps hosts from is in its blocked times; they are live until `expires_at`. The times of a link
    are one hold of it: starts that overlap share the blocked time.
    """

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="holds")
    link = models.ForeignKey(
        OneTimeLink, on_delete=models.CASCADE, null=True, blank=True, related_name="holds"
    )
    token_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)  # the visitor's
    visitor = models.CharField(
        max_length=64, blank=True
    )  # digest of where they come from; bounds their holds
    starts = MinutesField(null=True, blank=True)  # of the visitor's slot
    ends = MinutesField(null=True, blank=True)
    party = models.PositiveSmallIntegerField(default=1)  # seats it keeps in a class
    created_at = SecondsField()
    expires_at = SecondsField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["calendar", "starts"], name="hold_by_calendar"),
            models.Index(fields=["link", "expires_at"], name="hold_by_link"),
            models.Index(fields=["visitor", "expires_at"], name="hold_by_visitor"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    token_digest__isnull=False, expires_at__isnull=False, starts__lt=F("ends"), party__gte=1
                )
                | Q(token_digest__isnull=True, link__isnull=False, starts__isnull=True, ends__isnull=True),
                name="hold_of_visitor_or_link",
            ),
            models.UniqueConstraint(
                fields=["link"], condition=Q(token_digest__isnull=True), name="hold_of_link_once"
            ),
        ]


class RateCount(models.Model):
    """How often something was tried from one place within one window of time."""

    bucket = models.CharField(max_length=64)  # a digest: what is limited, and for whom
    window_start = SecondsField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bucket", "window_start"], name="rate_count_once")
        ]
        indexes: ClassVar = [models.Index(fields=["window_start"], name="rate_count_by_age")]
