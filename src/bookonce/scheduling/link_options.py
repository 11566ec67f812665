"""What may be asked of a one-time link, from any door: the share dialog, REST or the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from bookonce.lib.fields import Fields
from bookonce.scheduling.calendar_settings import LONGEST_NOTICE, MOST_RESCHEDULES, read_location
from bookonce.scheduling.change_rules import RULES
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.link_expiry import read_expiry
from bookonce.scheduling.link_state import EXISTS
from bookonce.scheduling.models.calendar import MOST_SEATS, Calendar, CalendarHost
from bookonce.scheduling.models.group import Target
from bookonce.scheduling.models.link import MOST_BOOKINGS, OneTimeLink
from bookonce.scheduling.picked_slots import Picks, read_slots

KNOWN = (
    "calendar",
    "group",
    "label",
    "recipient",
    "email_lock",
    "expires_at",
    "not_before",
    "max_bookings",
    "window",
    "durations",
    "slots",
    "hold_slots",
    "host",
    "location",
    "most_places",
    *RULES,
    "contact_text",
    "metadata",
    "external_ref",
    "parent",
)
OF_ONE_CALENDAR = (
    "durations",
    "slots",
    "hold_slots",
    "host",
    "location",
    "most_places",
)  # a link to a group has none


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """All optional; unset is inherited live from the calendar."""

    label: str = ""
    recipient_name: str = ""
    recipient_email: str = ""
    recipient_phone: str = ""
    email_lock: str = "off"
    expires_at: datetime | None = None
    not_before: datetime | None = None
    max_bookings: int = 1
    first_day: date | None = None
    last_day: date | None = None
    durations: tuple[int, ...] = ()
    slots: tuple[int, ...] = ()  # picked by hand, minutes since the epoch, ascending
    holds_slots: bool = False
    host_id: int | None = None  # a member's row
    location_kind: str = ""
    location: str = ""
    most_places: int | None = None
    guests_may_cancel: bool | None = None
    cancel_cutoff: int | None = None  # minutes before the start
    guests_may_reschedule: bool | None = None
    reschedule_cutoff: int | None = None
    most_reschedules: int | None = None
    reopens_on_cancel: bool | None = None
    contact_text: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    external_ref: str | None = None
    parent_id: int | None = None  # the link it replaces


def parse_link_options(
    raw: Mapping[str, Any],
    target: Target,
    *,
    now: datetime,
    partial: bool = False,
    picks: Picks | None = None,
) -> LinkOptions:
    """Check the options of a new link, or `partial` ones, whose fit with the rest is left to `check_whole`.

    `expires_at` is read by `read_expiry`. `slots` have to be free now; whoever checks many links hands in
    `picks`, for the same target. What belongs to one calendar, such as its host, can't be asked for a group.

    Raises:
        Invalid: one sentence per fault, by field.
    """
    fields = Fields(raw)
    fields.only(KNOWN)
    where = read_location(fields, default="") or ("", "")
    recipient = _inner(fields, "recipient", ("name", "email", "phone"))
    window = _inner(fields, "window", ("from", "to"))
    calendar = target if isinstance(target, Calendar) else None
    options = LinkOptions(
        label=fields.text("label", most=120),
        recipient_name=recipient.text("name", most=120),
        recipient_email=recipient.email("email"),
        recipient_phone=recipient.phone("phone"),
        email_lock=fields.choice("email_lock", OneTimeLink.EmailLock.values, default="off"),
        expires_at=read_expiry(fields, target.timezone, now=now),
        not_before=fields.instant("not_before"),
        max_bookings=fields.integer("max_bookings", least=1, most=MOST_BOOKINGS, default=1) or 1,
        first_day=window.day("from"),
        last_day=window.day("to"),
        durations=fields.integers("durations", least=1, most=1440, count=8),
        slots=read_slots(fields),
        holds_slots=fields.boolean("hold_slots", default=False),
        host_id=_host(fields, calendar) if calendar else None,
        location_kind=where[0],
        location=where[1],
        most_places=fields.integer("most_places", least=1, most=(calendar and calendar.seats) or MOST_SEATS),
        **_rules(fields),
        contact_text=fields.text("contact_text", most=500, lines=True),
        metadata=fields.mapping("metadata", most_bytes=4000),
        external_ref=fields.text("external_ref", most=120) or None,
        parent_id=_parent(fields, target.workspace_id),
    )
    fields.errors |= recipient.errors | window.errors
    if options.expires_at and options.expires_at <= now:
        fields.fault("expires_at", _("This time has already passed."))
    if calendar:
        _check_kind(fields, options, calendar)
    else:
        _check_group(fields, options)
    if not partial:
        check_whole(fields, options)
        if not fields.errors:
            fields.errors |= (picks or Picks(target, now)).faults(options)
    if fields.errors:
        raise Invalid(fields.errors)
    return options


def _rules(fields: Fields) -> dict[str, Any]:
    """What the guest may change."""
    return {
        "guests_may_cancel": _switch(fields, "guests_may_cancel"),
        "cancel_cutoff": fields.integer("cancel_cutoff", least=0, most=LONGEST_NOTICE),
        "guests_may_reschedule": _switch(fields, "guests_may_reschedule"),
        "reschedule_cutoff": fields.integer("reschedule_cutoff", least=0, most=LONGEST_NOTICE),
        "most_reschedules": fields.integer("most_reschedules", least=0, most=MOST_RESCHEDULES),
        "reopens_on_cancel": _switch(fields, "reopens_on_cancel"),
    }


def _inner(fields: Fields, name: str, known: tuple[str, ...]) -> Fields:
    value = fields.raw.get(name)
    if value is not None and not isinstance(value, Mapping):
        fields.fault(name, _("This must be an object with %(fields)s.") % {"fields": ", ".join(known)})
        value = None
    inner = Fields(value or {}, prefix=f"{name}.")
    inner.only(known)
    return inner


def _host(fields: Fields, calendar: Calendar) -> int | None:
    """The row of the member who hosts it, named by e-mail address: one of the calendar's hosts."""
    wanted = fields.text("host", most=254).lower()
    if not wanted:
        return None
    hosts = CalendarHost.objects.filter(calendar=calendar, member__user__email=wanted)
    found = hosts.values_list("member_id", flat=True).first()
    if found is None:
        fields.fault("host", _("No host of this calendar has this e-mail address."))
    return found


