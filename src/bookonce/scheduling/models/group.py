"""A menu of calendars behind one page, and the readable addresses that calendars and groups share."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from bookonce.accounts.models import Workspace
from bookonce.lib.instants import SecondsField
from bookonce.scheduling.models.calendar import Calendar

ONE_TARGET = Q(calendar=None, group__isnull=False) | Q(calendar__isnull=False, group=None)


class CalendarGroup(models.Model):
    """Its calendars stay what they are; the group only lets a guest choose among them."""

    public_id = models.CharField(max_length=24, unique=True)
    permanent_id = models.CharField(max_length=24, unique=True)  # of the permanent link; never the API id
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="calendar_groups")
    slug = models.SlugField(max_length=48)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, max_length=2000)
    one_time_only = models.BooleanField(default=False)
    contact_text = models.TextField(blank=True, max_length=500)
    created_at = SecondsField()
    paused_at = SecondsField(null=True, blank=True)
    deleted_at = SecondsField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "slug"], name="calendar_group_slug_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def timezone(self) -> str:
        """Of the days of its links: its first calendar's, the workspace's while it has none."""
        calendars = GroupCalendar.objects.filter(group=self, calendar__deleted_at=None)
        zones = calendars.order_by("position", "pk").values_list("calendar__schedule__timezone", flat=True)
        return zones.first() or self.workspace.timezone


class GroupCalendar(models.Model):
    """A calendar on the menu of a group."""

    group = models.ForeignKey(CalendarGroup, on_delete=models.CASCADE, related_name="group_calendars")
    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="group_calendars")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group", "calendar"], name="group_calendar_once")
        ]


class Slug(models.Model):
    """A readable address of the workspace: of one calendar or one group, never of two.

    The slugs themselves are columns of those; here the database refuses one that both want at once.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="slugs")
    slug = models.SlugField(max_length=48)
    calendar = models.OneToOneField(
        Calendar, on_delete=models.CASCADE, null=True, blank=True, related_name="kept_slug"
    )
    group = models.OneToOneField(
        CalendarGroup, on_delete=models.CASCADE, null=True, blank=True, related_name="kept_slug"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "slug"], name="slug_unique"),
            models.CheckConstraint(condition=ONE_TARGET, name="slug_of_one"),
        ]

    def __str__(self) -> str:
        return self.slug


Target = Calendar | CalendarGroup  # what a link leads to


def the_one(calendar: Calendar | None, group: CalendarGroup | None) -> Target:
    """Whichever is there; the database makes sure that one is."""
    found = calendar or group
    if found is None:
        raise AssertionError
    return found
