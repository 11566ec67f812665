"""When a host is away, elsewhere, or keeps public holidays: the same for all their calendars."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bookonce.accounts.models import Member


class TimeOff(models.Model):
    """Out of office: local days, both inclusive, of the zone of each schedule."""

    public_id = models.CharField(max_length=24, unique=True)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="times_off")
    first_day = models.DateField()
    last_day = models.DateField()
    note = models.CharField(max_length=120, blank=True)  # for the team; guests never see it

    class Meta:
        ordering: ClassVar = ["first_day", "pk"]
        indexes: ClassVar = [models.Index(fields=["member", "last_day"], name="time_off_by_member")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="time_off_order")
        ]


class Journey(models.Model):
    """Local days, both inclusive, on which the host's hours are those of another zone's clock.

    A host is in one place at a time: journeys of one member never overlap (time_off.py).
    """

    public_id = models.CharField(max_length=24, unique=True)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="journeys")
    first_day = models.DateField()
    last_day = models.DateField()
    timezone = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["first_day", "pk"]
        indexes: ClassVar = [models.Index(fields=["member", "last_day"], name="journey_by_member")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="journey_order")
        ]


class HolidayRegion(models.Model):
    """Whose public holidays a host keeps."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="holiday_region")
    country = models.CharField(max_length=2)  # ISO 3166-1 alpha-2
    subdivision = models.CharField(max_length=12, blank=True)  # a code of the holidays package, DE: BY
