"""When a host works: zone, weekly hours, exceptions by date."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bookonce.accounts.models import Member, Workspace

DAY = 1440  # minutes; an end of 1440 is 24:00, a later one lies in the night that follows

# A block ends by midnight, or runs into the next day for less than a day in all.
_IN_ORDER = Q(starts__gte=0, starts__lt=DAY, ends__gt=F("starts")) & (
    Q(ends__lte=DAY) | Q(ends__lt=F("starts") + DAY)
)


class Schedule(models.Model):
    """Reusable by calendars; local wall time in one zone."""

    public_id = models.CharField(max_length=24, unique=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="schedules")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="schedules")
    name = models.CharField(max_length=80)
    timezone = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name


class WeeklyHours(models.Model):
    """One block of hours that begins on a weekday (0 = Sunday); local minutes after its midnight."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="weekly_hours")
    weekday = models.SmallIntegerField()
    starts = models.SmallIntegerField()
    ends = models.SmallIntegerField()

    class Meta:
        ordering: ClassVar = ["weekday", "starts"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="weekly_hours_weekday"),
            models.CheckConstraint(condition=_IN_ORDER, name="weekly_hours_order"),
        ]


class OverrideHours(models.Model):
    """Hours that replace the weekly ones of a whole local day; a row without hours closes it."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="override_hours")
    day = models.DateField()
    starts = models.SmallIntegerField(null=True, blank=True)
    ends = models.SmallIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["day", "starts"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(starts__isnull=True, ends__isnull=True) | _IN_ORDER,
                name="override_hours_order",
            ),
            models.UniqueConstraint(fields=["schedule", "day", "starts"], name="override_hours_once"),
        ]
