"""A reserved time of one or more hosts, and the times that are therefore blocked."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bookonce.accounts.models import Member, Workspace
from bookonce.lib.instants import MinutesField, SecondsField
from bookonce.scheduling.models.calendar import Calendar

LONGEST_BLOCK = 2880  # minutes, with buffers: bounds every range query on both sides


class Appointment(models.Model):
    """Start, end and buffers are frozen here when booked or moved; changed settings rewrite nothing."""

    class Status(models.TextChoices):
        """Declined is cancelled; its bookings say by what cause."""

        NEW = "new"
        CONFIRMED = "confirmed"
        CANCELLED = "cancelled"

    public_id = models.CharField(max_length=24, unique=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="appointments")
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="appointments")
    starts = MinutesField()
    ends = MinutesField()
    buffer_before = models.PositiveSmallIntegerField()
    buffer_after = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=9, choices=Status.choices)
    location_kind = models.CharField(max_length=8, choices=Calendar.Location.choices)
    location = models.CharField(max_length=300, blank=True)
    seats_taken = models.PositiveSmallIntegerField(null=True, blank=True)  # of a class session, else none
    created_at = SecondsField()
    cancelled_at = SecondsField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["workspace", "starts"], name="appointment_by_start")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(starts__lt=F("ends")), name="appointment_order"),
            models.CheckConstraint(
                condition=Q(status__in=["new", "confirmed", "cancelled"]), name="appointment_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="cancelled", cancelled_at__isnull=False)
                | (~Q(status="cancelled") & Q(cancelled_at=None)),
                name="appointment_cancelled_at",
            ),
            models.UniqueConstraint(
                fields=["calendar", "starts"],
                condition=Q(seats_taken__isnull=False) & ~Q(status="cancelled"),
                name="class_session_once",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class BlockedTime(models.Model):
    """A host's time with buffers: of an appointment, or a hold that expires.

    guards.py lets the database refuse two live rows of one host that overlap, and rows that contradict
    their appointment.
    """

    host = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="blocked_times", db_index=False)
    appointment = models.ForeignKey(
        Appointment, on_delete=models.CASCADE, related_name="blocked_times", null=True, blank=True
    )
    hold = models.ForeignKey(
        "scheduling.Hold", on_delete=models.CASCADE, related_name="blocked_times", null=True, blank=True
    )
    starts = MinutesField()
    ends = MinutesField()
    live = models.BooleanField()
    expires_at = SecondsField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["host", "starts", "ends"], name="blocked_time_by_host"),
            models.Index(
                fields=["host", "expires_at"],
                condition=Q(expires_at__isnull=False),
                name="blocked_time_that_expires",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(starts__lt=F("ends"), ends__lte=F("starts") + LONGEST_BLOCK),
                name="blocked_time_length",
            ),
            models.CheckConstraint(
                condition=Q(appointment__isnull=False) | Q(hold__isnull=False) | Q(expires_at__isnull=False),
                name="blocked_time_has_reason",
            ),
        ]
