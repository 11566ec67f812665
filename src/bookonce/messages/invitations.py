"""A booking's appointment as the invitation that one person gets."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from bookonce.accounts.models import Member
from bookonce.lib.addresses import manage_url
from bookonce.lib.sealed import unseal
from bookonce.messages.ics import Invitation, Party, is_web_address
from bookonce.scheduling.models import Appointment, Booking


def guest_invitation(booking: Booking, *, manage: bool) -> Invitation:
    """As a guest sees it; `manage` puts the manage link in (only for who booked: it is a capability)."""
    url = find_manage_url(booking) if manage else ""
    lines = [_("Reschedule or cancel: %(url)s") % {"url": url}] if url else []
    calendar, host = booking.appointment.calendar, host_of(booking)
    return _invitation(booking, summary=title(calendar.name, host.user.name), lines=lines, url=url)


def host_invitation(booking: Booking) -> Invitation:
    """As a host sees it: the guest's name first, what they answered in the description, no manage link."""
    lines = [f"{booking.name} <{booking.email}>", *([booking.phone] if booking.phone else [])]
    lines += [f"{question}: {answer}" for question, answer in booking.answers.items()]
    return _invitation(booking, summary=title(booking.appointment.calendar.name, booking.name), lines=lines)


def hosts_of(booking: Booking) -> Sequence[Member]:
    """The members whose time the appointment takes, in the calendar's order."""
    times = booking.appointment.blocked_times.select_related("host__user").order_by("pk")
    return list(dict.fromkeys(time.host for time in times))


def host_of(booking: Booking) -> Member:
    """The host who is the organizer."""
    return hosts_of(booking)[0]


def find_manage_url(booking: Booking) -> str:
    """Where its guest changes the booking; '' once its token is forgotten."""
    return manage_url(unseal(booking.sealed_manage_token)) if booking.sealed_manage_token else ""


def title(calendar_name: str, other: str) -> str:
    """The appointment in a line, for the one who meets `other`."""
    return _("%(what)s with %(who)s") % {"what": calendar_name, "who": other}


def place(appointment: Appointment, booking: Booking) -> str:
    """Where it happens, in words; '' when nothing is known."""
    if appointment.location_kind == "phone":
        return _("By phone: %(number)s") % {"number": booking.phone} if booking.phone else _("By phone")
    return appointment.location


def _invitation(booking: Booking, *, summary: str, lines: Sequence[str], url: str = "") -> Invitation:
    appointment, host = booking.appointment, host_of(booking)
    video = appointment.location if appointment.location_kind == "video" else ""
    return Invitation(
        uid=f"{booking.public_id}@bookonce",  # the same for ever, wherever the installation moves
        sequence=booking.sequence,
        start=appointment.starts,
        end=appointment.ends,
        summary=summary,
        organizer=Party(host.user.name, host.user.email),
        attendees=[Party(booking.name, booking.email), *(Party("", address) for address in booking.guests)],
        cancelled=booking.status == Booking.Status.CANCELLED,
        description="\n".join(lines),
        location=place(appointment, booking),
        video_url=video if is_web_address(video) else "",
        url=url,
    )
