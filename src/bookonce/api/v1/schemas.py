"""The shapes of REST, as OpenAPI tells them.

Replies are checked against these. Requests are not: the domain's `parse_*` functions check them, with a
sentence per field; a test holds the two together.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from bookonce.api.v1.form_schemas import FormChanges, FormOfCalendar
from bookonce.api.v1.look_schemas import CalendarLook, CalendarLookChanges

Instant = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Day = Annotated[str, Field(json_schema_extra={"format": "date"})]
Minutes = Annotated[int, Field(ge=0)]
Days = Annotated[int, Field(ge=0, le=3650)]
Cutoff = Annotated[int, Field(ge=0, le=525_600)]
Count = Annotated[int, Field(ge=0, le=10_000)]
Length = Annotated[int, Field(ge=1, le=1440)]
LinkStateName = Literal[
    "revoked", "used", "expired", "calendar_deleted", "paused", "held", "not_open", "active"
]
CalendarKind = Literal["one_on_one", "round_robin", "collective", "class"]
Distribution = Literal["availability", "equal"]
Layout = Literal["month", "week"]
Language = Literal["en", "de", "es", "fr", "it", "nl", "pl", "pt", "tr", "he", "ar", "ja", "zh-Hans"]
Repeats = Literal["daily", "weekly", "monthly"]
EmailLock = Literal["off", "match", "code"]
LocationKind = Literal["none", "place", "phone", "video", "ask"]


class Asked(Schema):
    """A request: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Recipient(Schema):
    """Whom the link is for."""

    name: str
    email: str
    phone: str


class Window(Schema):
    """The days that can be booked, both included, in the calendar's zone."""

    first: Day | None = Field(alias="from")
    last: Day | None = Field(alias="to")


class Opened(Schema):
    """How often the link was opened; known scanners apart."""

    people: int
    bots: int
    first: Instant | None = Field(description="here and below: by people")
    last: Instant | None


class Person(Schema):
    """A member of the workspace."""

    name: str
    email: str


class Location(Schema):
    """Where it happens."""

    kind: LocationKind
    value: str


class LocationAsked(Asked):
    """Where it happens; `place` and `video` need a value."""

    kind: LocationKind | None = None
    value: str | None = Field(
        None, max_length=300, description="the address of a place, or the link of a video call"
    )


class OneTimeLink(Schema):
    """A link that expires when it has been booked through."""

    id: str
    url: str | None = Field(description="null once the link is used, expired or revoked")
    state: LinkStateName
    label: str
    recipient: Recipient | None
    email_lock: EmailLock
    calendar: str | None = Field(description="the calendar's id; null for a link to a group")
    group: str | None = Field(description="the group's id; null for a link to a calendar")
    expires_at: Instant | None
    not_before: Instant | None
    max_bookings: int
    spent: int = Field(description="bookings made and not given back")
    window: Window | None
    durations: list[int] = Field(description="empty: those of the calendar")
    slots: list[Instant] = Field(description="picked by hand; empty: all that are free")
    hold_slots: bool = Field(description="whether nobody else can book them meanwhile")
    host: Person | None = Field(description="null, here and below: as the calendar has it")
    location: Location | None
    most_places: int | None
    guests_may_cancel: bool | None
    cancel_cutoff: int | None
    guests_may_reschedule: bool | None
    reschedule_cutoff: int | None
    most_reschedules: int | None
    reopens_on_cancel: bool | None
    contact_text: str
    metadata: dict[str, Any]
    external_ref: str | None
    opened: Opened
    bookings: list[str] = Field(description="ids, in the order they were made, cancelled ones too")
    parent: str | None = Field(description="the link this one replaces")
    batch: str | None = Field(description="the batch it was made in")
    created_at: Instant
    created_by: Person | None


class OneTimeLinkPage(Schema):
    """Links in the order asked for; there may be fewer than `limit` before the end."""

    items: list[OneTimeLink]
    next: str | None = Field(description="the cursor of the following page; null on the last one")


class RecipientAsked(Asked):
    """Whom the link is for: shortens the guest's form to what is missing."""

    name: str | None = Field(None, max_length=120)
    email: str | None = Field(None, max_length=254, json_schema_extra={"format": "email"})
    phone: str | None = Field(None, max_length=32)


