"""An appointment as the invitation that one person gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from bookonce.accounts.models import Member
from bookonce.lib.addresses import dashboard_url, manage_url
from bookonce.lib.instants import from_minutes, to_minutes
from bookonce.lib.names import in_one_line
from bookonce.lib.sealed import unseal
from bookonce.lib.web_addresses import is_web_address
from bookonce.messages.ics import Invitation, Party
from bookonce.scheduling.models import Appointment, Booking, Event

HIGHEST_SEQUENCE = 2**31 - 1  # RFC 5545 3.3.8


def guest_invitation(booking: Booking, *, manage: bool) -> Invitation:
    """As a guest sees it; `manage` puts the manage link in (only for who booked: it is a capability)."""
    url = find_manage_url(booking) if manage else ""
    lines = [_("Reschedule or cancel: %(url)s") % {"url": url}] if url else []
    summary = title(booking.appointment.calendar.name, host_names(booking))
    return _invitation(booking, summary=summary, lines=lines, url=url)


def host_invitation(booking: Booking) -> Invitation:
    """As a host sees it: the guest's name first, what they answered in the description, no manage link."""
    lines = [f"{booking.name} <{booking.email}>", *([booking.phone] if booking.phone else [])]
    lines += [f"{answer.label}: {answer.words}" for answer in booking.answers.all()]
    return _invitation(booking, summary=title(booking.appointment.calendar.name, booking.name), lines=lines)


def left_invitation(event: Event, booking: Booking, member: Member) -> Invitation:
    """What a host who no longer has the appointment holds of it: to be cancelled, at its former time."""
    joined, left = event.details.get("joined", ()), event.details["left"]
    stayed = [host for host in hosts_of(booking) if host.pk not in joined]
    first = stayed[0] if stayed else Member.objects.select_related("user").get(pk=left[0])
    appointment, start = booking.appointment, from_minutes(int(event.details["from"]))
    return replace(
        host_invitation(booking),
        start=start,
        end=start + (appointment.ends - appointment.starts),
        organizer=_party(first),
        attendees=(),
        hosts=() if first == member else [_party(member)],
        cancelled=True,
    )


def session_invitation(event: Event, booking: Booking, *, start: int, cancelled: bool) -> Invitation:
    """A session of a class as its hosts hold it, whoever comes: one entry, found by its start in minutes.

    Its sequence is the number of the event that tells of it, which rises with whatever happens.
    """
    appointment, begins = booking.appointment, from_minutes(start)
    calendar, page = appointment.calendar, dashboard_url(f"appointments/{appointment.public_id}/")
    return replace(
        _invitation(booking, summary=calendar.name, lines=[] if cancelled else [page]),
        uid=f"{calendar.public_id}-{start}@bookonce",
        sequence=min(event.pk, HIGHEST_SEQUENCE),
        start=begins,
        end=begins + (appointment.ends - appointment.starts),
        attendees=(),
        location="" if appointment.location_kind == "phone" else appointment.location,
        cancelled=cancelled,
    )


def is_session(booking: Booking) -> bool:
    """Whether it is one party's place in a class."""
    return booking.appointment.seats_taken is not None


def start_of(booking: Booking) -> int:
    """When it begins, in minutes since the epoch."""
    return to_minutes(booking.appointment.starts)


def hosts_of(booking: Booking) -> Sequence[Member]:
    """The members whose time the appointment takes, in the calendar's order."""
    times = booking.appointment.blocked_times.select_related("host__user").order_by("pk")
    return list(dict.fromkeys(time.host for time in times))


def host_of(booking: Booking) -> Member:
    """The host who is the organizer."""
    return hosts_of(booking)[0]


def host_names(booking: Booking) -> str:
    """Whom its guest meets."""
    return in_one_line(host.user.name for host in hosts_of(booking))


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
    appointment, (first, *others) = booking.appointment, hosts_of(booking)
    video = appointment.location if appointment.location_kind == "video" else ""
    return Invitation(
        uid=f"{booking.public_id}@bookonce",  # the same for ever, wherever the installation moves
        sequence=booking.sequence,
        start=appointment.starts,
        end=appointment.ends,
        summary=summary,
        organizer=_party(first),
        hosts=[_party(host) for host in others],
        attendees=[Party(booking.name, booking.email), *further_parties(booking)],
        cancelled=booking.status == Booking.Status.CANCELLED,
        tentative=booking.status == Booking.Status.NEW,
        description="\n".join(lines),
        location=place(appointment, booking),
        video_url=video if is_web_address(video) else "",
        url=url,
    )


def further_parties(booking: Booking) -> list[Party]:
    """Those who come along, by their places in `booking.guests`."""
    return [Party(guest["name"], guest["email"]) for guest in booking.guests]


def _party(host: Member) -> Party:
    return Party(host.user.name, host.user.email)
