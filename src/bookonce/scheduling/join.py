"""Join a workspace by invitation: a member with working hours, who can host."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bookonce.accounts.models import Invitation, Member, User
from bookonce.accounts.passwords import read_password
from bookonce.lib.fields import Fields
from bookonce.scheduling.errors import Conflict, Invalid, InvitationOver
from bookonce.scheduling.models import Schedule
from bookonce.scheduling.schedules import WORKING_WEEK, ScheduleInput, insert_schedule, parse_schedule
from bookonce.scheduling.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person without an account: name, and password as it is kept (hashed)."""

    name: str
    password: str


def join(invitation: Invitation, raw: Mapping[str, Any], *, user: User | None, now: datetime) -> Member:
    """Make who was invited a member, once, with "Working hours" in the chosen zone and no calendar.

    `raw` holds timezone (else the workspace's) and, of a person without an account (`user` None), name and
    password. Who was removed before comes back as the same member, with the hours they had.

    Raises:
        Invalid: by field. InvitationOver: accepted, withdrawn, or its time is up.
        Conflict: it is for somebody else, or they have an account, or are a member already.
    """
    # Before the transaction: to hash a password takes long, and the only writer must not wait for it.
    newcomer, hours = _parse(raw, invitation, newcomer=user is None)
    return _join(invitation.pk, user or newcomer, hours, now)


@one_transaction
def _join(invitation_id: int, who: User | Newcomer | None, hours: ScheduleInput, now: datetime) -> Member:
    still_open = Invitation.objects.filter(
        pk=invitation_id, accepted_at=None, revoked_at=None, expires_at__gt=now
    )
    if still_open.update(accepted_at=now, sealed_token=None) == 0:
        raise InvitationOver
    invitation = Invitation.objects.get(pk=invitation_id)
    user = who if isinstance(who, User) else _make_user(invitation.email, who)
    if user.email != invitation.email:
        raise Conflict(_("This invitation is for %(email)s.") % {"email": invitation.email})
    member = _make_member(invitation, user, now)
    if not Schedule.objects.filter(member=member).exists():
        insert_schedule(member, hours)
    return member


def _make_user(email: str, newcomer: Newcomer | None) -> User:
    if newcomer is None:
        raise TypeError(newcomer)
    try:
        with transaction.atomic():
            return User.objects.create(email=email, name=newcomer.name, password=newcomer.password)
    except IntegrityError:
        raise Conflict(_("There is an account with this e-mail address. Sign in to join.")) from None


def _make_member(invitation: Invitation, user: User, now: datetime) -> Member:
    workspace, role = invitation.workspace_id, invitation.role
    former = Member.objects.filter(workspace_id=workspace, user=user, removed_at__isnull=False)
    if former.update(removed_at=None, role=role) == 1:
        return Member.objects.select_related("workspace", "user").get(workspace_id=workspace, user=user)
    try:
        with transaction.atomic():
            return Member.objects.create(workspace_id=workspace, user=user, role=role, created_at=now)
    except IntegrityError:
        raise Conflict(_("You are a member of this workspace already.")) from None


def _parse(
    raw: Mapping[str, Any], invitation: Invitation, *, newcomer: bool
) -> tuple[Newcomer | None, ScheduleInput]:
    fields = Fields(raw)
    fields.only(("name", "password", "timezone") if newcomer else ("timezone",))
    timezone = fields.zone("timezone", default=invitation.workspace.timezone)
    name = password = ""
    if newcomer:
        name = fields.text("name", most=120, required=True)
        password = read_password(fields, User(name=name, email=invitation.email))
    if fields.errors:
        raise Invalid(fields.errors)
    hours = parse_schedule({"timezone": timezone, "weekly": WORKING_WEEK})
    return Newcomer(name, make_password(password)) if newcomer else None, hours