class WindowAsked(Asked):
    """The days that can be booked, both included, in the calendar's zone."""

    first: Day | None = Field(None, alias="from")
    last: Day | None = Field(None, alias="to")


class OneTimeLinkChanges(Asked):
    """What can be changed while the link is not used, revoked or expired."""

    label: str | None = Field(None, max_length=120)
    recipient: RecipientAsked | None = None
    email_lock: EmailLock | None = Field(
        None,
        description="match: the guest types an address, and it has to be the recipient's; "
        "code: a code is sent to the recipient, and the booking needs it",
    )
    expires_at: str | None = Field(
        None,
        description="an instant; a date: the end of that day in the calendar's zone; or a time from now: "
        "`in 3 days`, `in 12 hours`, `P3D` or `PT12H`: days are 24 hours, at most 730 of them",
    )
    not_before: Instant | None = None
    max_bookings: int | None = Field(None, ge=1, le=9999)
    window: WindowAsked | None = None
    durations: list[Length] | None = Field(None, max_length=8, description="some of the calendar's")
    slots: list[Instant] | None = Field(
        None, max_length=50, description="picked by hand: of the free times only these are offered"
    )
    hold_slots: bool | None = Field(None, description="keep them from everybody else until one is booked")
    host: str | None = Field(None, description="the e-mail address of one of the calendar's hosts")
    location: LocationAsked | None = None
    most_places: Annotated[int, Field(ge=1, le=9999)] | None = Field(
        None, description="of a class: how many places the guest can book at most"
    )
    guests_may_cancel: bool | None = None
    cancel_cutoff: Cutoff | None = Field(None, description="minutes before the start")
    guests_may_reschedule: bool | None = None
    reschedule_cutoff: Cutoff | None = Field(None, description="minutes before the start")
    most_reschedules: Annotated[int, Field(ge=0, le=100)] | None = Field(None, description="by the guest")
    reopens_on_cancel: bool | None = Field(None, description="when the guest cancels; until it expires")
    contact_text: str | None = Field(None, max_length=500)
    metadata: dict[str, Any] | None = Field(None, description="your own; at most 4000 bytes")


class OneTimeLinkRow(OneTimeLinkChanges):
    """What may be asked of one of many new links; unset is inherited live from the calendar."""

    external_ref: str | None = Field(
        None,
        max_length=120,
        description="your own, unique in the workspace: the same one returns the same link",
    )
    parent: str | None = Field(None, description="the id of the link that this one replaces")


class OneTimeLinkOptions(OneTimeLinkRow):
    """What may be asked of a new link; unset is inherited live from the calendar."""

    calendar: str | None = Field(None, description="the calendar's id; it or `group` is needed")
    group: str | None = Field(None, description="the id of a group, whose guest chooses the calendar")


class OneTimeLinksAsked(Asked):
    """Many links to one calendar or group; all are made, or none."""

    calendar: str | None = Field(None, description="the calendar's id; it or `group` is needed")
    group: str | None = Field(None, description="the id of a calendar group")
    name: str | None = Field(None, max_length=120, description="of the batch, for your own list")
    links: list[OneTimeLinkRow] = Field(min_length=1, max_length=1000)


class OneTimeLinksChosen(Asked):
    """Links of one's own choice."""

    ids: list[str] = Field(min_length=1, max_length=1000)


class OneTimeLinksRevoked(Schema):
    """What became of them, by id."""

    revoked: list[str]
    used: list[str] = Field(description="used before: nothing was left to revoke")
    revoked_before: list[str]


class LinkBatch(Schema):
    """Links that were made in one go."""

    id: str
    name: str
    calendar: str | None = Field(description="the calendar's id; null when they lead to a group")
    group: str | None
    status: Literal["making", "made", "failed"]
    rows: int = Field(description="that were asked for")
    made: int = Field(description="so many got a new link; the others had theirs, or are still to come")
    created_at: Instant
    created_by: Person | None
    revoked_at: Instant | None = Field(description="when what was left of it was last revoked")


class LinkBatchPage(Schema):
    """Batches, newest first."""

    items: list[LinkBatch]
    next: str | None = Field(description="the cursor of the following page; null on the last one")


