"""The mails about a request that a host answers: to its guest and its hosts.

Only what is confirmed has an invitation: nobody's calendar shows what may never take place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bookonce.lib.addresses import dashboard_url
from bookonce.messages import ics
from bookonce.messages.booking_words import Rows, booking_of, booking_words, guest_rows, host_rows, reason
from bookonce.messages.dispatch import Owed
from bookonce.messages.host_mails import find_zone, get_member, host_part
from bookonce.messages.ics import Method, Party
from bookonce.messages.invitations import find_manage_url, host_of, hosts_of, is_session
from bookonce.messages.letter import Letter
from bookonce.messages.link_mails import find_open_url
from bookonce.messages.outdated import Outdated
from bookonce.messages.when import moment, spans
from bookonce.scheduling.models import Booking, Event


def request_received(event: Event, _owed: Owed, _now: datetime) -> Letter:
    """To the guest: it is with its host, and by when they hear."""
    booking = booking_of(event)
    if booking.answer_by is None:
        raise Outdated("the request has been answered since")
    button = (_("Reschedule or withdraw"), find_manage_url(booking))
    words = {"until": moment(booking.answer_by, booking.timezone)}
    return _to_guest(event, guest_rows(booking, whole=_is_series(event)), button, words)


def request_ended(event: Event, _owed: Owed, now: datetime) -> Letter:
    """To the guest: it was declined, or expired, or they withdrew it; with their link if that works again."""
    booking = booking_of(event)
    again = ""
    if event.details.get("reopened") and booking.link_id:
        again = find_open_url(booking.link_id, now)
    rows = guest_rows(booking, whole=_is_series(event)) + reason(booking)
    return _to_guest(event, rows, (_("Choose another time"), again), {"again": again})


def request_asked(event: Event, owed: Owed, _now: datetime) -> Letter:
    """To the host, and to who made the link: answer it. Sent even when answered since, saying so."""
    booking = booking_of(event)
    rows = host_rows(booking, whole=_is_series(event))
    if booking.answer_by is not None:
        rows.append((_("Answer by"), moment(booking.answer_by, find_zone(event, owed))))
    else:
        rows.append((_("Since then"), _since_then(booking)))
    text = _("Open the appointment") if booking.answer_by is None else _("Confirm or decline")
    return _to_member(event, owed, rows, text)


def request_confirmed(event: Event, owed: Owed, now: datetime) -> Letter:
    """To each host: it takes place; with the entry for their calendar."""
    booking = booking_of(event)
    if booking.status == Booking.Status.CANCELLED:
        raise Outdated("the appointment has been cancelled since")
    part = host_part(event, booking, Method.REQUEST)
    calendar = (part[0], ics.render(part[1], part[0], now=now))
    return _to_member(event, owed, host_rows(booking), _("Open the appointment"), calendar)


def request_over(event: Event, owed: Owed, _now: datetime) -> Letter:
    """To each host: nobody has to answer it any more, and why."""
    booking = booking_of(event)
    rows = host_rows(booking, whole=_is_series(event)) + reason(booking)
    return _to_member(event, owed, rows, _("Open the appointment"))


MESSAGES: Mapping[str, Callable[[Event, Owed, datetime], Letter]] = {
    f.__name__: f for f in (request_received, request_ended, request_asked, request_confirmed, request_over)
}


def _to_guest(event: Event, rows: Rows, button: tuple[str, str], more: Mapping[str, Any]) -> Letter:
    booking = booking_of(event)
    host = host_of(booking).user
    words = booking_words(event, booking, booking.timezone, rows, button)
    words |= {"cause": booking.cancel_cause, **_appointments(event, booking.timezone), **more}
    return Letter(
        to=Party(booking.name, booking.email),
        reply_to=Party(host.name, host.email),
        words=words,
        workspace_id=event.workspace_id,
    )


def _to_member(
    event: Event, owed: Owed, rows: Rows, button: str, calendar: tuple[Method, bytes] | None = None
) -> Letter:
    booking, member = booking_of(event), get_member(event, owed)
    zone = find_zone(event, owed)
    page = f"bookings/{booking.public_id}/" if is_session(booking) else ""
    page = page or f"appointments/{booking.appointment.public_id}/"
    words = booking_words(event, booking, zone, rows, (button, dashboard_url(page)))
    words |= {"by_you": event.member_id == member.pk, "cause": booking.cancel_cause}
    words |= {"hosts": any(host.pk == member.pk for host in hosts_of(booking))}
    words |= {"reopened": bool(event.details.get("reopened")), **_appointments(event, zone)}
    return Letter(
        to=Party(member.user.name, member.user.email),
        reply_to=Party(booking.name, booking.email),
        words=words,
        calendar=calendar,
        workspace_id=event.workspace_id,
    )


def _since_then(booking: Booking) -> str:
    """What became of a request."""
    if booking.status != Booking.Status.CANCELLED:
        return _("It has been confirmed.")
    ended = {Booking.Cause.GUEST: _("It was withdrawn."), Booking.Cause.EXPIRED: _("It has expired.")}
    return ended.get(Booking.Cause(booking.cancel_cause), _("It was declined."))


def _is_series(event: Event) -> bool:
    return bool(event.details.get("series"))


def _appointments(event: Event, zone: str) -> dict[str, Sequence[Mapping[str, str]]]:
    """When those of a series take place; none for an appointment by itself."""
    told = Booking.objects.select_related("appointment").filter(pk__in=event.details.get("series", ()))
    times = [(one.appointment.starts, one.appointment.ends) for one in told.order_by("series_number")]
    return {"appointments": [{"when": when, "url": ""} for when in spans(times, zone)]}