def _parent(fields: Fields, workspace_id: int) -> int | None:
    """The row of the link that this one replaces, named by its id: one of the same workspace."""
    wanted = fields.text("parent", most=24)
    if not wanted:
        return None
    links = OneTimeLink.objects.filter(EXISTS, workspace_id=workspace_id, public_id=wanted)
    found = links.values_list("pk", flat=True).first()
    if found is None:
        fields.fault("parent", _("There is no such link in this workspace."))
    return found


def _check_kind(fields: Fields, options: LinkOptions, calendar: Calendar) -> None:
    """Fault what this calendar does not offer, or makes no sense for its kind."""
    if set(options.durations) - set(calendar.durations):
        offered = ", ".join(map(str, calendar.durations))
        fields.fault("durations", _("The calendar offers %(lengths)s minutes.") % {"lengths": offered})
    of_class = calendar.kind == Calendar.Kind.CLASS
    if options.host_id and (of_class or calendar.kind == Calendar.Kind.COLLECTIVE):
        fields.fault("host", _("All hosts of this calendar take part; none can be chosen."))
    if options.location_kind and of_class:
        fields.fault("location", _("A class takes place where its calendar says."))
    if options.most_places and not of_class:
        fields.fault("most_places", _("Only a class has places."))
    if options.holds_slots and of_class:
        fields.fault("hold_slots", _("Times of a class can't be held: others may come to them too."))
    if options.holds_slots and calendar.repeats:
        fields.fault("hold_slots", _("Times of a series can't be held."))


def _check_group(fields: Fields, options: LinkOptions) -> None:
    for name in OF_ONE_CALENDAR:
        if fields.has(name) and (name != "hold_slots" or options.holds_slots):  # a switch says no, too
            fields.errors[name] = [_("Each calendar of the group has its own; leave it out.")]


def _switch(fields: Fields, name: str) -> bool | None:
    """None when unset: as the calendar has it."""
    return fields.boolean(name, default=False) if fields.has(name) else None


def check_whole(fields: Fields, options: LinkOptions) -> None:
    """Fault a link that opens after its end, ends before its first day, is locked to no address or so."""
    if options.email_lock != "off" and not options.recipient_email and "recipient.email" not in fields.errors:
        fields.fault("email_lock", _("This needs the recipient's e-mail address."))
    if options.expires_at and options.not_before and options.not_before >= options.expires_at:
        fields.fault("not_before", _("The link would open after it has expired."))
    if options.holds_slots and not options.slots and "slots" not in fields.errors:
        fields.fault("hold_slots", _("Pick the times that are to be held."))
    if options.first_day and options.last_day and options.last_day < options.first_day:
        fields.fault("window.to", _("The last day comes before the first one."))
