"""A bookable thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q

from bookonce.accounts.models import Member, Workspace
from bookonce.lib.instants import SecondsField
from bookonce.scheduling.models.schedule import Schedule

if TYPE_CHECKING:
    _CharField = models.CharField[tuple[int, ...], tuple[int, ...]]
else:
    _CharField = models.CharField


class DurationsField(_CharField):
    """A few lengths in minutes, the first the default; kept as `30,60`."""

    def from_db_value(self, value: str | None, *_: Any) -> tuple[int, ...]:
        """Turn the column into numbers."""
        return read_durations(value or "")

    def to_python(self, value: Any) -> tuple[int, ...]:
        """Accept text and tuples."""
        return read_durations(value) if isinstance(value, str) else tuple(value or ())

    def get_prep_value(self, value: Any) -> str:
        """Turn numbers into the column."""
        return value if isinstance(value, str) else ",".join(str(minutes) for minutes in value or ())


def read_durations(column: str) -> tuple[int, ...]:
    """The lengths in a column such as `30,60`."""
    return tuple(int(part) for part in column.split(",") if part)


class Calendar(models.Model):
    """What guests book: a kind, lengths, rules, a place and its hosts."""

    class Kind(models.TextChoices):
        """How hosts and places relate."""

        ONE_ON_ONE = "one_on_one"

    class Location(models.TextChoices):
        """Where it happens."""

        NONE = "none"
        PLACE = "place"  # `location` is the address
        PHONE = "phone"  # the host calls the guest
        VIDEO = "video"  # `location` is the fixed link
        ASK = "ask"  # the guest says where

    public_id = models.CharField(max_length=24, unique=True)
    permanent_id = models.CharField(max_length=24, unique=True)  # of the permanent link; never the API id
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="calendars")
    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="calendars")
    slug = models.SlugField(max_length=48)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, max_length=2000)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.ONE_ON_ONE)
    durations = DurationsField(max_length=64)
    interval = models.PositiveSmallIntegerField()
    buffer_before = models.PositiveSmallIntegerField(default=0)
    buffer_after = models.PositiveSmallIntegerField(default=0)
    notice = models.PositiveIntegerField(default=0)
    horizon_days = models.PositiveSmallIntegerField(null=True, blank=True)
    location_kind = models.CharField(max_length=8, choices=Location.choices, default=Location.NONE)
    location = models.CharField(max_length=300, blank=True)
    one_time_only = models.BooleanField(default=False)
    contact_text = models.TextField(blank=True, max_length=500)
    version = models.BigIntegerField(default=1)  # raised by whatever can change its slots
    created_at = SecondsField()
    paused_at = SecondsField(null=True, blank=True)
    deleted_at = SecondsField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "slug"], name="calendar_slug_unique"),
            models.CheckConstraint(condition=Q(interval__range=(1, 1440)), name="calendar_interval"),
            models.CheckConstraint(
                condition=Q(buffer_before__lte=720, buffer_after__lte=720), name="calendar_buffers"
            ),
            models.CheckConstraint(condition=~Q(durations=""), name="calendar_has_duration"),
            models.CheckConstraint(condition=Q(kind__in=["one_on_one"]), name="calendar_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name


class CalendarHost(models.Model):
    """A member who hosts the calendar's appointments."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="calendar_hosts")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="calendar_hosts")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["calendar", "member"], name="calendar_host_once")
        ]
