"""A booking as its guest sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import QuerySet

from bookonce.booking_page.add_to_calendar import WebCalendar, web_calendars
from bookonce.booking_page.change_words import rules_in_words
from bookonce.booking_page.local_times import LocalClock
from bookonce.booking_page.wording import Place, When, booked_place, places_words, when_words
from bookonce.lib.instants import to_minutes, to_seconds
from bookonce.lib.names import in_one_line
from bookonce.lib.sealed import find_unsealed
from bookonce.lib.tokens import digest
from bookonce.scheduling.change_rules import ChangeRules, change_rules
from bookonce.scheduling.errors import NotFound
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.issue_link import shown_url
from bookonce.scheduling.link_queries import state_now
from bookonce.scheduling.link_state import LinkState
from bookonce.scheduling.look_rows import Look, get_look
from bookonce.scheduling.models import BlockedTime, Booking, HostSchedule, IdempotencyKey
from bookonce.scheduling.reschedule import get_move, picks_left


class Stage(StrEnum):
    """Where the appointment stands now."""

    UPCOMING = "upcoming"
    CANCELLED = "cancelled"
    BEGUN = "begun"
    PAST = "past"
    MISSED = "missed"  # as its host noted
    INVALID = "invalid"


_NOTED = {Booking.Status.NO_SHOW.value: Stage.MISSED, Booking.Status.INVALID.value: Stage.INVALID}


@dataclass(frozen=True)
class Shown:
    """A booking, who hosts it, and the secret of its manage page."""

    booking: Booking
    owner: str
    token: str
    now: datetime

    @property
    def path(self) -> str:
        """The address of its manage page."""
        return f"/m/{self.token}"

    @property
    def title(self) -> str:
        """What was booked."""
        return self.booking.appointment.calendar.name

    @property
    def start(self) -> int:
        """In minutes since the epoch."""
        return to_minutes(self.booking.appointment.starts)

    @property
    def end(self) -> int:
        """In minutes since the epoch."""
        return to_minutes(self.booking.appointment.ends)

    @property
    def clock(self) -> LocalClock:
        """The guest's."""
        return LocalClock(self.booking.timezone)

    @property
    def when(self) -> When:
        """On the guest's clock."""
        return when_words(self.clock, self.start, self.end)

    @property
    def host_when(self) -> When | None:
        """On the host's clock, where it shows another time than the guest's."""
        here, there = self.clock.read(self.start), LocalClock(_host_zone(self.booking)).read(self.start)
        if (here.day, here.clock) == (there.day, there.clock):
            return None
        return when_words(LocalClock(_host_zone(self.booking)), self.start, self.end)

    @property
    def of_class(self) -> bool:
        """Whether others may have places in it too."""
        return self.booking.appointment.seats_taken is not None

    @property
    def places(self) -> str:
        """How many places it takes, in words; '' for all but a class."""
        return places_words(self.booking.party) if self.of_class else ""

    @property
    def place(self) -> Place | None:
        """Where it happens."""
        appointment = self.booking.appointment
        return booked_place(appointment.location_kind, appointment.location, self.booking.phone)

    @property
    def stage(self) -> Stage:
        """Upcoming, cancelled, begun, past; or what its hosts noted of it."""
        appointment = self.booking.appointment
        if self.booking.status in _NOTED:
            return _NOTED[self.booking.status]
        if "cancelled" in {appointment.status, self.booking.status} or self.cause == "expired":
            return Stage.CANCELLED
        if appointment.ends <= self.now:
            return Stage.PAST
        return Stage.BEGUN if appointment.starts <= self.now else Stage.UPCOMING

    @property
    def cause(self) -> str:
        """Who or what cancelled it, else ''; an overdue request has expired even before its job runs."""
        answer_by = self.booking.answer_by
        overdue = answer_by is not None and answer_by <= self.now
        return Booking.Cause.EXPIRED.value if overdue else self.booking.cancel_cause

    @property
    def answer_by(self) -> When | None:
        """Until when a host answers the request, on the guest's clock; none of what is no request."""
        if self.booking.status != Booking.Status.NEW or self.booking.answer_by is None:
            return None
        minute = to_minutes(self.booking.answer_by)
        return when_words(self.clock, minute, minute)

    @property
    def rules(self) -> ChangeRules:
        """What the guest may change."""
        return change_rules(self.booking)

    @property
    def reopens(self) -> bool:
        """Whether cancelling brings the one-time link back; of a series only the last one does."""
        others = series_of(self.booking).exclude(pk=self.booking.pk)
        return self.may_reopen and not others.exclude(status=Booking.Status.CANCELLED).exists()

    @property
    def may_reopen(self) -> bool:
        """Whether the rules bring the one-time link back when nothing is left of what was booked."""
        link = self.booking.link
        if link is None or link.revoked_at is not None or not self.rules.reopens_on_cancel:
            return False
        return link.expires_at is None or link.expires_at > self.now

    @property
    def cancellable(self) -> bool:
        """Whether the guest may cancel now; pausing the calendar changes nothing about that."""
        closed = self.rules.cancelling(to_minutes(self.now)).closed
        return self.stage is Stage.UPCOMING and closed is None

    @property
    def closed(self) -> str:
        """Why the calendar takes no bookings now: `deleted`, `paused`, or "" when it does."""
        calendar = self.booking.appointment.calendar
        if calendar.deleted_at is not None:
            return "deleted"
        return "paused" if calendar.paused_at is not None else ""

    @property
    def takes_moves(self) -> bool:
        """Whether the calendar takes changes now: it is neither paused nor deleted."""
        return not self.closed

    @property
    def steps(self) -> str:
        """What comes next, in the host's words: once it is booked, until it is over."""
        told = self.stage in (Stage.UPCOMING, Stage.BEGUN) and self.answer_by is None
        return self.booking.appointment.calendar.next_steps if told else ""

    @property
    def may_ask(self) -> bool:
        """Whether its guest may ask for a new link: it was made by one, and is over or will not be."""
        link = self.booking.link
        if link is None or self.stage in (Stage.UPCOMING, Stage.BEGUN):
            return False
        target = link.group or self.booking.appointment.calendar
        return target.deleted_at is None

    @property
    def movable(self) -> bool:
        """Whether the guest may choose another time now."""
        closed = self.rules.rescheduling(to_minutes(self.now)).closed
        return self.stage is Stage.UPCOMING and self.takes_moves and closed is None

    @property
    def picks_left(self) -> bool:
        """Whether the times picked for the link leave another one to choose; True where none were picked."""
        link = self.booking.link
        picked = link is not None and bool(link.slots)
        return not picked or picks_left(get_move(self.booking.pk), now=to_seconds(self.now))

    @property
    def rules_told(self) -> list[str]:
        """What the guest may change and until when, as far as it is not simply until the start."""
        return rules_in_words(self.rules, self.clock, to_minutes(self.now))

    @property
    def contact_text(self) -> str:
        """How to reach the host, in their own words."""
        link, calendar = self.booking.link, self.booking.appointment.calendar
        own = link.contact_text if link else ""
        return own or calendar.contact_text or self.booking.workspace.contact_text

    @property
    def look(self) -> Look:
        """Of the calendar's pages, read anew each time it is asked for."""
        return get_look(self.booking.appointment.calendar_id)

    @property
    def again(self) -> str:
        """The one-time link of a cancelled booking while it can be booked through again, else ""."""
        link = self.booking.link
        if link is None or self.stage is not Stage.CANCELLED:
            return ""
        state = state_now(link, now=self.now)
        return (shown_url(link, state) or "") if state is LinkState.ACTIVE else ""

    @property
    def web_calendars(self) -> list[WebCalendar]:
        """What opens a calendar on the web with the appointment filled in."""
        where = (self.place.link or self.place.words) if self.place else ""
        return web_calendars(f"{self.title}: {self.owner}", self.start, self.end, where)

    @property
    def public_path(self) -> str:
        """Where the calendar's bookings are taken now from anybody; "" for who came by a one-time link.

        Nor does anyone hear of it while the calendar is bookable by one-time link only.
        """
        calendar = self.booking.appointment.calendar
        if self.booking.link_id is not None or calendar.one_time_only or not self.takes_moves:
            return ""
        return f"/{self.booking.workspace.slug}/{calendar.slug}"