class LinkBatchWithStates(LinkBatch):
    """With how many of its links are in which state."""

    states: dict[str, int]


class LinkBatchToRevoke(Asked):
    """Which of its links; without a body all that can be booked."""

    unused_since: str | None = Field(
        None, description="an instant, or a day in the workspace's zone; only links unused since then"
    )


class LinkBatchRevoked(Schema):
    """How many links were taken out of use."""

    revoked: int


class OneTimeLinkMade(Schema):
    """One of many, in short."""

    id: str
    url: str | None = Field(description="null once the link is used, expired or revoked")
    external_ref: str | None


class OneTimeLinksMade(Schema):
    """A batch; its items are in the order of the request."""

    batch: str
    name: str
    items: list[OneTimeLinkMade]


class CalendarHost(Schema):
    """A member who hosts the calendar."""

    name: str
    email: str
    schedules: list[str] = Field(description="ids; the host is open when any of them is")
    priority: int = Field(description="of a round robin: the higher goes first")
    weight: int = Field(description="of equal distribution: 2 gets twice as many as 1")


class Calendar(FormOfCalendar):
    """What guests book; all lengths of time in minutes."""

    id: str
    name: str
    slug: str
    description: str
    kind: CalendarKind
    durations: list[int]
    interval: int
    buffer_before: int
    buffer_after: int
    notice: int
    horizon_days: int | None
    horizon_working_days: int | None
    window: Window | None
    per_day: int | None
    per_week: int | None
    per_month: int | None
    look_busy: int
    one_per_email: bool
    hold_minutes: int = Field(description="for how long a guest's time is kept; 0: not at all")
    location: Location
    one_time_only: bool
    embed_origins: list[str] = Field(description="the sites whose pages may show it in a frame")
    embeds_one_time_links: bool
    guests_may_cancel: bool
    cancel_cutoff: int = Field(description="minutes before the start")
    guests_may_reschedule: bool
    reschedule_cutoff: int = Field(description="minutes before the start")
    most_reschedules: int | None = Field(description="by the guest; null: no limit")
    reopens_on_cancel: bool = Field(description="a guest who cancels can use the one-time link again")
    needs_approval: bool = Field(description="each booking is a request that a host confirms or declines")
    answer_within: int = Field(description="minutes; a request that nobody answers expires then")
    proof_of_work: bool = Field(description="public links ask for a proof of work, or a code by mail")
    contact_text: str
    next_steps: str = Field(description="told to guests once they are booked")
    redirect_url: str = Field(description="where guests who have booked by the page are led; empty: nowhere")
    searchable: bool = Field(description="whether search engines may list the scheduling link")
    paused: bool
    timezone: str
    seats: int | None = Field(description="of each session of a class; else null")
    shows_seats_left: bool
    distribution: Distribution
    keeps_host: bool
    guests_choose_host: bool
    layout: Layout = Field(description="how free times are shown at first")
    language: Language | None = Field(
        description="of its guests' pages, where the browser asks for none of ours"
    )
    look: CalendarLook | None = Field(description="null: the usual, in the workspace's accent")
    repeats: Repeats | None = Field(description="null: one choice of a time books one appointment")
    repeat_count: int | None = Field(description="appointments of a series")
    hosts: list[CalendarHost] = Field(description="in the calendar's order: the first one's grid counts")
    scheduling_link: str | None = Field(description="null when bookable by one-time link only")
    permanent_link: str | None = Field(description="null when bookable by one-time link only")
    created_at: Instant


class CalendarPage(Schema):
    """Calendars, in the order they were made."""

    items: list[Calendar]
    next: str | None


class CalendarHostAsked(Asked):
    """A host; alone, the e-mail address will do."""

    member: str = Field(description="the member's e-mail address")
    schedules: list[str] | None = Field(None, max_length=10, description="ids; unset: the present ones")
    priority: Annotated[int, Field(ge=-100, le=100)] | None = Field(
        None, description="unset: as present, else 0"
    )
    weight: Annotated[int, Field(ge=1, le=100)] | None = Field(None, description="unset: as present, else 1")


