"""Something that happened: append-only, written in the same transaction."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bookonce.accounts.models import Member, Workspace
from bookonce.lib.instants import SecondsField


class Event(models.Model):
    """Holds ids only; text is rendered when sent or shown."""

    class Kind(models.TextChoices):
        """What can happen."""

        LINK_CREATED = "link.created"
        LINKS_ISSUED = "links.issued"
        LINK_REVOKED = "link.revoked"
        LINKS_REVOKED = "links.revoked"
        LINK_REOPENED = "link.reopened"
        LINK_REQUESTED = "link.requested"
        LINK_REQUEST_ANSWERED = "link.request_answered"
        LINK_NO_SLOTS = "link.no_slots"
        LINK_CODE_ASKED = "link.code_asked"
        LINK_RENEWED = "link.renewed"
        GUEST_CODE_ASKED = "guest.code_asked"
        BOOKING_CREATED = "booking.created"
        BOOKING_CANCELLED = "booking.cancelled"
        BOOKING_CONFIRMED = "booking.confirmed"
        BOOKING_RESCHEDULED = "booking.rescheduled"
        BOOKING_MARKED = "booking.marked"

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=32, choices=Kind.choices)
    at = SecondsField()
    actor = models.CharField(max_length=8)  # guest, page, api, cli, system
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="events")
    link = models.ForeignKey(
        "scheduling.OneTimeLink", on_delete=models.CASCADE, null=True, blank=True, related_name="events"
    )
    booking = models.ForeignKey(
        "scheduling.Booking", on_delete=models.CASCADE, null=True, blank=True, related_name="events"
    )
    request = models.ForeignKey(
        "scheduling.LinkRequest", on_delete=models.CASCADE, null=True, blank=True, related_name="events"
    )
    details = models.JSONField(default=dict, blank=True)  # numbers and ids only, e.g. the former start

    class Meta:
        indexes: ClassVar = [models.Index(fields=["workspace", "-id"], name="event_by_workspace")]


class MoveReason(models.Model):
    """Why a booking was moved, in the words of who moved it: beside its event, which holds ids only."""

    event = models.OneToOneField(
        Event, on_delete=models.CASCADE, primary_key=True, related_name="move_reason"
    )
    text = models.TextField(max_length=500)

    def __str__(self) -> str:
        return self.text
