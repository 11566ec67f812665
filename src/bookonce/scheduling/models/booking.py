"""One party's place in an appointment."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from bookonce.accounts.models import Workspace
from bookonce.lib.instants import SecondsField
from bookonce.scheduling.models.appointment import Appointment
from bookonce.scheduling.models.contact import Contact
from bookonce.scheduling.models.link import LinkUse, OneTimeLink


class Booking(models.Model):
    """What the guest gave, as given then; its manage link stays the same for good."""

    class Status(models.TextChoices):
        """Its own, apart from the appointment's."""

        NEW = "new"
        CONFIRMED = "confirmed"
        CANCELLED = "cancelled"
        SHOWED = "showed"
        NO_SHOW = "no_show"
        INVALID = "invalid"

    class Cause(models.TextChoices):
        """Who or what cancelled it."""

        GUEST = "guest"
        HOST = "host"
        DECLINED = "declined"
        EXPIRED = "expired"  # nobody answered the request in time

    public_id = models.CharField(max_length=24, unique=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="bookings")
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="bookings")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="bookings")
    link = models.ForeignKey(
        OneTimeLink, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings"
    )
    # One use is one booking; of a series it is the whole series.
    link_use = models.ForeignKey(
        LinkUse, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings"
    )
    series = models.CharField(max_length=24, null=True, blank=True)  # the same for all bookings of a series
    series_number = models.PositiveSmallIntegerField(default=1, db_default=1)  # place in it, from 1
    name = models.CharField(max_length=120)
    email = models.CharField(max_length=254)
    phone = models.CharField(max_length=32, blank=True)
    timezone = models.CharField(max_length=64)
    language = models.CharField(max_length=8, blank=True, db_default="")  # of the guest's page and mails
    guests = models.JSONField(default=list, blank=True)  # who comes along: {"name", "email"} each
    guest_count = models.PositiveSmallIntegerField(default=0, db_default=0)  # further guests, named or not
    party = models.PositiveSmallIntegerField(default=1)  # seats it takes
    sequence = models.PositiveIntegerField(default=0)  # iCalendar SEQUENCE: rises with every change
    moves = models.PositiveIntegerField(default=0)  # by the guest; a calendar or link may limit them
    cancelled_at = SecondsField(null=True, blank=True)
    cancel_cause = models.CharField(max_length=8, choices=Cause.choices, blank=True)
    cancel_reason = models.TextField(blank=True, max_length=500)
    status = models.CharField(max_length=9, choices=Status.choices)
    manage_digest = models.CharField(max_length=64, unique=True)
    sealed_manage_token = models.TextField(null=True, blank=True)
    created_at = SecondsField()
    answer_by = SecondsField(null=True, blank=True)  # of a request that waits for a host; then it expires

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["answer_by"], condition=Q(answer_by__isnull=False), name="booking_waits_for_answer"
            ),
            models.Index(fields=["series"], condition=Q(series__isnull=False), name="booking_by_series"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=["new", "confirmed", "cancelled", "showed", "no_show", "invalid"]),
                name="booking_status_known",
            ),
            models.CheckConstraint(condition=Q(party__gte=1), name="booking_party"),
            models.CheckConstraint(
                condition=Q(status="new", answer_by__isnull=False)
                | (~Q(status="new") & Q(answer_by__isnull=True)),
                name="booking_answer_by",
            ),
            models.UniqueConstraint(fields=["link_use", "series_number"], name="booking_link_use_once"),
            models.CheckConstraint(
                condition=Q(link__isnull=True, link_use__isnull=True)
                | Q(link__isnull=False, link_use__isnull=False),
                name="booking_link_with_use",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def guest_addresses(self) -> list[str]:
        """Of those who come along, in their order: the places that mails to them are owed by."""
        return [guest["email"] for guest in self.guests]

    @property
    def guest_words(self) -> list[str]:
        """Those who come along, as their host reads them; where only their number is known, that."""
        told = [f"{one['name']} <{one['email']}>" if one["name"] else one["email"] for one in self.guests]
        return told or ([str(self.guest_count)] if self.guest_count else [])
