"""The nouns, one a file."""

from bookonce.scheduling.models.appointment import Appointment, BlockedTime
from bookonce.scheduling.models.batch import LinkBatch, LinkUpload
from bookonce.scheduling.models.booking import Booking
from bookonce.scheduling.models.calendar import Calendar, CalendarHost, HostSchedule, LimitCount
from bookonce.scheduling.models.contact import Contact
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.models.group import CalendarGroup, GroupCalendar, Slug, Target
from bookonce.scheduling.models.hold import Hold, RateCount
from bookonce.scheduling.models.idempotency import IdempotencyKey
from bookonce.scheduling.models.link import LinkCode, LinkRequest, LinkUse, OneTimeLink
from bookonce.scheduling.models.schedule import OverrideHours, Schedule, WeeklyHours
from bookonce.scheduling.models.time_off import HolidayRegion, Journey, TimeOff

__all__ = [
    "Appointment",
    "BlockedTime",
    "Booking",
    "Calendar",
    "CalendarGroup",
    "CalendarHost",
    "Contact",
    "Event",
    "GroupCalendar",
    "Hold",
    "HolidayRegion",
    "HostSchedule",
    "IdempotencyKey",
    "Journey",
    "LimitCount",
    "LinkBatch",
    "LinkCode",
    "LinkRequest",
    "LinkUpload",
    "LinkUse",
    "OneTimeLink",
    "OverrideHours",
    "RateCount",
    "Schedule",
    "Slug",
    "Target",
    "TimeOff",
    "WeeklyHours",
]
