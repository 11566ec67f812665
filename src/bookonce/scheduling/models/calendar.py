"""A bookable thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import F, Q

from bookonce.accounts.models import Member, Workspace
from bookonce.lib.instants import SecondsField
from bookonce.scheduling.models.schedule import Schedule
from bookonce.scheduling.series import MOST_REPEATS

MOST_SEATS = 9999
MOST_WEIGHT = 100
MOST_GUESTS = 20
USUAL_GUESTS = 10
LONGEST_HOLD = 60  # minutes for which a time is kept for a visitor

if TYPE_CHECKING:
    _CharField = models.CharField[tuple[int, ...], tuple[int, ...]]
    _TextField = models.TextField[tuple[int, ...], tuple[int, ...]]
else:
    _CharField = models.CharField
    _TextField = models.TextField


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


class StartsField(_TextField):
    """A few starts in minutes since the epoch, ascending; kept as `29400480,29400510`."""

    def from_db_value(self, value: str | None, *_: Any) -> tuple[int, ...]:
        """Turn the column into numbers."""
        return read_durations(value or "")

    def to_python(self, value: Any) -> tuple[int, ...]:
        """Accept text and tuples."""
        return read_durations(value) if isinstance(value, str) else tuple(value or ())

    def get_prep_value(self, value: Any) -> str:
        """Turn numbers into the column."""
        return value if isinstance(value, str) else ",".join(str(minute) for minute in value or ())


def read_durations(column: str) -> tuple[int, ...]:
    """The lengths in a column such as `30,60`."""
    return tuple(int(part) for part in column.split(",") if part)


class Calendar(models.Model):
    """What guests book: a kind, lengths, rules, a place and its hosts."""

    class Kind(models.TextChoices):
        """How hosts and places relate."""

        ONE_ON_ONE = "one_on_one"
        ROUND_ROBIN = "round_robin"
        COLLECTIVE = "collective"
        CLASS = "class"

    class Distribution(models.TextChoices):
        """How a round robin shares its appointments out (choose_host.py)."""

        AVAILABILITY = "availability"
        EQUAL = "equal"

    class Location(models.TextChoices):
        """Where it happens."""

        NONE = "none"
        PLACE = "place"  # `location` is the address
        PHONE = "phone"  # the host calls the guest
        VIDEO = "video"  # `location` is the fixed link
        ASK = "ask"  # the guest says where

    class Layout(models.TextChoices):
        """How free days are laid out at first; guests change it."""

        MONTH = "month"
        WEEK = "week"

    class FurtherGuests(models.TextChoices):
        """What is asked about those who come along."""

        NONE = "none"
        COUNT = "count"
        DETAILS = "details"  # a name and an address each

    class Repeats(models.TextChoices):
        """How often the appointments of a series come; without a value there is one."""

        DAILY = "daily"
        WEEKLY = "weekly"
        MONTHLY = "monthly"

    public_id = models.CharField(max_length=24, unique=True)
    permanent_id = models.CharField(max_length=24, unique=True)  # of the permanent link; never the API id
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="calendars")
    # The first host's first one: its zone is the calendar's. The hours are in HostSchedule.
    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="calendars")
    slug = models.SlugField(max_length=48)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, max_length=2000)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.ONE_ON_ONE)
    seats = models.PositiveSmallIntegerField(null=True, blank=True)  # of each session of a class, else none
    shows_seats_left = models.BooleanField(default=False)
    distribution = models.CharField(
        max_length=12, choices=Distribution.choices, default=Distribution.AVAILABILITY
    )
    keeps_host = models.BooleanField(default=True)  # a rescheduled round robin stays with its host
    durations = DurationsField(max_length=64)
    interval = models.PositiveSmallIntegerField()
    buffer_before = models.PositiveSmallIntegerField(default=0)
    buffer_after = models.PositiveSmallIntegerField(default=0)
    notice = models.PositiveIntegerField(default=0)
    horizon_days = models.PositiveSmallIntegerField(null=True, blank=True)
    horizon_working_days = models.PositiveSmallIntegerField(null=True, blank=True)  # Monday to Friday
    first_day = models.DateField(null=True, blank=True)  # date range, days of the calendar's zone
    last_day = models.DateField(null=True, blank=True)
    per_day = models.PositiveSmallIntegerField(null=True, blank=True)  # most appointments; none = no limit
    per_week = models.PositiveSmallIntegerField(null=True, blank=True)
    per_month = models.PositiveSmallIntegerField(null=True, blank=True)
    look_busy = models.PositiveSmallIntegerField(default=0)  # per cent of the starts hidden from the public
    one_per_email = models.BooleanField(default=False)  # one active booking for each e-mail address
    location_kind = models.CharField(max_length=8, choices=Location.choices, default=Location.NONE)
    location = models.CharField(max_length=300, blank=True)
    one_time_only = models.BooleanField(default=False)
    guests_may_cancel = models.BooleanField(default=True)
    cancel_cutoff = models.PositiveIntegerField(default=0)  # minutes before the start
    guests_may_reschedule = models.BooleanField(default=True)
    reschedule_cutoff = models.PositiveIntegerField(default=0)
    most_reschedules = models.PositiveSmallIntegerField(null=True, blank=True)  # by the guest
    reopens_on_cancel = models.BooleanField(default=False)  # the link, when the guest cancels
    needs_approval = models.BooleanField(default=False)  # a host confirms or declines each request
    answer_within = models.PositiveIntegerField(default=1440)  # minutes; unanswered requests expire then
    hold_minutes = models.PositiveSmallIntegerField(default=0)  # a time is kept for a visitor; 0: not at all
    repeats = models.CharField(max_length=7, choices=Repeats.choices, blank=True)
    repeat_count = models.PositiveSmallIntegerField(null=True, blank=True)  # appointments of a series
    contact_text = models.TextField(blank=True, max_length=500)
    language = models.CharField(max_length=8, blank=True)  # of its pages, unless the browser asks
    layout = models.CharField(max_length=5, choices=Layout.choices, default=Layout.MONTH)
    guests_choose_host = models.BooleanField(default=False)  # of a round robin
    asks_notes = models.BooleanField(default=True)  # whether there is anything to say beforehand
    further_guests = models.CharField(
        max_length=7, choices=FurtherGuests.choices, default=FurtherGuests.DETAILS
    )
    most_guests = models.PositiveSmallIntegerField(default=USUAL_GUESTS)  # besides who books
    next_steps = models.TextField(blank=True, max_length=1000)  # told once something is booked
    redirect_url = models.CharField(max_length=500, blank=True)  # where the guest is led once it is booked
    proof_of_work = models.BooleanField(default=False)  # asked for at its public addresses
    searchable = models.BooleanField(default=False)  # its scheduling link, by search engines
    embeds_one_time_links = models.BooleanField(default=False)
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
            models.CheckConstraint(
                condition=Q(kind="class", seats__range=(1, MOST_SEATS))
                | Q(kind__in=["one_on_one", "round_robin", "collective"], seats=None),
                name="calendar_kind_with_seats",
            ),
            models.CheckConstraint(
                condition=Q(distribution__in=["availability", "equal"]), name="calendar_distribution_known"
            ),
            models.CheckConstraint(
                condition=Q(horizon_days=None) | Q(horizon_working_days=None), name="calendar_one_horizon"
            ),
            models.CheckConstraint(
                condition=Q(first_day=None) | Q(last_day=None) | Q(first_day__lte=F("last_day")),
                name="calendar_date_range",
            ),
            models.CheckConstraint(condition=Q(look_busy__lte=100), name="calendar_look_busy"),
            models.CheckConstraint(condition=Q(answer_within__gte=1), name="calendar_answer_within"),
            models.CheckConstraint(condition=Q(hold_minutes__lte=LONGEST_HOLD), name="calendar_hold_minutes"),
            models.CheckConstraint(condition=Q(layout__in=["month", "week"]), name="calendar_layout_known"),
            models.CheckConstraint(
                condition=Q(further_guests__in=["none", "count", "details"]),
                name="calendar_further_guests_known",
            ),
            models.CheckConstraint(
                condition=Q(most_guests__range=(1, MOST_GUESTS)), name="calendar_most_guests"
            ),
            models.CheckConstraint(
                condition=Q(repeats="", repeat_count=None)
                | Q(repeats__in=["daily", "weekly", "monthly"], repeat_count__range=(2, MOST_REPEATS)),
                name="calendar_repeats",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def timezone(self) -> str:
        """Of its days."""
        return self.schedule.timezone


class CalendarHost(models.Model):
    """A member who hosts the calendar's appointments; the first one's grid and zone are the calendar's."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="calendar_hosts")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="calendar_hosts")
    position = models.PositiveSmallIntegerField(default=0)
    priority = models.SmallIntegerField(default=0)  # of a round robin: the higher goes first
    weight = models.PositiveSmallIntegerField(default=1)  # equal distribution: 2 gets twice as many as 1
    turns = models.PositiveIntegerField(default=0)  # that count for the balance
    last_turn = models.PositiveIntegerField(default=0)  # grows with every turn of the calendar; 0 = none yet

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["calendar", "member"], name="calendar_host_once"),
            models.CheckConstraint(condition=Q(weight__range=(1, MOST_WEIGHT)), name="calendar_host_weight"),
        ]


class HostSchedule(models.Model):
    """Hours that a host keeps for a calendar; open when any of them is."""

    calendar_host = models.ForeignKey(CalendarHost, on_delete=models.CASCADE, related_name="host_schedules")
    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="host_schedules")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["calendar_host", "schedule"], name="host_schedule_once")
        ]


class LimitCount(models.Model):
    """How many live appointments of a calendar start in one local day, week or month that has a limit."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="limit_counts")
    unit = models.CharField(max_length=5)  # day, week, month
    first_day = models.IntegerField()  # number of its first day, as in local_days.py
    taken = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["calendar", "unit", "first_day"], name="limit_count_once"),
            models.CheckConstraint(condition=Q(unit__in=["day", "week", "month"]), name="limit_count_unit"),
        ]