def get_by_token(token: str, *, now: datetime) -> Shown:
    """The booking of this manage link; an unknown and a malformed one are looked up alike.

    Raises:
        NotFound: there is none.
    """
    booking = _with_everything().filter(manage_digest=digest(token)).first()
    if booking is None:
        raise NotFound
    return Shown(booking, _hosts(booking), token, now)


def find_by_id(public_id: str, *, link_id: int, now: datetime) -> Shown | None:
    """The booking made through this link; None when there is none, or its manage link is no longer kept."""
    booking = _with_everything().filter(public_id=public_id, link_id=link_id).first()
    token = _manage_token(booking)
    return Shown(booking, _hosts(booking), token, now) if booking and token else None


def find_manage_token(retry: Idempotency | None) -> str | None:
    """The manage link of the booking that was made under this key, whatever was asked for then."""
    if retry is None:
        return None
    kept = IdempotencyKey.objects.filter(scope=retry.scope, key=retry.key).first()
    return (
        _manage_token(Booking.objects.filter(public_id=kept.result.get("booking", "")).first())
        if kept
        else None
    )


def series_of(booking: Booking) -> QuerySet[Booking]:
    """All bookings of its series in order; none when it is of no series."""
    if not booking.series:
        return Booking.objects.none()
    return _with_everything().filter(series=booking.series).order_by("series_number")


def _manage_token(booking: Booking | None) -> str | None:
    """None once it is no longer kept, or the key that sealed it is gone."""
    return find_unsealed(booking.sealed_manage_token) if booking else None


def _with_everything() -> QuerySet[Booking]:
    return Booking.objects.select_related("appointment__calendar__schedule", "workspace", "link__group")


def _hosts(booking: Booking) -> str:
    blocked = BlockedTime.objects.filter(appointment_id=booking.appointment_id).order_by("pk")
    return in_one_line(blocked.values_list("host__user__name", flat=True))


def _host_zone(booking: Booking) -> str:
    """Of the hours that the host keeps for the calendar; of several hosts the calendar's."""
    calendar = booking.appointment.calendar
    hours = HostSchedule.objects.filter(
        calendar_host__calendar=calendar,
        calendar_host__member__blocked_times__appointment_id=booking.appointment_id,
    )
    first = list(
        hours.order_by("calendar_host__position", "position", "pk").values_list(
            "calendar_host", "schedule__timezone"
        )
    )
    alone = len({host for host, _zone in first}) == 1
    return first[0][1] if alone else calendar.schedule.timezone
