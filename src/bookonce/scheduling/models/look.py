"""How a calendar's page looks, where it may be embedded, and where it may lead."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from bookonce.accounts.models import Workspace
from bookonce.lib.instants import SecondsField
from bookonce.scheduling.models.calendar import Calendar

LARGEST_RADIUS = 24  # px
MOST_ORIGINS = 20


class Image(models.Model):
    """A picture as it is served, made anew from what was uploaded."""

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="images")
    digest = models.CharField(max_length=64)  # SHA-256 of the body
    content_type = models.CharField(max_length=32)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    body = models.BinaryField()
    created_at = SecondsField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "digest"], name="image_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["digest"], name="image_by_digest")]  # that it is served by

    def __str__(self) -> str:
        return self.digest


class CalendarLook(models.Model):
    """A calendar's own look; without a row, and where empty, the workspace's holds."""

    class Theme(models.TextChoices):
        """Light or dark; auto: as the guest's device asks for."""

        AUTO = "auto"
        LIGHT = "light"
        DARK = "dark"

    calendar = models.OneToOneField(Calendar, on_delete=models.CASCADE, related_name="look")
    primary = models.CharField(max_length=6, blank=True)  # rrggbb
    background = models.CharField(max_length=6, blank=True)  # rrggbb
    button_text = models.CharField(max_length=40, blank=True)  # of the button that books
    radius = models.PositiveSmallIntegerField(null=True, blank=True)  # px, of controls
    theme = models.CharField(max_length=5, choices=Theme.choices, default=Theme.AUTO)
    hides_name = models.BooleanField(default=False)  # of the calendar
    hides_description = models.BooleanField(default=False)
    hides_details = models.BooleanField(default=False)  # length, place, places
    logo = models.ForeignKey(Image, on_delete=models.PROTECT, null=True, blank=True, related_name="logo_of")
    cover = models.ForeignKey(Image, on_delete=models.PROTECT, null=True, blank=True, related_name="cover_of")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(theme__in=["auto", "light", "dark"]), name="look_theme_known"),
            models.CheckConstraint(
                condition=Q(radius=None) | Q(radius__lte=LARGEST_RADIUS), name="look_radius"
            ),
        ]


class EmbedOrigin(models.Model):
    """A site whose pages may hold the calendar's page in a frame: `https://example.com`."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="embed_origins")
    origin = models.CharField(max_length=255)  # RFC 6454 serialization: scheme, host, port

    class Meta:
        ordering: ClassVar = ["origin"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["calendar", "origin"], name="embed_origin_once"),
        ]

    def __str__(self) -> str:
        return self.origin


class RedirectOrigin(models.Model):
    """A site to which calendars of the workspace may send guests who have booked."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="redirect_origins")
    origin = models.CharField(max_length=255)

    class Meta:
        ordering: ClassVar = ["origin"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "origin"], name="redirect_origin_once"),
        ]

    def __str__(self) -> str:
        return self.origin