class CalendarChanges(FormChanges, Asked):
    """What may be changed; what is not sent stays."""

    name: str | None = Field(None, max_length=120)
    slug: str | None = Field(None, max_length=48)
    description: str | None = Field(None, max_length=2000)
    kind: CalendarKind | None = None
    durations: list[Length] | None = Field(
        None, max_length=8, description="minutes; the first is the default"
    )
    duration: Length | None = Field(None, description="short for one of `durations`")
    interval: Length | None = Field(None, description="minutes between starts")
    buffer_before: Annotated[int, Field(ge=0, le=720)] | None = None
    buffer_after: Annotated[int, Field(ge=0, le=720)] | None = None
    notice: Minutes | None = Field(None, description="minutes; at most a year")
    horizon_days: Days | None = Field(None, description="how far ahead; null: no limit")
    horizon_working_days: Days | None = Field(None, description="how far ahead, in days Monday to Friday")
    window: WindowAsked | None = Field(None, description="a date range; null: none")
    per_day: Count | None = Field(None, description="most appointments a day; null: no limit")
    per_week: Count | None = Field(None, description="most appointments a week")
    per_month: Count | None = Field(None, description="most appointments a month")
    look_busy: Annotated[int, Field(ge=0, le=100)] | None = Field(
        None, description="per cent of the free starts hidden from public links"
    )
    one_per_email: bool | None = Field(None, description="one active booking for each e-mail address")
    hold_minutes: Annotated[int, Field(ge=0, le=60)] | None = Field(
        None, description="for how long a time is kept for the guest who goes on to book it; 0: not at all"
    )
    location: LocationAsked | None = None
    one_time_only: bool | None = None
    embed_origins: list[str] | None = Field(
        None, max_length=20, description="sites such as `https://example.com` or `https://*.example.com`"
    )
    embeds_one_time_links: bool | None = Field(None, description="whether those may show its one-time links")
    guests_may_cancel: bool | None = None
    cancel_cutoff: Cutoff | None = Field(None, description="minutes before the start")
    guests_may_reschedule: bool | None = None
    reschedule_cutoff: Cutoff | None = Field(None, description="minutes before the start")
    most_reschedules: Annotated[int, Field(ge=0, le=100)] | None = Field(None, description="by the guest")
    reopens_on_cancel: bool | None = Field(None, description="when the guest cancels; until it expires")
    needs_approval: bool | None = Field(None, description="a host confirms each booking")
    answer_within: Annotated[int, Field(ge=1, le=525_600)] | None = Field(
        None, description="minutes until a request expires; at most a year; default a day"
    )
    proof_of_work: bool | None = Field(None, description="keeps robots away from public links")
    contact_text: str | None = Field(None, max_length=500)
    next_steps: str | None = Field(None, max_length=1000)
    redirect_url: str | None = Field(
        None, max_length=500, description="of a site that the workspace's settings name"
    )
    searchable: bool | None = None
    seats: Annotated[int, Field(ge=1, le=9999)] | None = Field(None, description="of a class")
    shows_seats_left: bool | None = None
    distribution: Distribution | None = Field(None, description="of a round robin")
    keeps_host: bool | None = Field(None, description="a rescheduled round robin stays with its host")
    guests_choose_host: bool | None = Field(None, description="of a round robin: the guest may name the host")
    layout: Layout | None = Field(None, description="how guests see free times at first")
    language: Language | None = Field(
        None, description="null: English, where the browser asks for none of ours"
    )
    look: CalendarLookChanges | None = Field(None, description="null: the usual; pictures are deleted")
    repeats: Repeats | None = Field(None, description="one choice of a time books a series")
    repeat_count: Annotated[int, Field(ge=2, le=24)] | None = Field(
        None, description="appointments of a series"
    )
    hosts: list[str | CalendarHostAsked] | None = Field(None, min_length=1, max_length=200)
    schedule: str | None = Field(None, description="the id of a schedule; short for that of the one host")
    host: str | None = Field(None, description="a member's e-mail address; short for one of `hosts`")
    paused: bool = False


class CalendarSettings(CalendarChanges):
    """What may be set on a new calendar; `durations` or `duration` is needed."""

    name: str = Field(max_length=120)


class Problem(Schema):
    """A refusal (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str
    errors: dict[str, list[str]] | None = Field(None, description="with `invalid`: field -> sentences")
