"""An appointment as an iCalendar object (RFC 5545, 5546): values in, bytes out; no database, no clock.

Times are UTC: some clients have ignored a correct VTIMEZONE, and a single meeting needs none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import quote

from icalendar import Calendar, Event, vCalAddress, vText, vUri

from bookonce.lib.web_addresses import is_web_address

LINE_BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
PARAMETER_SPECIALS = re.compile(r'["\\^]')
LONGEST_NAME = 120
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f]")


class Method(StrEnum):
    """What the receiver is to do with it."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody in an appointment."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an iCalendar object says of one appointment; instants are aware."""

    uid: str
    sequence: int
    start: datetime
    end: datetime
    summary: str
    organizer: Party
    attendees: Sequence[Party]
    hosts: Sequence[Party] = ()  # further ones: they come, nobody has to ask them
    cancelled: bool = False
    tentative: bool = False  # a request that its host has not confirmed yet
    description: str = ""
    location: str = ""
    video_url: str = ""
    url: str = ""


def render(invitation: Invitation, method: Method, *, now: datetime) -> bytes:
    """The object as bytes: CRLF, folded at 75 octets, one VEVENT.

    PUBLISH names no attendees (RFC 5546 3.2.1).
    """
    return _written([invitation], method, now)


def render_series(invitations: Sequence[Invitation], *, now: datetime) -> bytes:
    """Several appointments in one object to be opened as a file.

    Only PUBLISH may hold several UIDs (RFC 5546 3.2.1; all others of one object are the same). As part of a
    mail Outlook takes its first event alone (MS-STANOICAL 2.2.175) and Gmail shows no more than that.
    """
    return _written(invitations, Method.PUBLISH, now)


def _written(invitations: Sequence[Invitation], method: Method, now: datetime) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Bookonce//Bookonce//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method.value)
    for invitation in invitations:
        calendar.add_component(_event(invitation, method, now))
    return bytes(calendar.to_ical())


def _event(invitation: Invitation, method: Method, now: datetime) -> Event:
    event = Event()
    event.add("uid", invitation.uid)
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", invitation.sequence)
    event.add("dtstart", invitation.start.astimezone(UTC))
    event.add("dtend", invitation.end.astimezone(UTC))
    event.add("status", _status(invitation))
    event.add("transp", "OPAQUE")
    event.add("organizer", _address(invitation.organizer))
    if method is not Method.PUBLISH:
        _add_attendees(event, invitation)
    _add_texts(event, invitation)
    return event


def _status(invitation: Invitation) -> str:
    """RFC 5545 3.8.1.11."""
    if invitation.cancelled:
        return "CANCELLED"
    return "TENTATIVE" if invitation.tentative else "CONFIRMED"


def plain(text: str) -> str:
    """The text with every kind of line break as LF and without control characters: it can't end its line."""
    return CONTROLS.sub("", LINE_BREAKS.sub("\n", text))


def _add_attendees(event: Event, invitation: Invitation) -> None:
    for role, party in [("CHAIR", invitation.organizer), *(("REQ-PARTICIPANT", p) for p in invitation.hosts)]:
        host = _address(party)
        host.params["role"] = vText(role)
        host.params["partstat"] = vText("ACCEPTED")
        event.add("attendee", host)
    for party in invitation.attendees:
        guest = _address(party)
        guest.params["role"] = vText("REQ-PARTICIPANT")
        guest.params["partstat"] = vText("NEEDS-ACTION")
        guest.params["rsvp"] = vText("TRUE")  # Thunderbird shows no buttons without
        event.add("attendee", guest)


def _add_texts(event: Event, invitation: Invitation) -> None:
    event.add("summary", " ".join(plain(invitation.summary).split("\n")))
    if invitation.description:
        event.add("description", plain(invitation.description))
    if invitation.location:
        event.add("location", plain(invitation.location))
    if is_web_address(invitation.video_url):
        # RFC 7986 5.11; older readers take the same address from LOCATION.
        event.add("conference", vUri(invitation.video_url), {"value": "URI", "feature": "VIDEO"})
    if invitation.url:
        event.add("url", vUri(invitation.url))


def _address(party: Party) -> vCalAddress:
    local, _, domain = party.email.rpartition("@")
    # RFC 6068: what would end a mailto address is percent-encoded; ordinary addresses stay as they are.
    safe = quote(local, safe="!$'*+-./=^_`{|}~&")
    address = vCalAddress(f"mailto:{safe}@{domain}")
    # No escapes in a parameter are known to all readers (RFC 6868 has some): leave out what needs them.
    name = " ".join(PARAMETER_SPECIALS.sub(" ", plain(party.name)).split())[:LONGEST_NAME]
    if name:
        address.params["cn"] = vText(name)  # quoted by the library when it holds , ; or :
    return address
