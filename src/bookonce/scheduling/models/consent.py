"""What guests agree to, word for word, and that they did."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bookonce.lib.instants import SecondsField
from bookonce.scheduling.models.booking import Booking
from bookonce.scheduling.models.calendar import Calendar

LONGEST_CONSENT = 1000


class ConsentText(models.Model):
    """One wording; a change of the calendar's text is a new version, the old ones stay for good."""

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="consent_texts")
    version = models.PositiveIntegerField()
    text = models.TextField(max_length=LONGEST_CONSENT)
    created_at = SecondsField()
    retired_at = SecondsField(null=True, blank=True)  # asked for no more

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["calendar", "version"], name="consent_text_version"),
            models.UniqueConstraint(
                fields=["calendar"], condition=models.Q(retired_at=None), name="consent_text_one_present"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Consent(models.Model):
    """The guest of this booking ticked the text: when, from which address, on which page."""

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="consent")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="consents")
    given_at = SecondsField()
    address = models.CharField(max_length=45, blank=True)  # IP; blank where none is known
    page = models.CharField(max_length=200)  # the address it was ticked at; of a one-time link without token
