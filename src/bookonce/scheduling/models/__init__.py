"""The nouns, one a file."""

from bookonce.scheduling.models.appointment import Appointment, BlockedTime
from bookonce.scheduling.models.batch import LinkBatch, LinkUpload
from bookonce.scheduling.models.booking import Booking
from bookonce.scheduling.models.calendar import Calendar, CalendarHost, HostSchedule, LimitCount
from bookonce.scheduling.models.consent import Consent, ConsentText
from bookonce.scheduling.models.contact import Contact
from bookonce.scheduling.models.event import Event, MoveReason
from bookonce.scheduling.models.group import CalendarGroup, GroupCalendar, Slug, Target
from bookonce.scheduling.models.guest_code import GuestCode
from bookonce.scheduling.models.hold import Hold, RateCount
from bookonce.scheduling.models.idempotency import IdempotencyKey
from bookonce.scheduling.models.link import LinkCode, LinkRequest, LinkUse, OneTimeLink
from bookonce.scheduling.models.look import CalendarLook, EmbedOrigin, Image, RedirectOrigin
from bookonce.scheduling.models.proof import SpentProof
from bookonce.scheduling.models.question import BookingAnswer, CalendarQuestion, Question, QuestionChoice
from bookonce.scheduling.models.schedule import OverrideHours, Schedule, WeeklyHours
from bookonce.scheduling.models.time_off import HolidayRegion, Journey, TimeOff

__all__ = [
    "Appointment",
    "BlockedTime",
    "Booking",
    "BookingAnswer",
    "Calendar",
    "CalendarGroup",
    "CalendarHost",
    "CalendarLook",
    "CalendarQuestion",
    "Consent",
    "ConsentText",
    "Contact",
    "EmbedOrigin",
    "Event",
    "GroupCalendar",
    "GuestCode",
    "Hold",
    "HolidayRegion",
    "HostSchedule",
    "IdempotencyKey",
    "Image",
    "Journey",
    "LimitCount",
    "LinkBatch",
    "LinkCode",
    "LinkRequest",
    "LinkUpload",
    "LinkUse",
    "MoveReason",
    "OneTimeLink",
    "OverrideHours",
    "Question",
    "QuestionChoice",
    "RateCount",
    "RedirectOrigin",
    "Schedule",
    "Slug",
    "SpentProof",
    "Target",
    "TimeOff",
    "WeeklyHours",
]
