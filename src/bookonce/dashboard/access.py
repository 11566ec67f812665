"""Who may: each noun is fetched from the member's own workspace, or it is not there."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.db.models import Case, When
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from bookonce.accounts.invitations import memberships
from bookonce.accounts.models import Invitation, Member
from bookonce.dashboard.show import show_refusal
from bookonce.scheduling import events
from bookonce.scheduling.errors import SchedulingError
from bookonce.scheduling.host_access import find_host
from bookonce.scheduling.link_state import EXISTS
from bookonce.scheduling.models import (
    Appointment,
    Booking,
    Calendar,
    CalendarGroup,
    Journey,
    LinkBatch,
    LinkRequest,
    LinkUpload,
    OneTimeLink,
    Question,
    Schedule,
    Target,
    TimeOff,
)

P = ParamSpec("P")
# For ids from queries and cookies: PostgreSQL refuses NUL loudly.
PUBLIC_ID = re.compile(r"[a-z]{3}_[a-z2-7]{16}")
CHOSEN = "workspace"  # in the session
MemberView = Callable[Concatenate[HttpRequest, Member, P], HttpResponseBase]


def member_required(view: MemberView[P]) -> Callable[..., HttpResponseBase]:
    """Call the view with the signed-in member; others sign in first. Refusals become their page here."""

    @login_required
    @wraps(view)
    def with_member(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        member = find_membership(request)
        if member is None:
            return render(request, "dashboard/no_workspace.html", status=403)
        try:
            return view(request, member, *args, **kwargs)
        except SchedulingError as refusal:
            return show_refusal(request, member, refusal)

    return with_member


def find_membership(request: HttpRequest) -> Member | None:
    """The membership that the session chose, else the earliest; None for who was removed everywhere."""
    chosen = Case(When(workspace_id=request.session.get(CHOSEN, 0), then=0), default=1)
    return memberships(request.user.pk or 0).order_by(chosen, "pk").first()


def choose_workspace(request: HttpRequest, workspace_id: int) -> None:
    """From now on this session is in the workspace, while the person is a member there."""
    request.session[CHOSEN] = workspace_id


def acting(member: Member) -> events.Actor:
    """The member as the actor of a verb, through a page."""
    return events.Actor("page", member.pk)


def id_asked_for(request: HttpRequest, name: str) -> str:
    """The id in the query, "" when there is none; what can't be an id is not found."""
    asked = request.GET.get(name, "")
    if asked and not PUBLIC_ID.fullmatch(asked):
        raise Http404
    return asked


def calendar_or_404(member: Member, public_id: str, *, deleted: bool = False) -> Calendar:
    """A calendar of the member's workspace; deleted ones only when asked for."""
    calendars = Calendar.objects.select_related("schedule", "workspace").filter(
        workspace_id=member.workspace_id
    )
    return get_object_or_404(calendars.filter(deleted_at__isnull=not deleted), public_id=public_id)


def question_or_404(member: Member, public_id: str) -> Question:
    """A question of the member's workspace, archived ones too."""
    return get_object_or_404(Question, workspace_id=member.workspace_id, public_id=public_id)


def group_or_404(member: Member, public_id: str, *, deleted: bool = False) -> CalendarGroup:
    """A calendar group of the member's workspace; deleted ones only when asked for."""
    groups = CalendarGroup.objects.select_related("workspace").filter(workspace_id=member.workspace_id)
    return get_object_or_404(groups.filter(deleted_at__isnull=not deleted), public_id=public_id)


def target_or_404(member: Member, public_id: str) -> Target:
    """What is shared under this id: a calendar or a group of the member's workspace, none that is deleted."""
    if public_id.startswith("grp_"):
        return group_or_404(member, public_id)
    return calendar_or_404(member, public_id)


def schedule_or_404(member: Member, public_id: str) -> Schedule:
    """A schedule of the member's workspace, with whose it is."""
    schedules = Schedule.objects.select_related("member__user")
    return get_object_or_404(schedules, workspace_id=member.workspace_id, public_id=public_id)


def host_or_404(member: Member, email: str) -> Member:
    """The member of the same workspace with this e-mail address; the member themselves for ""."""
    host = find_host(member.workspace_id, email) if email.isprintable() else None
    if email and host is None:
        raise Http404
    return host or member


def time_off_or_404(member: Member, public_id: str) -> TimeOff:
    """Someone's time off within the member's workspace."""
    times_off = TimeOff.objects.select_related("member__user")
    return get_object_or_404(times_off, member__workspace_id=member.workspace_id, public_id=public_id)


def journey_or_404(member: Member, public_id: str) -> Journey:
    """Someone's journey within the member's workspace."""
    journeys = Journey.objects.select_related("member__user")
    return get_object_or_404(journeys, member__workspace_id=member.workspace_id, public_id=public_id)


def link_or_404(member: Member, public_id: str) -> OneTimeLink:
    """A one-time link of the member's workspace, with its calendar or group."""
    links = OneTimeLink.objects.select_related(
        "calendar__schedule", "calendar__workspace", "group__workspace"
    ).filter(EXISTS)
    return get_object_or_404(links, workspace_id=member.workspace_id, public_id=public_id)


def batch_or_404(member: Member, public_id: str) -> LinkBatch:
    """A batch of links of the member's workspace, with its calendar."""
    batches = LinkBatch.objects.select_related("calendar", "group", "created_by__user")
    return get_object_or_404(batches, workspace_id=member.workspace_id, public_id=public_id)


def upload_or_404(member: Member, public_id: str) -> LinkUpload:
    """A list of people that the member has uploaded."""
    uploads = LinkUpload.objects.select_related("calendar", "group", "batch")
    return get_object_or_404(uploads, workspace_id=member.workspace_id, member=member, public_id=public_id)


def member_or_404(member: Member, number: int) -> Member:
    """Another present member of the member's workspace."""
    team = Member.objects.select_related("user", "workspace").filter(removed_at=None)
    return get_object_or_404(team, workspace_id=member.workspace_id, pk=min(number, 2**63 - 1))


def invitation_or_404(member: Member, public_id: str) -> Invitation:
    """An invitation to the member's workspace, in whatever state."""
    return get_object_or_404(Invitation, workspace_id=member.workspace_id, public_id=public_id)


def request_or_404(member: Member, public_id: str) -> LinkRequest:
    """A request for a new link, made to the member's workspace, with the link it is about."""
    requests = LinkRequest.objects.select_related("link__calendar", "link__group", "answer")
    return get_object_or_404(requests, workspace_id=member.workspace_id, public_id=public_id)


def appointment_or_404(member: Member, public_id: str) -> Appointment:
    """An appointment of the member's workspace, with its calendar."""
    appointments = Appointment.objects.select_related("calendar", "workspace")
    return get_object_or_404(appointments, workspace_id=member.workspace_id, public_id=public_id)


def booking_or_404(member: Member, public_id: str) -> Booking:
    """One party's booking in the member's workspace, with its appointment, calendar and link."""
    bookings = Booking.objects.select_related("appointment__calendar", "link__calendar", "link__group")
    return get_object_or_404(bookings, workspace_id=member.workspace_id, public_id=public_id)
