"""In which language a mail is written: the guest's own, as far as it is known; members' mails are English."""

from __future__ import annotations

from bookonce.lib.languages import ENGLISH, find_language
from bookonce.messages.dispatch import Owed
from bookonce.scheduling.models import Calendar, CalendarGroup, Event, GuestCode, Target


def mail_language(event: Event, owed: Owed) -> str:
    """That of the page on which its reader booked or asked, else the calendar's, else English."""
    if owed.role == "member":
        return ENGLISH
    return find_language(_guests_own(event, owed)) or _of_target(_target(event)) or ENGLISH


def _guests_own(event: Event, owed: Owed) -> str:
    if owed.message == "guest_code":
        asked = GuestCode.objects.filter(pk=int(event.details["code"])).first()
        return asked.language if asked else ""
    if owed.role == "requester":
        return event.request.language if event.request else ""
    if event.booking is not None:
        return event.booking.language
    return str(event.details.get("language") or "")


def _target(event: Event) -> Target | None:
    if event.booking is not None:
        return event.booking.appointment.calendar
    return event.link.target if event.link else None


def _of_target(target: Target | None) -> str:
    """The calendar's; of a group that of its first calendar which has one."""
    if isinstance(target, CalendarGroup):
        members = Calendar.objects.filter(group_calendars__group=target, deleted_at=None).exclude(language="")
        first = members.order_by("group_calendars__position").first()
        return find_language(first.language) if first else ""
    return find_language(target.language) if target else ""
